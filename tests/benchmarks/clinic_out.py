"""python -m tests.benchmarks.clinic_out 200 1000: exports clinics of these sizes on the database of
DATABASE_URL, and prints the memory and the time that each takes beside the first."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

SIZES = (200, 1000)


def export_here():
    """Export the clinic that is there; print its peak memory in MB and its seconds."""
    from django.contrib.auth.models import User

    from consultations.exchange.clinic_export import export_clinic

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        export_clinic(folder=Path(folder) / "out", by=User.objects.get(username="benchmark"))
        taken = time.perf_counter() - start
    status = Path("/proc/self/status").read_text()
    print(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024, taken)


def measured(size):
    """The memory and the seconds of exporting so many patients, in a process of its own."""
    from django.contrib.auth.models import User

    from .records import load, remove

    by, _made = User.objects.get_or_create(username="benchmark")
    load(size, by=by, quiet=True)
    try:
        command = [sys.executable, "-m", "tests.benchmarks.clinic_out", "--here"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    finally:
        remove()
    return [float(one) for one in done.stdout.split()]


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.clinic_out")
    parser.add_argument("sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--here", action="store_true", help="what is there, and only that")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    django.setup()
    if options.here:
        export_here()
        return
    from django.core.management import call_command

    from .records import refuse_foreign_patients

    call_command("migrate", verbosity=0)
    refuse_foreign_patients()
    first = None
    for size in options.sizes:
        memory, taken = measured(size)
        first = first or (memory, taken / size)
        print(
            f"{size:>9,} patients: {memory:6.0f} MB, {memory / first[0]:.2f} times the first; "
            f"{1000 * taken / size:6.1f} ms a patient, {taken / size / first[1]:.2f} times"
        )


if __name__ == "__main__":
    main()
