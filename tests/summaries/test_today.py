"""Today: each list holds what waits, drops nothing, and knows how many there are in all."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.actions.appointments import call_off, decline
from consultations.models.appointment import CALLED_OFF
from consultations.summaries import today as summary
from consultations.summaries.today import today_of
from consultations.vocabulary import FollowUpKind, ReferralStatus
from tests.factories import (
    AbsenceFactory,
    ClinicSettingsFactory,
    ClosedDayFactory,
    ConsultationFactory,
    DraftFactory,
    EventFactory,
    FollowUpFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
    at,
)

pytestmark = pytest.mark.django_db

ERROR = {"entered_in_error_reason": "Wrong patient.", "entered_in_error_at": timezone.now()}


def listed(user, name):
    """What stands on one list, and how many it counts."""
    few = today_of(user, [name]).lists[name]
    return list(few.rows), few.count


def booking(days, **more):
    return appointment_for(starts_at=at(12, days=days), **more)


@pytest.mark.parametrize("name", list(summary.LISTS))
def test_a_new_clinic_has_nothing_to_do(clinician, name):
    assert listed(clinician, name) == ([], 0)


def test_bookings_stand_on_the_list_of_their_day(clinician):
    days = {"not_recorded": -3, "booked": 0, "tomorrow": 1}
    booked = {name: booking(day) for name, day in days.items()}
    booking(2)
    for name, session in booked.items():
        assert listed(clinician, name) == ([session], 1)


@pytest.mark.parametrize("status", CALLED_OFF)
def test_appointment_leaves_the_list_once_it_is_written_down(clinician, status):
    appointment = booking(-1)
    call_off(appointment=appointment, status=status, reason="Patient unwell", by=clinician)
    assert listed(clinician, "not_recorded") == ([], 0)
    assert listed(clinician, "to_book_again") == ([appointment], 1)


def test_whoever_is_not_booked_again_leaves_the_list(clinician):
    appointment = appointment_for(missed=True)
    decline(appointment=appointment, reason="Moved away.", by=clinician)
    assert listed(clinician, "to_book_again") == ([], 0)


def test_what_stands_in_an_absence_or_on_a_closed_day_is_to_be_moved(clinician):
    away = appointment_for(practitioner=clinician, starts_at=at(10, days=3))
    closed = appointment_for(starts_at=at(10, days=4))
    appointment_for(practitioner=clinician, starts_at=at(10, days=5))
    AbsenceFactory(user=clinician, starts_at=at(0, days=3), ends_at=at(0, days=4))
    ClosedDayFactory(day=at(0, days=4).date())
    assert listed(clinician, "to_move") == ([away, closed], 2)


def test_what_nobody_is_named_for_within_a_week_is_to_be_assigned(clinician):
    soon = appointment_for(starts_at=at(10, days=6))
    appointment_for(starts_at=at(10, days=7))
    appointment_for(starts_at=at(10, days=6), practitioner=clinician)
    assert listed(clinician, "to_assign") == ([soon], 1)


def test_overdue_is_oldest_first(clinician):
    today = timezone.localdate()
    days = [today - timedelta(days=late) for late in (7, 20, 9)]
    plans = [PlanFactory(next_due_on=day) for day in days]
    later = PlanFactory(next_due_on=today)
    assert listed(clinician, "overdue") == ([plans[1], plans[2], plans[0]], 3)
    assert listed(clinician, "to_book") == ([later], 1)


def test_event_stays_until_it_has_healed_and_is_cleared(clinician):
    mild = EventFactory()
    burn = EventFactory(moderate=True)
    assert listed(clinician, "events")[1] == 2
    for event in (mild, burn):
        event.resolved_on = event.onset_on
        event.save(by=clinician)
    assert listed(clinician, "events") == ([burn], 1)
    burn.clearance, burn.cleared_by, burn.cleared_at = "Healed.", clinician, timezone.now()
    burn.save(by=clinician)
    assert listed(clinician, "events") == ([], 0)


def test_follow_up_stays_from_its_day_until_it_is_done(clinician):
    today = timezone.localdate()
    missed = FollowUpFactory(due_on=today - timedelta(days=400))
    due = FollowUpFactory()
    FollowUpFactory(due_on=today + timedelta(days=1))
    FollowUpFactory(entered_in_error_by=clinician, **ERROR)
    assert listed(clinician, "follow_ups") == ([missed, due], 2)
    missed.outcome, missed.done_by, missed.done_on = "Booked", clinician, today
    missed.save(by=clinician)
    assert listed(clinician, "follow_ups") == ([due], 1)


def test_referrals_stand_by_their_status(clinician):
    to_send = ReferralFactory()
    sent = ReferralFactory(status=ReferralStatus.SENT, sent_on=timezone.localdate())
    ReferralFactory(
        status=ReferralStatus.ACCEPTED,
        sent_on=timezone.localdate(),
        accepted_on=timezone.localdate(),
    )
    assert listed(clinician, "to_send") == ([to_send], 1)
    assert listed(clinician, "sent") == ([sent], 1)


def test_referral_that_waits_longest_for_a_reply_comes_first(clinician):
    today = timezone.localdate()
    days = [today - timedelta(days=ago) for ago in (3, 30, 9)]
    sent = [ReferralFactory(status=ReferralStatus.SENT, sent_on=day) for day in days]
    rows, count = listed(clinician, "sent")
    assert (rows, count) == ([sent[1], sent[2], sent[0]], 3)
    assert {one.reply_days for one in rows} == {28}
    ClinicSettingsFactory(referral_reply_days=14)
    assert {one.reply_days for one in listed(clinician, "sent")[0]} == {14}


def test_sessions_to_sign_are_ones_own(clinician):
    mine = SessionFactory(operator=clinician)
    SessionFactory(operator=UserFactory())
    SessionFactory(operator=clinician, signed_by=clinician, signed_at=timezone.now())
    assert listed(clinician, "unsigned_sessions") == ([mine], 1)


def test_consultations_to_sign_are_everybodys(clinician):
    waiting = ConsultationFactory()
    ConsultationFactory(signed_by=clinician, signed_at=timezone.now())
    assert listed(clinician, "unsigned_consultations") == ([waiting], 1)


def test_ones_own_consultations_to_sign_come_first(clinician):
    others = ConsultationFactory(consulted_on=date(2025, 1, 1))
    later, mine = (
        ConsultationFactory(clinician=clinician, consulted_on=date(2025, 3, day)) for day in (9, 3)
    )
    assert listed(clinician, "unsigned_consultations") == ([mine, later, others], 3)


def test_sessions_of_others_are_late_to_sign_after_two_days(manager, practitioner):
    today = timezone.localdate()
    late = SessionFactory(operator=practitioner, performed_on=today - timedelta(days=2))
    SessionFactory(operator=practitioner, performed_on=today - timedelta(days=1))
    SessionFactory(operator=practitioner, signed_by=practitioner, signed_at=timezone.now())
    SessionFactory(missed=True)
    assert listed(manager, "late_sessions") == ([late], 1)
    assert listed(practitioner, "late_sessions") == ([], 0)


def test_drafts_are_ones_own(clinician):
    mine = DraftFactory(user=clinician)
    DraftFactory()
    assert listed(clinician, "drafts") == ([mine], 1)


def test_a_list_shows_its_first_and_counts_all(clinician):
    for _number in range(summary.SHOWN + 3):
        FollowUpFactory()
    few = today_of(clinician, ["follow_ups"]).lists["follow_ups"]
    assert (len(few.rows), few.count, few.is_cut) == (summary.SHOWN, summary.SHOWN + 3, True)


def test_counting_ends_at_the_cap(clinician, monkeypatch):
    monkeypatch.setattr(summary, "COUNTED_AT_MOST", 2)
    for _number in range(4):
        FollowUpFactory()
    assert listed(clinician, "follow_ups")[1] == 3


def test_lists_bring_the_progress_of_their_courses(clinician):
    [course] = booking(0).courses.all()
    found = today_of(clinician, ["booked", "overdue"])
    assert found.progress[course.plan_id].words == "0 of 5"


def test_watch_is_about_the_area_of_its_session(clinician):
    session = SessionFactory()
    watch = FollowUpFactory(
        kind=FollowUpKind.INFECTION_WATCH, session=session, patient=session.patient
    )
    assert watch.assessment == session.plan.assessment
    assert FollowUpFactory().assessment is None
