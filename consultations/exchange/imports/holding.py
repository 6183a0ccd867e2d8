"""Hold whoever and whatever a batch is about while it is saved: what was looked at stays."""

from django.db import connection

from consultations.actions.booking import lock_resources
from consultations.models import ImportBatch, Patient, RecordCounter
from consultations.vocabulary import RowDecision

from .checking import in_pieces
from .given import givens_of

AT_ONCE = 2000


def hold_batch(batch):
    """Return the batch as it stands, held. One batch is saved at a time: the rows of two could be
    the same person, which neither sees of the other. Whoever saves first holds the first batch of
    all."""
    list(ImportBatch.objects.select_for_update().order_by("pk").values_list("pk")[:1])
    return ImportBatch.objects.select_for_update().get(pk=batch.pk)


def hold_patients(keys):
    """Hold patients, in the order of their keys."""
    keys = sorted(keys)
    for start in range(0, len(keys), AT_ONCE):
        held = Patient._base_manager.select_for_update(no_key=True)
        list(held.filter(pk__in=keys[start : start + AT_ONCE]).order_by("pk").values_list("pk"))


def hold(batch, rows, target):
    """Hold what these rows are about, in the order in which the diary does: patients, then
    practitioners, rooms and lasers. Returns the keys of the patients; None where the whole
    database is held."""
    if batch.target == "patients":
        # Nobody else is registered meanwhile, who could be one of these.
        RecordCounter.objects.select_for_update().get_or_create(pk=1)
        same = rows.filter(decision=RowDecision.SAME).values_list("candidates", flat=True)
        hold_patients({first["patient"] for first, *_rest in same if "patient" in first})
    if batch.target in ("patients", "lasers") or not connection.features.has_select_for_update:
        return None
    patients, visits = set(), {}
    for some in in_pieces(rows):
        givens = givens_of(batch, some)
        target.prepare(givens)
        patients |= target.finder.keys()
        if batch.target == "appointments":
            for given in givens:
                target.build(given, checks=False)
                visit = given.record
                visits[visit.practitioner_id, visit.room_id, visit.laser_id] = visit
    hold_patients(patients)
    lock_resources(*visits.values())
    return patients
