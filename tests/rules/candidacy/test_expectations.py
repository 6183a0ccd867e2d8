"""Whoever wants what laser cannot give is not a candidate."""

import pytest

from consultations.rules.candidacy.expectations import (
    body_image,
    body_image_declined,
    inexpensive,
    instant,
    sessions,
)
from consultations.vocabulary import BddScreen

from ..builders import CAUTION, EVERY, EXCLUDE, facts, said


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        (instant, {"wants_instant_result": False}),
        (instant, {"wants_instant_result": None}),
        (inexpensive, {"wants_inexpensive_fix": False}),
        (inexpensive, {"wants_inexpensive_fix": None}),
        (sessions, {"accepts_five_sessions": True}),
        (sessions, {"accepts_five_sessions": None}),
        (body_image, {"bdd_screen": None}),
        (body_image, {"bdd_screen": BddScreen.NOT_DONE}),
        (body_image, {"bdd_screen": BddScreen.NEGATIVE}),
        (body_image, {"bdd_screen": BddScreen.DECLINED}),
        (body_image_declined, {"bdd_screen": None}),
        (body_image_declined, {"bdd_screen": BddScreen.NOT_DONE}),
        (body_image_declined, {"bdd_screen": BddScreen.NEGATIVE}),
        (body_image_declined, {"bdd_screen": BddScreen.POSITIVE}),
    ],
)
def test_expectations_silent_when_sound_or_blank(rule, changes):
    assert rule(facts(**changes)) == []


@pytest.mark.parametrize(
    ("rule", "changes", "id"),
    [
        (instant, {"wants_instant_result": True}, "expectations.instant"),
        (inexpensive, {"wants_inexpensive_fix": True}, "expectations.inexpensive"),
        (sessions, {"accepts_five_sessions": False}, "expectations.sessions"),
        (body_image, {"bdd_screen": BddScreen.POSITIVE}, "expectations.body_image"),
    ],
)
def test_expectations_exclude_every_laser(rule, changes, id):
    assert said(rule(facts(**changes))) == [(id, EXCLUDE, EVERY, None)]


def test_declined_screen_is_a_caution_for_every_laser():
    assert said(body_image_declined(facts(bdd_screen=BddScreen.DECLINED))) == [
        ("expectations.body_image_declined", CAUTION, EVERY, None)
    ]
