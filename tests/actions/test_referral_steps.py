"""Steps of a referral: a table that the form and the presses share; each says who and why."""

from contextlib import nullcontext
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consultations.actions.referral_steps import (
    close_referral,
    refer_to_another,
    refuse_step,
    send_referral,
)
from consultations.models import ReferralSending, SurgicalReferral
from consultations.models.referral import MAY_FOLLOW
from consultations.vocabulary import PlanStatus, ReferralStatus
from tests.factories import PlanFactory, ReferralFactory, SendingFactory, SurgeonFactory

pytestmark = pytest.mark.django_db

DECLINED = {"status": "closed", "closure": "surgeon_declined", "closed_on": date(2025, 3, 9)}


def test_every_status_says_what_may_follow():
    assert set(MAY_FOLLOW) == set(ReferralStatus)
    assert {one for follow in MAY_FOLLOW.values() for one in follow} == set(ReferralStatus)


@pytest.mark.parametrize("former", ReferralStatus)
@pytest.mark.parametrize("status", ReferralStatus)
def test_only_what_the_table_names_follows(former, status):
    referral, may = SurgicalReferral(status=status), status in (former, *MAY_FOLLOW[former])
    if (former, status) == ("to_send", "sent"):
        may = False  # that is a sending
    with nullcontext() if may else pytest.raises(ValidationError, match=r"instead|cannot follow"):
        refuse_step(referral, former)


def sending_of(referral, **more):
    sent = {"surgeon": SurgeonFactory(name="A. Rao", practice="Rooms"), "words": "Own letter."}
    return ReferralSending(referral=referral, sent_on=date(2025, 3, 4), **sent | more)


def test_sending_is_kept_with_who_and_to_whom(clinician):
    referral = ReferralFactory()
    send_referral(sending=sending_of(referral), by=clinician)
    latest = referral.history.first()
    assert [latest.status, latest.history_user, latest.history_change_reason] == [
        "sent",
        clinician,
        "Sent to A. Rao, Rooms, post.",
    ]


def test_sending_that_is_refused_changes_nothing(clinician):
    referral = ReferralFactory(**DECLINED)
    with pytest.raises(ValidationError):
        send_referral(sending=sending_of(referral), by=clinician)
    assert ReferralSending.objects.count() == 0
    assert SurgicalReferral.objects.get().status == "closed"


def test_another_surgeon_beside_an_active_plan_is_refused(clinician):
    referral = ReferralFactory(**DECLINED)
    PlanFactory(assessment__consultation__patient=referral.patient, status=PlanStatus.ACTIVE)
    with pytest.raises(ValidationError, match="This area has an open plan"):
        refer_to_another(referral=referral, by=clinician)
    assert SurgicalReferral.objects.get().status == "closed"


def test_history_tells_who_declined(clinician):
    referral = ReferralFactory(surgeon="Dr Old", sent_on=date(2025, 3, 4), **DECLINED)
    refer_to_another(referral=referral, by=clinician)
    told = "To another surgeon. Before: Dr Old, Surgeon declined."
    assert referral.history.first().history_change_reason == told


def test_closed_referral_is_not_closed_again(clinician):
    with pytest.raises(ValidationError, match="This referral is closed already"):
        close_referral(referral=ReferralFactory(**DECLINED), words="No reply", by=clinician)


def test_withdrawn_after_one_declined_keeps_that_answer(clinician):
    answered = {"answer": "declined", "answered_on": date(2025, 3, 9)}
    sending = SendingFactory(referral=ReferralFactory(), **answered)
    close_referral(referral=sending.referral, words="Withdrawn", by=clinician)
    sending.refresh_from_db()
    assert [sending.answer, sending.answered_on] == ["declined", date(2025, 3, 9)]
