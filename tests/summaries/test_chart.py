"""The chart's summary: one patient's records tied together, in eleven queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.actions.signing import mark_in_error
from consultations.summaries.chart import chart_of, earliest_safe
from consultations.summaries.progress import progress_in, progress_of
from consultations.vocabulary import FollowUpKind, LaserType, PlanStatus
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    DocumentFactory,
    EventFactory,
    FollowUpFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    TestPatchFactory,
    UserFactory,
    appointment_for,
)
from tests.factories.consent import TreatmentConsentFactory

pytestmark = pytest.mark.django_db

ERROR = {"entered_in_error_reason": "Wrong patient.", "entered_in_error_at": timezone.now()}


def course(patient):
    [found] = chart_of(patient).courses
    return found


def test_a_chart_takes_eleven_queries(clinician):
    plan = PlanFactory()
    SessionFactory.create_batch(3, plan=plan)
    ReferralFactory(assessment__consultation__patient=plan.patient, assessment__area="neck")
    EventFactory(session=plan.sessions.first())
    FollowUpFactory(plan=plan, patient=plan.patient)
    with CaptureQueriesContext(connection) as asked:
        chart_of(plan.patient)
    assert len(asked) == 11


def test_records_of_others_are_not_on_the_chart():
    plan = PlanFactory()
    for make in (PlanFactory, SessionFactory, ReferralFactory, EventFactory, FollowUpFactory):
        make()
    chart = chart_of(plan.patient)
    assert [event.kind for event in chart.events] == ["plan", "consultation", "consent"]
    assert chart.follow_ups == ()


def test_consultation_without_areas_is_told():
    consultation = ConsultationFactory()
    [event] = chart_of(consultation.patient).events
    assert (event.record, event.areas) == (consultation, ())


def test_withdrawal_stands_after_the_signature_with_its_reason():
    plan = PlanFactory(consented=False)
    no = {"withdrawn_on": date(2026, 3, 2), "withdrawn_at": timezone.now()}
    consent = TreatmentConsentFactory(plan=plan, no_reason="Afraid.", **no)
    [told] = [one for one in chart_of(plan.patient).events if one.record == consent]
    signed = f"Signed by {consent.signed_name}."
    assert told.details == (signed, "Withdrawn on 2 Mar 2026.", "Reason: Afraid.")


def test_issued_documents_are_told(django_assert_num_queries):
    plan = PlanFactory()
    session = SessionFactory(plan=plan)
    day = timezone.localdate()
    about = {"patient": plan.patient, "issued_on": day, "by": plan.created_by}
    letter = DocumentFactory(kind="gp_letter", recipient="Dr Lee", **about)
    quote = DocumentFactory(kind="plan_and_quote", plan=plan, **about)
    record = DocumentFactory(kind="session_record", session=session, **about)
    mark_in_error(record=record, by=plan.created_by, reason="A slip.")
    with django_assert_num_queries(11):
        events = chart_of(plan.patient).events
    told = [
        (one.day, one.title, one.details, one.areas, one.in_error)
        for one in events
        if one.kind == "document"
    ]
    assert told == [
        (day, f"Issued: Session record {record.number}", (), ("face",), True),
        (day, f"Issued: Plan and quote {quote.number}", (), ("face",), False),
        (
            day,
            f"Issued: Letter to the general practitioner {letter.number}",
            ("To Dr Lee.",),
            (),
            False,
        ),
    ]


def test_every_record_is_told_once():
    plan = PlanFactory(entered_in_error_by=PatientFactory().created_by, **ERROR)
    PlanFactory(assessment=plan.assessment)
    AssessmentFactory(consultation=plan.assessment.consultation, area="neck")
    session = SessionFactory(plan=plan.assessment.plans.get(entered_in_error_at=None))
    for days in range(3):
        EventFactory(session=session, onset_on=session.performed_on + timedelta(days=days))
    kinds = [event.kind for event in chart_of(plan.patient).events]
    once = ["consultation", "plan", "plan", "session"]
    assert sorted(kinds) == [*["adverse_event"] * 3, "consent", "consent", *once]


def test_progress_in_memory_is_that_of_the_database(clinician):
    plan = PlanFactory()
    SessionFactory.create_batch(2, plan=plan)
    appointment_for(plan)
    appointment_for(plan, missed=True)
    SessionFactory(plan=plan, missed=True)
    SessionFactory(plan=plan, entered_in_error_by=clinician, **ERROR)
    SessionFactory()
    plan.refresh_from_db()
    found = progress_in(plan, list(plan.sessions.all()), list(plan.appointments.all()))
    assert found == progress_of([plan])[plan.pk]


def test_bookings_are_in_order_past_ones_said_so():
    plan = PlanFactory()
    later = appointment_for(plan)
    past = appointment_for(plan, starts_at=timezone.now() - timedelta(days=2))
    found = course(plan.patient).bookings
    assert [(one.appointment, one.is_past) for one in found] == [(past, True), (later, False)]


def test_open_events_are_of_their_area():
    event = EventFactory()
    EventFactory(session=event.session, resolved_on=event.onset_on)
    neck = AssessmentFactory(consultation=event.session.plan.assessment.consultation, area="neck")
    face, other = chart_of(event.patient).courses
    assert (other.area, other.adverse_events) == (neck.area, ())
    assert face.adverse_events == (event,)


def test_follow_ups_stand_with_what_they_follow():
    session = SessionFactory()
    patient, today = session.patient, timezone.localdate()
    watch = FollowUpFactory(
        kind=FollowUpKind.INFECTION_WATCH,
        session=session,
        patient=patient,
        due_on=today - timedelta(days=1),
    )
    recall = FollowUpFactory(patient=patient)
    later = FollowUpFactory(plan=session.plan, patient=patient, due_on=today + timedelta(days=9))
    chart = chart_of(patient)
    [found] = chart.courses
    assert [(one.follow_up, one.is_due, one.is_missed) for one in found.follow_ups] == [
        (watch, True, True),
        (later, False, False),
    ]
    assert [one.follow_up for one in chart.follow_ups] == [recall]


def test_done_follow_up_is_told_on_its_day(clinician):
    today = timezone.localdate()
    done = FollowUpFactory(done_on=today, done_by=clinician, outcome="Booked")
    chart = chart_of(done.patient)
    [event] = chart.events
    assert (event.day, event.kind, event.title, event.details) == (
        today,
        "follow_up",
        "Follow-up: recall",
        ("Booked",),
    )
    assert chart.follow_ups == ()


# The earliest safe day: the gap of the two lasers, whichever of them was first

NA, NF, AF, AB = LaserType.values


@pytest.mark.parametrize(
    ("before", "laser_type", "days"),
    [
        (NA, NA, 14),
        (NA, NF, 21),
        (NF, NA, 21),
        (NA, AF, 28),
        (AF, NF, 28),
        (NF, AB, 28),
        (AB, NA, 36),
        (AB, NF, 36),
        (AB, AF, 180),
        (AB, AB, 180),
    ],
)
def test_safe_day_is_by_the_gap_between_the_two_lasers(before, laser_type, days):
    done = SessionFactory(
        plan__laser_type=before, plan__status=PlanStatus.STOPPED, plan__status_reason="Changed."
    )
    plan = PlanFactory(assessment__consultation__patient=done.patient, laser_type=laser_type)
    safe = done.performed_on + timedelta(days=days)
    assert [chart_of(plan.patient).courses[0].safe_from, earliest_safe(plan)] == [safe, safe]


@pytest.mark.parametrize("number", [1, 4])
def test_test_patches_cost_the_same_however_many(number, django_assert_num_queries):
    area = AssessmentFactory()
    for _patch in range(number):
        patient, by = area.consultation.patient, UserFactory()
        cleared = {"clearance": "Faded.", "cleared_by": by, "cleared_at": timezone.now()}
        TestPatchFactory(
            patient=patient, by=by, reaction=True, laser_mode=LaserModeFactory(), **cleared
        )
    with django_assert_num_queries(10):
        chart = chart_of(area.consultation.patient)
        assert [one.laser_type for one in chart.courses[0].patches] == ["non_ablative"] * number
