"""Sessions: started from last time's settings, stopped with a message, overridden with a reason."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models import TreatmentSession
from consultations.vocabulary import PlanStatus
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    LaserFactory,
    LaserModeFactory,
    PlanFactory,
    SessionFactory,
    appointment_for,
)

from . import answers
from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db

TOO_SOON = (
    "Only 13 days from the session on 1 Apr 2025; this laser needs 14. Book 15 Apr 2025 or later."
)
ALREADY = "A session on this day is already recorded."


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def mode():
    return LaserModeFactory()


def record(browser, plan, mode, day="2025-04-01", **others):
    url = add_url("treatmentsession", plan=plan.pk)
    return browser.fill(url, answers.session(mode, day, **others))


def test_session_is_recorded_by_its_operator(practitioner, plan, mode):
    page = record(Browser(practitioner), plan, mode)
    session = TreatmentSession.objects.get()
    assert page.path == page_url(plan.patient, "chart")
    assert page.messages[0] == "Face: 1 of 5 sessions done. Book next Session record Aftercare"
    kept = [session.status, session.operator, session.created_by, session.day]
    assert kept == ["done", practitioner, practitioner, date(2025, 4, 1)]
    plan.refresh_from_db()
    assert plan.next_due_on == date(2025, 4, 29)


def test_session_starts_today_with_oneself(browser, plan, clinician):
    form = browser.open(add_url("treatmentsession", plan=plan.pk)).form
    names = ["plan", "performed_on", "operator"]
    today = DayInput().format_value(timezone.localdate())
    assert [form[name] for name in names] == [str(plan.pk), today, str(clinician.pk)]


def test_session_starts_from_last_settings(browser, plan):
    last = SessionFactory(plan=plan, fluence_j_cm2=Decimal("22.5"), passes=3, cooling="air")
    page = browser.open(add_url("treatmentsession", plan=plan.pk))
    names = ["laser_mode", "fluence_j_cm2", "passes", "cooling"]
    assert [page.form[name] for name in names] == [str(last.laser_mode_id), "22.5", "3", "air"]
    assert page.help_of("fluence_j_cm2") == "Last time (31 Mar 2025): 22.5"


def test_modes_of_namesake_lasers_are_told_apart_by_serial_number(browser, plan):
    for name, number in (("Nd:YAG", "A1"), ("Nd:YAG", "B2"), ("Nd:YAG", ""), ("Diode", "C3")):
        LaserModeFactory(laser=LaserFactory(name=name, serial_number=number))
    page = browser.open(add_url("treatmentsession", plan=plan.pk))
    assert sorted(option.text for option in page.select("#id_laser_mode option")) == [
        "Diode: Long pulse",
        "Nd:YAG: Long pulse",
        "Nd:YAG: Long pulse (A1)",
        "Nd:YAG: Long pulse (B2)",
        "–",
    ]


def test_last_answers_are_offered_and_not_assumed(browser, plan):
    SessionFactory(plan=plan, anticoagulants=True, tattoo=False)
    page = browser.open(add_url("treatmentsession", plan=plan.pk))
    names = ["anticoagulants", "tattoo", "isotretinoin"]
    assert [page.help_of(name) for name in names] == [
        f"Last time (31 Mar 2025): {answer}" for answer in ("Yes", "No", "Never")
    ]
    assert [page.form[name] for name in names] == ["unknown", "unknown", ""]


def test_first_session_is_offered_the_consultations_answers(browser):
    consultation = ConsultationFactory(anticoagulants=True)
    plan = PlanFactory(assessment=AssessmentFactory(consultation=consultation))
    page = browser.open(add_url("treatmentsession", plan=plan.pk))
    assert page.help_of("anticoagulants") == "Last time (3 Mar 2025): Yes"


# Posted twice


def test_same_form_posted_twice_is_stored_once(browser, plan, mode):
    url = add_url("treatmentsession", plan=plan.pk)
    data = browser.open(url).form | answers.session(mode, "2025-04-01")
    browser.post(url, data)
    page = browser.post(url, data)
    assert page.messages == ["This form was already saved. Nothing was stored twice."]
    assert page.path == change_url(TreatmentSession.objects.get())


def test_same_day_without_a_token_is_refused_beside_the_day(browser, plan, mode):
    for _time in range(2):
        page = record(browser, plan, mode, token=None, override_reason="Leaves the country.")
    assert page.errors["performed_on"] == [ALREADY]
    assert TreatmentSession.objects.count() == 1


@pytest.mark.parametrize("token", ["abc", "\x00", "9" * 50, "<script>"])
def test_token_that_is_none_is_refused(browser, plan, mode, token):
    page = record(browser, plan, mode, token=token)
    assert page.status == 200
    assert page.errors


# What stops a session


def test_day_in_the_future_is_refused(browser, plan, mode):
    page = record(browser, plan, mode, timezone.localdate() + timedelta(days=1))
    assert page.errors["performed_on"] == ["A session cannot be done in the future."]
    assert not TreatmentSession.objects.exists()


def test_day_before_the_consultation_is_refused(browser, plan, mode):
    page = record(browser, plan, mode, "2025-03-02")
    assert page.errors["performed_on"] == ["This is before the consultation."]


def test_session_elsewhere_may_be_before_the_consultation(browser, plan):
    changes = {"performed_on": "2024-12-01", "performed_elsewhere": "Harley Street"}
    unsaid = {"operator": "", "laser_mode": ""}
    page = browser.fill(add_url("treatmentsession", plan=plan.pk), changes | unsaid)
    assert page.messages[0] == "Face: 1 of 5 sessions done. Book next"


def test_session_elsewhere_before_birth_is_refused(browser, plan):
    changes = {"performed_on": "1980-05-16", "performed_elsewhere": "Harley Street"}
    page = browser.fill(add_url("treatmentsession", plan=plan.pk), changes)
    assert page.errors["performed_on"] == ["This is before the patient was born."]


def test_session_too_soon_is_refused_to_a_practitioner(practitioner, plan, mode):
    browser = Browser(practitioner)
    record(browser, plan, mode)
    page = record(browser, plan, mode, "2025-04-14")
    assert page.errors == {
        "performed_on": [TOO_SOON],
        "override_reason": ["To treat anyway, ask a clinician to give a reason."],
    }
    assert page.form["performed_on"] == "Mon 14 Apr 2025"


def test_session_too_soon_is_refused_a_practitioners_reason(practitioner, plan, mode):
    browser = Browser(practitioner)
    record(browser, plan, mode)
    page = record(browser, plan, mode, "2025-04-14", override_reason="Leaves the country.")
    assert "Only a clinician can override." in page.errors["override_reason"]
    assert TreatmentSession.objects.count() == 1


def test_session_too_soon_needs_a_clinicians_reason(browser, plan, mode, clinician):
    record(browser, plan, mode)
    page = record(browser, plan, mode, "2025-04-14")
    assert page.errors == {
        "performed_on": [TOO_SOON],
        "override_reason": ["To treat anyway, give a reason."],
    }
    page = record(browser, plan, mode, "2025-04-14", override_reason="Leaves the country.")
    assert page.errors == {}
    kept = TreatmentSession.objects.latest("pk")
    assert [kept.override_reason, kept.overridden_by] == ["Leaves the country.", clinician]
    assert [finding["id"] for finding in kept.findings if finding["level"] == "block"] == [
        "interval.too_soon"
    ]


def test_override_can_be_taken_back(browser, plan, mode):
    record(browser, plan, mode, override_reason="Just in case.")
    session = TreatmentSession.objects.get()
    browser.fill(change_url(session), {"override_reason": ""})
    session.refresh_from_db()
    assert [session.override_reason, session.overridden_by, session.overridden_at] == [
        "",
        None,
        None,
    ]


def test_session_at_the_minimum_gap_is_kept(practitioner, plan, mode):
    browser = Browser(practitioner)
    record(browser, plan, mode)
    assert record(browser, plan, mode, "2025-04-15").errors == {}


@pytest.mark.parametrize("name", ["pregnant", "isotretinoin", "infection"])
def test_question_of_the_day_not_asked_is_refused(practitioner, plan, mode, name):
    blank = "" if name == "isotretinoin" else "unknown"
    page = record(Browser(practitioner), plan, mode, **{name: blank})
    assert page.errors[name][0].startswith("Ask today: ")
    assert not TreatmentSession.objects.exists()


def test_answer_of_today_that_forbids_the_laser_is_refused(practitioner, plan, mode):
    page = record(Browser(practitioner), plan, mode, infection="true")
    assert page.errors[""][0].startswith("Today's answers no longer allow non-ablative laser: ")


def test_mode_of_another_type_is_refused(practitioner, plan):
    page = record(Browser(practitioner), plan, LaserModeFactory(laser_type="ablative_full"))
    assert page.errors["laser_mode"][0].startswith(
        "This mode is fully ablative laser, but the plan is"
    )


def test_laser_out_of_service_is_refused(practitioner, plan):
    mode = LaserModeFactory(laser=LaserFactory(in_service=False))
    page = record(Browser(practitioner), plan, mode)
    assert page.errors["laser_mode"] == ["This laser is out of service. Use another one."]


@pytest.mark.parametrize(
    ("fluence", "reason"), [("500", ""), ("399", ""), ("1", ""), ("500", "OK")]
)
def test_wrong_unit_is_refused_whatever_the_reason(browser, plan, fluence, reason):
    mode = LaserModeFactory(fluence_j_cm2_min=Decimal("12"), fluence_j_cm2_max=Decimal("39"))
    page = record(browser, plan, mode, fluence_j_cm2=fluence, override_reason=reason)
    assert list(page.errors) == ["fluence_j_cm2"]
    told = "Ten times outside this mode's range (12 to 39): wrong unit?"
    beyond = "Ensure this value is less than or equal to 400."
    assert page.errors["fluence_j_cm2"][0] in (told, beyond)


def test_setting_slightly_outside_needs_a_reason(browser, plan, mode):
    page = record(browser, plan, mode, fluence_j_cm2="51")
    assert page.errors == {
        "fluence_j_cm2": [
            "Fluence 51 J/cm² is outside this mode's range, 10 to 50. Check the value and its unit."
        ],
        "override_reason": ["To treat anyway, give a reason."],
    }
    assert (
        record(browser, plan, mode, fluence_j_cm2="51", override_reason="Thick skin.").errors == {}
    )


def test_jump_from_last_time_is_kept_and_said(browser, plan, mode):
    SessionFactory(plan=plan, laser_mode=mode, fluence_j_cm2=Decimal(20))
    page = record(browser, plan, mode, "2025-05-01", fluence_j_cm2="30")
    assert "Fluence 30 J/cm² is more than 20 % above last time (20)." in page.messages[1]


@pytest.mark.parametrize("passes", ["0", "21", "-1", "1.5"])
def test_passes_out_of_bounds_are_refused(browser, plan, mode, passes):
    page = record(browser, plan, mode, passes=passes)
    assert list(page.errors) == ["passes"]
    assert page.form["passes"] == passes


@pytest.mark.parametrize("name", ["pain", "satisfaction"])
def test_score_above_ten_is_refused(browser, plan, mode, name):
    assert list(record(browser, plan, mode, **{name: "11"}).errors) == [name]


def test_done_without_operator_and_laser_is_refused(browser, plan, mode):
    page = record(browser, plan, mode, operator="", laser_mode="")
    assert [page.errors["operator"], page.errors["laser_mode"]] == [
        ["Say who performed the session."],
        ["Say which laser and mode was used."],
    ]


def test_practitioner_cannot_record_for_another(practitioner, clinician, plan, mode):
    page = record(Browser(practitioner), plan, mode, operator=clinician.pk)
    assert page.errors == {"operator": ["You can record your own sessions only."]}


def test_clinician_records_for_another(browser, practitioner, plan, mode):
    record(browser, plan, mode, operator=practitioner.pk)
    assert TreatmentSession.objects.get().operator == practitioner


def test_practitioner_cannot_change_anothers_session(practitioner):
    session = SessionFactory()
    browser = Browser(practitioner)
    assert browser.open(change_url(session)).select("input[name=_save]") == []
    assert browser.post(change_url(session), {"notes": "x"}).status == 403


@pytest.mark.parametrize("status", [PlanStatus.PAUSED, PlanStatus.STOPPED])
def test_session_on_a_plan_that_rests_is_refused(practitioner, mode, status):
    plan = PlanFactory(status=status, status_reason="On holiday.")
    page = record(Browser(practitioner), plan, mode)
    assert f"The plan is {status.value}." in page.text
    assert not TreatmentSession.objects.exists()


# Signing


def test_signed_is_read_only(browser, plan, mode, clinician):
    url = add_url("treatmentsession", plan=plan.pk)
    browser.sign(url, answers.session(mode, "2025-04-01", notes="As it was."))
    session = TreatmentSession.objects.get()
    page = browser.open(change_url(session))
    assert session.signed_by == clinician
    assert [page.names(), page.select("input[name=_save]")] == [set(), []]
    assert "As it was." in page.text


def test_signed_posted_again_changes_nothing(browser, plan, mode):
    session = SessionFactory(plan=plan, operator=browser.user)
    data = browser.open(change_url(session)).form | {"notes": "Later."}
    browser.sign(change_url(session))
    page = browser.post(change_url(session), data)
    assert page.messages == ["This was signed by clinician and can no longer be changed."]
    session.refresh_from_db()
    assert [session.notes, session.is_signed] == ["", True]


@pytest.mark.parametrize("pk", ["999999", "abc", "9" * 40, ""])
@pytest.mark.parametrize("name", ["plan", "operator", "laser_mode"])
def test_foreign_key_to_nothing_is_refused(browser, plan, mode, name, pk):
    changes = answers.session(mode, "2025-04-01") | {"operator": browser.user.pk, "plan": plan.pk}
    page = browser.fill(add_url("treatmentsession"), changes | {name: pk})
    assert list(page.errors) == [name]
    assert not TreatmentSession.objects.exists()


def test_next_is_not_booked_beside_a_booking(browser, plan, mode):
    appointment_for(plan, starts_at=timezone.now() + timedelta(days=40))
    page = record(browser, plan, mode, "2025-04-01")
    assert page.messages[0] == "Face: 1 of 5 sessions done. Session record Aftercare"


def test_former_bookings_are_in_no_list_and_signed_ones_are_still_read(browser, plan):
    SessionFactory(plan=plan, booked=True)
    signed = {"signed_by": browser.user, "signed_at": timezone.now()}
    missed = SessionFactory(plan=plan, missed=True, **signed)
    SessionFactory(plan=plan)
    rows = browser.open("/admin/consultations/treatmentsession/").rows
    assert [row[-1] for row in rows] == ["Not signed"]
    page = browser.open(change_url(missed))
    assert (page.status, page.path) == (200, change_url(missed))


def test_namesake_lasers_are_told_apart_where_no_plan_is_known(browser):
    for number in ("1", "2", "", ""):
        LaserModeFactory(laser__name="Diode", laser__serial_number=number, name="Long")
    page = browser.open(add_url("treatmentsession"))
    offered = {option.text for option in page.select("[name=laser_mode] option")}
    assert len(offered) == 5
