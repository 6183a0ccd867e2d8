"""A session that is edited later: last time is before its day, and so is what it is judged by."""

from decimal import Decimal

import pytest

from consultations.rules import RULEBOOK
from tests.factories import PlanFactory, SessionFactory

from .browsing import Browser, add_url, change_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_sessions(practitioner):
    """Of 31 March and of 28 April."""
    plan = PlanFactory()
    first = SessionFactory(
        plan=plan, by=practitioner, fluence_j_cm2=Decimal(20), anticoagulants=False
    )
    second = SessionFactory(
        plan=plan,
        by=practitioner,
        fluence_j_cm2=Decimal(35),
        anticoagulants=True,
        laser_mode=first.laser_mode,
    )
    return first, second


def test_last_time_is_before_the_session_that_is_edited(practitioner, two_sessions):
    browser, names = Browser(practitioner), ("fluence_j_cm2", "anticoagulants")
    told = [
        [browser.open(change_url(session)).help_of(name) for name in names]
        for session in two_sessions
    ]
    assert told == [["", ""], ["Last time (31 Mar 2025): 20", "Last time (31 Mar 2025): No"]]


def test_last_time_is_before_the_day_that_is_typed(practitioner, two_sessions):
    browser, url = Browser(practitioner), add_url("treatmentsession", plan=two_sessions[0].plan_id)
    page = browser.post(url, browser.open(url).form | {"performed_on": "2025-04-10"})
    assert page.help_of("fluence_j_cm2") == "Last time (31 Mar 2025): 20"


# The laser, and what is known, as of the day


def out_of_service(session):
    laser = session.laser_mode.laser
    laser.in_service = False
    laser.save(by=session.created_by)


@pytest.mark.parametrize("changes", [{"notes": "Red."}, {"notes": "Red.", "passes": 2}])
def test_session_stays_editable_once_its_laser_is_out_of_service(practitioner, changes):
    session = SessionFactory(by=practitioner)
    out_of_service(session)
    page = Browser(practitioner).fill(change_url(session), changes)
    session.refresh_from_db()
    assert (page.errors, session.notes) == ({}, "Red.")


def test_session_can_be_signed_once_its_laser_is_out_of_service(practitioner):
    session = SessionFactory(by=practitioner)
    out_of_service(session)
    Browser(practitioner).sign(change_url(session))
    session.refresh_from_db()
    assert session.signed_by == practitioner


def test_session_keeps_what_was_found_until_an_answer_is_changed(practitioner):
    browser = Browser(practitioner)
    session = SessionFactory(by=browser.user)
    session.rulebook, session.findings = "2026.1", []
    session.save(by=browser.user)
    browser.fill(change_url(session), {"notes": "Red."})
    session.refresh_from_db()
    assert session.rulebook == "2026.1"
    browser.fill(change_url(session), {"anticoagulants": "true"})
    session.refresh_from_db()
    assert session.rulebook == RULEBOOK
