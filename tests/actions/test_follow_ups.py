"""Follow-ups are scheduled with what they follow, move with it, and are done with an outcome."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.courses import keep_plan, keep_session
from consultations.actions.follow_ups import complete_follow_up
from consultations.actions.signing import mark_in_error
from consultations.models import FollowUp
from consultations.vocabulary import FollowUpKind, LaserType, PlanStatus, ShortCourseReason
from tests.factories import (
    FollowUpFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db

AB = LaserType.ABLATIVE_FULL


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def session_of(days, *, by, laser=AB, planned=5):
    """A session done so many days ago on a plan that was started then."""
    patient = PatientFactory(phototype="II", keloid_history=False, herpes_history=False)
    plan = PlanFactory(
        assessment__consultation__patient=patient,
        laser_type=laser,
        interval_days=180,
        planned_sessions=planned,
        short_course_reason=ShortCourseReason.ABLATIVE_COURSE,
    )
    session = SessionFactory.build(
        plan=plan,
        operator=by,
        laser_mode=LaserModeFactory(laser_type=laser),
        performed_on=days_ago(days),
        override_reason="Told so by the test.",
        overridden_by=by,
        overridden_at=timezone.now(),
    )
    return keep_session(session=session, by=by)


def waiting(**follows):
    found = FollowUp.objects.waiting().filter(**follows).order_by("due_on")
    return [(one.kind, one.due_on) for one in found]


def watch(*days_to_go):
    return [
        (FollowUpKind.INFECTION_WATCH, timezone.localdate() + timedelta(days=days))
        for days in days_to_go
    ]


def test_session_schedules_its_infection_watch(clinician):
    session = session_of(0, by=clinician)
    assert waiting(session=session) == watch(3, 14, 28)


def test_session_entered_late_keeps_the_contact_that_was_missed(clinician):
    assert waiting(session=session_of(10, by=clinician)) == watch(-7, 4, 18)


def test_session_entered_after_its_watch_schedules_nothing(clinician):
    assert waiting(session=session_of(60, by=clinician)) == []


def test_non_ablative_session_needs_no_watch(clinician):
    session = session_of(0, by=clinician, laser=LaserType.NON_ABLATIVE)
    assert waiting(session=session) == []


def test_watch_moves_with_the_day_of_its_session(clinician):
    session = session_of(2, by=clinician)
    session.performed_on = days_ago(1)
    keep_session(session=session, by=clinician)
    assert waiting(session=session) == watch(2, 13, 27)


def test_contact_that_was_made_is_not_made_again(clinician):
    session = session_of(3, by=clinician)
    first = FollowUp.objects.waiting().order_by("due_on").first()
    complete_follow_up(follow_up=first, outcome="No sign of infection.", by=clinician)
    session.performed_on = days_ago(2)
    keep_session(session=session, by=clinician)
    assert waiting(session=session) == watch(12, 26)


def test_session_in_error_needs_no_watch(clinician):
    session = session_of(0, by=clinician)
    mark_in_error(record=session, by=clinician, reason="Wrong patient.")
    assert waiting(session=session) == []


def test_last_session_schedules_the_reviews(clinician):
    plan = session_of(0, by=clinician, planned=1).plan
    assert plan.status == PlanStatus.COMPLETED
    assert [kind for kind, _day in waiting(plan=plan)] == [FollowUpKind.RESULT_REVIEW] * 3


def test_extended_course_waits_with_its_reviews(clinician):
    plan = session_of(0, by=clinician, planned=1).plan
    plan.planned_sessions, plan.extension_reason = 2, "Once more."
    keep_plan(plan=plan, by=clinician)
    assert waiting(plan=plan) == []


def test_done_says_who_when_and_what(practitioner):
    follow_up = FollowUpFactory()
    complete_follow_up(follow_up=follow_up, outcome=" All well. ", by=practitioner)
    follow_up.refresh_from_db()
    assert (follow_up.outcome, follow_up.done_by, follow_up.done_on) == (
        "All well.",
        practitioner,
        timezone.localdate(),
    )


def test_done_twice_is_refused(practitioner):
    follow_up = FollowUpFactory()
    complete_follow_up(follow_up=follow_up, outcome="All well.", by=practitioner)
    with pytest.raises(ValidationError, match="no longer waiting"):
        complete_follow_up(follow_up=follow_up, outcome="Again.", by=practitioner)


def test_done_without_an_outcome_is_refused(practitioner):
    with pytest.raises(ValidationError, match="Record the outcome"):
        complete_follow_up(follow_up=FollowUpFactory(), outcome=" ", by=practitioner)


def test_watch_may_fall_on_the_day_of_a_contact_that_was_made(clinician):
    session = session_of(3, by=clinician)
    first = FollowUp.objects.waiting().order_by("due_on").first()
    complete_follow_up(follow_up=first, outcome="No sign of infection.", by=clinician)
    session.performed_on = days_ago(14)
    keep_session(session=session, by=clinician)
    assert waiting(session=session) == watch(0, 14)


def test_review_of_an_extended_course_starts_anew(clinician):
    plan = session_of(200, by=clinician, planned=1).plan
    FollowUpFactory(
        kind=FollowUpKind.RESULT_REVIEW,
        patient=plan.patient,
        plan=plan,
        due_on=days_ago(170),
        done_on=days_ago(170),
        done_by=clinician,
        outcome="Well.",
    )
    plan.planned_sessions, plan.extension_reason = 2, "Once more."
    keep_plan(plan=plan, by=clinician)
    last = SessionFactory.build(
        plan=plan,
        operator=clinician,
        laser_mode=LaserModeFactory(laser_type=AB),
        performed_on=days_ago(0),
    )
    keep_session(session=last, by=clinician)
    assert len(waiting(plan=plan)) == 3


@pytest.mark.parametrize("name", ["patient", "plan", "referral"])
def test_what_is_in_error_is_followed_up_no_more(clinician, name):
    plan = PlanFactory()
    records = {"patient": PatientFactory(), "plan": plan, "referral": ReferralFactory()}
    record = records[name]
    kind = FollowUpKind.REFERRAL_REPLY if name == "referral" else FollowUpKind.RECALL
    patient = record if name == "patient" else record.patient
    FollowUpFactory(**{"patient": patient, name: record, "kind": kind})
    mark_in_error(record=record, by=clinician, reason="Wrong patient.")
    assert FollowUp.objects.waiting().count() == 0
