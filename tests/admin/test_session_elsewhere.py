"""Sessions at another clinic: history that a clinician enters, never a session of ours."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import TreatmentSession
from tests.factories import LaserModeFactory, PlanFactory, SessionFactory

from . import answers
from .browsing import Browser, add_url, change_url

pytestmark = pytest.mark.django_db

ELSEWHERE = {"performed_elsewhere": "Harley Street", "operator": "", "laser_mode": ""}
YESTERDAY = timezone.localdate() - timedelta(days=1)
IS_HISTORY = (
    "A session at another clinic is history: done, and without a booking, an operator or a laser "
    "of ours."
)
STAYS = (
    "A session stays with the clinic that it was stored for. Mark it as entered in error, then "
    "enter it anew."
)


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.fixture
def plan():
    return PlanFactory()


@pytest.fixture
def mode():
    return LaserModeFactory()


def test_session_from_another_clinic_has_a_form_of_its_own(browser, plan):
    link = browser.open(change_url(plan)).links["Add session from another clinic"]
    page = browser.open(link)
    assert {"operator", "laser_mode", "infection", "booked_for"}.isdisjoint(page.names())
    required = ["This field is required."]
    assert browser.fill(link).errors == {
        "performed_on": required,
        "performed_elsewhere": required,
    }
    page = browser.fill(link, {"performed_on": f"{YESTERDAY}", "performed_elsewhere": ""})
    assert page.errors == {"performed_elsewhere": ["This field is required."]}
    assert page.form["performed_on"] == f"{YESTERDAY:%a} {YESTERDAY.day} {YESTERDAY:%b %Y}"
    browser.fill(link, {"performed_on": f"{YESTERDAY}", "performed_elsewhere": "Harley Street"})
    kept = TreatmentSession.objects.get()
    assert [kept.status, kept.performed_on, kept.performed_elsewhere, kept.operator] == [
        "done",
        YESTERDAY,
        "Harley Street",
        None,
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"performed_on": "today"},
            {"performed_on": ["A session at another clinic is history: a day before today."]},
        ),
    ],
)
def test_session_at_another_clinic_is_history(browser, plan, changes, told):
    changes = {
        key: value.replace("today", f"{timezone.localdate()}") for key, value in changes.items()
    }
    history = ELSEWHERE | {"performed_on": f"{YESTERDAY}"}
    page = browser.fill(add_url("treatmentsession", plan=plan.pk), history | changes)
    assert page.errors == told
    assert not TreatmentSession.objects.exists()


def test_session_at_another_clinic_has_no_laser_and_no_operator_of_ours(browser, plan, mode):
    for ours in ({"laser_mode": mode.pk}, {"operator": browser.user.pk}):
        changes = ELSEWHERE | ours | {"performed_on": f"{YESTERDAY}"}
        page = browser.fill(add_url("treatmentsession", plan=plan.pk), changes)
        assert page.errors == {"performed_elsewhere": [IS_HISTORY]}


def test_session_at_another_clinic_is_entered_by_a_clinician(practitioner, plan):
    browser = Browser(practitioner)
    changes = ELSEWHERE | {"performed_on": f"{YESTERDAY}"}
    page = browser.fill(add_url("treatmentsession", plan=plan.pk), changes)
    words = ["Only a clinician enters sessions of another clinic."]
    assert page.errors == {"performed_elsewhere": words}
    assert "Add session from another clinic" not in browser.open(change_url(plan)).links


def test_session_of_ours_never_becomes_one_of_another_clinic(browser, plan, mode):
    browser.fill(add_url("treatmentsession", plan=plan.pk), answers.session(mode, "2025-04-01"))
    session = TreatmentSession.objects.get()
    page = browser.fill(change_url(session), ELSEWHERE)
    assert page.errors == {"performed_elsewhere": [STAYS]}
    session.refresh_from_db()
    assert [session.performed_elsewhere, session.laser_mode] == ["", mode]


def test_session_of_another_clinic_never_becomes_one_of_ours(browser, plan, mode):
    session = SessionFactory(plan=plan, elsewhere=True)
    ours = answers.session(mode, f"{session.performed_on}") | {"operator": browser.user.pk}
    page = browser.fill(change_url(session), ours | {"performed_elsewhere": ""})
    assert page.errors == {"performed_elsewhere": [STAYS]}


def test_clinics_name_of_a_session_elsewhere_is_corrected(browser, plan):
    session = SessionFactory(plan=plan, elsewhere=True)
    browser.fill(change_url(session), {"performed_elsewhere": "Wimpole Street"})
    session.refresh_from_db()
    assert session.performed_elsewhere == "Wimpole Street"
