"""Erasing from the chart: a preview, a reason, and the record number typed once more."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.models import AccessRecord, Erasure, Patient
from tests.factories import PatientFactory
from tests.factories.person import make_story

from .browsing import Browser, add_url, change_url, list_url, page_url

pytestmark = pytest.mark.django_db

REASON = {"reason": "Asked to.", "legal_reason": "Article 17."}
ERASED = "This person's data were erased. Nothing can be added."


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def browser(manager):
    return Browser(manager)


@pytest.fixture
def story(clinician):
    return make_story(clinician)


def erase(browser, patient, **changes):
    typed = REASON | {"confirm": patient.record_number} | changes
    return browser.fill(page_url(patient, "erase"), typed)


def test_the_preview_says_what_goes_and_what_stays(browser, story):
    text = browser.open(page_url(story.patient, "erase")).text
    for words in (
        "2 photos, with their files",
        "1 issued document, with its file",
        "5 drafts",
        "2 appointments, which are cancelled",
        "1 open course, which is stopped",
        f"All of it in {story.merged.record_number}",
        "1 adverse event is still open",
        "before that, erasing needs a legal reason",
        "Consultations: 2",
    ):
        assert words in text


def test_erased_from_the_chart(browser, story):
    chart = browser.open(page_url(story.patient, "chart"))
    page = browser.fill(chart.links["Erase"], REASON | {"confirm": story.patient.record_number})
    assert page.messages == ["Erased."]
    assert page.path == page_url(story.patient, "chart")
    assert "What remains does not identify the person" in page.text
    assert "Erase" not in page.links
    assert Erasure.objects.get().reason == "Asked to. (Kept for 10 years after the last visit.)"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"confirm": "P-999999"}, "confirm", "This is not the record number of this patient."),
        ({"confirm": ""}, "confirm", "This field is required."),
        ({"reason": ""}, "reason", "This field is required."),
        ({"legal_reason": " "}, "legal_reason", "This field is required."),
    ],
)
def test_a_confirmation_that_is_not_complete(browser, changes, field, words):
    patient = PatientFactory()
    page = erase(browser, patient, **changes)
    assert page.errors == {field: [words]}
    assert Erasure.objects.count() == 0
    assert page.form["reason"] == changes.get("reason", "Asked to.")


def test_a_reason_that_names_the_person(browser):
    patient = PatientFactory(family_name="Tulliver")
    page = erase(browser, patient, reason="Maggie Tulliver asked.")
    words = "This is kept permanently. Leave out names, numbers and contacts."
    assert page.errors == {"reason": [words]}


def test_past_retention_no_legal_reason_is_asked_for(browser):
    patient = PatientFactory(created_at=timezone.now() - timedelta(days=4000))
    page = browser.open(page_url(patient, "erase"))
    assert "legal_reason" not in page.names()
    data = {"reason": "Past retention.", "confirm": patient.record_number.lower()}
    assert browser.fill(page.path, data).messages == ["Erased."]


def test_somebody_erased_is_not_erased_again(browser, story):
    erase(browser, story.patient)
    page = browser.open(page_url(story.patient, "erase"))
    assert page.path == page_url(story.patient, "chart")
    assert page.messages == ["This person's data are erased already."]


def test_an_erased_person_is_in_no_list(browser, story):
    number = story.patient.record_number
    erase(browser, story.patient)
    assert browser.open(list_url("patient")).rows == []
    assert browser.open(list_url("patient", q=number)).rows == []
    find = reverse("admin:consultations_patient_find")
    assert "Erased" not in browser.open(f"{find}?q=Erased").text


def test_nothing_is_written_to_an_erased_person(browser, story, clinician):
    own = Browser(clinician)
    forms = {
        page: own.open(page).form | {"_save": "1"}
        for page in (
            change_url(story.patient),
            add_url("consultation", patient=story.patient.pk),
            add_url("appointment", patient=story.patient.pk, plan=story.plan.pk),
            add_url("adverseevent", session=story.session.pk),
            change_url(story.referral),
        )
    }
    erase(browser, story.patient)
    before = Patient.objects.get(pk=story.patient.pk).version
    for url, data in forms.items():
        assert ERASED in own.post(url, data).messages, url
    for page in ("visit", "photos"):
        assert own.open(page_url(story.patient, page)).status == 200
    assert "photos" not in own.open(page_url(story.patient, "photos")).names()
    assert Patient.objects.get(pk=story.patient.pk).version == before


def test_pages_of_an_erased_person_are_only_read(browser, story, clinician):
    erase(browser, story.patient)
    own = Browser(clinician)
    records = (story.patient, story.consultation, story.plan, story.session, story.event)
    for record in records:
        page = own.open(change_url(record))
        assert (page.status, page.select("[name=_save]")) == (200, [])
        assert own.open(page_url(record, "history")).status == 200
    chart = own.open(page_url(story.patient, "chart"))
    assert {"New consultation", "Record session", "Book"} & {*chart.links} == set()


# Export


def test_exported_from_the_chart(browser, story):
    page = browser.open(page_url(story.patient, "chart"))
    form = next(one for one in page.select("form") if one["action"].endswith("/export/"))
    token = form.select_one("[name=csrfmiddlewaretoken]")["value"]
    answer = browser.client.post(form["action"], {"csrfmiddlewaretoken": token})
    content = b"".join(answer.streaming_content)
    assert "person.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{story.patient.record_number}.zip"'
    )
    assert "no-store" in answer.headers["Cache-Control"]
    kept = AccessRecord.objects.get(kind="export")
    assert (kept.user, kept.patient, kept.address) == (browser.user, story.patient, "127.0.0.1")


def test_who_may_not_export_or_erase(story, clinician):
    own = Browser(clinician)
    assert own.client.post(page_url(story.patient, "export")).status_code == 403
    assert own.client.post(page_url(story.patient, "erase"), REASON).status_code == 403
    page = own.open(page_url(story.patient, "chart"))
    assert "Export all data" not in page.text
    assert "Erase" not in page.links
