"""Searches: what is typed is posted and stands in no address; where the box of every page leads."""

import re

import pytest
from django.urls import reverse

from consultations.admin.parts import searches
from consultations.models import Patient
from consultations.vocabulary import Severity
from tests.factories import AssessmentFactory, ConsultationFactory, PatientFactory, UserFactory

from .browsing import Browser, add_url, change_url, list_url, page_url

pytestmark = pytest.mark.django_db

PATIENTS = list_url("patient")
KEYED = re.compile(r"\?(?:\w+=\w+&)*s=[A-Za-z0-9]{6}$")


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.fixture
def desk(reception):
    return Browser(reception)


def renamed(by, before, after):
    patient = PatientFactory(family_name=before)
    patient.family_name = after
    patient.save(by=by)
    return patient


def words_in_addresses(page, *words):
    """The addresses on a page, its own with them, that hold one of these words or a search."""
    addresses = [page.path, *(one["href"] for one in page.select("[href]"))]
    addresses += [one["action"] for one in page.select("[action]")]
    wrong = (*words, "q=", "term=", "who=")
    return [one for one in addresses if any(word in one for word in wrong)]


def test_search_of_a_list_leads_to_its_key(browser):
    PatientFactory.create_batch(51, family_name="Zephyrine")
    PatientFactory(family_name="Other")
    page = browser.post(PATIENTS, {"q": " Zephyrine "})
    assert KEYED.search(page.path)
    assert page.select("#searchbar")[0]["value"] == "Zephyrine"
    assert len(page.rows) == 50
    assert words_in_addresses(page, "Zephyrine") == []
    [after] = [one["href"] for one in page.select(".paginator a")]
    assert len(browser.open(PATIENTS + after).rows) == 1


def test_filters_and_a_search_keep_each_other(browser):
    for severity in ("mild", "moderate"):
        consultation = ConsultationFactory(patient=PatientFactory(family_name="Zephyrine"))
        AssessmentFactory(consultation=consultation, severity=Severity(severity))
    AssessmentFactory()
    url = list_url("consultation")
    filtered = browser.open(f"{url}?severity=mild")
    form = filtered.select("#changelist-search")[0]
    hidden = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    page = browser.post(url, hidden | {"q": "Zephyrine"})
    assert [len(page.rows), "severity=mild" in page.path] == [1, True]
    [other] = [one["href"] for one in page.select(".filter a") if "moderate" in one["href"]]
    page = browser.open(url + other)
    assert [len(page.rows), words_in_addresses(page, "Zephyrine")] == [1, []]
    cleared = browser.open(url + page.select(".clear-filters")[0]["href"])
    assert [len(cleared.rows), cleared.select("#searchbar")[0]["value"]] == [2, "Zephyrine"]


def test_search_in_an_address_is_answered_without_another_such_address(browser):
    PatientFactory.create_batch(51, family_name="Zephyrine")
    page = browser.open(list_url("patient", q="Zephyrine"))
    assert len(page.rows) == 50
    assert [one for one in words_in_addresses(page, "Zephyrine") if one != page.path] == []


def test_key_of_another_session_shows_nothing_of_its_search(browser, desk):
    PatientFactory(family_name="Zephyrine")
    path = browser.post(PATIENTS, {"q": "Zephyrine"}).path
    page = desk.open(path)
    assert page.messages == ["That search has ended. Type it again."]
    assert page.select("#searchbar")[0].get("value", "") == ""


def test_searches_end_with_the_session(browser):
    path = browser.post(PATIENTS, {"q": "Zephyrine"}).path
    browser.client.logout()
    browser.client.force_login(browser.user)
    assert browser.open(path).messages == ["That search has ended. Type it again."]


def test_the_same_search_has_one_key_and_the_oldest_go(browser, monkeypatch):
    monkeypatch.setattr(searches, "MOST_SEARCHES", 2)
    paths = [browser.post(PATIENTS, {"q": word}).path for word in ("one", "one", "two", "three")]
    assert [len({*paths}), paths[0] == paths[1]] == [3, True]
    assert [bool(browser.open(path).messages) for path in paths] == [True, True, False, False]


@pytest.mark.parametrize("text", ["", "   ", "\x00"])
def test_search_for_nothing_is_the_whole_list(browser, text):
    PatientFactory()
    page = browser.post(PATIENTS, {"q": text})
    assert [page.path, len(page.rows)] == [PATIENTS, 1]


def test_search_is_posted_by_whoever_may_see_the_list(db):
    outsider = Browser(UserFactory(is_staff=True))
    for data in (
        {"q": "Given"},
        {"q": "Given", "box": "1"},
        {"q": "Given", "box": "1", "new": "1"},
    ):
        assert outsider.post(PATIENTS, data).status == 403


def test_staff_are_searched_by_post(manager):
    page = Browser(manager).post("/admin/auth/user/", {"q": manager.username})
    assert [len(page.rows), words_in_addresses(page, "Zephyrine")] == [1, []]
    assert KEYED.search(page.path)


