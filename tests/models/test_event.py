"""Adverse events: cleared by somebody with a note, over after they began, open until both."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.models import AdverseEvent
from consultations.vocabulary import EventSeverity, ReportedTo
from tests.factories import EventFactory

from .promises import breaks

pytestmark = pytest.mark.django_db


def test_clearance_without_a_name():
    breaks("event_clearance_says_who_when_why", EventFactory(), clearance="Healed.")


def test_clearance_without_a_note(clinician):
    breaks(
        "event_clearance_says_who_when_why",
        EventFactory(),
        cleared_by=clinician,
        cleared_at=timezone.now(),
    )


def test_over_before_it_began():
    event = EventFactory()
    breaks("event_resolved_after_onset", event, resolved_on=event.onset_on - timedelta(days=1))


def cleared(by):
    return {"clearance": "Healed.", "cleared_by": by, "cleared_at": timezone.now()}


def test_open_until_healed_and_cleared(clinician):
    mild, burn = EventFactory(), EventFactory(moderate=True)
    EventFactory(resolved_on=mild.onset_on)
    healed = EventFactory(moderate=True, resolved_on=burn.onset_on)
    EventFactory(severity=EventSeverity.SEVERE, resolved_on=burn.onset_on, **cleared(clinician))
    assert set(AdverseEvent.objects.open()) == {mild, burn, healed}
    assert set(AdverseEvent.objects.stopping()) == {burn, healed}


def test_record_and_queryset_agree(clinician):
    EventFactory(moderate=True, **cleared(clinician))
    EventFactory(moderate=True)
    EventFactory(resolved_on=timezone.localdate())
    events = list(AdverseEvent.objects.all())
    assert {one for one in events if one.is_open} == set(AdverseEvent.objects.open())
    assert {one for one in events if one.is_stopping} == set(AdverseEvent.objects.stopping())


@pytest.mark.parametrize(
    "told",
    [
        {"reported_to": ReportedTo.MAKER},
        {"reported_on": date(2026, 5, 1)},
        {"report_reference": "YC-1"},
    ],
)
def test_report_without_whom_or_when(told):
    breaks("event_report_says_to_whom_and_when", EventFactory(), **told)


def test_reported_and_not_reportable():
    breaks(
        "event_reported_or_not_reportable",
        EventFactory(),
        **reported(),
        not_reportable_reason="Expected.",
    )


def test_reported_before_it_began():
    event = EventFactory()
    breaks(
        "event_reported_after_onset",
        event,
        reported_to=ReportedTo.OTHER,
        reported_on=event.onset_on - timedelta(days=1),
    )


def reported():
    return {"reported_to": ReportedTo.YELLOW_CARD, "reported_on": timezone.localdate()}


def test_severe_is_to_report_until_that_is_said():
    severe = {"severity": EventSeverity.SEVERE}
    waits = EventFactory(**severe)
    EventFactory(**severe, **reported())
    EventFactory(**severe, not_reportable_reason="Not of the laser.")
    EventFactory(moderate=True)
    assert list(AdverseEvent.objects.to_report()) == [waits]
