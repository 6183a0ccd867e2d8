"""python -m tests.benchmarks.imports: patients brought in by an import, against the same patients
saved one by one, each with its history, on the database of DATABASE_URL. Nothing is kept."""

import argparse
import io
import os
import random
import time
from datetime import date, timedelta


def file_of(count):
    """A CSV file of so many patients, all different."""
    chance = random.Random(1)
    lines = ["family_name,given_name,date_of_birth,sex,phone,email,phototype"]
    for place in range(count):
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(24_000))
        phone = f"07{chance.randrange(10**9):09d}"
        lines.append(f"Family{place},Given{place},{born},female,{phone},a{place}@example.com,II")
    return "\n".join(lines).encode()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=2000)
    count = parser.parse_args().patients
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.db.transaction import atomic, set_rollback

    from consultations.exchange.imports import checking, saving, staging
    from consultations.exchange.imports.given import givens_of
    from consultations.exchange.imports.targets import target_of
    from consultations.models.transactions import atomic as in_one

    with atomic():
        by, _made = User.objects.get_or_create(username="benchmark", is_superuser=True)
        [batch] = staging.stage(io.BytesIO(file_of(count)), "patients.csv", format="auto", by=by)
        start = time.perf_counter()
        batch = checking.check(batch, by=by)
        checked = time.perf_counter() - start
        target, givens = target_of(batch, by), givens_of(batch, batch.rows.order_by("number"))
        for given in givens:
            target.build(given, checks=False)
        start = time.perf_counter()
        saving.save(batch, by=by)
        together = time.perf_counter() - start
        start = time.perf_counter()
        for given in givens:
            with in_one():
                given.record.save(by=by, reason="One by one.")
        one_by_one = time.perf_counter() - start
        set_rollback(True)
    print(f"{count} patients checked in {checked:.2f} s")
    print(f"saved one by one in {one_by_one:.2f} s, by the import in {together:.2f} s")
    print(f"the import saves {one_by_one / together:.1f} times faster")


if __name__ == "__main__":
    main()
