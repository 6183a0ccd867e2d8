"""python -m tests.benchmarks --patients 100000, on the database of DATABASE_URL."""

import argparse
import os
import sys

import django


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--keep", action="store_true", help="keep the records for the next run")
    options = parser.parse_args()
    if options.patients < 1:
        parser.error("give at least one patient")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    django.setup()

    from django.core.management import call_command

    from .measure import table
    from .records import ForeignPatientsError
    from .run import run

    call_command("migrate", verbosity=0)
    try:
        print(table(run(options.patients, keep=options.keep)))
    except ForeignPatientsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
