"""What sessions held of booking becomes appointments. No row of a session is changed."""

from datetime import datetime, time, timedelta
from itertools import groupby
from uuid import uuid4

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format

AT_ONCE = 1000
MINUTES = {"face": 25, "neck": 15, "stomach": 30, "arms": 30, "legs": 40}
REASON_OF = {
    "Did not attend": "patient",
    "Cancelled too late": "patient",
    "Patient will rebook": "patient",
    "Patient unwell": "medical",
    "Clinic cancelled": "clinic",
}
PATIENT = "plan__assessment__consultation__patient"
READ = {
    "pk": F("pk"),
    "plan": F("plan"),
    "status": F("status"),
    "when": F("booked_for"),
    "day": F("day"),
    "words": F("status_reason"),
    "by": F("created_by"),
    "area": F("plan__assessment__area"),
    "plan_status": F("plan__status"),
    "patient": F(PATIENT),
    "erased": F(f"{PATIENT}__erased_at"),
}


def bookings_to_the_diary(apps, schema_editor):
    """An appointment for each booking; those of one patient, minute and status share one."""
    sessions = apps.get_model("consultations", "TreatmentSession").objects
    was_booked = ~Q(status="done") | Q(booked_for__isnull=False)
    rows = (
        sessions.filter(was_booked, entered_in_error_at__isnull=True)
        .filter(plan__entered_in_error_at__isnull=True)
        .annotate(gone_on=_later(sessions))
        .order_by(PATIENT, "booked_for", "status", "pk")
        .values("gone_on", **{f"of_{name}": path for name, path in READ.items()})
    )
    some = []
    for _patient, own in groupby(rows.iterator(AT_ONCE), key=lambda row: row["of_patient"]):
        some += _appointments_of(apps, list(own))
        if len(some) >= AT_ONCE:
            _keep(apps, some)
            some = []
    _keep(apps, some)


def _later(sessions):
    """Whether the course was booked or treated again after it was missed or cancelled."""
    later = sessions.filter(
        plan=OuterRef("plan"),
        status__in=("booked", "done"),
        day__gte=OuterRef("day"),
        entered_in_error_at__isnull=True,
    )
    return Exists(later)


def _appointments_of(apps, rows):
    """The unsaved appointments of one patient, each with the rows it is made of."""
    Appointment = apps.get_model("consultations", "Appointment")
    now, made = timezone.now(), []
    for (_when, _status), own in groupby(rows, key=lambda row: (_start(row), row["of_status"])):
        own = list(own)
        first = own[0]
        start = _start(first)
        minutes = sum(MINUTES.get(row["of_area"], 30) for row in own)
        appointment = Appointment(
            patient_id=first["of_patient"],
            kind="treatment",
            starts_at=start,
            ends_at=start + timedelta(minutes=minutes),
            status=first["of_status"],
            uid=uuid4(),
            created_at=now,
            changed_at=now,
            created_by_id=first["of_by"],
            changed_by_id=first["of_by"],
        )
        _say_why(appointment, own)
        made.append((appointment, own))
    _mark_overlaps([appointment for appointment, _rows in made], now)
    return made


def _start(row):
    """When it was booked for; of one that was never booked, its day at noon."""
    if row["of_when"]:
        return row["of_when"]
    return timezone.make_aware(datetime.combine(row["of_day"], time(12)))


def _say_why(appointment, rows):
    words = next((row["of_words"] for row in rows if row["of_words"]), "").strip()
    if appointment.status == "booked" and rows[0]["of_erased"]:
        appointment.status = "cancelled"
    if appointment.status not in ("missed", "cancelled"):
        return
    is_listed = words in REASON_OF
    appointment.reason = words if is_listed else "Other"
    appointment.reason_words = "" if is_listed else words
    appointment.reason_of = REASON_OF.get(words, "")
    goes_on = any(
        row["of_plan_status"] in ("active", "paused") and not row["gone_on"] for row in rows
    )
    if goes_on and not rows[0]["of_erased"]:
        appointment.rebook = "open"


def _mark_overlaps(appointments, now):
    """What overlaps another booking of its patient may, until it is dealt with."""
    booked = [one for one in appointments if one.status == "booked"]
    for one in booked:
        others = (other for other in booked if other is not one)
        if any(one.starts_at < other.ends_at and other.starts_at < one.ends_at for other in others):
            one.before_diary = True
            one.overbooked_reason = "Booked before the diary."
            one.overbooked_by_id, one.overbooked_at = one.created_by_id, now


def _keep(apps, made):
    get = lambda name: apps.get_model("consultations", name)  # noqa: E731
    appointments = get("Appointment").objects.bulk_create([one for one, _rows in made])
    keys = [(one, row) for one, (_made, rows) in zip(appointments, made, strict=True) for row in rows]
    courses = get("AppointmentPlan").objects.bulk_create(
        get("AppointmentPlan")(
            appointment=one,
            plan_id=row["of_plan"],
            session_id=row["of_pk"],
            created_at=one.created_at,
            changed_at=one.changed_at,
            created_by_id=one.created_by_id,
            changed_by_id=one.created_by_id,
        )
        for one, row in keys
    )
    reasons = {}
    for one, row in keys:
        when = date_format(timezone.localtime(_start(row)), "j M Y H:i")
        reasons.setdefault(one.pk, f"Moved from the session booked on {when}.")
    _write_history(get("HistoricalAppointment"), appointments, lambda one: reasons[one.pk])
    _write_history(
        get("HistoricalAppointmentPlan"), courses, lambda one: reasons[one.appointment_id]
    )


def _write_history(history, records, reason_of, kind="+"):
    names = {field.attname for field in history._meta.concrete_fields}
    history.objects.bulk_create(
        history(
            **{
                field.attname: getattr(record, field.attname)
                for field in record._meta.concrete_fields
                if field.attname in names and not field.generated
            },
            history_date=record.changed_at,
            history_type=kind,
            history_user_id=record.changed_by_id,
            history_change_reason=reason_of(record),
        )
        for record in records
    )


def due_from_the_start(apps, schema_editor):
    """A course with nothing done is due at its start, so that somebody is told to book it."""
    plans = apps.get_model("consultations", "TreatmentPlan")
    done = apps.get_model("consultations", "TreatmentSession").objects.filter(
        plan=OuterRef("pk"), status="done", entered_in_error_at__isnull=True
    )
    due = plans.objects.filter(~Exists(done), next_due_on__gt=F("started_on")).order_by("pk")
    history = apps.get_model("consultations", "HistoricalTreatmentPlan")
    while some := list(due[:AT_ONCE]):
        now = timezone.now()
        for plan in some:
            plan.next_due_on, plan.version, plan.changed_at = plan.started_on, plan.version + 1, now
        plans.objects.bulk_update(some, ["next_due_on", "version", "changed_at"])
        _write_history(history, some, lambda plan: "The first session is due at the start.", "~")


class Migration(migrations.Migration):
    dependencies = [("consultations", "0024_one_place_at_a_time")]

    operations = [
        migrations.RunPython(bookings_to_the_diary, migrations.RunPython.noop),
        migrations.RunPython(due_from_the_start, migrations.RunPython.noop),
    ]
