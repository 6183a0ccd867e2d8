#!/usr/bin/env python
"""The clinic's commands: `python manage.py help` lists them."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError

# What databases say where there is none, or none of ours.
NOT_SET_UP = ("no such table", "does not exist", "couldn't get a connection", "unable to open")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Turgor is not set up rightly: {error}")
    except (OperationalError, ProgrammingError) as error:
        if not any(words in str(error) for words in NOT_SET_UP):
            raise
        sys.exit(
            f"The database cannot be used: {error}\n"
            "Is DATABASE_URL right, does the server run, and has `manage.py migrate` been run?"
        )


if __name__ == "__main__":
    main()