def test_audit_is_searched_by_post(manager):
    PatientFactory.create_batch(2, family_name="Zephyrine")
    browser = Browser(manager)
    page = browser.post(reverse("admin:consultations_audit"), {"who": "Zephyrine", "kind": "view"})
    assert "kind=view" in page.path
    assert len(page.select(".audit-found li")) == 2
    assert words_in_addresses(page, "Zephyrine") == []


@pytest.mark.parametrize("make", [PatientFactory, ConsultationFactory])
def test_the_other_patient_is_searched_by_post(browser, make):
    record = make()
    PatientFactory(family_name="Zephyrine")
    url = page_url(record, "merge" if isinstance(record, Patient) else "move")
    page = browser.post(url, {"q": "Zephyrine"})
    assert KEYED.search(page.path)
    assert [len(page.select(".candidates li")), words_in_addresses(page, "Zephyrine")] == [1, []]


# The box of every page


def box(browser, text, **more):
    return browser.post(PATIENTS, {"q": text, "box": "1", **more})


def test_only_one_found_is_opened(browser, desk):
    patient = PatientFactory(family_name="Zephyrine", email="zephyrine@clinic.example")
    PatientFactory()
    assert box(browser, "zephyrine").path == page_url(patient, "chart")
    assert box(desk, "zephyrine@").path == change_url(patient)


def test_several_found_are_listed(browser):
    PatientFactory.create_batch(2, family_name="Zephyrine")
    page = box(browser, "zephyrine")
    assert [bool(KEYED.search(page.path)), len(page.rows)] == [True, 2]


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("Okafor", "Okafor", ""),
        ("Ada Okafor", "Okafor", "Ada"),
        ("van der Berg, Jan", "van der Berg", "Jan"),
        ("Ada Okafor 17/05/1980", "Okafor", "Ada"),
        ("Okafor,Ada 07700 900123", "Okafor", "Ada"),
        ("O'Connor-Núñez", "O'Connor-Núñez", ""),
    ],
)
def test_nobody_found_can_be_registered_by_the_name_typed(desk, text, family, given):
    page = box(desk, text)
    [link] = [one for one in page.select(".empty a.button") if "New patient" in one.get_text()]
    form = desk.open(link["href"])
    assert [form.form["family_name"], form.form["given_name"]] == [family, given]
    assert words_in_addresses(form, family) == []
    assert box(desk, text, new="1").form["family_name"] == family


@pytest.mark.parametrize("text", ["17/05/1980", "07700 900123", "ada@clinic.example", "?!"])
def test_nobody_is_registered_without_a_name(desk, text):
    assert "New patient “" not in box(desk, text).text


def test_new_patient_is_offered_to_whoever_may_register(practitioner, desk):
    url = reverse("admin:consultations_patient_find")
    told = {
        one.user.username: "New patient “Ada <Okafor>”" in one.post(url, {"q": "Ada <Okafor>"}).text
        for one in (desk, Browser(practitioner))
    }
    assert told == {
        "reception": True,
        "practitioner": practitioner.has_perm("consultations.add_patient"),
    }


# Former names, where somebody is found by one


def test_former_name_is_told_wherever_it_found_somebody(browser, clinician):
    patient = renamed(clinician, "Zephyrine", "Okafor")
    find = reverse("admin:consultations_patient_find")
    chooser = {"app_label": "consultations", "model_name": "consultation", "field_name": "patient"}
    url = reverse("admin:autocomplete")

    def told(text):
        pages = [
            browser.post(find, {"q": text}).text,
            " ".join(browser.post(PATIENTS, {"q": text}).rows[0]),
        ]
        [choice] = browser.post(url, chooser | {"term": text}).response.json()["results"]
        other = page_url(PatientFactory(family_name="Smith"), "merge")
        pages += [choice["text"], browser.post(other, {"q": text}).text]
        return ["formerly Given Zephyrine" in page for page in pages]

    assert told("zephyrine") == [True] * 4
    assert told(patient.record_number) == [False] * 4


def test_chooser_is_asked_by_post(browser):
    patient = PatientFactory(family_name="Zephyrine")
    field = browser.open(add_url("consultation")).select("select#id_patient")[0]
    assert field["data-ajax--type"] == "POST"
    asked = {"app_label": "consultations", "model_name": "consultation", "field_name": "patient"}
    answers = [
        browser.post(field["data-ajax--url"], asked | {"term": "zephyrine"}).response.json(),
        browser.client.get(field["data-ajax--url"], asked | {"term": "zephyrine"}).json(),
    ]
    assert (
        answers
        == [
            {
                "results": [{"id": str(patient.pk), "text": str(patient)}],
                "pagination": {"more": False},
            }
        ]
        * 2
    )


def test_chooser_asked_for_nothing_it_knows_refuses(browser):
    assert browser.post(reverse("admin:autocomplete"), {"term": "zephyrine"}).status == 403
