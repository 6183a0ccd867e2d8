"""The treatment register of a laser: a month of sessions, in words, on paper and as a table."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.models import AccessRecord
from consultations.trust.erasure import erase
from consultations.vocabulary import Area, EventSeverity
from tests.factories import (
    AssessmentFactory,
    ClinicSettingsFactory,
    EventFactory,
    LaserFactory,
    LaserModeFactory,
    PlanFactory,
    SessionFactory,
    UserFactory,
)

from .browsing import Browser, page_url, words

pytestmark = pytest.mark.django_db

MARCH = "?month=2026-03"


@pytest.fixture
def browser(manager):
    return Browser(manager)


@pytest.fixture
def mode():
    laser = LaserFactory(name="Gentle", serial_number="SN-7")
    return LaserModeFactory(laser=laser, name="Long pulse")


def treated(mode, day, **more):
    operator = UserFactory(first_name="Olive", last_name="Young")
    return SessionFactory(laser_mode=mode, performed_on=day, operator=operator, **more)


def register(mode, query=MARCH):
    return page_url(mode.laser, "register") + query


def test_month_shows_each_session_in_the_order_of_days(browser, mode):
    second = treated(mode, date(2026, 3, 31), eyewear_worn=True, fluence_j_cm2=Decimal("20.5"))
    first = treated(mode, date(2026, 3, 1), passes=2, pulse_count=300, eyewear_worn=False)
    treated(mode, date(2026, 2, 28))
    treated(mode, date(2026, 4, 1))
    treated(LaserModeFactory(), date(2026, 3, 5))
    EventFactory(session=second, onset_on=date(2026, 4, 2), severity=EventSeverity.SEVERE)
    page = browser.open(register(mode))
    shown = [
        [words(cell.select_one("a, bdi") or cell) for cell in row("th") + row("td")]
        for row in page.select("#result_list tbody tr")
    ]
    settings = ["2 passes, 300 pulses", "20.5 J/cm²"]
    people = [first.patient.record_number, second.patient.record_number]
    assert shown == [
        ["1 Mar 2026", people[0], "Face", "Olive Young", "Long pulse", settings[0], "No", "–"],
        [
            *("31 Mar 2026", people[1], "Face", "Olive Young", "Long pulse", settings[1], "Yes"),
            "Redness that lasts, severe, 2 Apr 2026",
        ],
    ]


def test_month_says_which_laser_and_how_many(browser, mode):
    LaserModeFactory(laser=mode.laser, name="Short", wavelength_nm=755)
    plan = PlanFactory()
    for day in (2, 30):
        treated(mode, date(2026, 3, day), plan=plan, eyewear_worn=None)
    page = browser.open(register(mode))
    assert words(page.soup.h1) == "Treatment register, March 2026"
    about = [words(one) for one in page.select(".register-laser > div, .register-totals > div")]
    assert about == [
        "Laser Gentle",
        "Serial number SN-7",
        "Wavelength 755 nm, 1064 nm",
        "Sessions 2",
        "Patients 1",
        "Eyewear worn 0",
        "Eyewear not worn 0",
        "Eyewear not recorded 2",
        "Adverse events 0",
    ]


def test_heading_stands_on_every_page_of_paper(browser, mode):
    ClinicSettingsFactory(name="Clear Skin")
    treated(mode, date(2026, 3, 2))
    page = browser.open(register(mode))
    [clinic], [about] = page.select(".on-paper-clinic"), page.select(".on-paper-about strong")
    assert words(clinic) == "Clear Skin"
    assert words(about) == "Treatment register · Gentle (SN-7) · March 2026"


def test_what_does_not_count_is_left_out(browser, mode, manager):
    wrong = treated(mode, date(2026, 3, 2))
    wrong.entered_in_error_by, wrong.entered_in_error_reason = manager, "Another patient."
    wrong.entered_in_error_at = timezone.now()
    wrong.save(by=manager, correcting=True)
    page = browser.open(register(mode))
    assert page.rows == []
    assert "No sessions with this laser in this month." in page.text


def test_mode_has_the_name_of_the_day(browser, manager, time_machine):
    time_machine.move_to(date(2026, 3, 1))
    mode = LaserModeFactory(name="Long pulse")
    treated(mode, date(2026, 3, 1))
    time_machine.move_to(date(2026, 4, 9))
    mode.name = "Renamed"
    mode.save(by=manager)
    [row] = browser.open(register(mode)).rows
    assert row[4] == "Mode Long pulse"


def test_register_stays_true_after_an_erasure(browser, mode, manager):
    day = date(2026, 3, 2)
    area = AssessmentFactory(area=Area.NECK, consultation__patient__family_name="Quince")
    session = treated(mode, day, plan=PlanFactory(assessment=area), passes=3, eyewear_worn=True)
    EventFactory(session=session, onset_on=day)
    before = browser.open(register(mode)).rows[0]
    erase(patient=session.patient, by=manager, reason="Asked for.", legal_reason="Asked for.")
    page = browser.open(register(mode))
    session.patient.refresh_from_db()
    number = session.patient.record_number
    assert page.rows == [[before[0], f"Patient {number}", *before[2:]]]
    assert "Quince" not in page.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?month=",
        "?month=x",
        "?month=2026-13",
        "?month=0000-01",
        "?month=9999-12",
        "?month=٢٠٢٦-٠٣",
    ],
)
def test_any_other_month_is_this_one(browser, mode, query, time_machine):
    time_machine.move_to(date(2026, 11, 20))
    page = browser.open(register(mode, query))
    assert (page.status, words(page.soup.h1)) == (200, "Treatment register, November 2026")


def test_months_lead_to_their_neighbours(browser, mode, time_machine):
    time_machine.move_to(date(2026, 3, 20))
    links = browser.open(register(mode, "?month=2026-01")).links
    shown = (links["Previous month"], links["Next month"])
    assert shown == ("?month=2025-12", "?month=2026-02")
    assert "Next month" not in browser.open(register(mode)).links
    assert "Previous month" not in browser.open(register(mode, "?month=1900-01")).links


def test_month_that_was_chosen_has_its_own_address(browser, mode):
    page = browser.fill(register(mode, ""), {"month": "2026-03"}, button="_show")
    assert page.path == register(mode)


def exported(browser, mode):
    [url] = [url for said, url in browser.open(register(mode)).links.items() if "CSV" in said]
    answer = browser.client.get(url)
    text = answer.content.decode("utf-8-sig")
    return answer, list(csv.reader(text.splitlines()))


def test_export_holds_the_month(browser, mode):
    session = treated(mode, date(2026, 3, 2), passes=2, eyewear_worn=None)
    answer, rows = exported(browser, mode)
    name = f"treatment-register-{mode.laser.pk}-2026-03.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert rows == [
        [
            *("Laser", "Serial number", "Day", "Patient", "Area", "Operator", "Mode"),
            *("Settings", "Eyewear worn", "Adverse events"),
        ],
        [
            *("Gentle", "SN-7", "2026-03-02", session.patient.record_number, "Face"),
            *("Olive Young", "Long pulse", "2 passes", "Not recorded", ""),
        ],
    ]


def test_export_holds_no_formula(browser, mode, manager):
    mode.name = "=1+1"
    mode.save(by=manager)
    treated(mode, timezone.localdate())
    url = page_url(mode.laser, "register_export")
    assert ",'=1+1," in browser.client.get(url).content.decode()


def test_register_and_export_are_logged(browser, mode):
    exported(browser, mode)
    logged = AccessRecord.objects.order_by("pk").values_list("kind", "object_id", "detail")
    told = (mode.laser.pk, "treatment register 2026-03")
    assert list(logged)[-2:] == [("document", *told), ("export", *told)]


def test_laser_leads_to_its_register(practitioner, mode):
    links = Browser(practitioner).open(page_url(mode.laser, "change")).links
    assert links["Treatment register"] == page_url(mode.laser, "register")


@pytest.mark.parametrize("count", [1, 20])
def test_register_asks_as_often_for_many_sessions(
    client_for, manager, mode, count, django_assert_num_queries
):
    mode.save(by=manager)
    mode.laser.save(by=manager)
    for number in range(count):
        session = treated(mode, date(2026, 3, 1) + timedelta(days=number))
        EventFactory(session=session)
    client = client_for(manager)
    client.get(register(mode))
    with django_assert_num_queries(15):
        client.get(register(mode))
