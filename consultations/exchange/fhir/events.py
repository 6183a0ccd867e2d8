"""AdverseEvent: what went wrong after a session."""

from consultations.models import AdverseEvent
from consultations.vocabulary import EventKind, EventSeverity, ReportedTo

from .codes import concept, extension, of_hl7
from .elements import day, moment, reference, resource, subject

RESOLVED = of_hl7("adverse-event-outcome", "resolved", "Resolved")
ONGOING = of_hl7("adverse-event-outcome", "ongoing", "Ongoing")


def events(tree, around):
    """Yield those that stand: FHIR R4 has no way to say of one that it was entered in error."""
    for one in tree[AdverseEvent]:
        if not one.stands:
            continue
        yield resource(
            "AdverseEvent",
            one,
            extension=[
                extension("resolved-on", valueDate=day(one.resolved_on)),
                extension("action-taken", valueString=one.action_taken),
                extension("reported-to", valueCodeableConcept=concept(ReportedTo, one.reported_to)),
                extension("reported-on", valueDate=day(one.reported_on)),
            ],
            actuality="actual",
            event=concept(EventKind, one.kind),
            subject=subject(one),
            date=day(one.onset_on),
            recordedDate=moment(one.created_at),
            severity=concept(EventSeverity, one.severity),
            outcome=RESOLVED if one.resolved_on else ONGOING,
            recorder=around(one.created_by),
            suspectEntity=[{"instance": reference("Procedure", one.session)}],
        )
