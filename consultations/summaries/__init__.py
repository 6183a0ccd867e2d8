"""Reads that cross records: a fixed number of queries in, frozen dataclasses out."""
