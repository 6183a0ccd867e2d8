"""The medical director's page: every rule as it stands, and a case to try, with nothing stored."""

from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from consultations.models import AccessRecord, AreaAssessment, Consultation
from consultations.rules import RULEBOOK
from consultations.rules.editions import EDITIONS
from consultations.rules.registry import candidacy, readiness
from tests.factories import AssessmentFactory, ConsultationFactory

from .browsing import Browser, words

pytestmark = pytest.mark.django_db

RULEBOOK_URL = reverse("admin:consultations_rulebook")
CASE = reverse("admin:consultations_try_case")


@pytest.fixture(autouse=True)
def _counted_anew():
    cache.clear()


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.mark.parametrize("url", [RULEBOOK_URL, CASE])
@pytest.mark.parametrize(
    ("role", "status"),
    [("reception", 403), ("practitioner", 403), ("clinician", 200), ("manager", 200)],
)
def test_rulebook_is_for_those_who_answer_for_it(request, client_for, role, status, url):
    assert client_for(request.getfixturevalue(role)).get(url).status_code == status


def test_every_rule_is_on_the_page_once(browser):
    page = browser.open(RULEBOOK_URL)
    shown = [one["id"].removeprefix("rule-") for one in page.select(".rules tbody")]
    assert sorted(shown) == sorted([*candidacy, *readiness])


def test_rule_shows_when_it_speaks_how_heavily_until_when_and_where_it_comes_from(browser):
    [rule] = browser.open(RULEBOOK_URL).select("[id='rule-filler']")
    cells = [words(cell) for cell in rule.select("td")]
    assert cells == [
        "Filler less than 14 days ago",
        *("Caution", "Caution", "Wait", "Wait"),
        "14 days after it",
        "0",
    ]
    assert words(rule.select_one(".source")) == candidacy.messages["filler"].source


def test_contested_rule_says_so(browser):
    page = browser.open(RULEBOOK_URL)
    said = {rule["id"]: "contested" in words(rule) for rule in page.select(".rules tbody")}
    assert (said["rule-keloid"], said["rule-filler"]) == (True, False)


def test_rule_shows_on_how_many_verdicts_it_spoke(browser):
    consultation = ConsultationFactory(consulted_on=timezone.localdate())
    AssessmentFactory(severe=True, consultation=consultation)
    AssessmentFactory(severe=True, consultation=consultation, area="neck")
    AssessmentFactory(severe=True, consultation__consulted_on=date(2020, 1, 1))
    [rule] = browser.open(RULEBOOK_URL).select("[id='rule-laxity.severe']")
    assert words(rule.select("td")[-1]) == "2"


def test_page_tells_what_changed_since_the_edition_before(browser):
    section = browser.open(RULEBOOK_URL).select("section[aria-labelledby=changed]")[0]
    assert words(section.h2) == "Changed in 2026.12.1, since 2026.12"
    assert len(section.select("li")) == len(EDITIONS[0].changes)


def test_latest_edition_is_the_rulebook_in_force():
    assert EDITIONS[0].name == RULEBOOK
    known = {*candidacy, *readiness}
    named = {id for change in EDITIONS[0].changes for id in change.ids}
    assert named - known == set()


def test_case_is_judged_and_nothing_is_stored(browser):
    page = browser.open(CASE)
    typed = {"area": "face", "severity": "mild", "tanned": "true", "tanned_on": page.form["on"]}
    page = browser.post(CASE, page.form | typed)
    [card] = page.select(".verdict")
    assert "Wait" in words(card.header)
    assert words(card.select_one(".finding-hold")).startswith("Wait The skin was tanned recently.")
    opened = AccessRecord.objects.filter(patient__isnull=False)
    assert [one.count() for one in (Consultation.objects, AreaAssessment.objects, opened)] == [
        0
    ] * 3


def test_case_is_judged_while_it_is_typed(browser):
    form = browser.open(CASE).form | {"area": "neck", "severity": "severe", "grade": "1"}
    page = browser.post(f"{CASE}?live=1", form)
    assert "Refer to surgery" in page.text
    assert "Not counted until corrected: Grade." in page.text


def test_half_a_case_asks_for_the_rest(browser):
    page = browser.post(f"{CASE}?live=1", browser.open(CASE).form)
    assert page.text == "Choose an area and its laxity: the verdict appears here as you type."


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"age": "200"}, {"age": ["Ensure this value is less than or equal to 130."]}),
        ({"grade": "-1"}, None),
        ({"grade": "1.3"}, None),
        ({"grade": "3"}, {"grade": ["The grade and the laxity disagree."]}),
        ({"on": "yesterdayish"}, None),
        ({"tanned": "false", "tanned_on": "Sun 29 Nov 2026"}, None),
        (
            {"recent_procedure_on": "Sun 1 Nov 2026"},
            {"recent_procedure": ["Say what was done that day."]},
        ),
        ({"surgery_on": "Tue 1 Jan 2999"}, None),
    ],
)
def test_bad_answer_is_told_beside_its_field(browser, typed, errors):
    form = browser.open(CASE).form | {"area": "face", "severity": "mild", "on": "30 Nov 2026"}
    page = browser.post(CASE, form | typed)
    assert page.status == 200
    assert page.errors if errors is None else page.errors == errors
    assert {name: page.form[name] for name in typed} == typed


def test_rulebook_costs_the_same_however_many_verdicts(browser, django_assert_num_queries):
    def cost():
        cache.clear()
        with django_assert_num_queries(7):
            browser.client.get(RULEBOOK_URL)

    browser.open(RULEBOOK_URL)
    cost()
    for _ in range(3):
        AssessmentFactory(severe=True)
    cost()
