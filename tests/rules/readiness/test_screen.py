"""Today's answers decide, and three of them must be given today."""

from datetime import date, timedelta

import pytest

from consultations.rules.candidacy import assess
from consultations.rules.readiness.screen import changed, required
from consultations.vocabulary import Area, Isotretinoin, Phototype, Severity

from ..builders import AB, AF, BLOCK, EVERY, NA, NF, ON, blank, facts, messages, said, session


@pytest.mark.parametrize("laser_type", EVERY)
def test_changed_silent_while_the_laser_is_allowed(laser_type):
    assert changed(session(laser_type=laser_type)) == []


@pytest.mark.parametrize("laser_type", [NA, NF])
def test_changed_silent_where_only_other_lasers_are_excluded(laser_type):
    today = facts(keloid_history=True, phototype=Phototype.VI, area=Area.NECK)
    assert changed(session(today, laser_type=laser_type)) == []


def test_changed_silent_on_cautions():
    today = facts(phototype=Phototype.IV, smoker=True, tattoo=True, herpes_history=True)
    assert changed(session(today, laser_type=AF)) == []


@pytest.mark.parametrize(
    ("answers", "laser_type", "until"),
    [
        ({"severity": Severity.SEVERE}, NA, None),
        ({"wants_instant_result": True}, NA, None),
        ({"keloid_history": True}, AF, None),
        ({"pregnant_or_breastfeeding": True}, NF, None),
        ({"tanned_on": ON}, NA, ON + timedelta(days=14)),
        ({"tanned_on": ON}, AB, ON + timedelta(days=28)),
        ({"tanned_on": ON, "filler_on": ON - timedelta(days=3)}, NF, ON + timedelta(days=14)),
        ({"tanned_on": ON, "infection": True}, NA, None),
        ({"isotretinoin": Isotretinoin.TAKING}, AB, None),
    ],
)
def test_changed_blocks_what_today_disallows(answers, laser_type, until):
    assert said(changed(session(facts(**answers), laser_type=laser_type))) == [
        ("screen.changed", BLOCK, EVERY, until)
    ]


def test_changed_gives_the_reasons():
    today = facts(keloid_history=True, filler_on=ON)
    assert messages(changed(session(today, laser_type=AF))) == [
        "Today's answers no longer allow ablative fractional laser: A filler less than 14 days "
        "ago. History of keloid or hypertrophic scars."
    ]


def test_changed_cites_the_source_of_each_reason():
    today = facts(keloid_history=True, filler_on=ON)
    [found] = changed(session(today, laser_type=AF))
    against = [one for one in assess(today).findings if one.level in {"hold", "exclude"}]
    sources = [one.source for one in against if AF in one.lasers]
    assert (len(sources), [one in found.source for one in sources]) == (2, [True, True])


@pytest.mark.parametrize(
    ("laser_type", "name"),
    [
        (NA, "non-ablative laser"),
        (NF, "non-ablative fractional laser"),
        (AF, "ablative fractional laser"),
        (AB, "fully ablative laser"),
    ],
)
def test_changed_names_the_planned_laser(laser_type, name):
    assert messages(changed(session(facts(filler_on=ON), laser_type=laser_type))) == [
        f"Today's answers no longer allow {name}: A filler less than 14 days ago."
    ]


def test_changed_silent_on_what_a_decision_accepted():
    today = facts(keloid_history=True)
    assert changed(session(today, laser_type=AF, accepted=frozenset({"keloid"}))) == []


def test_changed_speaks_of_what_was_not_accepted():
    today = facts(keloid_history=True, filler_on=date(2026, 3, 10))
    findings = changed(session(today, laser_type=AF, accepted=frozenset({"keloid"})))
    assert said(findings) == [("screen.changed", BLOCK, EVERY, date(2026, 3, 24))]
    assert messages(findings) == [
        "Today's answers no longer allow ablative fractional laser: A filler less than 14 days ago."
    ]


@pytest.mark.parametrize("answer", Isotretinoin)
@pytest.mark.parametrize("yes_or_no", [True, False])
def test_required_silent_once_answered(answer, yes_or_no):
    today = blank(pregnant_or_breastfeeding=yes_or_no, isotretinoin=answer, infection=not yes_or_no)
    assert required(session(today)) == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("pregnant_or_breastfeeding", "Ask today: pregnant or breastfeeding."),
        ("isotretinoin", "Ask today: isotretinoin."),
        ("infection", "Ask today: infection in this area."),
    ],
)
def test_required_blocks_on_each_blank(name, sentence):
    findings = required(session(facts(**{name: None})))
    assert said(findings) == [("screen.required", BLOCK, EVERY, None)]
    assert messages(findings) == [sentence]
    assert findings[0].subject == name


def test_required_names_every_blank():
    assert [finding.subject for finding in required(session(blank()))] == [
        "pregnant_or_breastfeeding",
        "isotretinoin",
        "infection",
    ]
