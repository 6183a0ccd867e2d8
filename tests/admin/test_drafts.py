"""Drafts: stored while one types, offered on return, gone once saved, and nobody else's."""

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from consultations.actions.drafts import clear_drafts
from consultations.models import AccessRecord, Draft, Patient
from consultations.models.draft import MOST
from consultations.permissions import RECEPTION
from tests.factories import ConsultationFactory, DraftFactory, PatientFactory, PlanFactory

from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db

URL = reverse("admin:consultations_draft")
FORM = add_url("patient")
TYPED = {"family_name": "Half a na"}


@pytest.fixture
def browser(reception):
    return Browser(reception)


def store(browser, form=FORM, values=TYPED, **others):
    data = {"form": form, "values": json.dumps(values), "title": "New patient"} | others
    return browser.post(URL, data)


def given(browser, form=FORM):
    return browser.client.get(URL, {"form": form}).json()["draft"]


def test_what_is_typed_is_stored_and_given_back(browser):
    answer = store(browser).response.json()
    assert answer == {"saved_at": given(browser)["saved_at"]}
    assert given(browser)["values"] == TYPED


def test_typing_on_replaces_what_was_stored(browser):
    store(browser)
    store(browser, values={"family_name": "Half a name"})
    assert given(browser)["values"] == {"family_name": "Half a name"}
    assert Draft.objects.count() == 1


def test_a_hundred_drafts_are_enough_and_none_is_lost(browser, reception):
    forms = [f"/admin/consultations/patient/{number}/change/" for number in range(MOST)]
    Draft.objects.bulk_create(Draft(user=reception, form=form, title="x") for form in forms)
    answer = store(browser).response
    assert (answer.status_code, answer.json()) == (
        409,
        {"error": "You have 100 unfinished forms. Save or discard some of them on Today first."},
    )
    assert store(browser, forms[0]).response.status_code == 200
    browser.post(URL, {"form": forms[1], "discard": "1"})
    assert store(browser).response.status_code == 200
    assert Draft.objects.count() == MOST


def test_draft_is_offered_on_return(browser):
    assert browser.open(FORM).select("[data-draft-offer]") == []
    store(browser)
    assert "You have an unfinished draft" in browser.open(FORM).text


@pytest.mark.parametrize("way", ["address", "query", "chooser"])
def test_draft_about_somebody_erased_is_not_kept(admin, way):
    consultation = ConsultationFactory()
    patient, add = consultation.patient, add_url("consultation")
    form = {"address": change_url(consultation), "query": f"{add}?patient={patient.pk}"}
    values = TYPED | ({"patient": str(patient.pk)} if way == "chooser" else {})
    browser = Browser(admin)
    assert store(browser, form.get(way, add), values).status == 200
    Patient.objects.filter(pk=patient.pk).update(erased_at=timezone.now())
    before = Draft.objects.get().saved_at
    assert store(browser, form.get(way, add), values).status == 410
    assert Draft.objects.get().saved_at == before
    DraftFactory(form=add_url("patient"))
    assert clear_drafts() == 1
    assert Draft.objects.get().form == add_url("patient")


def test_draft_is_read_by_nobody_else(browser, admin):
    store(browser)
    other = Browser(admin)
    assert given(other) is None
    assert other.open(FORM).select("[data-draft-offer]") == []


def demoted(user):
    """The same person, now of the desk alone, signed in anew."""
    user.groups.set([Group.objects.get(name=RECEPTION)])
    return Browser(type(user).objects.get(pk=user.pk))


@pytest.mark.parametrize("page", ["consultation", "visit", "addendum"])
def test_draft_of_a_form_that_is_closed_now_is_given_to_nobody(clinician, page):
    signed = ConsultationFactory(signed_by=clinician, signed_at=timezone.now())
    form = {
        "consultation": change_url(ConsultationFactory()),
        "visit": page_url(signed.patient, "visit"),
        "addendum": page_url(signed, "addendum"),
    }[page]
    store(Browser(clinician), form, {"notes": "Has HIV."})
    assert given(Browser(clinician), form)["values"] == {"notes": "Has HIV."}
    browser = demoted(clinician)
    assert given(browser, form) is None
    today = browser.open(reverse("admin:index"))
    assert form not in today.links.values()
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("clinical", [{"allergies": "Latex"}, {"phone": "1002"}])
def test_draft_with_a_field_that_is_closed_now_is_given_to_nobody(clinician, clinical):
    form = change_url(PatientFactory())
    store(Browser(clinician), form, {"family_name": "Okafor", "read_version": "1"} | clinical)
    browser = demoted(clinician)
    assert (given(browser, form) is None) is ("allergies" in clinical)
    offered = browser.open(form).select("[data-draft-offer]")
    assert bool(offered) is ("allergies" not in clinical)


