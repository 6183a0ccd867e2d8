"""Everything that happened to one patient, latest first, with one line for each event."""

from consultations.models import Consultation, TreatmentSession
from consultations.summaries.weights import weights_told

from .event import Event, name_of
from .presenters import PRESENTERS, present_photos, present_transfer
from .sessions import present_sessions

__all__ = ["KINDS", "Event", "name_of", "timeline_of"]

# In the order in which they follow from one another on one day.
KINDS = (
    "consultation",
    "referral",
    "plan",
    "consent",
    "session",
    "appointment",
    "photo",
    "adverse_event",
    "test_patch",
    "follow_up",
    "addendum",
    "document",
    "record",
)


def timeline_of(tree, photos=(), changed_hands=()):
    """Return the events of a patient's record, latest first.

    They are the records of the patient's tree, the photos that may be shown, and the days on which
    something changed hands.
    """
    told = weights_told(tree[Consultation])
    for consultation in tree[Consultation]:
        consultation.weight_told = told.get(consultation.pk, "")
    shown = [present(one) for model, present in PRESENTERS.items() for one in tree[model]]
    events = [
        *filter(None, shown),
        *present_sessions(
            [one for one in tree.latest_first(TreatmentSession) if not one.is_former]
        ),
        *present_photos(photos),
        *map(present_transfer, changed_hands),
    ]
    return sorted(
        events, key=lambda one: (one.day, KINDS.index(one.kind), one.record.pk), reverse=True
    )
