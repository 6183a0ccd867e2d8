"""Decisions on areas, as the tests of actions make them."""

from datetime import UTC, date, datetime

from django.utils import timezone

from consultations.actions.assessments import (
    record_assessments,
)
from consultations.models import (
    SurgicalReferral,
)
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
)

CLOSED = {"status": "closed", "closed_on": date(2025, 3, 4), "closure": "no_reply"}
WHY = "Typed into the wrong chart."
WAITS = ["paused", "Decided to wait on 1 May 2025"]


def record(assessment, by):
    record_assessments(consultation=assessment.consultation, by=by, changed=[assessment])


def decide(assessment, decision, by):
    assessment.decision = decision
    assessment.decision_reason = "Seen together with the patient."
    assessment.decided_by, assessment.decided_at = by, timezone.now()
    record(assessment, by)


def referrals():
    return list(SurgicalReferral.objects.values_list("status", "closure"))


def decided_to_wait(by, patient):
    """A later assessment of the face, decided against laser for now."""
    when = {"consulted_on": date(2025, 5, 1), "patient": patient}
    decision = {"decision": "hold", "decision_reason": "Away.", "decided_by": by}
    consultation = ConsultationFactory(by=by, **when)
    at = {"decided_at": datetime(2025, 5, 1, 12, tzinfo=UTC)}
    return AssessmentFactory(by=by, consultation=consultation, **decision, **at)
