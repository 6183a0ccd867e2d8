"""Figures: what counts, and from which day on."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from consultations.summaries import figures as summary
from consultations.summaries.figures import figures_of
from consultations.vocabulary import Outcome, PlanStatus
from tests.factories import AssessmentFactory, PlanFactory, SessionFactory, appointment_for

pytestmark = pytest.mark.django_db

ERROR = {"entered_in_error_reason": "Wrong patient.", "entered_in_error_at": timezone.now()}


def test_figures_count_what_stands(clinician):
    today = timezone.localdate()
    new = {"consultation__consulted_on": today}
    AssessmentFactory(**new)
    severe = AssessmentFactory(severe=True, **new)
    AssessmentFactory(entered_in_error_by=clinician, **ERROR, **new)
    AssessmentFactory(
        consultation__entered_in_error_by=clinician,
        consultation__consulted_on=today,
        **{f"consultation__{name}": value for name, value in ERROR.items()},
    )
    old = AssessmentFactory(consultation__consulted_on=today - timedelta(days=100))
    PlanFactory(assessment=old)
    PlanFactory(assessment=severe, status=PlanStatus.STOPPED, status_reason="Moved away.")
    figures = figures_of(today)
    assert dict(figures.outcomes)[Outcome.CANDIDATE] == 1
    assert dict(figures.outcomes)[Outcome.REFER_TO_SURGERY] == 1
    assert dict(figures.courses) == {
        PlanStatus.ACTIVE: 1,
        PlanStatus.PAUSED: 0,
        PlanStatus.COMPLETED: 0,
        PlanStatus.STOPPED: 1,
    }


def test_figures_count_sessions_by_week(clinician):
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    for day in (monday, today - timedelta(days=7), monday - timedelta(weeks=11)):
        SessionFactory(performed_on=day)
    SessionFactory(performed_on=monday - timedelta(weeks=11, days=1))
    appointment_for(starts_at=timezone.now())
    weeks = figures_of(today).weeks
    assert [week.sessions for week in weeks] == [1, *[0] * 9, 1, 1]
    assert weeks[-1].monday == monday


def outcomes_after(monkeypatch, many):
    """How many areas are counted, and whether it is said when, after one more was assessed."""
    monkeypatch.setattr(summary, "MANY", many)
    cache.clear()
    today = timezone.localdate()
    AssessmentFactory(consultation__consulted_on=today)
    figures_of(today)
    AssessmentFactory(consultation__consulted_on=today)
    figures = figures_of(today)
    cache.clear()
    return sum(count for _outcome, count in figures.outcomes), figures.counted_at is not None


def test_few_are_counted_each_time(monkeypatch):
    assert outcomes_after(monkeypatch, 3) == (2, False)


def test_many_are_counted_now_and_then(monkeypatch):
    assert outcomes_after(monkeypatch, 1) == (1, True)


def test_yesterdays_figures_are_not_todays(monkeypatch):
    monkeypatch.setattr(summary, "MANY", 0)
    cache.clear()
    today = timezone.localdate()
    figures_of(today - timedelta(days=1))
    assert figures_of(today).today == today
    cache.clear()
