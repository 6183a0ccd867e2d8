"""Follow-ups: each follows something, and is done with an outcome."""

import pytest
from django.utils import timezone

from consultations.models import FollowUp
from consultations.vocabulary import FollowUpKind
from tests.factories import FollowUpFactory, PlanFactory, ReferralFactory, SessionFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def test_done_without_an_outcome(practitioner):
    breaks(
        "follow_up_done_says_who_when_what",
        FollowUpFactory(),
        done_on=timezone.localdate(),
        done_by=practitioner,
    )


def test_outcome_without_a_day():
    breaks("follow_up_done_says_who_when_what", FollowUpFactory(), outcome="All well.")


@pytest.mark.parametrize("kind", [kind for kind in FollowUpKind if kind != FollowUpKind.RECALL])
def test_kind_without_what_it_follows(kind):
    breaks("follow_up_names_what_it_follows", FollowUpFactory(), kind=kind)


def test_recall_of_a_course():
    keeps(FollowUpFactory(), plan=PlanFactory())


def test_reply_to_a_referral():
    keeps(FollowUpFactory(), kind=FollowUpKind.REFERRAL_REPLY, referral=ReferralFactory())


def test_second_watch_on_one_day():
    watch = {"kind": FollowUpKind.INFECTION_WATCH, "session": SessionFactory()}
    FollowUpFactory(**watch)
    breaks("follow_up_one_per_session_and_day", FollowUpFactory(), **watch)


def test_second_review_on_one_day():
    review = {"kind": FollowUpKind.RESULT_REVIEW, "plan": PlanFactory()}
    FollowUpFactory(**review)
    breaks("follow_up_one_per_plan_and_day", FollowUpFactory(), **review)


def test_recall_on_the_day_of_a_review():
    plan = PlanFactory()
    FollowUpFactory(kind=FollowUpKind.RESULT_REVIEW, plan=plan)
    keeps(FollowUpFactory(), plan=plan)


def test_waiting_until_done_or_in_error(practitioner):
    waiting = FollowUpFactory()
    FollowUpFactory(outcome="Well.", done_on=timezone.localdate(), done_by=practitioner)
    FollowUpFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=practitioner,
        entered_in_error_reason="Twice.",
    )
    assert list(FollowUp.objects.waiting()) == [waiting]
    assert [one for one in FollowUp.objects.all() if one.is_waiting] == [waiting]
