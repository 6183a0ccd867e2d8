"""Somebody of the same name and birth date: told beside the name, before there are two records."""

from datetime import date

import pytest
from django.urls import reverse

from consultations.actions.signing import mark_in_error
from consultations.models import Patient
from tests.factories import PatientFactory, UserFactory

from .browsing import Browser, add_url, change_url

pytestmark = pytest.mark.django_db

URL = reverse("admin:consultations_patient_namesakes")
BORN = {"date_of_birth": "1980-05-17"}
TOLD = "P-000001: same name and date of birth. Save again if it is another person."


@pytest.fixture
def desk(reception):
    return Browser(reception)


def told(page):
    """The numbers that the note above the name leads to."""
    return [link.get_text().split()[-1] for link in page.select(".messagelist a.step")]


def register(browser, **values):
    return browser.fill(add_url("patient"), BORN | values)


def test_namesake_of_a_former_name_is_told_by_it(desk, reception):
    patient = PatientFactory(family_name="Nowak", given_name="Ann")
    patient.family_name = "Okafor"
    patient.save(by=reception)
    page = register(desk, family_name="Nowak", given_name="Ann")
    told_beside = TOLD.replace("P-000001", "P-000001 (formerly Ann Nowak)")
    assert page.errors["family_name"] == [told_beside]
    assert "Okafor, Ann (P-000001) (formerly Ann Nowak)" in " ".join(page.messages)
    page = register(desk, family_name="Okafor", given_name="Ann")
    assert page.errors["family_name"] == [TOLD]


def test_namesake_is_told_where_the_names_were_swapped(desk):
    PatientFactory(family_name="Müller", given_name="Ann")
    page = register(desk, family_name="Ann", given_name="Mueller")
    assert page.errors["family_name"] == [TOLD]


def save_again(browser, page, **changes):
    return browser.post(page.path, page.form | {"_save": "1"} | changes)


def test_namesake_is_told_beside_the_name_before_saving(desk):
    first = PatientFactory(family_name="Müller", given_name="Ann")
    page = register(desk, family_name="Mueller", given_name="ann", phone="020 7946 0000")
    assert page.errors["family_name"] == [TOLD]
    assert [told(page), page.form["phone"]] == [["(P-000001)"], "020 7946 0000"]
    assert page.select(".messagelist a.step")[0]["href"] == change_url(first)
    assert Patient.objects.count() == 1


def test_another_person_is_saved_by_saving_again(desk):
    PatientFactory(family_name="Smith", given_name="Ann")
    page = register(desk, family_name="Smith", given_name="Ann", phone="020 7946 0000")
    page = save_again(desk, page)
    second = Patient.objects.get(phone="020 7946 0000")
    assert [page.path, page.errors, second.history.count()] == [change_url(second), {}, 1]


def test_saving_again_as_somebody_else_tells_anew(desk):
    PatientFactory(family_name="Smith", given_name="Ann")
    PatientFactory(family_name="Jones", given_name="Ann")
    page = register(desk, family_name="Smith", given_name="Ann")
    page = save_again(desk, page, family_name="Jones")
    assert [told(page), Patient.objects.count()] == [["(P-000002)"], 2]


def test_namesake_made_by_a_correction_is_told_too(desk):
    PatientFactory(family_name="Smith", given_name="Ann")
    other = PatientFactory(family_name="Smith", given_name="Anne")
    page = desk.fill(change_url(other), {"given_name": "Ann"})
    assert [page.errors["family_name"], told(page)] == [[TOLD], ["(P-000001)"]]
    assert "Same name and date of birth" in " ".join(page.messages)
    save_again(desk, page)
    other.refresh_from_db()
    assert other.given_name == "Ann"


def test_what_else_is_changed_asks_nothing_and_writes_once(desk):
    PatientFactory(family_name="Smith", given_name="Ann")
    other = PatientFactory(family_name="Smith", given_name="Ann")
    page = desk.fill(change_url(other), {"phone": "1234", "namesakes": "1"})
    assert [page.errors, other.history.count()] == [{}, 2]
    desk.fill(change_url(other), {"namesakes": "1"})
    assert other.history.count() == 2


@pytest.mark.parametrize("forged", ["x", "-1", "9" * 40, "\x00"])
def test_forged_keys_tell_nothing(desk, forged):
    PatientFactory(family_name="Smith", given_name="Ann")
    page = register(desk, family_name="Smith", given_name="Ann", namesakes=forged)
    assert page.errors["family_name"] == [TOLD]


def ask(browser, *, record="", **values):
    page = browser.post(f"{URL}?record={record}", BORN | values)
    return [page.status, told(page), [one["value"] for one in page.select("input")]]


def test_namesakes_appear_as_one_types(desk, clinician):
    first = PatientFactory(family_name="Smith", given_name="Ann")
    gone = PatientFactory(family_name="Smith", given_name="Ann")
    mark_in_error(record=gone, by=clinician, reason="Twice")
    PatientFactory(family_name="Smith", given_name="Ann", date_of_birth=date(1980, 5, 18))
    names = {"family_name": " smith", "given_name": "ANN"}
    for typed in ("1980-05-17", "17 May 1980", "17/5/1980"):
        asked = ask(desk, **names, date_of_birth=typed)
        assert asked == [200, ["(P-000001)"], [str(first.pk)]]
    assert ask(desk, record=first.pk, **names) == [200, [], []]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"family_name": "Smith", "date_of_birth": "1980-05"},
        {"family_name": "Smith", "date_of_birth": ""},
        {"family_name": "Smith", "date_of_birth": "17/5"},
        {"family_name": "", "given_name": "Ann"},
        {"family_name": "\x00" * 5000},
    ],
)
def test_half_a_form_has_no_namesakes(desk, values):
    PatientFactory(family_name="Smith", given_name="Ann")
    assert ask(desk, **values) == [200, [], []]


def test_namesakes_are_told_to_whoever_registers_patients(db, desk):
    assert desk.open(URL).status == 405
    assert Browser(UserFactory(is_staff=True)).post(URL, BORN).status == 403
