"""Sendings: each says how it went, and an answer has its day."""

from datetime import date

import pytest
from django.utils import timezone

from consultations.vocabulary import SurgeonAnswer
from tests.factories import PatientFactory, SendingFactory, SurgeonFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db

SENT, LATER, BEFORE = date(2025, 3, 4), date(2025, 3, 20), date(2025, 3, 3)


def test_sending_without_words():
    breaks("referralsending_says_how_it_went", SendingFactory(), words="")


@pytest.mark.parametrize(("answer", "answered_on"), [(SurgeonAnswer.ACCEPTED, None), ("", LATER)])
def test_answer_without_its_day_or_day_without_answer(answer, answered_on):
    name = "referralsending_answer_has_its_day"
    breaks(name, SendingFactory(), answer=answer, answered_on=answered_on)


def test_answer_before_it_was_sent():
    answered = {"answer": SurgeonAnswer.DECLINED, "answered_on": BEFORE}
    breaks("referralsending_answered_once_sent", SendingFactory(), **answered)


def test_answer_on_the_day_it_was_sent():
    keeps(SendingFactory(), answer=SurgeonAnswer.ACCEPTED, answered_on=SENT)


def test_latest_sending_is_the_last_that_stands(clinician):
    first = SendingFactory()
    SendingFactory(
        referral=first.referral,
        sent_on=LATER,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Never went.",
    )
    assert first.referral.latest_sending() == first
    reminder = SendingFactory(referral=first.referral, sent_on=SENT)
    assert first.referral.latest_sending() == reminder


def test_name_of_a_sending():
    patient = PatientFactory(family_name="Ng", given_name="Ann")
    sending = SendingFactory(
        referral__assessment__consultation__patient=patient,
        surgeon=SurgeonFactory(name="A. Rao", practice=""),
    )
    assert str(sending) == (
        "Referral: Ng, Ann (P-000001), face on 3 Mar 2025, sent to A. Rao on 4 Mar 2025"
    )
