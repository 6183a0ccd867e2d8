"""A visit: all areas of the day on one page, filled from last time, judged, stored as one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models import TreatmentSession
from consultations.vocabulary import Area, Isotretinoin, PlanStatus
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
    TreatmentConsentFactory,
    appointment_for,
)

from . import answers
from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
ASKED = {"pregnant": "false", "isotretinoin": Isotretinoin.NEVER}


def plan_of(patient, area, days_ago=60, **options):
    day = TODAY() - timedelta(days=days_ago)
    consultation = ConsultationFactory(patient=patient, consulted_on=day)
    assessment = AssessmentFactory(consultation=consultation, area=area)
    return PlanFactory(assessment=assessment, started_on=day, **options)


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def face(patient):
    """A plan with one session 30 days ago, at 22.5 J/cm²."""
    plan = plan_of(patient, Area.FACE)
    day = TODAY() - timedelta(days=30)
    SessionFactory(plan=plan, performed_on=day, fluence_j_cm2=Decimal("22.5"), passes=3)
    return plan


@pytest.fixture
def browser(practitioner):
    return Browser(practitioner)


def visit_url(patient, plan=None):
    return page_url(patient, "visit") + (f"?plan={plan.pk}" if plan else "")


def of(plan, **answers):
    return {f"plan-{plan.pk}-{name}": value for name, value in answers.items()}


def treated(plan, **answers):
    return of(plan, **{"include": "on", "infection": "false", "eyewear_worn": "true"} | answers)


def done_today():
    return TreatmentSession.objects.done().filter(performed_on=TODAY())


def test_one_area_starts_from_last_time(browser, patient, face):
    form = browser.open(visit_url(patient)).form
    last = face.sessions.get()
    names = ["include", "laser_mode", "fluence_j_cm2", "passes"]
    assert [form[f"plan-{face.pk}-{name}"] for name in names] == [
        "on",
        str(last.laser_mode_id),
        "22.5",
        "3",
    ]
    assert [form["performed_on"], form["pregnant"]] == [
        DayInput().format_value(TODAY()),
        "unknown",
    ]


def test_one_area_is_recorded(browser, practitioner, patient, face):
    page = browser.fill(visit_url(patient), ASKED | treated(face, fluence_j_cm2="23"))
    session = done_today().get()
    assert page.path == page_url(patient, "chart")
    assert page.messages == ["Face: 2 of 5 sessions done. Book next Session record Aftercare"]
    assert [session.operator, session.fluence_j_cm2, session.pregnant] == [
        practitioner,
        Decimal("23"),
        False,
    ]


def test_two_areas_are_recorded_as_one(browser, patient, face):
    neck = plan_of(patient, Area.NECK)
    mode = LaserModeFactory()
    cards = treated(face) | treated(neck, laser_mode=mode.pk)
    browser.fill(visit_url(patient), ASKED | cards)
    assert {session.plan for session in done_today()} == {face, neck}


def test_what_stops_one_area_stores_neither(browser, patient, face):
    neck = plan_of(patient, Area.NECK)
    cards = treated(face) | treated(neck, laser_mode=LaserModeFactory().pk, infection="true")
    page = browser.fill(visit_url(patient), ASKED | cards)
    assert done_today().count() == 0
    assert "Nothing was saved" in page.text
    assert page.form[f"plan-{face.pk}-fluence_j_cm2"] == "22.5"


def test_area_that_is_left_out_is_not_checked(browser, patient, face):
    neck = plan_of(patient, Area.NECK)
    left_out = of(neck, include=None, fluence_j_cm2="lots")
    browser.fill(visit_url(patient), ASKED | treated(face) | left_out)
    assert {session.plan for session in done_today()} == {face}


def test_no_area_is_pointed_out(browser, patient, face):
    page = browser.fill(visit_url(patient), ASKED | of(face, include=None))
    assert "Choose at least one area that was treated." in page.text


def test_questions_of_the_day_are_told_beside_them(browser, patient, face):
    page = browser.fill(visit_url(patient), treated(face, infection="unknown"))
    assert page.errors["pregnant"] == [
        "Ask today: pregnant. Ask it again at every session; a blank is not a no."
    ]
    assert f"plan-{face.pk}-infection" in page.errors
    assert done_today().count() == 0


def test_the_appointment_of_today_is_done_with_the_visit(browser, patient, face):
    appointment = appointment_for(face, starts_at=timezone.now())
    browser.fill(visit_url(patient), ASKED | treated(face))
    appointment.refresh_from_db()
    assert appointment.status == "done"
    assert appointment.courses.get().session == done_today().get()


def test_posted_twice_is_stored_once(browser, patient, face):
    url = visit_url(patient)
    data = browser.open(url).form | ASKED | treated(face)
    browser.post(url, data)
    page = browser.post(url, data)
    assert page.messages == ["This visit was already saved. Nothing was stored twice."]
    assert done_today().count() == 1


def test_clinician_overrides_with_a_reason(clinician, patient):
    face = plan_of(patient, Area.FACE)
    SessionFactory(plan=face, performed_on=TODAY() - timedelta(days=3))
    browser = Browser(clinician)
    page = browser.fill(visit_url(patient), ASKED | treated(face))
    key = f"plan-{face.pk}-override_reason"
    assert page.errors[key] == ["To treat anyway, give a reason."]
    browser.fill(visit_url(patient), ASKED | treated(face, override_reason="Test spot only."))
    session = done_today().get()
    assert (session.overridden_by, session.override_reason) == (clinician, "Test spot only.")


def test_practitioner_may_not_override(browser, patient):
    face = plan_of(patient, Area.FACE)
    SessionFactory(plan=face, performed_on=TODAY() - timedelta(days=3))
    browser.fill(visit_url(patient), ASKED | treated(face, override_reason="Because."))
    assert done_today().count() == 0


def test_practitioner_records_own_sessions_only(browser, patient, face, clinician):
    page = browser.fill(visit_url(patient), ASKED | treated(face) | {"operator": clinician.pk})
    assert page.errors["operator"] == ["You can record your own sessions only."]


def test_wrong_unit_is_told_beside_the_field(browser, patient, face):
    mode = LaserModeFactory(fluence_j_cm2_min=10, fluence_j_cm2_max=30)
    page = browser.fill(
        visit_url(patient), ASKED | treated(face, laser_mode=mode.pk, fluence_j_cm2="300")
    )
    assert page.errors[f"plan-{face.pk}-fluence_j_cm2"] == [
        "Ten times outside this mode's range (10 to 30): wrong unit?"
    ]


def test_save_and_sign(clinician, patient, face):
    asked = {name: answer or "false" for name, answer in answers.ALL_OF_THE_DAY.items()}
    Browser(clinician).fill(
        visit_url(patient), ASKED | asked | treated(face, **asked), button="_sign"
    )
    assert done_today().get().signed_by == clinician


def test_blanks_are_signed_on_the_sessions_own_page(clinician, patient, face):
    browser = Browser(clinician)
    page = browser.fill(visit_url(patient), ASKED | treated(face), button="_sign")
    session = done_today().get()
    [url] = [one["href"] for one in page.select(".messagelist a") if one.text == "Open session"]
    assert url == f"{change_url(session)}?unasked=1"
    assert "Face: Saved, not signed: 14 questions were not asked." in " ".join(page.messages)
    browser.fill(url, button="_sign")
    session.refresh_from_db()
    assert session.signed_by == clinician


def test_visit_of_an_earlier_day_looks_back_from_that_day(browser, patient, face):
    mode = face.sessions.get().laser_mode
    SessionFactory(plan=face, performed_on=TODAY(), fluence_j_cm2=30, laser_mode=mode)
    day = (TODAY() - timedelta(days=10)).isoformat()
    form = browser.open(f"{visit_url(patient)}?on={day}").form
    assert form[f"plan-{face.pk}-fluence_j_cm2"] == "22.5"


def test_laser_that_went_out_of_service_is_offered_for_the_days_before(
    browser, patient, face, time_machine
):
    laser = face.sessions.get().laser_mode.laser
    before, now = TODAY(), timezone.now()
    time_machine.move_to(now + timedelta(days=2))
    laser.in_service = False
    laser.save(by=browser.user)
    time_machine.move_to(now + timedelta(days=3))
    browser = Browser(browser.user)
    url, field = f"{visit_url(patient)}?on={before}", f"plan-{face.pk}-laser_mode"
    assert browser.open(url).form[field] == str(laser.modes.get().pk)
    assert browser.open(visit_url(patient)).form[field] == ""


def test_future_day_is_refused(browser, patient, face):
    tomorrow = (TODAY() + timedelta(days=1)).isoformat()
    page = browser.fill(visit_url(patient), ASKED | treated(face) | {"performed_on": tomorrow})
    assert page.errors["performed_on"] == ["A session cannot be done in the future."]


def test_health_date_before_birth_is_refused(browser, patient, face):
    page = browser.fill(visit_url(patient), ASKED | treated(face) | {"tanned_on": "1980-05-16"})
    assert page.errors == {"tanned_on": ["This is before the patient was born."]}


def test_paused_plan_is_not_offered(browser, patient, face, clinician):
    face.status, face.status_reason = PlanStatus.PAUSED, "On holiday."
    face.save(by=clinician)
    assert "No area has an active plan" in browser.open(visit_url(patient)).text


def test_visit_is_for_those_who_treat(reception, manager, clinician, patient, face):
    answers = [Browser(user).open(visit_url(patient)).status for user in (reception, manager)]
    assert answers == [403, 403]
    assert Browser(clinician).open(visit_url(patient)).status == 200


def check(browser, patient, plan, **answers):
    url = page_url(patient, "visit_check")
    data = browser.open(visit_url(patient)).form | ASKED | treated(plan, **answers)
    return browser.post(url, data).response.json().get(f"plan-{plan.pk}")


def test_readiness_speaks_while_one_types(browser, patient, face):
    found = check(browser, patient, face, fluence_j_cm2="30")
    words = "Fluence 30 J/cm² is more than 20 % above last time (22.5)."
    assert found["fields"] == {f"plan-{face.pk}-fluence_j_cm2": words}
    assert (found["can_override"], words in found["html"]) == (False, True)


def test_what_is_still_to_be_asked_does_not_stop(browser, patient, face):
    found = check(browser, patient, face, infection="unknown")
    assert (found["can_override"], "Ask today: infection in this area." in found["html"]) == (
        False,
        True,
    )


@pytest.mark.parametrize(("refused", "can_override"), [(True, False), (False, True)])
def test_treating_anyway_is_not_offered_against_a_no(browser, patient, face, refused, can_override):
    if refused:
        TreatmentConsentFactory(plan=face, refused=True)
    found = check(browser, patient, face, infection="true")
    assert found["can_override"] is can_override


def test_checking_writes_nothing(browser, patient, face):
    check(browser, patient, face, infection="true")
    assert TreatmentSession.objects.count() == 1


def test_checking_is_for_those_who_treat(reception, patient, face):
    assert Browser(reception).post(page_url(patient, "visit_check"), {}).status == 403


# Last time


def last_of(page, name):
    """What the page remembers of last time for a field, as the field would post it."""
    return page.select(f".field-{name}")[0].get("data-last")


def test_the_latest_answer_counts_wherever_it_was_given(browser, patient, face):
    asked_on = TODAY() - timedelta(days=3)
    ConsultationFactory(patient=patient, consulted_on=asked_on, pregnant=True)
    page = browser.open(visit_url(patient))
    assert last_of(page, "pregnant") == "true"
    assert "Pregnant" in page.select(".alerts")[0].text


def test_last_values_are_as_the_fields_post_them(browser, patient, clinician):
    face = plan_of(patient, Area.FACE)
    day = TODAY() - timedelta(days=30)
    SessionFactory(
        plan=face,
        performed_on=day,
        tanned_on=day,
        passes=1,
        spot_size_mm=Decimal("1.000"),
        tattoo=True,
    )
    page = browser.open(visit_url(patient))
    names = ["tanned_on", "passes", "spot_size_mm", "tattoo"]
    posted = DayInput().format_value(day)
    assert [last_of(page, name) for name in names] == [posted, "1", "1", "true"]


# Several people, several days


def test_an_appointment_made_meanwhile_is_done_with_the_visit(browser, patient, face):
    data = browser.open(visit_url(patient)).form | ASKED | treated(face)
    appointment = appointment_for(face, starts_at=timezone.now())
    browser.post(visit_url(patient), data)
    appointment.refresh_from_db()
    assert appointment.status == "done"


def test_visit_of_another_day_takes_that_days_booking(browser, patient, face):
    yesterday = timezone.now() - timedelta(days=1)
    booked = appointment_for(face, starts_at=yesterday)
    today = appointment_for(face, starts_at=timezone.now())
    url = f"{visit_url(patient)}?on={booked.day.isoformat()}"
    page = browser.fill(url, ASKED | treated(face))
    assert "Face The next session is safe from" in page.text
    browser.post(page.path, page.form | {"left_booked": "keep"})
    booked.refresh_from_db()
    today.refresh_from_db()
    assert [booked.status, today.status] == ["done", "booked"]


def test_area_added_to_a_visit_posted_before_is_stored(browser, patient, face):
    neck = plan_of(patient, Area.NECK)
    data = browser.open(visit_url(patient)).form | ASKED | treated(face)
    data.pop(f"plan-{neck.pk}-include", None)
    browser.post(visit_url(patient), data)
    browser.post(visit_url(patient), data | treated(neck, laser_mode=LaserModeFactory().pk))
    assert {session.plan for session in done_today()} == {face, neck}


def test_every_area_is_judged_at_once(browser, patient, face):
    neck = plan_of(patient, Area.NECK)
    cards = treated(face, infection="unknown") | treated(neck, infection="true")
    page = browser.fill(
        visit_url(patient), ASKED | cards | of(neck, laser_mode=LaserModeFactory().pk)
    )
    assert "Ask today" in page.errors[f"plan-{face.pk}-infection"][0]
    assert any("Infection" in words for words in page.errors[""])


def test_paused_plan_that_was_asked_for_is_stopped_there(clinician, patient, face):
    face.status, face.status_reason = PlanStatus.PAUSED, "On holiday."
    face.save(by=clinician)
    browser, url = Browser(clinician), visit_url(patient, face)
    page = browser.fill(url, ASKED | treated(face))
    assert "The plan is paused." in page.text
    browser.fill(url, ASKED | treated(face, override_reason="Back early."))
    assert done_today().get().override_reason == "Back early."


def test_checking_costs_the_same_for_every_area(browser, patient, face, django_assert_num_queries):
    for area in (Area.NECK, Area.ARMS):
        plan_of(patient, area)
    data = browser.open(visit_url(patient)).form | ASKED
    plans = [name for name in data if name.endswith("-infection")]
    data |= {name.replace("infection", "include"): "on" for name in plans}
    url = page_url(patient, "visit_check")
    browser.post(url, data)
    with django_assert_num_queries(19):
        assert len(browser.post(url, data).response.json()) == 3


@pytest.mark.parametrize("in_service", [True, False])
def test_both_forms_offer_the_lasers_of_the_plan_or_say_that_there_is_none(browser, in_service):
    plan = PlanFactory(laser_type="ablative_fractional")
    LaserModeFactory(laser_type="non_ablative")
    mode = LaserModeFactory(laser_type="ablative_fractional", laser__in_service=in_service)
    own = browser.open(add_url("treatmentsession", plan=plan.pk)).select(".field-laser_mode")
    visit = browser.open(f"{page_url(plan.patient, 'visit')}?plan={plan.pk}")
    for box in (own[0], visit.select(".field-laser_mode")[0]):
        offered = [option.text for option in box.select("option")]
        assert offered == ["–", *([str(mode)] if in_service else [])]
        assert ("No ablative fractional laser is in service." in box.text) is not in_service
