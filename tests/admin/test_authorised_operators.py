"""A laser that keeps a list of authorised users is used by those on it, or with a reason."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.models import TreatmentSession
from consultations.vocabulary import Area
from tests.factories import (
    AssessmentFactory,
    AuthorisedUserFactory,
    LaserModeFactory,
    PlanFactory,
    SessionFactory,
)

from . import answers
from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db

TOLD = "The operator is not an authorised user of this laser on this day."
HINT = "Have an authorised user operate it, or have a manager add them to its file."


@pytest.fixture
def mode():
    """A mode of a laser on whose list somebody else is."""
    mode = LaserModeFactory()
    AuthorisedUserFactory(laser=mode.laser)
    return mode


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def record(browser, mode, **others):
    url = add_url("treatmentsession", plan=PlanFactory().pk)
    return browser.fill(url, answers.session(mode, yesterday(), **others))


def test_session_of_somebody_else_is_stopped_beside_the_operator(browser, mode):
    page = record(browser, mode)
    assert page.errors["operator"] == [f"{TOLD} {HINT}"]
    assert not TreatmentSession.objects.exists()


def test_who_is_on_the_list_records_the_session(browser, mode, clinician):
    AuthorisedUserFactory(laser=mode.laser, user=clinician)
    record(browser, mode)
    assert TreatmentSession.objects.get().findings == []


def test_clinician_may_say_why_it_went_ahead(browser, mode):
    record(browser, mode, override_reason="Trained, not listed yet.")
    [finding] = TreatmentSession.objects.get().findings
    assert finding["id"] == "laser.operator"


def test_session_keeps_its_findings_when_the_list_changes(browser, clinician):
    session = SessionFactory(operator=clinician, rulebook="2026.11")
    AuthorisedUserFactory(laser=session.laser_mode.laser)
    browser.fill(change_url(session), {"pain": "3"})
    session.refresh_from_db()
    assert (session.pain, session.findings) == (3, [])


@pytest.fixture
def plans():
    """Two areas of one patient under treatment."""
    first = PlanFactory()
    neck = AssessmentFactory(area=Area.NECK, consultation=first.assessment.consultation)
    return [first, PlanFactory(assessment=neck)]


def visit_of(plans, modes, operator):
    visit = answers.TODAY | {"operator": operator.pk, "performed_on": timezone.localdate()}
    for plan, mode in zip(plans, modes, strict=False):
        typed = {"include": "on", "infection": "false", "laser_mode": mode.pk}
        visit |= {f"plan-{plan.pk}-{name}": value for name, value in typed.items()}
    return visit


def test_visit_says_so_while_it_is_typed(browser, mode, plans, clinician):
    url = page_url(plans[0].patient, "visit_check")
    checked = browser.post(url, visit_of(plans, [mode], clinician)).response.json()
    said = checked[f"plan-{plans[0].pk}"]
    assert (said["can_override"], TOLD in said["html"]) == (True, True)


def test_visit_stops_beside_the_operator_once(browser, mode, plans, clinician):
    url = page_url(plans[0].patient, "visit")
    page = browser.post(url, browser.open(url).form | visit_of(plans, [mode, mode], clinician))
    assert page.errors["operator"] == [f"{TOLD} {HINT}"]
    assert not TreatmentSession.objects.exists()


def test_visit_reads_the_lists_of_two_lasers_once(browser, plans, clinician):
    modes = [LaserModeFactory(), LaserModeFactory()]
    for mode in modes:
        AuthorisedUserFactory(laser=mode.laser, user=clinician)
    url = page_url(plans[0].patient, "visit")
    form = browser.open(url).form
    with CaptureQueriesContext(connection) as asked:
        browser.post(url, form | visit_of(plans, modes, clinician), follow=False)
    assert TreatmentSession.objects.count() == 2
    read = [one for one in asked if 'FROM "consultations_authoriseduser"' in one["sql"]]
    assert len(read) == 1
