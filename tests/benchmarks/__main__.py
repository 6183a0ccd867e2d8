"""python -m tests.benchmarks --patients 100000, or --growth, on the database of DATABASE_URL."""

import argparse
import os
import sys

import django


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--keep", action="store_true", help="keep the records for the next run")
    parser.add_argument(
        "--growth",
        type=int,
        nargs="*",
        metavar="PATIENTS",
        help="how pages grow with the clinic, from 10,000 to 1,000,000 patients if none are given",
    )
    parser.add_argument(
        "--figures",
        action="store_true",
        help="the figures of a month to all days, beside the list of patients and SQL by hand",
    )
    options = parser.parse_args()
    if min([options.patients, *(options.growth or ())]) < 1:
        parser.error("give at least one patient")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    django.setup()

    from django.core.management import call_command

    from .figures import figures_table
    from .growth import SIZES, growth_table
    from .measure import table
    from .records import ForeignPatientsError
    from .run import run, run_figures, run_growth

    call_command("migrate", verbosity=0)
    try:
        if options.figures:
            print(figures_table(run_figures(options.patients, keep=options.keep)))
        elif options.growth is None:
            print(table(run(options.patients, keep=options.keep)))
        else:
            sizes = options.growth or SIZES
            print(growth_table(run_growth(sizes, keep=options.keep)))
    except ForeignPatientsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
