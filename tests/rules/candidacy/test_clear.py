"""What speaks for a verdict: what was answered well, and what was checked with nothing found."""

from datetime import date

import pytest

from consultations.rules.candidacy.clear import ASKED_FOR, answered_well, checked
from consultations.rules.candidacy.screen import QUESTIONS, UNREMARKABLE
from consultations.rules.facts import AreaFacts
from consultations.rules.registry import candidacy
from consultations.vocabulary import Isotretinoin

from ..builders import ON, blank, facts

# On the face an antiviral is told of with or without a history.
ALWAYS_TOLD = {"herpes_history"}
LONG_AGO = date(2020, 1, 1)


def test_everything_is_answered_well():
    assert answered_well(facts()) == list(QUESTIONS.values())


def test_nothing_is_answered_well_that_was_not_asked():
    assert answered_well(blank()) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phototype": "V"}, "phototype"),
        ({"accepts_five_sessions": False}, "accepts five sessions"),
        ({"isotretinoin": Isotretinoin.PAST, "isotretinoin_last_dose_on": ON}, "isotretinoin"),
        ({"smoker": True}, "smoking"),
        ({"age": 17}, "date of birth"),
    ],
)
def test_answer_that_a_rule_speaks_of_is_left_out(changes, words):
    assert answered_well(facts(**changes)) == [one for one in QUESTIONS.values() if one != words]


@pytest.mark.parametrize(("name", "answer"), UNREMARKABLE.items())
def test_what_may_be_answered_in_passing_makes_no_rule_speak(name, answer):
    assert answered_well(blank(**{name: answer})) == [QUESTIONS[name]]


@pytest.mark.parametrize("name", ["accepts_five_sessions", "recovered_from_surgery"])
def test_what_no_would_decide_is_never_answered_in_passing(name):
    assert name not in UNREMARKABLE


def test_every_topic_of_the_rulebook_is_told():
    assert {*ASKED_FOR} == {one.partition(".")[0] for one in candidacy} - {"screen"}


def test_topics_in_which_nothing_was_found():
    everything = facts(delivered_on=LONG_AGO, topical_retinoid_on=LONG_AGO, filler_on=LONG_AGO)
    assert checked(everything, []) == list(ASKED_FOR)
    without = [topic for topic in ASKED_FOR if topic not in {"skin", "keloid"}]
    assert checked(everything, ["skin.infection", "keloid"]) == without


def test_blank_was_not_checked():
    assert checked(blank(), ["screen.not_asked"]) == ["laxity", "area", "surgery", "referral"]
    assert "expectations" not in checked(facts(bdd_screen="not_done"), [])


@pytest.mark.parametrize("given", [facts(), blank(), facts(isotretinoin_last_dose_on=ON)])
def test_facts_are_read_again_as_they_were_kept(given):
    assert AreaFacts.from_json(given.as_json() | {"asked_once": True}) == given


@pytest.mark.parametrize("name", [name for name, no in UNREMARKABLE.items() if no is False])
def test_yes_that_a_rule_speaks_of_is_never_answered_well(name):
    given = blank(**{name: True})
    found = {finding.id for finding in candidacy.findings(given)} - {
        finding.id for finding in candidacy.findings(blank())
    }
    assert (QUESTIONS[name] in answered_well(given)) == (not found and name not in ALWAYS_TOLD)
