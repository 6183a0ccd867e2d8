"""A blank is named, and never read as "no"."""

from datetime import date

import pytest

from consultations.rules.candidacy.screen import QUESTIONS, not_asked
from consultations.rules.facts import FACTS
from consultations.rules.registry import candidacy
from consultations.vocabulary import BddScreen, Isotretinoin, SurgeryKind

from ..builders import EVERY, INFO, blank, facts, messages, said

LONG_AGO = date(2020, 1, 1)
RECOVERED = {
    "surgery_on": LONG_AGO,
    "surgery_kind": SurgeryKind.LIFT,
    "recovered_from_surgery": True,
}


def test_not_asked_silent_when_everything_was_asked():
    assert not_asked(facts()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"bdd_screen": BddScreen.DECLINED},
        {"isotretinoin": None, "isotretinoin_last_dose_on": LONG_AGO},
        {"isotretinoin": Isotretinoin.PAST, "isotretinoin_last_dose_on": LONG_AGO},
        {"isotretinoin": Isotretinoin.TAKING},
        {"max_downtime_days": 0},
        RECOVERED,
        {**RECOVERED, "recovered_from_surgery": False},
    ],
)
def test_not_asked_silent_when_the_answer_is_known(changes):
    assert not_asked(facts(**changes)) == []


@pytest.mark.parametrize(("name", "words"), QUESTIONS.items())
def test_not_asked_names_each_blank(name, words):
    findings = not_asked(facts(**{name: None}))
    assert said(findings) == [("screen.not_asked", INFO, EVERY, None)]
    assert messages(findings) == [f"Not asked yet: {words}."]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bdd_screen": BddScreen.NOT_DONE}, "body image screen"),
        ({"isotretinoin": Isotretinoin.PAST}, "last dose of isotretinoin"),
        ({**RECOVERED, "surgery_on": None}, "date of surgery"),
        ({**RECOVERED, "surgery_kind": None}, "kind of surgery"),
        ({**RECOVERED, "recovered_from_surgery": None}, "recovered from surgery"),
        ({"surgery_on": LONG_AGO}, "kind of surgery, recovered from surgery"),
        ({"recovered_from_surgery": True}, "date of surgery, kind of surgery"),
        ({"surgery_kind": SurgeryKind.LIFT}, "date of surgery, recovered from surgery"),
    ],
)
def test_not_asked_names_what_an_answer_leaves_open(changes, words):
    assert messages(not_asked(facts(**changes))) == [f"Not asked yet: {words}."]


def test_not_asked_names_what_the_proposal_needs():
    unasked = facts(preferred_pace=None, worried_about_side_effects=None, max_downtime_days=None)
    assert messages(not_asked(unasked)) == [
        "Not asked yet: preferred pace, worried about side effects, longest downtime."
    ]


def test_every_fact_but_the_area_and_follow_ups_is_a_question():
    assert {*FACTS} - {*QUESTIONS} == {
        "on",
        "area",
        "severity",
        "grade",
        "surgery_on",
        "surgery_kind",
        "recovered_from_surgery",
        "surgeon_cleared",
        "referral_open",
        "isotretinoin_last_dose_on",
        "tanned_on",
        "filler_on",
    }


def test_not_asked_names_all_blanks_in_one_finding():
    findings = not_asked(blank())
    assert said(findings) == [("screen.not_asked", INFO, EVERY, None)]
    assert messages(findings) == [f"Not asked yet: {', '.join(QUESTIONS.values())}."]


def test_blank_record_gives_no_other_finding():
    assert said(candidacy.findings(blank())) == [("screen.not_asked", INFO, EVERY, None)]
