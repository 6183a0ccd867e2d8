"""History: who changed what, when and why; clinical fields only for those who may read them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    AddendumFactory,
    ConsultationFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
)

from .browsing import Browser, change_url, page_url, words

pytestmark = pytest.mark.django_db


def changes(page):
    return [
        [words(cell) for cell in row.select("th, td")] for row in page.select(".versions tbody tr")
    ]


def test_history_says_who_before_and_after(clinician):
    patient = PatientFactory(phone="1001")
    browser = Browser(clinician)
    browser.fill(change_url(patient), {"phone": "1002", "keloid_history": "true"})
    page = browser.open(page_url(patient, "history"))
    assert changes(page) == [
        ["Phone", "1001", "1002"],
        ["Keloid or hypertrophic scars, ever", "–", "Yes"],
    ]
    latest, first = [words(version) for version in page.select(".versions li > p")]
    assert "clinician" in latest
    assert first.endswith("created")


def test_history_says_why(clinician):
    plan, browser = PlanFactory(), Browser(clinician)
    reason = {"planned_sessions": 6, "extension_reason": "Improving."}
    browser.fill(change_url(plan), reason)
    page = browser.open(page_url(plan, "history"))
    assert "Improving." in words(page.select(".versions li > p")[0])
    assert ["Planned sessions", "5", "6"] in changes(page)


def test_history_hides_clinical_fields_from_reception(reception, clinician):
    patient = PatientFactory()
    clinical = {"phone": "1002", "allergies": "Latex", "keloid_history": "true"}
    Browser(clinician).fill(change_url(patient), clinical)
    page = Browser(reception).open(page_url(patient, "history"))
    assert changes(page) == [["Phone", "–", "1002"]]
    assert "Latex" not in page.text


def test_history_of_a_session_hides_clinical_fields_from_reception(reception, clinician):
    session = SessionFactory()
    Browser(clinician).fill(change_url(session), {"notes": "Blistered.", "pain": "7"})
    page = Browser(reception).open(page_url(session, "history"))
    assert changes(page) == []
    assert "Blistered" not in page.text


def test_history_of_a_plan_hides_clinical_reasons_from_reception(reception, clinician):
    plan = PlanFactory()
    Browser(clinician).fill(change_url(plan), {"status": "paused", "status_reason": "Pregnant."})
    page = Browser(reception).open(page_url(plan, "history"))
    assert ["Status", "Active", "Paused"] in changes(page)
    assert "Pregnant" not in page.text


def test_history_of_an_extension_hides_its_reason_from_reception(reception, clinician):
    plan = PlanFactory()
    reason = {"planned_sessions": 6, "extension_reason": "Keloid risk."}
    Browser(clinician).fill(change_url(plan), reason)
    assert "Keloid" not in Browser(reception).open(page_url(plan, "history")).text


def test_history_of_an_error_hides_its_reason_from_reception(reception, clinician):
    session = SessionFactory()
    Browser(clinician).fill(page_url(session, "entered_in_error"), {"reason": "Has HIV."})
    browser = Browser(reception)
    assert "Has HIV" not in browser.open(page_url(session, "history")).text
    assert "Has HIV" not in browser.open(change_url(session)).text


def test_history_shows_markup_as_text(clinician):
    patient, browser = PatientFactory(), Browser(clinician)
    browser.fill(change_url(patient), {"address": "<script>alert(1)</script>"})
    content = browser.open(page_url(patient, "history")).response.content.decode()
    assert "<script>alert" not in content


def test_a_longer_history_goes_on(clinician, monkeypatch):
    monkeypatch.setattr("consultations.admin.pages.history.SHOWN_AT_MOST", 3)
    patient, browser = PatientFactory(), Browser(clinician)
    for number in range(1001, 1008):
        patient.phone = str(number)
        patient.save(by=clinician)
    url = page_url(patient, "history")
    page, told, costs = browser.open(url), [], []
    while True:
        told += [[after for _field, _before, after in changes(page)]]
        if "Earlier" not in page.links:
            break
        with CaptureQueriesContext(connection) as asked:
            page = browser.open(url + page.links["Earlier"])
        costs.append(len(asked))
    assert told == [["1007", "1006", "1005"], ["1004", "1003", "1002"], ["1001"]]
    assert len(set(costs)) == 1


def test_history_is_in_the_order_in_which_it_was_written(clinician, monkeypatch):
    """Whatever its times say: they stand beside it."""
    monkeypatch.setattr("consultations.admin.pages.history.SHOWN_AT_MOST", 2)
    patient, browser = PatientFactory(), Browser(clinician)
    for number in range(1001, 1005):
        patient.phone = str(number)
        patient.save(by=clinician)
    row = patient.history.model._base_manager.get(phone="1003")
    forged = row.history_date - timedelta(days=400)
    type(row)._base_manager.filter(pk=row.pk).update(history_date=forged)
    first = browser.open(page_url(patient, "history"))
    second = browser.open(page_url(patient, "history") + first.links["Earlier"])
    told = [after for page in (first, second) for _field, _before, after in changes(page)]
    assert told == ["1004", "1003", "1002", "1001"]
    marked = [
        "written later than its time says" in words(one) for one in first.select(".versions li > p")
    ]
    assert marked[:2] == [False, True]


def test_addenda_are_in_the_history_that_goes_on(clinician, monkeypatch):
    monkeypatch.setattr("consultations.admin.pages.history.SHOWN_AT_MOST", 2)
    consultation = ConsultationFactory(signed_by=clinician, signed_at=timezone.now())
    for number in range(3):
        AddendumFactory(consultation=consultation, text=f"Addendum {number}.")
    browser, url = Browser(clinician), page_url(consultation, "history")
    first = browser.open(url)
    second = browser.open(url + first.links["Earlier"])
    assert [after for _field, _before, after in changes(first)] == ["Addendum 2.", "Addendum 1."]
    assert [after for _field, _before, after in changes(second)] == ["Addendum 0."]
    assert "Earlier" not in second.links


@pytest.mark.parametrize("before", ["", "x", "-1", "²", "9" * 18, "9" * 5000, "1e9", "%00"])
def test_history_before_nonsense_is_harmless(clinician, before):
    page = Browser(clinician).open(f"{page_url(PatientFactory(), 'history')}?before={before}")
    assert page.status == (400 if before == "%00" else 200)


@pytest.mark.parametrize("pk", ["999999", "abc", "9" * 40, "²"])
@pytest.mark.parametrize("model", ["patient", "consultation", "treatmentsession", "lasermode"])
def test_history_of_nothing_is_not_found(clinician, model, pk):
    assert Browser(clinician).open(f"/admin/consultations/{model}/{pk}/history/").status == 404
