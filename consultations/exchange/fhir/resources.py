"""All resources about some people, from one reading of their records."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from consultations.models import (
    Appointment,
    Consent,
    IssuedDocument,
    Patient,
    Photo,
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
from .health import health
from .observations import observations
from .patient import person
from .referrals import referrals

GROUPS = (health, encounters, observations, course, appointments, referrals, consents, events)
# What the tree does not tie to its records.
BESIDE = {
    Appointment: ("room", "laser"),
    SurgicalReferral: ("addressed_to",),
    ReferralSending: ("document",),
    IssuedDocument: ("plan", "referral", "session", "consent"),
}


@dataclass(frozen=True)
class People:
    """The records of some people as they were read: `photos` are those that may be shown."""

    tree: RecordTree
    photos: list


def read_people(patients):
    """Read everything about these patients, who are whole persons: merged records stand beside the
    one that goes on. The number of queries does not grow with the records; files are read later.
    """
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
    agreed = Photo.objects.agreed().filter(patient__in=known).order_by("pk")
    return People(tree, list(agreed.select_related("patient", "taken_by")))


def resources_of(people, around):
    """Yield every resource about these people; those with a file one at a time."""
    tree = people.tree
    for one in tree[Patient]:
        merged = [other for other in tree.patients if other.merged_into_id == one.pk]
        yield person(one, merged, around)
    for group in GROUPS:
        yield from group(tree, around)
    yield from documents(tree, people.photos, around)
