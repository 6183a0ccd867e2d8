"""Interchange: everything the clinic keeps, in one file: made, checked, brought back.

The file is a plain tar: the database, the files it names under `files/`, and last `manifest.json`,
which says what belongs to it. It is not packed, so nothing in it is larger than it looks: photos
and PostgreSQL's dumps are packed already. The keys of the program are never in it.
"""
