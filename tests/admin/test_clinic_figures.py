"""The page of figures: each number with its list, each table as a file, for the manager."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from consultations.models import AccessRecord
from consultations.vocabulary import AccessKind, Closure, PaymentKind, ReferralStatus
from tests.factories import (
    AppointmentFactory,
    AssessmentFactory,
    EventFactory,
    LaserFactory,
    LaserModeFactory,
    PaymentFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
)

from .browsing import Browser, list_url, words

pytestmark = pytest.mark.django_db

URL = reverse("admin:consultations_figures")
EXPORT = reverse("admin:consultations_figures_export")
MARCH = "?from=2026-03-01&to=2026-03-31"
DAYS = "2026-03-01..2026-03-31"


@pytest.fixture(autouse=True)
def _counted_anew():
    cache.clear()


@pytest.fixture
def browser(manager):
    return Browser(manager)


@pytest.fixture
def clinic(clinician):
    """A little of everything in March 2026, and less in February."""
    by = {"by": clinician}
    laser = LaserFactory(**by, name="=Alma")
    mode = LaserModeFactory(**by, laser=laser)
    for month in (2, 3, 3):
        plan = PlanFactory(
            **by,
            assessment__consultation__consulted_on=date(2026, month, 2),
            assessment__grade=1,
            planned_sessions=1,
            short_course_reason="clinical_decision",
            price_per_session=100,
        )
        done = {"performed_on": date(2026, month, 20), "laser_mode": mode, "grade": 0.5}
        session = SessionFactory(**by, plan=plan, satisfaction=9, **done)
        EventFactory(**by, session=session)
        paid = PaymentFactory(**by, plan=plan, paid_on=date(2026, month, 21))
        decided = {"outcome": "candidate", "decision": "hold", "decision_reason": "A wedding."}
        decided |= {"decided_by": clinician, "decided_at": session.created_at}
        AssessmentFactory(**by, consultation=plan.assessment.consultation, area="neck", **decided)
        severe = {"assessment__consultation": plan.assessment.consultation}
        ReferralFactory(
            **by,
            **severe,
            assessment__area="legs",
            status=ReferralStatus.CLOSED,
            closure=Closure.NO_REPLY,
            sent_on=date(2026, month, 3),
            closed_on=date(2026, month, 28),
        )
        at = datetime(2026, month, 9, 10, tzinfo=UTC)
        AppointmentFactory(**by, missed=True, starts_at=at)
        AppointmentFactory(**by, cancelled=True, cancelled_late=True, starts_at=at)
    back = {"kind": PaymentKind.REFUND, "amount": -20, "words": "Ill."}
    PaymentFactory(**by, plan=paid.plan, paid_on=date(2026, 3, 22), **back)
    PlanFactory(**by, started_on=date(2026, 3, 1), status="stopped", status_reason="Moved.")
    SessionFactory(**by, performed_on=date(2026, 3, 2), elsewhere=True)
    return laser


def rows_of(page, title):
    """The rows of a table by their label: what stands in each cell."""
    [table] = [one for one in page.select(".figures-part") if words(one.select_one("h3")) == title]
    return {
        words(row.select_one("th")): [words(cell) for cell in row.select("td")]
        for row in table.select("tbody tr")
    }


@pytest.mark.parametrize("url", [URL, f"{EXPORT}?table=money"])
@pytest.mark.parametrize(
    ("role", "got", "posted"),
    [
        ("reception", 403, 403),
        ("practitioner", 403, 403),
        ("clinician", 403, 403),
        ("manager", 200, 405),
    ],
)
def test_figures_are_the_managers(request, client_for, role, got, posted, url):
    client = client_for(request.getfixturevalue(role))
    assert (client.get(url).status_code, client.post(url).status_code) == (got, posted)


def test_every_number_leads_to_a_list_of_as_many(browser, clinic, contexts):
    cells = browser.open(URL + MARCH).select(".figures-table td:has(a)")
    told = {}
    for cell in cells:
        if "£" in words(cell):
            continue
        behind = cell.select_one(".quiet")
        number = words(behind).removeprefix("of ") if behind else words(cell.a)
        told.setdefault(cell.a["href"], set()).add(number)
    client = browser.client
    shown = {url: {str(client.get(url).context["cl"].result_count)} for url in told}
    assert told == shown
    assert len(told) > 60


def test_only_nothing_leads_nowhere(browser, clinic):
    cells = browser.open(URL + MARCH).select(".figures-table td:not(:has(a))")
    assert {words(cell) for cell in cells} - {""} == {"0", "£0.00", "–"}


def test_amount_leads_to_the_entries_that_it_is_the_sum_of(browser, clinic):
    [row] = [
        row
        for row in browser.open(URL + MARCH).select(".figures-table tbody tr")
        if words(row.select_one("th")) == "Received"
    ]
    amount, _before, entries, *_ = (cell.a["href"] for cell in row.select("td"))
    assert amount == entries


def test_number_is_beside_that_of_the_days_before(browser, clinic):
    page = browser.open(URL + MARCH)
    assert rows_of(page, "Consultations by outcome")["Wait"] == ["2", "1", "2", "1", "2", "1"]
    assert rows_of(page, "Money received")["Kept"] == ["£80.00", "£50.00", "3", "1"]
    assert rows_of(page, "Outstanding") == {"Outstanding": ["£120.00", "£50.00", "2", "1"]}


def test_small_numbers_are_said_to_be_small(browser, clinic):
    events = rows_of(browser.open(URL + MARCH), "Adverse events by laser")
    assert events["=Alma"] == ["2", "1", "100.0 of 2 few", "100.0 of 1 few"]


def test_plot_shows_the_numbers_of_its_table(browser, clinic):
    [plot] = browser.open(URL + MARCH).select("svg[aria-labelledby^='plot-sessions-laser-']")
    shown = [[words(one) for one in plot.select(name)] for name in (".plot-name", ".plot-value")]
    assert shown == [["=Alma"], ["2"]]


def test_this_month_where_no_days_are_asked_for(browser):
    page = browser.open(URL)
    assert words(page.select("[aria-current=true]")[-1]) == "This month"
    assert page.select(".figures-table") != []


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("?from=30+Feb+2026&to=1+Mar+2026", ["There is no such day."]),
        ("?from=soon&to=2026-03-01", ["Write a day like 7 Nov 2026 or 7/11/2026."]),
        ("?from=2026-03-02&to=2026-03-01", ["This is before the first day."]),
        ("?from=2026-03-02", ["This field is required."]),
        ("?from=1800-01-01&to=9999-12-31", ["There are no records of that day."] * 2),
    ],
)
@pytest.mark.parametrize("url", [URL, EXPORT])
def test_bad_days_are_told_beside_their_field(browser, url, query, errors):
    page = browser.open(url + query)
    assert [words(one) for one in page.select(".errorlist li")] == errors
    assert page.select(".figures-table") == []


def test_each_table_is_a_file_and_taking_it_is_logged(browser, clinic, manager):
    answer = browser.client.get(f"{EXPORT}{MARCH}&table=events-laser")
    march, before = DAYS, "2026-02-01..2026-02-28"
    rate = "To 100 sessions"
    assert answer.content.decode("utf-8-sig").splitlines() == [
        f'Adverse events by laser,"Events, {march}","Events, {before}",'
        f'"{rate}, {march}","{rate}, {march}, n","{rate}, {before}","{rate}, {before}, n"',
        "All,2,1,100.0,2,100.0,1",
        "'=Alma,2,1,100.0,2,100.0,1",
    ]
    kept = AccessRecord.objects.latest("pk")
    assert (kept.user, kept.kind) == (manager, AccessKind.EXPORT)
    assert kept.detail == "figures events-laser 2026-03-01..2026-03-31"


def test_amounts_are_plain_in_a_file(browser, clinic):
    lines = browser.client.get(f"{EXPORT}{MARCH}&table=money").content.decode().splitlines()
    assert lines[3] == "Given back,-20.00,0.00,1,0"


def test_no_such_table(browser):
    assert browser.client.get(f"{EXPORT}{MARCH}&table=none").status_code == 404


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("treatmentsession", "days=yesterday"),
        ("treatmentsession", "days=2026-02-30..2026-03-01"),
        ("treatmentsession", "laser=x"),
        ("treatmentsession", "type=gas"),
        ("treatmentsession", "rated=maybe"),
        ("appointment", "weekday=8"),
        ("surgicalreferral", "closure=lost"),
        ("surgicalreferral", "way=sent_on..paid_on"),
        ("treatmentplan", "graded=once"),
        ("treatmentplan", "owing=much"),
    ],
)
def test_what_lists_do_not_understand_finds_nothing(browser, clinic, contexts, model, query):
    answer = browser.client.get(f"{list_url(model)}?{query}")
    assert (answer.status_code, answer.context["cl"].result_count) == (200, 0)


def test_others_cannot_ask_their_lists_what_figures_ask(client_for, reception, clinic, contexts):
    url = list_url("treatmentsession")
    asked = [f"{url}?type=non_ablative", f"{url}?type=ablative_full", f"{url}?laser={clinic.pk}"]
    found = {client_for(reception).get(one).context["cl"].result_count for one in [url, *asked]}
    assert found == {4}


def test_page_costs_the_same_for_any_days(browser, clinic, django_assert_num_queries):
    browser.open(URL + MARCH)
    for days in (MARCH, "?from=1900-01-01&to=2030-12-31"):
        with django_assert_num_queries(18):
            browser.open(URL + days)
