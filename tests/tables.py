"""An empty database with all tables, kept from one run of the tests to the next."""

import hashlib
import os
import sqlite3
import sys
from pathlib import Path

import django
from django.apps import apps
from django.db.migrations.loader import MigrationLoader


def fingerprint():
    """Changes with whatever the tables come from: migrations, models, Django, SQLite."""
    told = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for path in sorted({*migrations(), *models()}):
        told.update(f"{path}".encode() + path.read_bytes())
    return told.hexdigest()[:16]


def migrations():
    for one in MigrationLoader(None).disk_migrations.values():
        yield Path(sys.modules[one.__module__].__file__)


def models():
    """What migrations take from the models."""
    yield from Path(apps.get_app_config("consultations").models_module.__file__).parent.glob("*.py")


def keep(connection, path):
    """Write a copy of the database there, whole or not at all, in place of older ones."""
    draft = path.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(draft)])
    for old in path.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    draft.replace(path)
