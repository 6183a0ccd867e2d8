"""A clinic that was there from the first release on, upgraded one migration at a time, then proved.

At the state that each migration landed with, somebody works with the models of that state: a new
patient from registration to the treated area, with a history row for each, as the program wrote it.
From the migration on that brought seals, that work is sealed by the columns of its day.
"""

import hashlib
import io
import re
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from consultations.models import Appointment, AppointmentPlan, ClinicSettings
from consultations.summaries.integrity import keys_of_photos
from consultations.trust.digests import SEALED_ROW, columns_of, digests, head_of, key_name
from consultations.trust.verification import verify, verify_photos
from tests.installations import APP, another_installation, migrated_to, migrations
from tests.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2025, 3, 3)
MOMENT = datetime(2025, 3, 3, 12, tzinfo=UTC)
CONSTRAINT = re.compile(r'CONSTRAINT "\w+" .*?(?=, CONSTRAINT|, FOREIGN|\)$)')
SEALED_SINCE = "0005_trust"
AS_BOOKED = (
    *("appointment__status", "appointment__reason", "appointment__rebook"),
    "session__status",
)
DIARY = "0025_bookings_to_the_diary"
SIGNED = {"signed_by": "by", "signed_at": MOMENT}
# In the order of the work; "@model" is that day's record of this model.
WORK = {
    "Patient": {"family_name": "Núñez", "sort_name": "nunez eva", "date_of_birth": DAY},
    "Consultation": {"patient": "@Patient", "clinician": "by", "consulted_on": DAY, **SIGNED},
    "AreaAssessment": {
        "consultation": "@Consultation",
        "area": "face",
        "severity": "mild",
        "outcome": "candidate",
        "rulebook": "2026.11",
    },
    "TreatmentPlan": {
        "assessment": "@AreaAssessment",
        "laser_type": "non_ablative",
        "interval_days": 28,
        "started_on": DAY,
        # Read as it was before prices could have four decimals: seals are taken over it.
        "price_per_session": Decimal("90.50"),
        "next_due_on": date(2025, 3, 31),
    },
    "Laser": {"name": "Laser"},
    "LaserMode": {
        "laser": "@Laser",
        "name": "Long pulse",
        "laser_type": "non_ablative",
        "wavelength_nm": 1064,
        "pulse": "long",
    },
    "TreatmentSession": {
        "plan": "@TreatmentPlan",
        "status": "done",
        "performed_on": DAY,
        "day": DAY,
        "operator": "by",
        "laser_mode": "@LaserMode",
        **SIGNED,
    },
    "TreatmentSession, booked": {
        "plan": "@TreatmentPlan",
        "status": "booked",
        "booked_for": MOMENT,
        "day": DAY,
    },
    "TreatmentSession, missed": {
        "plan": "@TreatmentPlan",
        "status": "missed",
        "status_reason": "Did not attend",
        "booked_for": datetime(2025, 2, 24, 12, tzinfo=UTC),
        "day": date(2025, 2, 24),
    },
    "AdverseEvent": {"session": "@TreatmentSession", "kind": "burn", "onset_on": DAY},
    "FollowUp": {"patient": "@Patient", "kind": "recall", "due_on": DAY},
    "Photo": {"patient": "@Patient", "area": "face", "view": "front", "taken_on": DAY},
    "AccessRecord": {"kind": "opened", "user": "by", "patient": "@Patient"},
}


