"""A patient's history comes in and starts nothing: read-only, counted, and due to nobody."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from consultations.actions.signing import add_addendum
from consultations.exchange.imports import saving
from consultations.exchange.imports.undoing import undo
from consultations.models import (
    Appointment,
    AreaAssessment,
    Consultation,
    FollowUp,
    Message,
    Patient,
    SignedRecordError,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.text import day_in_words
from consultations.summaries.integrity import differences
from consultations.trust.erasure import erase
from tests.admin.browsing import list_shown, list_url
from tests.factories import (
    AppointmentFactory,
    AssessmentFactory,
    LaserModeFactory,
    PatientFactory,
    ReferralFactory,
    UserFactory,
    at,
)

from .files import PATIENTS, checked, problems, saved, table

pytestmark = pytest.mark.django_db
WHO = {"Patient number": "17"}
VISIT = WHO | {"consulted_on": "2025-03-02", "area": "neck", "severity": "severe", "smoker": "yes"}
SESSION = WHO | {"area": "neck", "laser_type": "Non-ablative"}


@pytest.fixture
def patient():
    """Known to the other system as 17."""
    saved(f"{PATIENTS}\n17,Smith,Ann,1980-01-31\n", "patients.csv")
    return Patient.objects.get()


def sessions(*days, **more):
    return table(*(SESSION | more | {"performed_on": day} for day in days))


def test_a_visit_is_judged_as_of_its_day_and_opens_no_referral(patient):
    by = UserFactory(is_superuser=True, first_name="Ida", last_name="Lee")
    text = table(
        VISIT | {"clinician": "Dr Brown"}, VISIT | {"area": "face", "severity": "", "grade": "1.5"}
    )
    saved(text, "visits.csv", by=by)
    visit = Consultation.objects.get()
    found = visit.assessments.order_by("pk").values_list("area", "severity", "outcome")
    assert [*found] == [
        ("neck", "severe", "refer_to_surgery"),
        ("face", "mild", "candidate"),
    ]
    assert (visit.patient, visit.consulted_on, visit.smoker) == (patient, date(2025, 3, 2), True)
    assert visit.notes == "Seen by Dr Brown (visits.csv)."
    assert not SurgicalReferral.objects.exists()
    assert not Consultation.objects.unsigned().exists()


def test_a_visit_is_read_only_and_corrected_by_an_addendum(patient):
    batch = saved(table(VISIT), "visits.csv")
    visit = Consultation.objects.get()
    with pytest.raises(SignedRecordError):
        visit.save(by=batch.made_by)
    with pytest.raises(SignedRecordError):
        AreaAssessment.objects.get().save(by=batch.made_by)
    assert visit.came_in_closed
    assert add_addendum(record=visit, text="It was the face.", by=batch.made_by).pk


def test_what_another_clinic_decided_stands_beside_our_verdict(patient):
    saved(table(VISIT | {"outcome": "candidate"}), "visits.csv")
    area = AreaAssessment.objects.get()
    assert (area.outcome, area.decision, area.decision_reason) == (
        "refer_to_surgery",
        "candidate",
        "As visits.csv has it.",
    )


def test_a_decision_and_an_override_of_our_own_files_come_in_by_whoever_imports(patient):
    decided = {"severity": "mild", "decision": "hold", "decision_reason": "Works outdoors."}
    batch = saved(table(VISIT | decided), "visits.csv")
    area = AreaAssessment.objects.get()
    found = (area.outcome, area.decision, area.decision_reason, area.decided_by)
    assert found == ("candidate", "hold", "Works outdoors.", batch.made_by)
    overridden = {"override_reason": "Travels abroad", "performed_elsewhere": "Other clinic"}
    batch = saved(sessions("2025-04-01", **overridden), "sessions.csv")
    session = TreatmentSession.objects.get()
    found = (session.override_reason, session.overridden_by, session.overridden_at is None)
    assert found == ("Travels abroad", batch.made_by, False)


@pytest.mark.parametrize("at_once", [1, 500])
def test_the_rows_of_a_visit_tell_it_together(patient, monkeypatch, at_once):
    monkeypatch.setattr("consultations.exchange.imports.checking.AT_ONCE", at_once)
    first = VISIT | {"smoker": "", "notes": "One.", "severity": "mild", "isotretinoin": ""}
    second = first | {
        "area": "face",
        "smoker": "yes",
        "notes": "Two.",
        "isotretinoin": "Taking it now",
    }
    other = first | {"consulted_on": "2025-03-03", "notes": "One."}
    text = table(first, second | {"clinician": "Dr Brown"}, other, other | {"area": "face"})
    saved(text, "visits.csv")
    visits = Consultation.objects.order_by("consulted_on")
    assert [(one.smoker, one.notes) for one in visits] == [
        (True, "One.\nTwo.\nSeen by Dr Brown (visits.csv)."),
        (None, "One."),
    ]
    areas = visits[0].assessments.all()
    assert ["isotretinoin" in str(one.findings) for one in areas] == [True, True]
    assert list(differences()) == []


def test_more_decimals_than_are_kept_are_told_with_what_to_write(patient):
    visits = table(VISIT | {"weight_kg": "62.75"})
    assert problems(checked(visits, "visits.csv")) == [
        (2, "weight_kg", "“62.75” has more decimals than are kept: write 62.8."),
    ]


def test_a_row_that_says_otherwise_of_its_visit_is_refused(patient):
    other = VISIT | {"consulted_on": "2025-03-03"}
    rows = [
        VISIT | {"smoker": "yes", "notes": "One."},
        VISIT | {"smoker": "no", "area": "face"},
        other,
        VISIT | {"area": "arms", "smoker": "", "notes": "One."},
        VISIT | {"area": "legs", "notes": "Two."},
    ]
    assert problems(checked(table(*rows), "visits.csv")) == [
        (3, "smoker", "Row 2 says otherwise, and both are of one record."),
        (6, "notes", "Rows of this visit stand further up and do not say this. Join them."),
    ]


def test_visits_that_cannot_be_are_told_by_row_and_column(patient):
    saved(table(VISIT), "before.csv")
    rows = [
        VISIT,
        VISIT | {"area": "face", "Patient number": "99"},
        VISIT | {"area": "face", "consulted_on": "1979-01-01"},
        VISIT | {"area": "face", "filler_on": "2025-03-03"},
        VISIT | {"area": "arms", "severity": "bad"},
    ]
    assert problems(checked(table(*rows), "visits.csv")) == [
        (2, "area", "This patient has an assessment of this area on this day already."),
        (3, "Patient number", "There is no patient 99. Import the patients first."),
        (4, "consulted_on", "This is before the patient was born."),
        (5, "filler_on", "This date is after the visit."),
        (6, "severity", "“bad” is none of: Mild, Moderate, Severe."),
    ]


def test_sessions_elsewhere_count_and_their_course_is_over(patient):
    saved(table(VISIT), "visits.csv")
    batch = saved(sessions("2025-04-01", "2025-05-01", fluence_j_cm2="20.5"), "sessions.csv")
    plan = TreatmentPlan.objects.get()
    day = f"{timezone.localdate():%-d %b %Y}"
    assert (plan.status, plan.status_reason, plan.next_due_on, plan.started_on) == (
        "stopped",
        "Imported from sessions.csv.",
        None,
        date(2025, 4, 1),
    )
    assert [*plan.done_sessions().values_list("performed_on", "performed_elsewhere")] == [
        (date(2025, 4, 1), f"sessions.csv, before {day}"),
        (date(2025, 5, 1), f"sessions.csv, before {day}"),
    ]
    assert not FollowUp.objects.exists()
    assert not TreatmentSession.objects.to_sign().exists()
    assert not TreatmentPlan.objects.to_book().exists()
    assert batch.counts["made"] == {"treatmentplan": 1, "treatmentsession": 2}
    assert list(differences()) == []


def test_five_sessions_complete_a_course(patient):
    saved(table(VISIT), "visits.csv")
    saved(sessions(*(f"2025-{month:02}-01" for month in range(4, 9))), "sessions.csv")
    plan = TreatmentPlan.objects.get()
    assert (plan.status, plan.completed_on) == ("completed", date(2025, 8, 1))


def test_a_course_is_active_only_where_the_file_names_the_next_day(patient):
    saved(table(VISIT, VISIT | {"area": "face"}), "visits.csv")
    later = timezone.localdate() + timedelta(days=9)
    said = {"plan_status": "active", "next_due_on": ""}
    text = table(
        SESSION | said | {"performed_on": "2025-04-01", "next_due_on": f"{later}"},
        SESSION | said | {"performed_on": "2025-04-01", "area": "face"},
    )
    saved(text, "sessions.csv")
    found = TreatmentPlan.objects.order_by("pk").values_list("status", "next_due_on")
    assert [*found] == [("active", later), ("stopped", None)]
    call_command("check_courses")


def test_a_course_of_our_own_file_waits_where_a_session_is_left_out(patient):
    saved(table(VISIT), "visits.csv")
    today = timezone.localdate()
    first, second, due = (today + timedelta(days=days) for days in (-39, -11, 17))
    said = {"plan_status": "active", "interval_days": "28", "next_due_on": f"{due}"}
    rows = [
        SESSION | said | {"performed_on": f"{first}", "pain": "3"},
        SESSION | said | {"performed_on": f"{second}", "pain": "99"},
    ]
    batch = checked(table(*rows), "sessions.csv", format="own")
    saving.save(batch, by=batch.made_by, leaves_out=True)
    plan = TreatmentPlan.objects.get()
    assert (plan.status, plan.interval_days, plan.next_due_on, plan.status_reason) == (
        "paused",
        28,
        None,
        f"The next day in sessions.csv, {day_in_words(due)}, does not follow from these sessions "
        "and the interval. See whether a session is missing.",
    )
    call_command("check_courses")


def test_a_session_of_our_own_file_stays_ours_where_colleague_and_mode_are_here(patient):
    ida, mode = UserFactory(username="ida"), LaserModeFactory()
    saved(table(VISIT), "visits.csv")
    ours = {"operator": "ida", "laser": mode.laser.name, "laser_mode": mode.name}
    text = table(
        SESSION | ours | {"performed_on": "2025-04-01"},
        SESSION | ours | {"performed_on": "2025-05-01", "operator": "bob"},
    )
    saved(text, "sessions.csv", format="own")
    found = TreatmentSession.objects.order_by("day").values_list("operator", "laser_mode", "notes")
    notes = f"laser: {mode.laser}\nlaser and mode: {mode.name}\nTreated by bob (sessions.csv)."
    assert [*found] == [(ida.pk, mode.pk, ""), (None, None, notes)]
    assert not TreatmentSession.objects.to_sign().exists()


def test_what_has_no_place_in_a_session_elsewhere_stands_in_its_notes(patient):
    saved(table(VISIT), "visits.csv")
    told = {"Service": "Neck laser", "performed_at": "14:05", "laser": "X1", "price": "120"}
    saved(sessions("2025-04-01", **told, performed_elsewhere="yes"), "sessions.csv")
    session = TreatmentSession.objects.get()
    day = f"{timezone.localdate():%-d %b %Y}"
    assert (session.notes, session.performed_elsewhere) == (
        "treatment, as the other system calls it: Neck laser\ntime of the session: 14:05:00\n"
        "laser: X1\nprice per session: 120",
        f"sessions.csv, before {day}",
    )


def test_the_rows_of_a_course_tell_it_together(patient):
    saved(table(VISIT), "visits.csv")
    text = table(
        SESSION | {"performed_on": "2025-04-01", "interval_days": "", "planned_sessions": ""},
        SESSION | {"performed_on": "2025-05-01", "interval_days": "42", "planned_sessions": "6"},
        SESSION | {"performed_on": "2025-06-01", "laser_type": "Ablative fractional"},
    )
    batch = checked(text, "sessions.csv")
    assert problems(batch) == [
        (4, "laser_type", "Row 2 says otherwise, and both are of one record.")
    ]
    saving.save(batch, by=batch.made_by, leaves_out=True)
    plan = TreatmentPlan.objects.get()
    assert (plan.interval_days, plan.planned_sessions, plan.sessions.count()) == (42, 6, 2)


@pytest.mark.parametrize(
    ("days", "courses"),
    [
        (("2025-04-01", "2025-05-01", "2025-06-01"), [3]),
        # After five sessions, or half a year, a new assessment begins a new course.
        (
            ("2025-03-03", "2025-03-04", "2025-03-05", "2025-03-06", "2025-03-07", "2025-05-01"),
            [5, 1],
        ),
        (("2025-04-01", "2025-11-01"), [1, 1]),
    ],
)
def test_a_review_within_a_course_does_not_split_it(patient, days, courses):
    saved(table(VISIT, VISIT | {"consulted_on": "2025-04-15"}), "visits.csv")
    saved(sessions(*days), "sessions.csv")
    plans = TreatmentPlan.objects.order_by("started_on")
    assert [one.sessions.count() for one in plans] == courses
    assert plans[0].started_on == date.fromisoformat(days[0])


def test_an_area_has_one_open_course(patient):
    saved(table(VISIT, VISIT | {"consulted_on": "2025-06-02"}), "visits.csv")
    later = timezone.localdate() + timedelta(days=9)
    active = SESSION | {"plan_status": "active", "next_due_on": f"{later}", "consulted_on": ""}
    one, two = ({"performed_on": day} for day in ("2025-04-01", "2025-07-01"))
    named = active | two | {"consulted_on": "2025-06-02"}
    assert problems(checked(table(active | one, named), "named.csv")) == [
        (3, "plan_status", "Row 2 is of another course of this area that is open.")
    ]
    saved(table(active | one, active | two), "sessions.csv")
    assert [*TreatmentPlan.objects.values_list("status", flat=True)] == ["active"]
    saved(table(VISIT | {"consulted_on": "2025-09-01"}), "more.csv")
    assert problems(checked(table(active | {"performed_on": "2025-09-03"}), "again.csv")) == [
        (2, "plan_status", "This patient already has an open plan for this area.")
    ]


def test_no_course_comes_in_beside_an_open_referral_of_its_area():
    referral = ReferralFactory()
    area = referral.assessment
    row = SESSION | {"Patient number": area.patient.record_number, "area": area.area}
    assert problems(checked(table(row | {"performed_on": "2020-04-01"}), "sessions.csv")) == [
        (2, "area", "This area has an open referral to a surgeon. Close the referral first.")
    ]


def test_sessions_that_cannot_be_are_told_by_row_and_column(patient):
    saved(table(VISIT), "visits.csv")
    today = timezone.localdate()
    rows = [
        SESSION | {"performed_on": f"{today}"},
        SESSION | {"performed_on": "2025-04-01", "area": "face"},
        SESSION | {"performed_on": "2025-04-01", "laser_type": ""},
        SESSION | {"performed_on": "2025-05-01", "pain": "11"},
        SESSION | {"performed_on": "2025-06-01"},
        SESSION | {"performed_on": "2025-06-01"},
    ]
    assert problems(checked(table(*rows), "sessions.csv")) == [
        (2, "performed_on", "A session at another clinic is history: a day before today."),
        (3, "area", "This area was not assessed. Import the consultations with areas first."),
        (4, "laser_type", "Say which type of laser it was."),
        (5, "pain", "This must be at most 10."),
        (7, "", "The same as row 6."),
    ]


def when(days, hour=9):
    return f"{timezone.localtime(at(hour, days=days)):%Y-%m-%d %H:%M}"


def test_appointments_to_come_are_reminded_of_and_not_confirmed(patient, settings):
    settings.EMAIL_IS_ON = True
    by = UserFactory(is_superuser=True)
    known = PatientFactory(email="ann@example.com", email_reminders=True)
    row = {"record_number": known.record_number, "kind": "Review"}
    text = table(
        row | {"starts_at": when(20), "practitioner": "Dr Brown", "minutes": "30"},
        row | {"starts_at": when(-20), "minutes": "45", "status": "Attended"},
        row | {"starts_at": when(-10), "status": "No show"},
    )
    saved(text, "diary.csv", by=by)
    found = Appointment.objects.order_by("starts_at")
    assert [(one.status, one.minutes, one.note) for one in found] == [
        ("done", 45, ""),
        ("missed", found[1].minutes, ""),
        ("booked", 30, "practitioner: Dr Brown"),
    ]
    assert [*Message.objects.values_list("kind", flat=True)] == ["reminder"]
    assert not Appointment.objects.to_book_again().exists()
    assert list(differences()) == []


def test_clashes_come_in_booked_over_or_are_refused_by_row(patient):
    by = UserFactory(username="ida", first_name="Ida", last_name="Lee")
    start = at(9, days=20)
    held = AppointmentFactory(starts_at=start, ends_at=start + timedelta(hours=1), practitioner=by)
    row = {"kind": "review", "starts_at": when(20), "minutes": "30"}
    bob = PatientFactory()
    text = table(
        row | {"record_number": held.patient.record_number},
        row | {"record_number": patient.record_number, "practitioner": "Ida Lee"},
        row | {"record_number": bob.record_number, "kind": "other"},
        row | {"record_number": bob.record_number},
    )
    batch = checked(text, "diary.csv")
    found = problems(batch)
    assert [one[:2] for one in found] == [(2, "record_number"), (5, "record_number")]
    assert found[1][2] == "At the same time as row 4."
    saving.save(batch, by=batch.made_by, leaves_out=True)
    over = Appointment.objects.get(patient=patient)
    assert over.overbooked_reason.startswith("Imported from diary.csv")
    assert over.overbooked_by == batch.made_by


def test_the_history_is_undone_with_what_it_made(patient):
    saved(table(VISIT), "visits.csv")
    batch = saved(sessions("2025-04-01"), "sessions.csv")
    undo(batch, by=UserFactory())
    assert not TreatmentPlan.objects.standing().exists()
    assert not TreatmentSession.objects.standing().exists()
    assert AreaAssessment.objects.standing().exists()
    assert list(differences()) == []


def test_what_was_undone_leaves_the_lists(patient, client_for, clinician):
    saved(table(VISIT), "visits.csv")
    batch = saved(sessions("2025-04-01"), "sessions.csv")
    client, url = client_for(clinician), list_url("treatmentsession")
    assert len(list_shown(client, url).result_list) == 1
    undo(batch, by=UserFactory())
    assert len(list_shown(client, url).result_list) == 0
    assert len(list_shown(client, list_url("consultation")).result_list) == 1


def test_whoever_an_undone_import_brought_is_erased_at_once():
    batch = saved(f"{PATIENTS}\n17,Smith,Ann,1980-01-31\n")
    undo(batch, by=UserFactory())
    patient = Patient.objects.get()
    erase(patient=patient, by=UserFactory(), reason="The import was undone.")
    assert Patient.objects.get().erased_at
    assert batch.records.get().number == ""


def test_a_standing_assessment_here_is_what_a_course_elsewhere_rests_on():
    area = AssessmentFactory(area="neck", consultation__consulted_on=date(2025, 1, 5))
    row = SESSION | {"Patient number": area.patient.record_number}
    saved(table(row | {"performed_on": "2025-04-01"}), "sessions.csv")
    assert TreatmentPlan.objects.get().assessment == area
