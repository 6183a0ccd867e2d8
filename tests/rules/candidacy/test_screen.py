"""A blank is named, and never read as "no"."""

from datetime import date

import pytest

from consultations.rules.candidacy.screen import QUESTIONS, not_asked
from consultations.rules.facts import FACTS
from consultations.rules.registry import candidacy
from consultations.vocabulary import BddScreen, Isotretinoin, SurgeryKind

from ..builders import AB, AF, CAUTION, EVERY, INFO, blank, facts, messages, said

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
        {"isotretinoin": Isotretinoin.PAST},
        {"isotretinoin": Isotretinoin.TAKING},
        {"pregnant": None, "breastfeeding": None, "pregnant_or_breastfeeding": False},
        {"photosensitiser": None, "photosensitising_drug": False},
        {"tanned": None, "tanned_on": LONG_AGO},
        {"max_downtime_days": 0},
        RECOVERED,
        {**RECOVERED, "surgery_on": None},
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
        ({**RECOVERED, "surgery_kind": None}, "kind of surgery"),
        ({**RECOVERED, "recovered_from_surgery": None}, "recovered from surgery"),
        ({"surgery_on": LONG_AGO}, "kind of surgery, recovered from surgery"),
        ({"recovered_from_surgery": True}, "kind of surgery"),
        ({"surgery_kind": SurgeryKind.LIFT}, "recovered from surgery"),
    ],
)
def test_not_asked_names_what_an_answer_leaves_open(changes, words):
    assert messages(not_asked(facts(**changes))) == [f"Not asked yet: {words}."]


def test_not_asked_names_what_the_proposal_needs():
    unasked = facts(preferred_pace=None, worried_about_side_effects=None, max_downtime_days=None)
    assert messages(not_asked(unasked)) == [
        "Not asked yet: preferred pace, worried about side effects, longest downtime."
    ]


def test_every_fact_but_the_area_days_and_old_answers_is_a_question():
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
        "delivered_on",
        "topical_retinoid_on",
        "recent_procedure_on",
        "tanned_on",
        "filler_on",
        "test_patch_on",
        "test_patch_result",
        "test_patch_cleared",
        "test_patch_laser",
        "pregnant_or_breastfeeding",
        "photosensitising_drug",
    }


def test_not_asked_names_all_blanks_in_one_finding():
    findings = not_asked(blank())
    assert said(findings) == [("screen.not_asked", INFO, EVERY, None)]
    assert messages(findings) == [f"Not asked yet: {', '.join(QUESTIONS.values())}."]


def test_blank_record_gives_no_other_finding_but_herpes_cover():
    assert said(candidacy.findings(blank())) == [
        ("herpes", CAUTION, (AF, AB), None),
        ("screen.not_asked", INFO, EVERY, None),
    ]
