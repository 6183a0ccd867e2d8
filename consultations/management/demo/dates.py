"""Move the dates of the demo, so that what was due today is due today again.

The day it was last loaded or moved is stored in the history of the first demo patient.
"""

import json
import re
from datetime import date, datetime, timedelta

from django.core.management.base import CommandError
from django.db.models import DateField
from django.utils import timezone
from tqdm import tqdm

from consultations.actions.assessments import give_verdict
from consultations.models import (
    Addendum,
    Appointment,
    AreaAssessment,
    Consent,
    Consultation,
    FollowUp,
    Laser,
    Patient,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
    record_kinds,
)
from consultations.models.text import day_in_words
from consultations.summaries.signed_copy import rendition_of

MARK = "Demo: today is "
FIRST = "D-000001"
STAYING = {"date_of_birth", "changed_at"}
MOVED = [one for one in record_kinds() if one not in (Patient, Addendum, Appointment)]
# Before assessments, whose verdicts see them.
FIRST_OF_ALL = (Consultation, SurgicalReferral, TestPatch)
ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
DAY_IN_WORDS = re.compile(r"\b\d{1,2} [A-Z][a-z]{2} \d{4}\b")


def mark_today(today, *, by):
    Patient.objects.get(record_number=FIRST).save(by=by, reason=f"{MARK}{today}")


def day_of_demo():
    """The day that was today when the demo was last loaded or moved."""
    marks = Patient.history.filter(record_number=FIRST, history_change_reason__startswith=MARK)
    last = marks.order_by("-history_id").first()
    if last is None:
        raise CommandError(f"Patient {FIRST} is not of the demo. Nothing was moved.")
    return date.fromisoformat(last.history_change_reason.removeprefix(MARK))


def move_to(today, *, by):
    """Move every date of the demo patients and lasers; False where it is already in place."""
    # Held, so that of two at once the second finds nothing left to move.
    Patient.objects.locked(Patient.objects.get(record_number=FIRST).pk)
    days = (today - day_of_demo()).days
    if not days:
        return False
    reason = f"{MARK}{today}"
    for laser in Laser.objects.filter(serial_number__startswith="DEMO-"):
        safety_file = (laser.authorised_users, laser.services, laser.incidents)
        for record in (laser, *(one for part in safety_file for one in part.order_by("pk"))):
            keep_moved(record, days, by, reason)
    move_appointments(days, by, reason)
    patients = list(Patient.objects.filter(record_number__startswith="D-").order_by("pk"))
    for patient in tqdm(patients, desc="Demo patients", leave=False, disable=None):
        keep_moved(patient, days, by, reason)
        for model in sorted(MOVED, key=lambda one: one not in FIRST_OF_ALL):
            for record in in_safe_order(model.objects.of(patient), days):
                keep_moved(record, days, by, reason)
        keep_signed_anew(patient, by, reason)
    return True


def keep_signed_anew(patient, by, reason):
    """Keep the pages of what is signed as if signed on the moved day, once all is moved."""
    for model in (Consultation, TreatmentSession):
        for record in model.objects.of(patient).filter(signed_at__isnull=False):
            former = record.signed_as or {}
            record.signed_as = rendition_of(record, progress=former.get("progress", ""))
            record.save(by=by, reason=reason, correcting=True)


def move_appointments(days, by, reason):
    """Those of all patients, one after the other: nobody is in two places meanwhile."""
    own = Appointment.objects.filter(patient__record_number__startswith="D-")
    for one in own.order_by("-starts_at" if days > 0 else "starts_at"):
        keep_moved(one, days, by, reason)


def in_safe_order(records, days):
    """Those that move first make room for the next: a plan has one session a day."""
    if records.model is TreatmentSession:
        return sorted(records, key=TreatmentSession.day_of_session, reverse=days > 0)
    if records.model is FollowUp:
        return records.order_by("-due_on" if days > 0 else "due_on")
    return records.order_by("pk")


def keep_moved(record, days, by, reason):
    for field in record._meta.concrete_fields:
        if isinstance(field, DateField) and field.name not in STAYING:
            setattr(record, field.name, moved(getattr(record, field.name), days))
    if isinstance(record, AreaAssessment):
        give_verdict(record)
    if isinstance(record, TreatmentSession):
        # As they were found on the day: the plan has moved on since.
        record.findings = json.loads(moved_text(json.dumps(record.findings), days))
    if isinstance(record, TreatmentPlan):
        record.status_reason = moved_text(record.status_reason, days)
    if isinstance(record, Consent):
        record.digest = record.digest_of_words()
    record.save(by=by, reason=reason, correcting=True)


def moved(value, days):
    """The same day of the story; a moment keeps its time by the clinic's clock."""
    if not isinstance(value, datetime):
        return value and value + timedelta(days=days)
    local = timezone.localtime(value)
    naive = local.replace(tzinfo=None) + timedelta(days=days)
    return timezone.make_aware(naive)


def moved_text(text, days):
    """Text with the days that the program wrote into it moved."""
    text = DAY_IN_WORDS.sub(lambda found: _moved_words(found[0], days), text)
    return ISO_DAY.sub(lambda found: _moved_day(found[0], days), text)


def _moved_words(text, days):
    try:
        day = datetime.strptime(text, "%d %b %Y").date()  # noqa: DTZ007  a day has no time zone
        return day_in_words(moved(day, days))
    except (ValueError, OverflowError):
        return text


def _moved_day(text, days):
    try:
        return moved(date.fromisoformat(text), days).isoformat()
    except (ValueError, OverflowError):
        return text
