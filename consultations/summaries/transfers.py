"""What changed hands: consultations moved and records merged, read from their history."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consultation, Patient
from consultations.models.text import day_in_words


@dataclass(frozen=True, slots=True)
class ChangedHands:
    """One move or merge, as the timeline shows it; `record` is what it links to."""

    on: date
    title: str
    reason: str
    by: object
    record: object


def with_changed_hands(patients):
    """Annotate patients with whether anything changed hands; if not, nothing more is read."""
    versions = Consultation.history.model.objects
    of_another = versions.filter(id=OuterRef("id")).exclude(patient=OuterRef("patient"))
    moved = versions.filter(patient=OuterRef("pk")).filter(Exists(of_another))
    merged = Patient.objects.filter(merged_into=OuterRef("pk"))
    return patients.annotate(has_changed_hands=Exists(moved) | Exists(merged))


def changed_hands(patient):
    """Return what came to this patient's record or left it, latest last."""
    if not getattr(patient, "has_changed_hands", True):
        return []
    merged = patient.merged_records()
    own = {one.pk: one for one in (patient, *merged)}
    return [*map(_merge, merged), *_moves(own)]


def _merge(other):
    words = _("%(number)s was merged into this record")
    return ChangedHands(
        on=timezone.localdate(other.entered_in_error_at),
        title=words % {"number": other.record_number},
        reason=other.entered_in_error_reason,
        by=other.entered_in_error_by,
        record=other,
    )


def _moves(own):
    """Yield moves in or out; between two records that are both merged into one, nothing moved."""
    versions = Consultation.history.model.objects
    ever_own = versions.filter(patient__in=list(own)).values("id")
    # Few consultations ever had two patients; the versions of all others stay unread.
    counted = (
        versions.filter(id__in=ever_own).values("id").annotate(n=Count("patient", distinct=True))
    )
    keys = list(counted.filter(n__gt=1).order_by().values_list("id", flat=True))
    rows = versions.filter(id__in=keys).select_related("history_user").order_by("id", "history_id")
    rows = list(rows) if keys else []
    patients = Patient.objects.in_bulk({row.patient_id for row in rows}) if rows else {}
    for before, row in pairwise(rows):
        if before.id == row.id and (before.patient_id in own) != (row.patient_id in own):
            yield _move(row, row.patient_id in own, patients[before.patient_id], patients)


def _move(row, is_here, source, patients):
    words = (
        _("Consultation of %(day)s moved here from %(number)s")
        if is_here
        else _("Consultation of %(day)s moved to %(number)s")
    )
    other = source if is_here else patients[row.patient_id]
    named = {"day": day_in_words(row.consulted_on), "number": other.record_number}
    return ChangedHands(
        on=timezone.localdate(row.history_date),
        title=words % named,
        # Which records, the title has said.
        reason=(row.history_change_reason or "").partition(": ")[2],
        by=row.history_user,
        record=Consultation(pk=row.id),
    )
