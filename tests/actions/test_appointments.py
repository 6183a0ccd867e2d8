"""What becomes of an appointment: arrived, done, missed, cancelled, booked again or not."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.appointments import (
    arrive,
    call_off,
    decline,
    finish,
    put_back,
)
from consultations.actions.courses import keep_session
from consultations.actions.signing import mark_in_error
from consultations.models import Appointment, StaleRecordError
from consultations.vocabulary import AppointmentKind, Rebook
from tests.admin import answers
from tests.admin.browsing import Browser, add_url, change_url
from tests.factories import (
    AppointmentFactory,
    AppointmentReasonFactory,
    ClinicSettingsFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
    appointment_for,
    at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(at(12), tick=False)


def told_by(action, appointment, by, **options):
    with pytest.raises(ValidationError) as refused:
        action(appointment=appointment, by=by, **options)
    return refused.value.messages


def test_arrived_then_in_the_room(reception, time_machine):
    appointment = AppointmentFactory(starts_at=at(12, 30))
    arrive(appointment=appointment, by=reception)
    assert [appointment.status, appointment.arrived_at] == ["arrived", timezone.now()]
    time_machine.move_to(at(12, 20), tick=False)
    arrive(appointment=appointment, by=reception, in_room=True)
    assert [appointment.status, appointment.arrived_at] == ["in_room", at(12)]


def test_nobody_arrives_on_another_day(reception):
    appointment = AppointmentFactory(starts_at=at(10, days=1))
    day = f"{appointment.starts_at:%-d %b %Y}"
    assert told_by(arrive, appointment, reception) == [f"This appointment is on {day}."]


@pytest.mark.parametrize("action", [arrive, finish])
def test_what_is_cancelled_stays_so(action, reception):
    appointment = AppointmentFactory(starts_at=at(11), cancelled=True)
    assert told_by(action, appointment, reception) == ["This appointment is cancelled already."]


def test_a_review_is_done_by_hand(reception):
    appointment = AppointmentFactory(starts_at=at(11), kind=AppointmentKind.REVIEW)
    assert finish(appointment=appointment, by=reception).status == "done"


@pytest.mark.parametrize("kind", [AppointmentKind.TREATMENT, AppointmentKind.CONSULTATION])
def test_what_is_recorded_is_not_done_by_hand(kind, reception):
    appointment = AppointmentFactory(starts_at=at(11), kind=kind)
    assert told_by(finish, appointment, reception) == [
        "Record what was done; the appointment is done with it."
    ]


def test_nobody_missed_what_is_still_to_come(reception):
    appointment = AppointmentFactory(starts_at=at(12, 1))
    words = ["This appointment is still to come. Cancel it instead."]
    options = {"status": "missed", "reason": "Did not come"}
    assert told_by(call_off, appointment, reception, **options) == words


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_called_off_without_a_reason(reason, reception):
    appointment = AppointmentFactory(starts_at=at(11))
    options = {"status": "cancelled", "reason": reason}
    assert told_by(call_off, appointment, reception, **options) == ["Say why."]


REASONS = [
    ("Did not come", ["Did not come", "patient", ""]),
    ("Patient unwell", ["Patient unwell", "medical", ""]),
    ("Equipment not working", ["Equipment not working", "clinic", ""]),
    ("The bus broke down", ["Other", "", "The bus broke down"]),
]


@pytest.mark.parametrize(("reason", "kept"), REASONS)
def test_whose_reason_it_was_follows_from_the_list(reason, kept, reception):
    appointment = AppointmentFactory(starts_at=at(11))
    call_off(appointment=appointment, status="missed", reason=reason, by=reception)
    assert [appointment.reason, appointment.reason_of, appointment.reason_words] == kept
    assert [appointment.status, appointment.rebook] == ["missed", Rebook.OPEN]


def test_the_clinics_own_reasons_take_the_place_of_the_usual_ones(reception):
    AppointmentReasonFactory(words="Snow", reason_of="clinic")
    appointment = AppointmentFactory(starts_at=at(11))
    call_off(appointment=appointment, status="cancelled", reason="Snow", by=reception)
    assert [appointment.reason, appointment.reason_of] == ["Snow", "clinic"]
    other = AppointmentFactory(starts_at=at(11))
    call_off(appointment=other, status="cancelled", reason="Did not come", by=reception)
    assert other.reason == "Other"


@pytest.mark.parametrize(
    ("hours", "reason", "is_late"),
    [
        (23, "Patient cannot come", True),
        (25, "Patient cannot come", False),
        (23, "Clinic closed", False),
        (23, "Patient unwell", False),
    ],
)
def test_only_patients_cancel_late(hours, reason, is_late, reception):
    appointment = AppointmentFactory(starts_at=timezone.now() + timedelta(hours=hours))
    call_off(appointment=appointment, status="cancelled", reason=reason, by=reception)
    assert [appointment.cancelled_late, appointment.sequence] == [is_late, 1]


def test_how_late_is_late_is_the_clinics_to_say(reception):
    ClinicSettingsFactory(late_cancellation_hours=2)
    appointment = AppointmentFactory(starts_at=at(15))
    call_off(
        appointment=appointment, status="cancelled", reason="Patient cannot come", by=reception
    )
    assert appointment.cancelled_late is False


@pytest.mark.parametrize(("status", "rebook"), [("stopped", ""), ("paused", "open")])
def test_of_a_course_that_ended_nothing_is_booked_again(status, rebook, reception):
    plan = PlanFactory(status=status, status_reason="Travels.")
    appointment = appointment_for(plan, starts_at=at(11))
    call_off(appointment=appointment, status="missed", reason="Did not come", by=reception)
    assert appointment.rebook == rebook


def test_not_again_has_a_reason(reception):
    appointment = AppointmentFactory(missed=True)
    assert told_by(decline, appointment, reception, reason="") == ["Say why not."]
    decline(appointment=appointment, reason="Moved away.", by=reception)
    assert [appointment.rebook, appointment.declined_reason] == ["declined", "Moved away."]
    words = ["This is no longer waiting to be booked again."]
    assert told_by(decline, appointment, reception, reason="Again.") == words


def test_what_was_pressed_by_mistake_is_taken_back(reception):
    appointment = AppointmentFactory(starts_at=at(11))
    arrive(appointment=appointment, by=reception)
    put_back(appointment=appointment, by=reception)
    assert [appointment.status, appointment.arrived_at] == ["booked", None]
    call_off(appointment=appointment, status="cancelled", reason="Ill", by=reception)
    put_back(appointment=appointment, by=reception)
    assert [appointment.status, appointment.reason, appointment.rebook] == ["booked", "", ""]
    assert appointment.sequence == 2


def test_a_time_that_somebody_else_has_by_now_is_not_taken_back(reception, clinician):
    cancelled = AppointmentFactory(starts_at=at(15), practitioner=clinician, cancelled=True)
    AppointmentFactory(starts_at=at(15), practitioner=clinician)
    [words] = told_by(put_back, cancelled, reception)[:1]
    assert "is taken" in words
    assert Appointment.objects.get(pk=cancelled.pk).status == "cancelled"


def test_an_act_about_another_version_changes_nothing(reception):
    appointment = AppointmentFactory(starts_at=at(11))
    shown = Appointment.objects.get()
    arrive(appointment=appointment, by=reception)
    with pytest.raises(StaleRecordError, match=r"arrived\. Nothing was changed"):
        call_off(appointment=shown, status="missed", reason="Did not come", by=reception)
    assert Appointment.objects.get().status == "arrived"


# Done with what was recorded


def treated(plan, by, **options):
    options = {"performed_on": timezone.localdate()} | options
    mode = LaserModeFactory(laser_type=plan.laser_type)
    session = SessionFactory.build(plan=plan, operator=by, laser_mode=mode, **options)
    return keep_session(session=session, by=by)


def test_recording_the_visit_makes_the_appointment_done(clinician):
    plan = PlanFactory()
    appointment = appointment_for(plan, starts_at=at(11))
    later = appointment_for(plan, starts_at=at(11, days=28))
    session = treated(plan, clinician)
    appointment.refresh_from_db()
    later.refresh_from_db()
    assert [appointment.status, later.status] == ["done", "booked"]
    assert appointment.courses.get().session == session


def test_a_session_of_another_day_leaves_it_open(clinician):
    plan = PlanFactory()
    appointment = appointment_for(plan, starts_at=at(11))
    treated(plan, clinician, performed_on=timezone.localdate() - timedelta(days=1))
    appointment.refresh_from_db()
    assert appointment.status == "booked"


def test_without_its_session_the_appointment_is_open_again(clinician):
    plan = PlanFactory()
    appointment = appointment_for(plan, starts_at=at(11))
    session = treated(plan, clinician)
    mark_in_error(record=session, by=clinician, reason="Slip.")
    appointment.refresh_from_db()
    assert [appointment.status, appointment.arrived_at] == ["arrived", at(12)]
    assert appointment.courses.get().session is None
    treated(plan, clinician)
    appointment.refresh_from_db()
    assert appointment.status == "done"


def test_what_a_session_made_done_is_not_taken_back(clinician):
    plan = PlanFactory()
    appointment = appointment_for(plan, starts_at=at(11))
    treated(plan, clinician)
    appointment.refresh_from_db()
    words = ["A record made this done. Mark that as entered in error."]
    assert told_by(put_back, appointment, clinician) == words


def test_a_consultation_of_another_day_opens_its_appointment_again(clinician):
    patient = PatientFactory()
    visit = AppointmentFactory(patient=patient, kind="consultation", starts_at=at(9))
    page = Browser(clinician)
    page.fill(add_url("consultation", patient=patient.pk), answers.areas(("face", "mild")))
    visit.refresh_from_db()
    assert visit.status == "done"
    [record] = patient.consultations.all()
    yesterday = timezone.localdate() - timedelta(days=1)
    page.fill(change_url(record), {"consulted_on": yesterday.isoformat()})
    visit.refresh_from_db()
    assert visit.status == "arrived"