def test_draft_of_a_session_holds_nothing_clinical_for_reception(clinician, reception):
    form = add_url("treatmentsession", plan=PlanFactory().pk)
    store(Browser(clinician), form, {"pain": "7"})
    assert given(Browser(clinician), form) is not None
    assert given(demoted(clinician), form) is None


def test_draft_of_a_booking_is_given_to_reception(reception):
    plan = PlanFactory()
    form = add_url("appointment", patient=plan.patient.pk, plan=plan.pk)
    store(Browser(reception), form, {"starts_at_0": "2035-01-01", "note": "By bus."})
    assert given(Browser(reception), form)["values"]["note"] == "By bus."


def test_draft_given_without_its_page_is_an_opening(clinician):
    browser, patient = Browser(clinician), PatientFactory()
    form = add_url("consultation", patient=patient.pk)
    store(browser, form)
    for _time in range(2):
        given(browser, form)
    assert AccessRecord.objects.filter(patient=patient, user=clinician).count() == 1


def test_draft_is_gone_once_saved(browser):
    store(browser)
    changes = {"family_name": "Okafor", "date_of_birth": "1980-02-29"}
    browser.fill(FORM, changes)
    assert (Patient.objects.count(), Draft.objects.count()) == (1, 0)


def test_draft_stays_while_the_form_is_refused(browser):
    store(browser)
    browser.fill(FORM, {"family_name": "Okafor", "date_of_birth": ""})
    assert Draft.objects.count() == 1


def test_drafts_of_other_forms_stay(browser):
    patient = PatientFactory()
    store(browser, form=change_url(patient))
    browser.fill(FORM, {"family_name": "Okafor", "date_of_birth": "1980-02-29"})
    assert given(browser, change_url(patient))["values"] == TYPED


def test_draft_is_discarded(browser):
    store(browser)
    browser.post(URL, {"form": FORM, "discard": "1"})
    assert Draft.objects.count() == 0


def test_nobody_elses_draft_is_discarded(browser, admin):
    DraftFactory(user=admin, form=FORM)
    browser.post(URL, {"form": FORM, "discard": "1"})
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    "form",
    [
        "",
        "/admin/",
        "/nowhere/",
        "https://elsewhere.example/admin/consultations/patient/add/",
        f"{FORM}?{'q' * 600}",
        f"{FORM}?\x00",
        reverse("admin:consultations_patient_changelist"),
    ],
)
def test_only_forms_have_drafts(browser, form):
    assert store(browser, form=form).status == 400
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("values", ["", "[", "[1]", "1", json.dumps({"a": "x" * 200_001})])
def test_what_is_no_draft_is_refused(browser, values):
    assert browser.post(URL, {"form": FORM, "values": values}).status == 400


@pytest.mark.parametrize(
    "values", ['{"a": NaN}', '{"a": 1e400}', '{"a": null}', '{"a": {"b": 1}}', "[" * 150_000]
)
def test_what_no_form_holds_is_refused(browser, values):
    assert browser.post(URL, {"form": FORM, "values": values}).status == 400


def test_halves_of_characters_are_left_out(browser):
    data = {"form": FORM, "values": '{"family_name": "A\\ud800B"}', "title": "T"}
    browser.post(URL, data)
    assert given(browser)["values"] == {"family_name": "AB"}


def test_words_that_look_like_codes_are_kept(browser):
    store(browser, values={"family_name": "\\u0000"})
    assert given(browser)["values"] == {"family_name": "\\u0000"}


def test_draft_is_found_whichever_way_one_comes(clinician):
    patient = PatientFactory()
    browser, form = Browser(clinician), add_url("consultation", patient=patient.pk)
    store(browser, form=form)
    assert browser.open(f"{form}&_changelist_filters=q").select("[data-draft-offer]")
    assert browser.open(add_url("consultation")).select("[data-draft-offer]") == []


def test_draft_of_a_record_signed_meanwhile_is_still_read(clinician):
    consultation = ConsultationFactory(signed_by=clinician, signed_at=timezone.now())
    browser, form = Browser(clinician), change_url(consultation)
    store(browser, form=form, values={"notes": "Half a thought"})
    page = browser.open(form)
    assert "Unsaved text from" in page.text
    assert "Half a thought" in page.text


def test_characters_no_database_keeps_are_left_out(browser):
    store(browser, values={"family_name": "A\x00B"}, title="New\x00")
    assert given(browser)["values"] == {"family_name": "AB"}


def test_who_is_signed_out_is_sent_to_sign_in(client):
    assert client.post(URL, {"form": FORM}).status_code == 302


def test_visit_keeps_drafts(clinician):
    form = page_url(PatientFactory(), "visit")
    browser = Browser(clinician)
    store(browser, form=form)
    assert given(browser, form)["values"] == TYPED
