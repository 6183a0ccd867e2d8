"""A mild redness that began on the day of its session and has not gone."""

import factory

from consultations.models import AdverseEvent
from consultations.vocabulary import EventKind, EventSeverity

from .record import RecordFactory, part
from .session import SessionFactory


class EventFactory(RecordFactory):
    class Meta:
        model = AdverseEvent

    class Params:
        moderate = factory.Trait(kind=EventKind.BURN, severity=EventSeverity.MODERATE)

    session = part(SessionFactory)
    kind = EventKind.ERYTHEMA
    onset_on = factory.SelfAttribute("session.performed_on")
