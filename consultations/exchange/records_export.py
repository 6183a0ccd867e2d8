"""Our own templates, filled in from the clinic's records: what our import takes, a file of each.

The columns are those of `reading.columns.template`, and the fields behind them those that the
import fills. What no template has, and nobody who was erased or entered in error, is in no file.
"""

import shutil
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection, models, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import (
    Appointment,
    AppointmentPlan,
    AreaAssessment,
    Consultation,
    Laser,
    LaserMode,
    Patient,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.trust.access import record_export
from consultations.trust.backup.archive import private, sync
from consultations.trust.backup.making import refuse_place
from consultations.trust.backup.manifest import BackupError
from consultations.vocabulary import Area, Rebook, SessionStatus

from .folder_lock import FolderTakenError, folder_lock
from .reading.columns import template
from .reading.fields import TARGETS, fields
from .spreadsheets import csv_rows

DRAFT = ".unfinished"
AT_ONCE = 500


class RecordsExportError(Exception):
    """The records were not exported; the words say why."""


@dataclass
class RecordsExported:
    """How many rows each file has, and how many records no template has a row for."""

    rows: Counter = field(default_factory=Counter)
    left_out: dict = field(default_factory=dict)


def export_records(folder, *, by, way="", step=lambda rows: None):
    """Write all records to a new or empty folder, all files or none, and log that `by` did. `way`
    is added to the log. `step` is called with how many rows were written since the last call.

    Returns RecordsExported. Raises RecordsExportError.
    """
    folder = Path(folder)
    try:
        with private():
            _make_place(folder)
            with folder_lock(folder), _draft_in(folder) as draft:
                # Before anything leaves: half an export is one.
                record_export(by=by, detail=_("Records as files for our import."), way=way)
                with _of_one_moment():
                    exported = _write(draft, step)
                for target in TARGETS:
                    (draft / _name_of(target)).replace(folder / _name_of(target))
            sync(folder)
    except FolderTakenError:
        words = _("Somebody else is exporting to %(folder)s now.")
        raise RecordsExportError(words % {"folder": folder}) from None
    except BackupError as refusal:
        raise RecordsExportError(str(refusal)) from None
    except OSError as error:
        words = _("%(folder)s cannot be written: %(why)s.")
        why = error.strerror or type(error).__name__
        raise RecordsExportError(words % {"folder": folder, "why": why}) from error
    return exported


def _name_of(target):
    return f"{target}.csv"


def _make_place(folder):
    refuse_place(folder if folder.is_dir() else folder.parent)
    folder.mkdir(exist_ok=True)


@contextmanager
def _draft_in(folder):
    """A place in the folder for what is not whole yet, gone in the end; that of a run that was
    ended counts for nothing."""
    if any(one.name != DRAFT for one in folder.iterdir()):
        words = _("%(folder)s holds other files. Name a new or an empty folder.")
        raise RecordsExportError(words % {"folder": folder})
    draft = folder / DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _of_one_moment():
    """Whatever is read is of one moment, so that no row names somebody who came later. Staff save
    meanwhile: of Django's own transactions, those of SQLite would keep them waiting."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _write(draft, step):
    exported = RecordsExported(left_out=left_out())
    for target in TARGETS:

        def counted(rows, target=target):
            for row in rows:
                exported.rows[target] += 1
                step(1)
                yield row

        path = draft / _name_of(target)
        with open(path, "wb") as file:
            file.writelines(csv_rows(template(target), counted(rows_of(target))))
        sync(path)
    return exported


# Rows


def rows_of(target):
    """Yield the rows of our own file of a target, in the order in which the records were made: so
    they come in, and so they go out again."""
    columns = [(key, fields(target)[key]) for key in template(target)]
    for records, more in RECORDS[target]():
        yield [
            more[key] if key in more else _written(key, records.get(one.record), one.name)
            for key, one in columns
        ]


def _written(key, record, name):
    """A value as our own files have it, by the words that the import takes for it."""
    value = getattr(record, name, None)
    match value:
        case bool():
            return "yes" if value else "no"
        case models.Model():
            return getattr(value, "username", "") or value.name
        case datetime():
            return _moment(value)
        case str():
            # The import reads every end of a line as this one.
            return value.replace("\r\n", "\n").replace("\r", "\n")
    return value


def _moment(value):
    """A moment by the clinic's clock, with its zone in the hour that the clock shows twice."""
    local = timezone.localtime(value)
    read = timezone.make_aware(local.replace(tzinfo=None, fold=0))
    is_plain = read.utcoffset() == local.utcoffset()
    return f"{local:%Y-%m-%d %H:%M}" if is_plain else f"{local:%Y-%m-%d %H:%M%z}"


def _of_standing(path):
    """The condition that the patient at the end of a path is in the file of patients."""
    gone = ("entered_in_error_at", "erased_at", "merged_into")
    return {f"{path}__{name}__isnull": True for name in gone}


def _patients():
    for one in Patient.objects.standing().unmerged().order_by("pk").iterator(AT_ONCE):
        yield {"patient": one}, {}


def _lasers():
    modes = LaserMode.objects.standing().filter(laser__entered_in_error_at__isnull=True)
    for one in modes.select_related("laser").order_by("laser_id", "pk").iterator(AT_ONCE):
        yield {"laser": one.laser, "mode": one}, {}


def _consultations():
    areas = AreaAssessment.objects.standing().filter(**_of_standing("consultation__patient"))
    areas = areas.select_related("consultation__patient", "consultation__clinician")
    areas = areas.annotate(others=Exists(_visits_of_that_day()), number=_place_among_them())
    for one in areas.order_by("consultation_id", "pk").iterator(AT_ONCE):
        visit, number = one.consultation, one.number + 1 if one.others else ""
        records = {"patient": visit.patient, "consultation": visit, "area": one}
        yield records, {"visit_of_day": number}


def _visits_of_that_day():
    """The other visits of an area's patient on its day that are in the file too."""
    assessed = AreaAssessment.objects.standing().filter(consultation=OuterRef("pk"))
    visits = Consultation.objects.standing().filter(Exists(assessed))
    same = {name: OuterRef(f"consultation__{name}") for name in ("patient", "consulted_on")}
    return visits.filter(**same).exclude(pk=OuterRef("consultation"))


def _place_among_them():
    before = _visits_of_that_day().filter(pk__lt=OuterRef("consultation")).order_by()
    counted = before.values("patient").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _sessions():
    """A row for each session, and one for a course that has none yet."""
    done = TreatmentSession.objects.standing().filter(status=SessionStatus.DONE)
    done = done.select_related("operator", "laser_mode__laser").order_by("performed_on", "pk")
    plans = TreatmentPlan.objects.standing().filter(
        **_of_standing("assessment__consultation__patient")
    )
    plans = plans.select_related("assessment__consultation__patient").order_by("pk")
    plans = plans.prefetch_related(Prefetch("sessions", done, to_attr="done"))
    for plan in plans.iterator(AT_ONCE):
        visit = plan.assessment.consultation
        course = {"area": plan.area, "consulted_on": visit.consulted_on}
        for one in plan.done or [None]:
            mode = one.laser_mode if one else None
            laser = mode.laser.name if mode else ""
            records = {"patient": visit.patient, "plan": plan, "session": one}
            yield records, {**course, "laser": laser}


def _appointments():
    courses = AppointmentPlan.objects.standing().filter(plan__entered_in_error_at__isnull=True)
    courses = courses.select_related("plan__assessment")
    visits = Appointment.objects.standing().filter(**_of_standing("patient"))
    visits = visits.select_related("patient", "practitioner", "room", "laser").order_by("pk")
    visits = visits.prefetch_related(Prefetch("courses", courses, to_attr="standing_courses"))
    for one in visits.iterator(AT_ONCE):
        found = {course.plan.area for course in one.standing_courses}
        more = {"areas": ", ".join(area.value for area in Area if area in found)}
        if one.rebook == Rebook.BOOKED:
            more["rebook"] = ""  # as what, is in no template
        yield {"patient": one.patient, "appointment": one}, more


RECORDS = {
    "patients": _patients,
    "lasers": _lasers,
    "consultations": _consultations,
    "sessions": _sessions,
    "appointments": _appointments,
}


def left_out():
    """Return how many records no template has a row for, by what they are in words."""
    areas = AreaAssessment.objects.standing().filter(consultation=OuterRef("pk"))
    visits = Consultation.objects.standing().filter(**_of_standing("patient"))
    modes = LaserMode.objects.standing().filter(laser=OuterRef("pk"))
    return {
        _("consultations without an area"): visits.exclude(Exists(areas)).count(),
        _("lasers without a mode"): Laser.objects.standing().exclude(Exists(modes)).count(),
    }


def count():
    """Return about how many rows there are to write, for a progress bar."""
    models_of_rows = (Patient, LaserMode, AreaAssessment, TreatmentSession, Appointment)
    return sum(model.objects.standing().count() for model in models_of_rows)
