"""All resources about some people, from one reading of their records."""

from django.db.models import prefetch_related_objects

from consultations.models import (
    Appointment,
    Consent,
    IssuedDocument,
    Patient,
    ReferralSending,
    SurgicalReferral,
    TestPatch,
)
from consultations.summaries.record_tree import RecordTree

from .appointments import appointments
from .consents import consents
from .course import course
from .documents import documents
from .encounter import encounters
from .events import events
from .observations import observations
from .patient import person
from .referrals import referrals

GROUPS = (encounters, observations, course, appointments, referrals, consents, events, documents)
# What the tree does not tie to its records.
BESIDE = {
    Appointment: ("room", "laser"),
    SurgicalReferral: ("addressed_to",),
    ReferralSending: ("document",),
    IssuedDocument: ("plan", "referral", "session", "consent"),
}


def resources_of(patients, around):
    """Yield every resource about these patients, who are whole persons: merged records stand beside
    the one that goes on. The number of queries does not grow with the records."""
    tree = _read(patients)
    for patient in tree[Patient]:
        yield person(patient, [one for one in patients if one.merged_into_id == patient.pk], around)
    for group in GROUPS:
        yield from group(tree, around)


def _read(patients):
    known = {one.pk: one for one in patients}
    for one in patients:
        if one.merged_into_id in known:
            one.merged_into = known[one.merged_into_id]
    tree = RecordTree(*patients)
    for model in (Consent, TestPatch):
        tree[model]  # read before everybody whom the records name
    for model, keys in BESIDE.items():
        prefetch_related_objects(tree[model], *keys)
    tree.name_people()
    return tree
