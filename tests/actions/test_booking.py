"""Booking and moving: nobody in two places, no course beyond its plan, hours and absences kept."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.appointments import put_back
from consultations.actions.booking import book, book_all
from consultations.actions.courses import keep_plan
from consultations.actions.signing import mark_in_error
from consultations.models import Appointment, TreatmentPlan
from consultations.summaries.progress import progress_of
from consultations.vocabulary import AppointmentKind, AppointmentStatus, PlanStatus, Rebook
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    ClosedDayFactory,
    LaserFactory,
    OpeningHoursFactory,
    PatientFactory,
    PlanFactory,
    RoomFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
    at,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _a_monday(time_machine):
    time_machine.move_to(at_eight(), tick=False)


def at_eight():
    return timezone.make_aware(datetime.combine(MONDAY, time(8)))


def new(plan=None, **options):
    """An unsaved appointment today at ten, for half an hour."""
    options = {"starts_at": at(10), "plans": ()} | options
    patient = options.pop("patient", None) or (plan.patient if plan else PatientFactory())
    kind = AppointmentKind.TREATMENT if plan else AppointmentKind.REVIEW
    return AppointmentFactory.build(patient=patient, **{"kind": kind} | options)


def refusal(appointment, by, plans=()):
    with pytest.raises(ValidationError) as refused:
        book(appointment=appointment, by=by, plans=plans)
    return refused.value.message_dict


def test_face_and_neck_are_one_appointment(reception):
    face, neck = PlanFactory.create_batch(2)
    neck.assessment.consultation.patient = face.patient
    neck.assessment.consultation.save(by=reception)
    neck = TreatmentPlan.objects.with_patient().get(pk=neck.pk)
    kept = book(appointment=new(face), plans=[face, neck], by=reception)
    assert [one.plan for one in kept.courses.order_by("pk")] == [face, neck]
    assert [kept.created_by, kept.version, kept.sequence] == [reception, 1, 0]


def test_course_of_another_patient_is_refused(reception):
    other = PlanFactory()
    appointment = new(PlanFactory())
    assert refusal(appointment, reception, [other]) == {
        "plans": ["Face is a course of another patient."]
    }


def test_treatment_of_nothing_is_refused(reception):
    appointment = new(kind=AppointmentKind.TREATMENT)
    assert refusal(appointment, reception) == {"plans": ["Choose what is to be treated."]}


WORDS_TAKEN = {
    "patient": "{patient} is booked already: 2 Mar 2026 10:00 to 10:30 (by {by}).",
    "practitioner": "{practitioner} is taken: {patient}, 2 Mar 2026 10:00 to 10:30 (by {by}).",
    "room": "{room} is taken: {patient}, 2 Mar 2026 10:00 to 10:30 (by {by}).",
    "laser": "{laser} is taken: {patient}, 2 Mar 2026 10:00 to 10:30 (by {by}).",
}


@pytest.mark.parametrize("what", WORDS_TAKEN)
def test_who_took_the_time_is_told(what, reception):
    by = UserFactory(first_name="Rita", last_name="Lee")
    things = {
        "practitioner": UserFactory(first_name="Paul", last_name="Ray"),
        "room": RoomFactory(name="Blue room"),
        "laser": LaserFactory(name="Long laser"),
    }
    own = {what: things[what]} if what in things else {}
    taken = AppointmentFactory(by=by, starts_at=at(10), **own)
    own = own or {"patient": taken.patient}
    told = refusal(new(starts_at=at(10, 15), **own), reception)
    words = WORDS_TAKEN[what].format(
        patient=taken.patient.full_name,
        by="Rita Lee",
        practitioner="Paul Ray",
        room="Blue room",
        laser="Long laser",
    )
    assert told.pop(what) == [words]
    may_be_shared = what in {"practitioner", "room"}
    assert told == ({"overbooked_reason": ["To book anyway, say why."]} if may_be_shared else {})


def test_the_next_may_begin_when_one_ends(reception, clinician):
    first = AppointmentFactory(practitioner=clinician, starts_at=at(10))
    kept = book(appointment=new(practitioner=clinician, starts_at=at(10, 30)), by=reception)
    assert kept.starts_at == first.ends_at


@pytest.mark.parametrize("status", ["missed", "cancelled"])
def test_what_was_called_off_holds_nothing(status, reception, clinician):
    AppointmentFactory(practitioner=clinician, starts_at=at(10), **{status: True})
    assert book(appointment=new(practitioner=clinician), by=reception).pk


def test_overbooked_with_a_reason_stays_marked(reception, clinician):
    AppointmentFactory(practitioner=clinician, starts_at=at(10))
    appointment = new(practitioner=clinician, overbooked_reason="Flies tomorrow.")
    kept = book(appointment=appointment, by=reception)
    assert [kept.overbooked_reason, kept.overbooked_by] == ["Flies tomorrow.", reception]
    assert kept.overbooked_at == timezone.now()


def test_a_reason_where_nothing_is_in_the_way_is_not_kept(reception):
    kept = book(appointment=new(overbooked_reason="Just in case."), by=reception)
    assert [kept.overbooked_reason, kept.overbooked_by, kept.overbooked_at] == ["", None, None]


def test_who_may_not_overbook_is_not_asked_why(manager, clinician):
    AppointmentFactory(practitioner=clinician, starts_at=at(10))
    appointment = new(practitioner=clinician, overbooked_reason="Flies tomorrow.")
    assert list(refusal(appointment, manager)) == ["practitioner"]


@pytest.mark.parametrize(
    ("hours", "minutes", "told"),
    [
        ((8, 45), 30, "Outside the hours of a Monday: 09:00–18:00."),
        ((17, 45), 30, "Outside the hours of a Monday: 09:00–18:00."),
        ((23, 45), 30, "Outside the hours of a Monday: 09:00–18:00."),
    ],
)
def test_outside_the_hours(hours, minutes, told, reception):
    appointment = new(starts_at=at(*hours), minutes=minutes)
    assert refusal(appointment, reception)["starts_at"] == [told]


def test_in_the_lunch_break(reception):
    OpeningHoursFactory(weekday=0, opens_at=time(9), closes_at=time(12))
    OpeningHoursFactory(weekday=0, opens_at=time(13), closes_at=time(17))
    told = refusal(new(starts_at=at(11, 45)), reception)["starts_at"]
    assert told == ["Outside the hours of a Monday: 09:00–12:00, 13:00–17:00."]


def test_on_a_weekday_without_hours(reception):
    told = refusal(new(starts_at=at(10, days=6)), reception)["starts_at"]
    assert told == ["The clinic is closed on a Sunday."]


def test_on_a_closed_day(reception):
    ClosedDayFactory(day=MONDAY, why="Stocktaking")
    told = refusal(new(), reception)["starts_at"]
    assert told == ["The clinic is closed on 2 Mar 2026. Stocktaking"]


def test_in_an_absence(reception):
    ann = UserFactory(first_name="Ann", last_name="Ray")
    AbsenceFactory(user=ann, starts_at=at(9), ends_at=at(10, 15))
    told = refusal(new(practitioner=ann), reception)["practitioner"]
    assert told == ["Ann Ray away, 2 Mar 2026 09:00 to 2 Mar 2026 10:15."]


@pytest.mark.parametrize(
    ("starts_at", "minutes", "told"),
    [
        (-1, 30, {"starts_at": ["This time is in the past."]}),
        (2, 0, {"minutes": ["An appointment takes some time."]}),
        (2, 13 * 60, {"minutes": ["An appointment takes at most 12 hours."]}),
    ],
)
def test_times_that_cannot_be(starts_at, minutes, told, reception):
    appointment = new(starts_at=timezone.now() + timedelta(hours=starts_at), minutes=minutes)
    appointment.overbooked_reason = "Please."
    assert refusal(appointment, reception) == told


def test_whoever_stands_at_the_desk_is_booked_for_the_line_that_has_begun(reception, time_machine):
    time_machine.move_to(at(10, 14), tick=False)
    assert book(appointment=new(), by=reception).pk
    time_machine.move_to(at(10, 16), tick=False)
    assert "starts_at" in refusal(new(), reception)


def test_no_more_is_booked_than_was_planned(reception):
    plan = PlanFactory(planned_sessions=5)
    for _number in range(3):
        SessionFactory(plan=plan)
    appointment_for(plan, starts_at=at(10, days=1))
    kept = book(appointment=new(plan, starts_at=at(10, days=30)), plans=[plan], by=reception)
    assert refusal(new(plan, starts_at=at(10, days=60)), reception, [plan]) == {
        "plans": [
            "Face: all 5 planned sessions are done or booked. Extend the course first, with a "
            "reason."
        ]
    }
    kept.starts_at += timedelta(days=1)
    kept.ends_at += timedelta(days=1)
    assert book(appointment=kept, plans=[plan], by=reception).sequence == 1


def test_one_course_twice_on_one_day_is_refused(reception):
    plan = PlanFactory()
    appointment_for(plan, starts_at=at(10))
    told = refusal(new(plan, starts_at=at(15)), reception, [plan])
    assert told == {"plans": ["Face is booked that day already: 2 Mar 2026 10:00."]}


@pytest.mark.parametrize("status", [PlanStatus.PAUSED, PlanStatus.STOPPED])
def test_a_course_that_is_not_active_is_not_booked(status, reception):
    plan = PlanFactory(status=status, status_reason="Travels.")
    told = refusal(new(plan), reception, [plan])
    assert told == {"plans": ["Face: the course is not active. Resume it first."]}


def test_what_was_booked_before_the_pause_may_still_be_moved(clinician):
    plan = PlanFactory()
    appointment = appointment_for(plan, starts_at=at(10, days=1))
    plan.status, plan.status_reason = PlanStatus.PAUSED, "Travels."
    keep_plan(plan=plan, by=clinician)
    appointment.starts_at, appointment.ends_at = at(11, days=1), at(12, days=1)
    kept = book(appointment=appointment, plans=[plan], by=clinician)
    [latest, _first] = kept.history.all()
    assert latest.history_change_reason == (
        "Moved from 3 Mar 2026 10:00 to 10:30 to 3 Mar 2026 11:00 to 12:00."
    )


@pytest.mark.parametrize("status", ["missed", "cancelled"])
def test_what_is_over_is_not_moved(status, reception):
    appointment = AppointmentFactory(**{status: True})
    appointment.starts_at, appointment.ends_at = at(11), at(12)
    with pytest.raises(ValidationError, match=r"This appointment is over\. Book a new one"):
        book(appointment=appointment, by=reception)


def test_booking_again_closes_what_was_waiting(reception):
    plan = PlanFactory()
    missed = appointment_for(plan, missed=True)
    other = AppointmentFactory(patient=plan.patient, cancelled=True, kind="review")
    kept = book(appointment=new(plan), plans=[plan], by=reception)
    missed.refresh_from_db()
    other.refresh_from_db()
    assert [missed.rebook, missed.booked_again] == [Rebook.BOOKED, kept]
    assert [other.rebook, other.booked_again] == [Rebook.OPEN, None]
    mark_in_error(record=kept, by=reception, reason="Slip.")
    missed.refresh_from_db()
    assert [missed.rebook, missed.booked_again] == [Rebook.OPEN, None]


def test_an_appointment_that_is_for_one_course_less_keeps_the_rest(reception):
    face, neck = PlanFactory.create_batch(2)
    neck.assessment.consultation.patient = face.patient
    neck.assessment.consultation.save(by=reception)
    neck = TreatmentPlan.objects.with_patient().get(pk=neck.pk)
    kept = book(appointment=new(face), plans=[face, neck], by=reception)
    book(appointment=kept, plans=[neck], by=reception)
    assert [one.plan for one in kept.courses.standing()] == [neck]
    assert kept.status == AppointmentStatus.BOOKED


def test_a_whole_course_is_booked_or_nothing(reception):
    plan = PlanFactory(planned_sessions=5)
    days = [1, 29, 57]
    pairs = [(new(plan, starts_at=at(10, days=day)), [plan]) for day in days]
    kept = book_all(appointments=pairs, by=reception)
    assert [one.day - MONDAY for one in kept] == [timedelta(days=day) for day in days]
    more = [(new(plan, starts_at=at(10, days=day)), [plan]) for day in (85, 113, 141)]
    with pytest.raises(ValidationError, match="planned sessions are done or booked"):
        book_all(appointments=more, by=reception)
    assert Appointment.objects.count() == 3


def test_nobody_is_booked_whose_record_ended(reception):
    patient = PatientFactory()
    mark_in_error(record=patient, by=reception, reason="Slip.")
    with pytest.raises(ValidationError):
        book(appointment=new(patient=patient), by=reception)
    assert Appointment.objects.count() == 0


# What a move, a review and a taken-back time leave as it was


def test_who_was_here_and_is_moved_to_another_day_is_to_come_once_more(reception):
    here = AppointmentFactory(kind="review", starts_at=at(10), arrived=True)
    book(appointment=_at(here, at(11)), by=reception)
    assert [here.status, here.arrived_at is None] == ["arrived", False]
    book(appointment=_at(here, at(10, days=1)), by=reception)
    here.refresh_from_db()
    assert [here.status, here.arrived_at] == ["booked", None]


def _at(appointment, moment):
    appointment.ends_at += moment - appointment.starts_at
    appointment.starts_at = moment
    return appointment


def test_another_room_is_named_in_the_history(reception):
    made = AppointmentFactory(kind="review", starts_at=at(10))
    made.room = RoomFactory(name="Two")
    book(appointment=made, by=reception)
    assert made.history.first().history_change_reason == "Another room: Two."


def test_a_review_is_not_booked_in_place_of_a_missed_treatment(reception):
    plan = PlanFactory(started_on=MONDAY)
    missed = appointment_for(plan, missed=True, starts_at=at(10, days=-3))
    review = AppointmentFactory.build(patient=plan.patient, kind="review", starts_at=at(10, days=1))
    book(appointment=review, plans=[plan], by=reception)
    missed.refresh_from_db()
    assert missed.rebook == Rebook.OPEN
    assert progress_of([plan])[plan.pk].booked_for is None


def test_a_cancelled_place_in_a_full_course_is_not_taken_back(reception):
    plan = PlanFactory(started_on=MONDAY, planned_sessions=1, short_course_reason="One will do.")
    first = appointment_for(plan, cancelled=True, starts_at=at(10, days=1))
    appointment_for(plan, starts_at=at(10, days=8))
    with pytest.raises(ValidationError) as refused:
        put_back(appointment=first, by=reception)
    assert "all 1 planned sessions are done or booked" in refused.value.messages[0]


def test_what_was_booked_again_is_not_taken_back(reception):
    first = AppointmentFactory(kind="review", cancelled=True, starts_at=at(10, days=1))
    again = AppointmentFactory.build(patient=first.patient, kind="review", starts_at=at(10, days=8))
    book(appointment=again, by=reception)
    first.refresh_from_db()
    with pytest.raises(ValidationError, match="It was booked again: 10 Mar 2026"):
        put_back(appointment=first, by=reception)


@pytest.mark.parametrize("status", [PlanStatus.PAUSED, PlanStatus.STOPPED])
def test_a_course_that_waits_takes_nothing_back(reception, status):
    plan = PlanFactory(started_on=MONDAY, status=status, status_reason="Skin.", next_due_on=None)
    off = appointment_for(plan, cancelled=True, starts_at=at(10, days=1))
    with pytest.raises(ValidationError, match="not active"):
        put_back(appointment=off, by=reception)


def test_a_review_of_a_full_course_becomes_no_treatment(reception):
    plan = PlanFactory(started_on=MONDAY, planned_sessions=1, short_course_reason="One will do.")
    appointment_for(plan, starts_at=at(10, days=8))
    review = appointment_for(plan, kind="review", starts_at=at(10, days=9))
    review.kind = AppointmentKind.TREATMENT
    assert "plans" in refusal(review, reception, [plan])


def test_a_consultation_is_held_by_whoever_records_them(reception, practitioner, clinician):
    visit = new(kind=AppointmentKind.CONSULTATION, practitioner=practitioner)
    assert refusal(visit, reception) == {
        "practitioner": ["practitioner holds no consultations. Choose a clinician."]
    }
    visit.practitioner = clinician
    book(appointment=visit, by=reception)


def test_an_absence_that_is_extended_later_names_what_it_now_covers(time_machine):
    user = UserFactory()
    absence = AbsenceFactory(user=user, starts_at=at(0, days=1), ends_at=at(0, days=2))
    booked = AppointmentFactory(practitioner=user, starts_at=at(10, days=3))
    assert list(Appointment.objects.to_move()) == []
    absence.ends_at = at(0, days=4)
    time_machine.shift(60)
    absence.save(by=user)
    assert list(Appointment.objects.to_move()) == [booked]
