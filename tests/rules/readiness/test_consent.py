"""No session without consent to it, none before the time to reflect is over, none against a no."""

from datetime import timedelta

import pytest

from consultations.rules.readiness import Said
from consultations.rules.readiness.consent import NEVER_OVERRIDDEN, consent
from consultations.vocabulary import Severity

from ..builders import (
    AF,
    BLOCK,
    CAUTION,
    EVERY,
    NA,
    NF,
    ON,
    agreed,
    facts,
    messages,
    no,
    said,
    session,
    yes,
)


def days_ago(days):
    return ON - timedelta(days=days)


def judged(*answers, laser_type=NA, **more):
    return consent(session(laser_type=laser_type, consent=agreed(*answers, **more)))


MISSING = [("consent.missing", BLOCK, EVERY, None)]


def test_silent_where_consent_is_not_judged():
    assert consent(session(consent=None)) == []


@pytest.mark.parametrize(
    ("days", "found"),
    [(0, ON + timedelta(days=2)), (1, ON + timedelta(days=1)), (2, None), (30, None)],
)
def test_time_to_reflect_counts_from_the_day_signed(days, found):
    until = [("consent.reflection", BLOCK, EVERY, found)] if found else []
    assert said(judged(yes(days_ago(days)))) == until


def test_ablative_laser_waits_as_long_as_the_clinic_says():
    signed = yes(days_ago(13), laser_type=AF)
    [finding] = judged(signed, laser_type=AF, reflection_days=14)
    assert finding.until == ON + timedelta(days=1)
    assert judged(yes(days_ago(14), laser_type=AF), laser_type=AF, reflection_days=14) == []


def test_the_first_of_two_that_fit_counts():
    assert judged(yes(days_ago(9)), yes(days_ago(0))) == []


def test_signed_later_than_the_session_is_no_consent_to_it():
    assert said(judged(yes(ON + timedelta(days=1)))) == MISSING


@pytest.mark.parametrize(
    ("signed", "why"),
    [
        (None, "none was signed"),
        (yes(days_ago(9), laser_type=NF), "it was to non-ablative fractional laser, the plan"),
        (yes(days_ago(9), severity=Severity.MODERATE), "the area was graded otherwise since"),
        (yes(days_ago(9), sessions=2), "it was for 2 sessions, this is number 3"),
    ],
)
def test_asked_anew_for_another_treatment(signed, why):
    answers = [signed] if signed else []
    found = judged(*answers, number=3)
    assert said(found) == MISSING
    assert why in messages(found)[0]


def test_a_course_from_before_is_told_and_not_stopped():
    assert said(judged(began_before=True)) == [("consent.missing", CAUTION, EVERY, None)]
    assert judged(yes(ON), began_before=True) == []


@pytest.mark.parametrize(
    ("last", "id"), [(Said.REFUSED, "consent.refused"), (Said.WITHDRAWN, "consent.withdrawn")]
)
@pytest.mark.parametrize("began_before", [False, True])
def test_nothing_against_a_no(last, id, began_before):
    answers = [yes(days_ago(9)), no(days_ago(3), last)]
    assert said(judged(*answers, began_before=began_before)) == [(id, BLOCK, EVERY, None)]
    assert id in NEVER_OVERRIDDEN


def test_a_no_after_the_session_is_none_yet():
    assert judged(yes(days_ago(9)), no(ON + timedelta(days=1))) == []


def test_after_a_no_reflection_starts_anew():
    answers = [yes(days_ago(90)), no(days_ago(9)), yes(days_ago(1))]
    assert said(judged(*answers)) == [("consent.reflection", BLOCK, EVERY, ON + timedelta(days=1))]


def test_another_grading_asks_anew():
    graded = facts(severity=Severity.MODERATE)
    found = consent(session(graded, consent=agreed(yes(days_ago(9)))))
    assert said(found) == MISSING
