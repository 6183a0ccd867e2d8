"""Is something from an earlier session still to be cleared on this area?

Moderate and severe events need treatment or leave a lasting change (6.2); more laser on the same
skin waits until a clinician has looked at it.
"""

from consultations.vocabulary import Level

from ..findings import Finding, Line, Message
from ..registry import readiness
from .facts import SessionFacts

OPEN = Message(
    "event.open",
    "Not cleared on this area: {events}.",
    "A clinician looks at it and clears the area with a note.",
    "NCT04519723 (treatment delayed or lowered after a reaction)",
    (Line("moderate or severe adverse event on this area, not cleared", Level.BLOCK),),
)


@readiness.rule(OPEN)
def open_event(facts: SessionFacts) -> list[Finding]:
    if not facts.open_events:
        return []
    return OPEN.found(events="; ".join(facts.open_events))
