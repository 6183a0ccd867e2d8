"""Referrals: what the surgeon had is known, and none is opened beside an open plan."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consultations.actions.referrals import (
    change_referral,
    close,
    keep_referral_in_step,
    was_sent,
)
from consultations.models import SurgicalReferral
from consultations.vocabulary import Closure, Outcome, PlanStatus, ReferralStatus
from tests.factories import AssessmentFactory, PlanFactory, ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "sent"),
    [
        ({"status": "to_send"}, False),
        ({"status": "to_send", "sent_on": date(2025, 3, 4)}, True),
        ({"status": "sent"}, True),
        ({"status": "recovered"}, True),
        ({"status": "closed", "closure": "withdrawn"}, False),
        ({"status": "closed", "closure": "no_reply", "sent_on": date(2025, 3, 4)}, True),
    ],
)
def test_was_sent(state, sent):
    assert was_sent(SurgicalReferral(**state)) is sent


def test_referral_moved_on_keeps_who_and_why(clinician):
    referral = ReferralFactory()
    referral.status, referral.sent_on = ReferralStatus.SENT, date(2025, 3, 4)
    change_referral(referral=referral, by=clinician, reason="By letter.")
    latest = referral.history.first()
    assert [latest.status, latest.history_user, latest.history_change_reason] == [
        "sent",
        clinician,
        "By letter.",
    ]


def closed_beside_a_plan(status):
    referral = ReferralFactory(
        status="closed", closure="no_reply", closed_on=date(2025, 3, 9), sent_on=date(2025, 3, 4)
    )
    plan = PlanFactory(
        assessment__consultation__patient=referral.patient, status=status, status_reason="Asked."
    )
    assert plan.area == referral.assessment.area
    return referral


def reopened(referral):
    referral.status, referral.closure, referral.closed_on = ReferralStatus.SENT, "", None
    return referral


def test_reopening_beside_an_active_plan_is_refused(clinician):
    referral = closed_beside_a_plan(PlanStatus.ACTIVE)
    with pytest.raises(ValidationError) as told:
        change_referral(referral=reopened(referral), by=clinician)
    message = "This area has an open plan. Stop or pause the plan first."
    assert told.value.message_dict == {"status": [message]}
    assert SurgicalReferral.objects.get().status == ReferralStatus.CLOSED


@pytest.mark.parametrize("status", [PlanStatus.PAUSED, PlanStatus.STOPPED])
def test_reopening_beside_a_waiting_plan(status, clinician):
    change_referral(referral=reopened(closed_beside_a_plan(status)), by=clinician)
    assert SurgicalReferral.objects.get().is_open is True


@pytest.mark.parametrize(
    ("former", "state"),
    [
        (Outcome.REFER_TO_SURGERY, ("closed", "withdrawn")),
        (Outcome.CANDIDATE, ("to_send", "")),
        (Outcome.HOLD, ("to_send", "")),
        (None, ("to_send", "")),
    ],
)
def test_referral_is_withdrawn_only_where_the_outcome_had_opened_it(former, state, clinician):
    assessment = ReferralFactory(assessment__severe=False).assessment
    assessment.refresh_from_db()
    kept = keep_referral_in_step(assessment=assessment, by=clinician, former_outcome=former)
    assert (kept.status, kept.closure) == state


def test_no_referral_is_made_for_an_area_to_treat(clinician):
    assessment = AssessmentFactory()
    assessment.refresh_from_db()
    assert keep_referral_in_step(assessment=assessment, by=clinician, former_outcome=None) is None
    assert SurgicalReferral.objects.count() == 0


def test_close_says_how_and_when(clinician):
    referral = ReferralFactory()
    close(referral, Closure.PATIENT_DECLINED, on=date(2025, 3, 9))
    change_referral(referral=referral, by=clinician)
    kept = SurgicalReferral.objects.get()
    assert [kept.status, kept.closure, kept.closed_on, kept.is_open] == [
        "closed",
        "patient_declined",
        date(2025, 3, 9),
        False,
    ]