class Clinic:
    """The installation at one migration's state."""

    def __init__(self, apps, number):
        self.apps, self.number = apps, number
        user = apps.get_model("auth", "User")
        self.by, _made = user.objects.get_or_create(username="ann", password="!")
        self.made = {}

    def work(self):
        for name, values in WORK.items():
            model = name.partition(",")[0]
            if self._has(model):
                self.made[name] = self._record(model, values)

    def _has(self, name):
        return name.lower() in self.apps.all_models[APP]

    def _record(self, name, values):
        model = self.apps.get_model(APP, name)
        named = {"created_by": "by", "changed_by": "by", "taken_by": "by"}
        known = {field.name for field in model._meta.concrete_fields}
        values = {key: value for key, value in (named | values).items() if key in known}
        record = model(**{key: self._value(value) for key, value in values.items()})
        if "record_number" in known:
            record.record_number = f"P-{self.number:06}"
        if name == "Photo":
            self._keep_files(record)
        record.save()
        # What the database computes is part of the history.
        record.refresh_from_db()
        if self._has(f"Historical{name}"):
            self._history(name, record)
        return record

    def _value(self, value):
        if value == "by":
            return self.by
        return self.made[value[1:]] if isinstance(value, str) and value[0] == "@" else value

    def _keep_files(self, photo):
        content = picture()
        photo.width, photo.height = 64, 48
        photo.digest = hashlib.sha256(content).hexdigest()
        photo.image.save("whole.jpg", ContentFile(content), save=False)
        photo.thumbnail.save("small.jpg", ContentFile(content), save=False)

    def _history(self, name, record):
        history = self.apps.get_model(APP, f"Historical{name}")
        kept = {field.attname for field in history._meta.concrete_fields}
        shared = [one.attname for one in record._meta.concrete_fields if one.attname in kept]
        values = {attname: getattr(record, attname) for attname in shared}
        told = {"history_type": "+", "history_date": timezone.now(), "history_user_id": self.by.pk}
        history(**values, **told).save()

    def audited(self):
        return [
            model
            for model in self.apps.get_app_config(APP).get_models()
            if model.__name__.startswith("Historical") or model.__name__ == "AccessRecord"
        ]

    def seal(self):
        """One seal a table, over the columns that it has now."""
        seals = self.apps.get_model(APP, "AuditSeal")
        for model in self.audited():
            last = seals.objects.order_by("-number").first()
            before = seals.objects.filter(table=model._meta.db_table).order_by("-number").first()
            rows = list(
                digests(
                    model,
                    columns_of(model),
                    after=before.up_to if before else None,
                    up_to=2**62,
                )
            )
            if not rows:
                continue
            number = last.number + 1 if last else 1
            seal = seals(
                pk=number,
                number=number,
                table=model._meta.db_table,
                columns=columns_of(model),
                up_to=rows[-1][0],
                rows=len(rows),
                digests=b"".join(SEALED_ROW.pack(*row) for row in rows),
                key_name=key_name(),
            )
            seal.head = head_of(seal, after=last.head if last else "")
            seal.save()
        return seals.objects.order_by("-number").first().head

    def rows(self):
        """The audit as it stands, by table and the columns of this state."""
        return {
            model: list(model._base_manager.order_by("pk").values_list("pk", *columns_of(model)))
            for model in self.audited()
        }


def test_every_state_that_landed_is_upgraded_with_history_and_seals_whole(tmp_path):
    at_once = schema()
    with another_installation(tmp_path):
        head, before = "", {}
        for number, name in enumerate(migrations()[:-1], start=1):
            clinic = Clinic(migrated_to(name), number)
            clinic.work()
            if name >= SEALED_SINCE:
                head = clinic.seal()
            before[name] = clinic.rows()
        call_command("migrate", verbosity=0)
        one_by_one = schema()
        states = len(before)
        found = verify(head=head)
        verify_photos(found, keys_of_photos())
        after = {name: rows_as_of(old) for name, old in before.items()}
        courses = AppointmentPlan.objects.filter(appointment__in=Appointment.history.values("id"))
        kept = Counter(courses.values_list(*AS_BOOKED))
        settings = ClinicSettings.objects.get()
        written = [(one.history_type, one.consent_from) for one in settings.history.all()]
        told = io.StringIO()
        call_command("check_courses", stdout=told)
    assert one_by_one == at_once
    assert found.problems == []
    assert (found.given, found.photos) == (found.seals, states - 2)
    assert after == before
    assert told.getvalue().splitlines()[-1].startswith(f"{states} ")
    # Courses that were there before consent was are told apart by the day.
    assert written == [("+", settings.consent_from)] != [("+", None)]
    # Of the bookings of each state before the diary came, one to come and one missed.
    of_old = sum(name < DIARY for name in before)
    assert kept == {
        ("booked", "", "", "booked"): of_old,
        ("missed", "Did not attend", "", "missed"): of_old,
    }


def schema():
    """The tables as they stand, whatever the order of their columns: those of a new database, made
    at once, are those of an old one."""
    return _schema_of_sqlite() if connection.vendor == "sqlite" else _schema_of_postgresql()


def _schema_of_sqlite():
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        for name, made in cursor.fetchall():
            columns = []
            for query in (
                "SELECT name, type, [notnull], dflt_value FROM pragma_table_xinfo(%s)",
                "SELECT [from], [table], [to] FROM pragma_foreign_key_list(%s)",
            ):
                cursor.execute(query, [name])
                columns += sorted(cursor.fetchall(), key=repr)
            rest = made if not made.startswith("CREATE TABLE") else sorted(CONSTRAINT.findall(made))
            found[name] = (columns, rest)
    return found


def _schema_of_postgresql():
    found = []
    with connection.cursor() as cursor:
        for query in (
            "SELECT table_name, column_name, data_type, is_nullable, column_default, "
            "character_maximum_length, is_generated FROM information_schema.columns "
            "WHERE table_schema = 'public'",
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        ):
            cursor.execute(query)
            found += cursor.fetchall()
    return sorted(found, key=repr)


def rows_as_of(old):
    """What stands today in the rows and columns that stood there then."""
    return {
        model: list(
            model._base_manager.filter(pk__in=[row[0] for row in rows])
            .order_by("pk")
            .values_list("pk", *columns_of(model))
        )
        for model, rows in old.items()
    }
