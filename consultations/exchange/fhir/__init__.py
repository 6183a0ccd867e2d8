"""FHIR R4 (4.0.1), out and in: resources are plain dictionaries, one module for each group of them.

What is written: `resources.py` puts them together, `bundle.py` writes one person, `ndjson.py` all.
"""
