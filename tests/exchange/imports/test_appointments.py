"""Appointments of other systems come in as what they were, and lose nothing on the way."""

from datetime import date

import pytest
from django.utils import timezone

from consultations.exchange.imports import saving
from consultations.models import Appointment, AppointmentPlan, Patient
from tests.factories import PatientFactory, PlanFactory, at

from .files import checked, problems, saved, table

pytestmark = pytest.mark.django_db
PAST = "This is past. Say what became of it: done, missed or cancelled."


def when(days, hour=9):
    return f"{timezone.localtime(at(hour, days=days)):%Y-%m-%d %H:%M}"


@pytest.fixture
def row():
    """An appointment to come of somebody here."""
    who = PatientFactory().record_number
    return {"record_number": who, "kind": "review", "starts_at": when(20)}


@pytest.fixture
def jane():
    """Files of Jane: `jane(values, ...)` as its appointments name them, of patient 17."""
    saved("Client ID,First Name,Last Name,Date of Birth\n17,Ann,Smith,1980-01-31\n", "a.csv")
    # The other columns of such a file tell nothing here.
    blank = dict.fromkeys(("patient_guid", "staff_member_name", "patient_number"), "")
    return lambda *rows: table(*({"id": "1"} | blank | one for one in rows))


@pytest.mark.parametrize(
    ("service", "kind", "note"),
    [
        ("Consultation", "consultation", ""),
        ("Initial laser consultation", "consultation", "service: Initial laser consultation"),
        ("Patch test before laser", "test_patch", "service: Patch test before laser"),
        ("Neck skin tightening", "treatment", "service: Neck skin tightening"),
        ("Nachkontrolle, Kontrolle", "review", "service: Nachkontrolle, Kontrolle"),
        ("Massage", "other", "service: Massage"),
    ],
)
def test_the_service_tells_the_kind_and_stands_in_the_note(row, service, kind, note):
    saved(table(row | {"kind": "", "Service": service}), "diary.csv")
    found = Appointment.objects.get()
    assert (found.kind, found.note) == (kind, note)


def test_a_kind_that_nothing_tells_is_other_unless_it_is_for_a_laser(row):
    saved(table(row | {"kind": ""}, row | {"kind": "", "starts_at": when(21), "laser": "X1"}))
    found = Appointment.objects.order_by("starts_at").values_list("kind", flat=True)
    assert [*found] == ["other", "treatment"]


def test_an_area_that_is_none_is_refused_and_one_without_a_course_noted(row):
    plan = PlanFactory(assessment__area="neck")
    row |= {"record_number": plan.patient.record_number}
    rows = [row | {"areas": "neck, chin"}, row | {"starts_at": when(21), "areas": "Hals + face"}]
    batch = checked(table(*rows), "diary.csv")
    assert problems(batch) == [(2, "areas", "“chin” is none of: Face, Neck, Stomach, Arms, Legs.")]
    saving.save(batch, by=batch.made_by, leaves_out=True)
    assert Appointment.objects.get().note == "areas: Face"
    assert AppointmentPlan.objects.get().plan == plan


def test_an_appointment_is_for_the_course_of_its_time(row):
    first = PlanFactory(started_on=date(2024, 3, 1), status="stopped", status_reason="Moved")
    later = PlanFactory(
        assessment__consultation__patient=first.patient, started_on=timezone.localdate()
    )
    row |= {"record_number": first.patient.record_number, "areas": first.area}
    saved(
        table(
            row | {"starts_at": "2024-04-01 09:00", "status": "done"},
            row | {"starts_at": when(20), "status": ""},
        ),
        "diary.csv",
    )
    found = AppointmentPlan.objects.order_by("appointment__starts_at").values_list(
        "plan", flat=True
    )
    assert [*found] == [first.pk, later.pk]


def test_what_was_cancelled_may_be_booked_again_at_its_time(row):
    saved(table(row | {"status": "cancelled"}, row | {"status": "booked"}), "diary.csv")
    found = Appointment.objects.order_by("pk").values_list("status", flat=True)
    assert [*found] == ["cancelled", "booked"]


def test_an_appointment_that_is_here_does_not_come_in_again(row):
    row |= {"starts_at": "2024-04-01 09:00", "status": "done"}
    saved(table(row), "june.csv")
    later = row | {"starts_at": "2024-05-01 09:00"}
    assert problems(checked(table(row, later), "july.csv")) == [
        (2, "", "This patient has this appointment already.")
    ]


def test_nobody_is_said_to_have_come_whom_the_file_does_not_say_it_of(row):
    past = [row | {"starts_at": when(-20 - place)} for place in range(4)]
    said = [{"State": one, "Arrived at": ""} for one in ("", "confirmed", "arrived", "booked")]
    said[3]["Arrived at"] = when(-23)
    batch = checked(table(*(one | two for one, two in zip(past, said, strict=True))), "diary.csv")
    assert problems(batch) == [(2, "State", PAST), (3, "State", PAST)]
    saving.save(batch, by=batch.made_by, leaves_out=True)
    assert [*Appointment.objects.values_list("status", flat=True)] == ["done", "done"]


def test_what_nobody_wrote_down_stays_so_in_our_own_file(row):
    saved(table(row | {"starts_at": when(-20), "status": "booked"}), "diary.csv", format="own")
    assert Appointment.objects.get().status == "booked"


def test_no_minutes_are_no_length(row):
    batch = checked(table(row | {"minutes": "0"}), "diary.csv")
    assert problems(batch) == [(2, "minutes", "An appointment takes some time.")]


def test_a_deleted_appointment_of_jane_is_cancelled(jane):
    text = jane(
        {
            "patient_number": "17",
            "start_at": when(20),
            "end_at": when(20, hour=10),
            "state": "booked",
            "archived_at": "2026-01-05 10:00",
        }
    )
    saved(text, "jane.csv", format="jane")
    found = Appointment.objects.get()
    assert (found.patient, found.status, found.reason, found.reason_words) == (
        Patient.objects.get(),
        "cancelled",
        "Not said",
        "deleted at: 5 Jan 2026 10:00",
    )


def test_a_break_of_jane_is_no_appointment(jane):
    text = jane({"start_at": when(20), "end_at": when(20, hour=10), "break": "true"})
    assert problems(checked(text, "jane.csv", format="jane")) == [
        (2, "break", "A break in the diary is no appointment.")
    ]


def test_a_day_of_salontrac_stands_before_its_month_there_and_behind_it_among_clients():
    """Clients in mm/dd/yyyy, appointments in dd/mm/yyyy: each file is read by its own column."""
    saved(
        "ClientID,LastName,FirstName,Birthday\n17,Smith,Ann,04/25/1980\n18,Lee,Ida,03/04/1980\n",
        "clients.csv",
    )
    year = timezone.localdate().year + 1
    saved(
        f"ClientID,Date,Time,Duration\n17,25/04/{year},10:00,30\n18,03/04/{year},10:00,30\n",
        "diary.csv",
    )
    births = Patient.objects.order_by("date_of_birth").values_list("date_of_birth", flat=True)
    days = [one.day for one in Appointment.objects.order_by("starts_at")]
    assert [*births] == [date(1980, 3, 4), date(1980, 4, 25)]
    assert days == [date(year, 4, 3), date(year, 4, 25)]
