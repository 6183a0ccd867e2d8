"""Consent to a course in the browser: read and signed on its own page, withdrawn at the desk."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.actions.consents import withdraw
from consultations.models import Consent
from consultations.vocabulary import LaserType
from tests.factories import (
    ClinicSettingsFactory,
    ConsentFactory,
    ConsentWordingFactory,
    PatientFactory,
    PlanFactory,
    TreatmentConsentFactory,
)

from .browsing import Browser, change_url, page_url, words

pytestmark = pytest.mark.django_db
LINE = json.dumps([[[10 * n, 100, 20 * n] for n in range(20)]])


@pytest.fixture
def plan(db):
    today = timezone.localdate()
    return PlanFactory(consented=False, started_on=today - timedelta(days=30))


@pytest.fixture
def browser(practitioner):
    return Browser(practitioner)


def sign(browser, plan, **typed):
    data = {"signed_name": "Given Family", "points": LINE} | typed
    return browser.fill(page_url(plan, "consent"), data, button="_agree")


def test_patient_reads_what_is_signed_and_hands_the_device_back(browser, plan, practitioner):
    page = browser.open(page_url(plan, "consent"))
    for part in ("What is planned", "What it costs", "What else could be done", "I have read this"):
        assert part in page.text
    assert page.select("#header, nav") == []
    page = sign(browser, plan)
    assert "Please hand the device back." in page.text
    assert page.select("#header, nav, .banner") == []
    consent = Consent.objects.get()
    assert (consent.signed_name, len(consent.points[0])) == ("Given Family", 20)
    assert (consent.created_by, consent.given_on) == (practitioner, timezone.localdate())


def test_typed_name_alone_is_a_signature(browser, plan):
    sign(browser, plan, points="", name_alone="on")
    assert Consent.objects.get().points == []


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ("", "Please sign in the box, or sign by your typed name."),
        ("[[[5,5,5]]]", "Please sign in the box, or sign by your typed name."),
        ("[[[5,5,5]", "The drawing could not be read. Please sign again."),
        ("[[[5,5,5000000]]]", "The drawing could not be read. Please sign again."),
    ],
)
def test_what_is_no_signature_comes_back_with_what_was_typed(browser, plan, points, told):
    page = sign(browser, plan, points=points)
    assert page.errors == {"points": [told]}
    assert page.form["signed_name"] == "Given Family"
    assert not Consent.objects.exists()


def test_changed_between_reading_and_signing(browser, plan):
    data = browser.open(page_url(plan, "consent")).form
    ConsentWordingFactory(kind="treatment", text="Other words.")
    data |= {"signed_name": "Given Family", "points": LINE, "_agree": "1"}
    page = browser.post(page_url(plan, "consent"), data)
    told = "The wording was changed a moment ago. Read it again, then sign."
    assert told in page.text
    assert "Other words." in page.text
    assert not Consent.objects.exists()


def test_posted_twice_is_stored_once(browser, plan):
    data = browser.open(page_url(plan, "consent")).form
    data |= {"signed_name": "Given Family", "points": LINE, "_agree": "1"}
    for _number in range(2):
        browser.post(page_url(plan, "consent"), data)
    assert Consent.objects.count() == 1


def test_refusal_is_kept(browser, plan):
    page = browser.fill(page_url(plan, "consent"), {"no_reason": "Too dear."}, button="_refuse")
    consent = Consent.objects.get()
    assert (consent.refused, consent.no_reason) == (True, "Too dear.")
    assert page.path == page_url(plan.patient, "consents")
    assert "refused" in page.text


def test_paper_counts_for_courses_from_before_alone(browser, plan):
    assert "Signed on paper" not in browser.open(page_url(plan, "consent")).text
    ClinicSettingsFactory(consent_from=timezone.localdate() + timedelta(days=1))
    typed = {"paper-signed_name": "Given Family", "paper-given_on": "3 Mar 2025"}
    page = browser.fill(page_url(plan, "consent"), typed, button="_paper")
    assert page.errors == {"paper-kept_at": ["This field is required."]}
    typed["paper-kept_at"] = "Folder 3"
    browser.fill(page_url(plan, "consent"), typed, button="_paper")
    consent = Consent.objects.get()
    assert (consent.kept_at, f"{consent.given_on}") == ("Folder 3", "2025-03-03")


def test_practitioner_takes_no_consent_to_ablative_laser(browser, clinician):
    plan = PlanFactory(consented=False, laser_type=LaserType.ABLATIVE_FRACTIONAL)
    assert browser.open(page_url(plan, "consent")).status == 403
    assert Browser(clinician).open(page_url(plan, "consent")).status == 200


def test_chart_leads_to_taking_consent(clinician, plan):
    chart = Browser(clinician).open(page_url(plan.patient, "chart"))
    assert "Consent missing" in chart.text
    assert chart.links["Take consent"] == page_url(plan, "consent")


def test_visit_says_what_is_missing_and_leads_there(browser, plan):
    page = browser.open(f"{page_url(plan.patient, 'visit')}?plan={plan.pk}")
    assert page.links["Take consent"] == page_url(plan, "consent")


def test_consent_shows_all_that_was_read(browser, plan):
    sign(browser, plan)
    page = browser.open(change_url(Consent.objects.get()))
    for part in (
        "Face, mild: non-ablative laser, 5 sessions",
        "What else could be done",
        "unchanged",
    ):
        assert part in page.text
    assert page.select(".signed-drawing svg path")


def test_withdrawal_of_treatment_needs_a_reason(browser, plan):
    consent = TreatmentConsentFactory(plan=plan)
    day = timezone.localdate()
    page = browser.fill(page_url(consent, "withdraw"), {"withdrawn_on": day})
    assert page.errors == {"no_reason": ["Say why, as the patient says it."]}
    browser.fill(page_url(consent, "withdraw"), {"withdrawn_on": day, "no_reason": "Afraid."})
    consent.refresh_from_db()
    assert (consent.withdrawn_on, consent.no_reason) == (day, "Afraid.")
    assert consent.withdrawn_at is not None


def test_reception_records_a_withdrawal(reception, plan):
    consent = TreatmentConsentFactory(plan=plan, given_on=plan.started_on)
    browser = Browser(reception)
    page = browser.open(page_url(plan.patient, "consents"))
    page = browser.fill(page.links["Withdraw"], {"no_reason": "Moved away."})
    consent.refresh_from_db()
    assert (consent.withdrawn_on, consent.changed_by) == (timezone.localdate(), reception)
    assert "refused or withdrawn" in page.text


def test_withdrawal_comes_back_with_what_is_wrong(reception, plan):
    consent = TreatmentConsentFactory(plan=plan, given_on=plan.started_on)
    browser = Browser(reception)
    url = browser.open(page_url(plan.patient, "consents")).links["Withdraw"]
    page = browser.fill(url, {"withdrawn_on": "3 Mar 2020", "no_reason": "Afraid."})
    assert page.errors == {"withdrawn_on": ["This is before the consent was given."]}
    assert page.form["no_reason"] == "Afraid."
    consent.refresh_from_db()
    assert consent.withdrawn_on is None


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (None, "missing"),
        ({"refused": True}, "refused or withdrawn"),
        ({"given_on": "today"}, "may be treated from"),
        ({"severity": "severe"}, "missing"),
        ({}, "given"),
    ],
)
def test_reception_reads_where_consent_stands_and_no_more(reception, plan, made, words):
    if made is not None:
        made = made | ({"given_on": timezone.localdate()} if "given_on" in made else {})
        TreatmentConsentFactory(plan=plan, **{"given_on": plan.started_on} | made)
    for page, before in (("consents", plan.name), ("change", "Consent")):
        shown = Browser(reception).open(page_url(plan.patient, page))
        assert f"{before} {words}" in shown.text
        assert "graded" not in shown.text
        assert "Photos" not in shown.text


@pytest.mark.parametrize(("kind", "back"), [("photo", "photos"), ("publicity", "consents")])
def test_photos_and_their_use_in_advertising_are_signed_apart(browser, kind, back):
    patient = PatientFactory()
    page = browser.open(page_url(patient, "consents"))
    asked = page_url(patient, f"{kind}_consent")
    assert asked in [link["href"] for link in page.select("a")]
    page = browser.fill(asked, {"signed_name": "Given Family", "points": LINE})
    consent = Consent.objects.get()
    signed = (consent.wording.kind, consent.signed_name, len(consent.points), consent.is_as_signed)
    assert signed == (kind, "Given Family", 1, True)
    assert "Please hand the device back" in page.text
    assert page.links["For staff: back to the record"] == page_url(patient, back)


@pytest.mark.parametrize(
    ("page", "kind"),
    [("publicity_consent", "publicity"), ("photo_consent", "photo"), ("photos", "photo")],
)
def test_who_does_not_agree_is_not_asked_again_as_if_never_asked(browser, page, kind):
    patient = PatientFactory()
    browser.fill(page_url(patient, page), {"no_reason": "Private."}, button="_refuse")
    consent = Consent.objects.get()
    kept = [consent.wording.kind, consent.refused, consent.no_reason]
    assert kept == [kind, True, "Private."]
    assert "refused" in browser.open(page_url(patient, "consents")).text


def test_consent_to_a_course_that_ended_is_still_listed(browser, plan, clinician):
    TreatmentConsentFactory(plan=plan)
    plan.status, plan.status_reason = "stopped", "Moved."
    plan.save(by=clinician)
    page = browser.open(page_url(plan.patient, "consents"))
    assert "stopped" in page.text
    assert "Signed on" in page.text


@pytest.mark.parametrize("page", ["photo_consent", "publicity_consent"])
def test_what_keeps_a_consent_from_being_signed_stands_first(browser, page):
    page = browser.fill(page_url(PatientFactory(), page), {"signed_name": ""})
    [told] = page.select(".errornote")
    assert [[words(link), link["href"]] for link in told.select("a")] == [
        ["This field is required.", "#id_signed_name"],
        ["Please sign in the box, or sign by your typed name.", "#signature"],
    ]


def test_nothing_is_signed_for_a_course_that_ended(browser, plan, clinician):
    consent = TreatmentConsentFactory(plan=plan)
    withdraw(consent=consent, on=timezone.localdate(), reason="Afraid.", by=clinician)
    plan.refresh_from_db()
    plan.status, plan.status_reason = "stopped", "Afraid."
    plan.save(by=clinician)
    page = browser.open(page_url(plan, "consent"))
    assert page.path == change_url(plan)
    assert page.messages == ["This plan has ended. Consent is given to one that goes on."]


def test_reception_is_told_of_no_consent_to_photos(reception):
    consent = ConsentFactory()
    url = page_url(consent, "withdraw")
    assert Browser(reception).open(url).status == 404
