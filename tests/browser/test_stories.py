"""Short stories of a day at the clinic, told at the screen. Their words are in `words.py`."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.models import AdverseEvent, AreaAssessment, Draft, Patient, SurgicalReferral
from consultations.models import TreatmentSession as Session
from consultations.models.text import day_in_words
from tests.admin.browsing import add_url, list_url, page_url
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
)
from tests.pictures import picture

from . import words
from .chromium import PHONE
from .promises import SIDEWAYS

TODAY = timezone.localdate
WIDTHS = [{}, PHONE]


@pytest.fixture
def course(db):
    """A face after its first session, a month ago, all questions asked."""
    day = TODAY() - timedelta(days=60)
    assessment = AssessmentFactory(consultation=ConsultationFactory(consulted_on=day))
    plan = PlanFactory(assessment=assessment, started_on=day)
    SessionFactory(
        plan=plan,
        performed_on=TODAY() - timedelta(days=30),
        fluence_j_cm2=Decimal(20),
        immunosuppressed=False,
    )
    return plan


def done_today():
    return Session.objects.done().filter(performed_on=TODAY())


@pytest.mark.parametrize("device", WIDTHS, ids=["desk", "phone"])
def test_a_first_consultation_judges_two_areas(story, clinician, device):
    patient = PatientFactory()
    screen = story(clinician, **device).open(page_url(patient, "chart"))
    screen.press(words.NEW_CONSULTATION)
    screen.fill({"Area": "Face", "Laxity": "Mild"})
    screen.reads("Mild laxity is what laser is for.")
    screen.press(words.ADD_AREA)
    screen.fill({"Area": "Stomach", "Laxity": "Moderate"}, row=1)
    screen.reads("Moderate laxity is what laser is for.")
    assert screen.page.evaluate(SIDEWAYS) == []
    screen.press(words.SAVE)
    screen.shows_page(words.CHART.format(patient.full_name))
    judged = AreaAssessment.objects.order_by("pk").values_list("area", "severity", "outcome")
    assert list(judged) == [
        ("face", "mild", "candidate"),
        ("stomach", "moderate", "candidate"),
    ]
    assert screen.answers <= 12


def test_a_severe_area_has_its_referral_at_once(story, clinician):
    patient = PatientFactory()
    screen = story(clinician).open(page_url(patient, "chart"))
    screen.press(words.NEW_CONSULTATION)
    screen.fill({"Area": "Neck", "Laxity": "Severe"})
    screen.reads("Laxity is severe: laser is not suitable.")
    screen.press(words.SAVE)
    screen.shows_page(words.CHART.format(patient.full_name))
    referral = SurgicalReferral.objects.get(assessment__area="neck", status="to_send")
    screen.press(words.SEND_REFERRAL)
    screen.arrives_at(add_url("referralsending", referral=referral.pk))


@pytest.mark.parametrize("device", WIDTHS, ids=["desk", "phone"])
def test_a_repeat_session_takes_three_presses(story, practitioner, course, device):
    screen = story(practitioner, **device).open(page_url(course.patient, "chart"))
    screen.press(words.RECORD_SESSION)
    screen.press(words.nothing_changed(day_in_words(TODAY() - timedelta(days=30))))
    screen.fill({"Fluence, J/cm²": "21", "Eyewear worn": "Yes"})
    screen.reads("No concerns for this session.")
    assert screen.page.evaluate(SIDEWAYS) == []
    screen.press(words.SAVE)
    screen.shows_page(words.CHART.format(course.patient.full_name))
    assert done_today().get().fluence_j_cm2 == Decimal(21)
    assert (screen.presses, screen.answers) == (3, 2)


def test_a_repeat_session_without_a_mouse(story, practitioner, course):
    screen = story(practitioner).open(page_url(course.patient, "chart"))
    screen.tab_to(screen.control(words.RECORD_SESSION))
    screen.enter()
    screen.shows_page(f"{course.patient.full_name}: {words.VISIT}")
    screen.tab_to(screen.field("Pregnant").locator("input"))
    screen.write("n" * 10)
    screen.tab_to(screen.field("Infection").locator("input"))
    screen.write("n")
    screen.tab_to(screen.control(words.SAVE))
    screen.enter()
    screen.shows_page(words.CHART.format(course.patient.full_name))
    session = done_today().get()
    assert (session.infection, session.isotretinoin, session.anticoagulants) == (
        False,
        "never",
        False,
    )


def test_typing_survives_a_killed_tab(story, clinician):
    patient = PatientFactory()
    url = add_url("consultation", patient=patient.pk)
    first = story(clinician).open(url)
    first.fill({"Concern": "My jawline is softer", "Area": "Face", "Laxity": "Mild"})
    first.press(words.ADD_AREA)
    first.fill({"Area": "Neck", "Laxity": "Moderate"}, row=1)
    first.reads("Draft saved at")
    first.page.locator("[data-draft-status]:not([data-waiting])").wait_for()
    first.page.close(run_before_unload=False)
    first.page = first.context.new_page()
    again = first.open(url)
    again.press(words.GO_ON)
    again.reads("Moderate laxity is what laser is for.")
    assert again.page.locator("#id_concern").input_value() == "My jawline is softer"
    again.press(words.SAVE)
    again.shows_page(words.CHART.format(patient.full_name))
    assert set(AreaAssessment.objects.values_list("area", flat=True)) == {"face", "neck"}
    assert Draft.objects.count() == 0


def test_a_draft_says_how_many_answers_have_no_place_any_more(story, clinician):
    """As after an upgrade that asks otherwise."""
    url = add_url("consultation", patient=PatientFactory().pk)
    screen = story(clinician).open(url)
    screen.fill({"Concern": "My jawline is softer"})
    screen.reads("Draft saved at")
    screen.page.locator("[data-draft-status]:not([data-waiting])").wait_for()
    draft = Draft.objects.get()
    draft.values |= {"pregnant_or_breastfeeding": ["true"], "photosensitising_drug": ["unknown"]}
    draft.save()
    screen.page.on("dialog", lambda leaving: leaving.accept())
    screen.open(url)
    screen.press(words.GO_ON)
    screen.reads("Put back, but for what this form no longer asks (answers: 1). Ask it anew.")
    assert screen.page.locator("#id_concern").input_value() == "My jawline is softer"


def test_a_draft_is_discarded_for_good(story, reception):
    screen = story(reception).open(add_url("patient"))
    screen.fill({"Family name": "Oka"})
    screen.reads("Draft saved at")
    screen.page.on("dialog", lambda leaving: leaving.accept())
    screen.open(add_url("patient"))
    screen.press(words.DISCARD)
    screen.page.locator("dialog[data-draft-offer]").wait_for(state="hidden")
    assert Draft.objects.count() == 0
    assert screen.page.locator("#id_family_name").input_value() == ""


def test_a_refused_form_keeps_its_draft(story, reception):
    screen = story(reception).open(add_url("patient"))
    screen.fill({"Family name": "Oka"})
    screen.press(words.SAVE)
    screen.reads("Please correct the error below.")
    screen.reads("Draft saved at")
    screen.page.locator("#id_family_name").press("End")
    screen.write("x")
    screen.page.keyboard.press("Backspace")
    screen.page.locator("[data-draft-status]:not([data-waiting])").wait_for()
    assert Draft.objects.get().values["family_name"] == "Oka"


def test_a_visit_that_is_gone_on_with_shows_every_area(story, practitioner, course):
    consultation = course.assessment.consultation
    neck = AssessmentFactory(consultation=consultation, area="neck")
    PlanFactory(assessment=neck, next_due_on=TODAY() + timedelta(days=90))
    url = page_url(course.patient, "visit")
    screen = story(practitioner).open(url)
    card = screen.page.locator(".area-card", has=screen.page.get_by_role("heading", name="Neck"))
    card.get_by_label("Treated in this visit").check()
    screen.reads("Draft saved at")
    screen.page.locator("[data-draft-status]:not([data-waiting])").wait_for()
    screen.page.on("dialog", lambda leaving: leaving.accept())
    screen.open(url)
    screen.press(words.GO_ON)
    card.get_by_label("Infection").locator("visible=true").first.wait_for()


def test_leaving_asks_only_with_unsaved_typing(story, reception):
    asked = []
    screen = story(reception).open(add_url("patient"))
    screen.page.on("dialog", lambda leaving: (asked.append(leaving.type), leaving.accept()))
    screen.open(add_url("patient"))
    assert asked == []
    screen.fill({"Family name": "Oka"})
    screen.open(list_url("patient"))
    assert asked == ["beforeunload"]


def test_a_lost_network_loses_nothing(story, reception):
    screen = story(reception).open(add_url("patient"))
    screen.context.set_offline(True)
    screen.fill({"Family name": "Oka"})
    screen.reads("Not saved: no connection.")
    screen.context.set_offline(False)
    screen.reads("Draft saved at")
    # The lost requests were the point.
    screen.troubles.clear()
    assert Draft.objects.get().values["family_name"] == "Oka"


def test_signed_out_while_typing_loses_nothing(story, reception):
    screen = story(reception).open(add_url("patient"))
    cookies = screen.context.cookies()
    screen.context.clear_cookies(name="sessionid")
    screen.fill({"Family name": "Oka"})
    screen.reads("You are signed out.")
    screen.press(words.SAVE)
    screen.reads("You are signed out.")
    screen.context.add_cookies(cookies)
    screen.reads("Draft saved at")
    assert Draft.objects.get().values["family_name"] == "Oka"


def test_a_mild_event_takes_three_presses(story, practitioner, course):
    screen = story(practitioner).open(page_url(course.patient, "chart"))
    screen.press(words.ADVERSE_EVENT)
    screen.page.get_by_label("Swelling").check()
    screen.press(words.SAVE)
    screen.shows_page(words.CHART.format(course.patient.full_name))
    assert AdverseEvent.objects.get().kind == "oedema"


def test_photos_need_consent_and_are_compared(story, practitioner, course):
    patient = course.patient
    screen = story(practitioner).open(page_url(patient, "photos"))
    screen.press("Hand to the patient to read and sign")
    screen.fill({"Your name": patient.full_name})
    screen.page.get_by_label("My typed name is my signature").check()
    screen.press("Sign")
    screen.press("For staff: back to the record")
    first, second = (
        {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": picture(colour=colour)}
        for colour in ("tan", "gold")
    )
    # Neither is the day of a session, which the label would name.
    before, after = (TODAY() - timedelta(days=days) for days in (200, 10))
    for day, file in ((before, first), (after, second)):
        screen.page.locator("input[type=file]").set_input_files(file)
        for choice in ("Face", "Front"):
            screen.page.get_by_role("radio", name=choice, exact=True).focus()
            screen.page.keyboard.press("Space")
        screen.fill({"Taken on": str(day)})
        screen.press(words.SAVE_PHOTOS)
        link = screen.page.locator("#gallery .photo-day", has_text=day_in_words(day))
        link.wait_for()
    screen.open(page_url(patient, "chart"))
    slider = screen.page.get_by_role("slider")
    slider.focus()
    screen.page.keyboard.press("ArrowRight")
    assert slider.input_value() == "51"
    assert slider.get_attribute("aria-label") == (
        f"Before, {day_in_words(before)} / after, {day_in_words(after)}, Face, front"
    )


def test_a_patient_is_found_from_any_page(story, clinician, course):
    patient = course.patient
    screen = story(clinician).open(list_url("laser"))
    screen.page.keyboard.press("/")
    screen.write(patient.family_name[:4])
    screen.reads("1 of 5")
    screen.page.keyboard.press("ArrowDown")
    screen.enter()
    screen.shows_page(words.CHART.format(patient.full_name))


def test_from_logging_in_to_a_chart_without_a_mouse(story, clinician):
    patient = PatientFactory()
    screen = story().open("/")
    screen.tab_to(screen.field(words.USERNAME))
    screen.write("clinician")
    screen.tab_to(screen.field(words.PASSWORD))
    screen.write("password")
    screen.enter()
    screen.shows_page(words.TODAY)
    screen.tab_to(screen.control(words.PATIENTS))
    screen.enter()
    screen.shows_page(words.PATIENTS)
    screen.tab_to(screen.control(patient.full_name))
    screen.enter()
    screen.shows_page(words.CHART.format(patient.full_name))


def test_reception_registers_a_patient_on_a_phone(story, reception):
    screen = story(reception, **PHONE).open(list_url("patient"))
    screen.press(words.ADD_PATIENT)
    screen.fill({"Family name": "Okafor", "Given name": "Ada", "Date of birth": "1980-02-29"})
    screen.fill({"Sex": "Female", "Phone": "07700 900999"})
    assert screen.page.evaluate(SIDEWAYS) == []
    screen.press(words.SAVE)
    assert screen.messages == ["Registered: Okafor, Ada (P-000001). Open details"]
    kept = Patient.objects.values_list("family_name", "given_name", "sex", "phone")
    assert list(kept) == [("Okafor", "Ada", "female", "07700 900999")]
