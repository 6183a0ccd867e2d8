"""Adverse events in the admin: mild in a moment, late where it must be, cleared by a clinician."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import AdverseEvent, TreatmentPlan
from consultations.vocabulary import EventKind, EventSeverity, PlanStatus
from tests.factories import EventFactory, SessionFactory, appointment_for

from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return SessionFactory()


def enter(browser, session, **answers):
    return browser.fill(add_url("adverseevent", session=session.pk), answers)


def test_mild_event_needs_its_kind_alone(practitioner, session):
    page = enter(Browser(practitioner), session, kind="oedema")
    event = AdverseEvent.objects.get()
    assert page.path == page_url(session.patient, "chart")
    assert (event.kind, event.severity, event.onset_on, event.session) == (
        EventKind.OEDEMA,
        EventSeverity.MILD,
        timezone.localdate(),
        session,
    )


def test_moderate_event_pauses_and_says_so(practitioner, session):
    page = enter(Browser(practitioner), session, kind="burn", severity="moderate")
    assert page.messages[0] == "Open plans for this area are on hold until a clinician clears it."
    assert TreatmentPlan.objects.get().status == PlanStatus.PAUSED


def days_after(session, days):
    return (session.performed_on + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("days", "told"),
    [(-1, "This is before the session."), (1500, "This date is in the future.")],
)
def test_day_that_cannot_be(practitioner, session, days, told):
    page = enter(Browser(practitioner), session, kind="scar", onset_on=days_after(session, days))
    assert page.errors["onset_on"][0] == told


def test_late_onset_is_taken_for_two_years(practitioner):
    long_ago = timezone.localdate() - timedelta(days=800)
    session = SessionFactory(
        performed_on=long_ago,
        plan__assessment__consultation__consulted_on=long_ago,
    )
    browser = Browser(practitioner)
    page = enter(browser, session, kind="hypopigmentation", onset_on=days_after(session, 760))
    assert page.errors["onset_on"] == ["This is more than 24 months after the session."]
    enter(browser, session, kind="hypopigmentation", onset_on=days_after(session, 700))
    assert AdverseEvent.objects.count() == 1


def test_clinician_clears_with_a_note(clinician, session):
    browser = Browser(clinician)
    enter(browser, session, kind="burn", severity="moderate")
    event = AdverseEvent.objects.get()
    browser.fill(change_url(event), {"clearance": "Healed without a trace."})
    event.refresh_from_db()
    assert (event.cleared_by, event.is_stopping) == (clinician, False)
    assert TreatmentPlan.objects.get().status == PlanStatus.ACTIVE


def test_practitioner_may_not_clear(practitioner, session):
    event = EventFactory(session=session, moderate=True)
    browser = Browser(practitioner)
    assert "clearance" not in browser.open(change_url(event)).names()
    browser.fill(change_url(event), {"clearance": "Fine.", "action_taken": "Cooled."})
    event.refresh_from_db()
    assert (event.clearance, event.action_taken) == ("", "Cooled.")


def test_booked_session_has_no_event(practitioner):
    booked = appointment_for()
    page = enter(Browser(practitioner), booked, kind="oedema")
    assert AdverseEvent.objects.count() == 0
    assert page.status == 200


def test_event_is_not_called_mild_to_go_on(practitioner, session):
    browser = Browser(practitioner)
    enter(browser, session, kind="burn", severity="moderate")
    page = browser.fill(change_url(AdverseEvent.objects.get()), {"severity": "mild"})
    assert page.errors == {"severity": ["A clinician clears the area first, with a note."]}
    assert TreatmentPlan.objects.get().status == PlanStatus.PAUSED


def days_ago(days):
    return (timezone.localdate() - timedelta(days=days)).isoformat()


def test_report_is_kept_with_its_reference(practitioner):
    event = EventFactory(severity=EventSeverity.SEVERE)
    report = {"reported_to": "yellow_card", "report_reference": "YC-12"}
    Browser(practitioner).fill(change_url(event), report | {"reported_on": days_ago(1)})
    event.refresh_from_db()
    assert (event.get_reported_to_display(), event.report_reference, event.is_to_report) == (
        "Yellow Card (MHRA)",
        "YC-12",
        False,
    )


@pytest.mark.parametrize(
    ("report", "errors"),
    [
        ({"reported_to": "maker"}, {"reported_on": ["Say when it was reported."]}),
        ({"report_reference": "A-1"}, {"reported_to": ["Say whom it was reported to."]}),
        (
            {"reported_to": "maker", "reported_on": "tomorrow"},
            {"reported_on": ["This date is in the future."]},
        ),
        (
            {"reported_to": "maker", "reported_on": "2020-01-01"},
            {"reported_on": ["It cannot be reported before it began."]},
        ),
        (
            {"reported_to": "maker", "reported_on": "today", "not_reportable_reason": "Mild."},
            {"not_reportable_reason": ["This is reported, so it was reportable."]},
        ),
    ],
)
def test_half_a_report_is_refused_beside_its_field(practitioner, report, errors):
    days = {"today": days_ago(0), "tomorrow": days_ago(-1)}
    report = {name: days.get(value, value) for name, value in report.items()}
    assert Browser(practitioner).fill(change_url(EventFactory()), report).errors == errors


def test_severe_event_asks_for_its_report_until_it_has_one(practitioner):
    asks = "Severe: say whom it was reported to, or why it need not be reported."
    event, browser = EventFactory(severity=EventSeverity.SEVERE), Browser(practitioner)
    assert asks in browser.open(change_url(event)).text
    browser.fill(change_url(event), {"not_reportable_reason": "Not of the laser."})
    assert asks not in browser.open(change_url(event)).text


def test_severe_event_is_not_called_less_to_save_its_report(practitioner):
    event = EventFactory(severity="severe")
    page = Browser(practitioner).fill(change_url(event), {"severity": "moderate"})
    assert page.errors == {"severity": ["Say first where it was reported, or why it need not be."]}
