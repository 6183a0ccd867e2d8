"""Interchange: make, verify and restore a backup of everything the clinic keeps.

A backup is a plain tar: the database, the files it names under `files/`, and last `manifest.json`,
which lists them. It is not compressed, so nothing in it is larger than it looks; photos and
PostgreSQL's dumps are compressed already. The program's keys are never in it.
"""
