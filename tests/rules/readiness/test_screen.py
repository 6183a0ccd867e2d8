"""Today's answers decide, and some of them must be given today."""

from datetime import date, timedelta

import pytest

from consultations.rules.candidacy import assess
from consultations.rules.readiness.screen import changed, required
from consultations.vocabulary import (
    Area,
    Isotretinoin,
    Photosensitiser,
    Phototype,
    RecentProcedure,
    Severity,
)

from ..builders import AB, AF, BLOCK, EVERY, NA, NF, ON, blank, facts, messages, said, session

TANNED = {"tanned": True, "tanned_on": ON}
PEELED = {"recent_procedure": RecentProcedure.PEEL, "recent_procedure_on": ON}


@pytest.mark.parametrize("laser_type", EVERY)
def test_changed_silent_while_the_laser_is_allowed(laser_type):
    assert changed(session(laser_type=laser_type)) == []


@pytest.mark.parametrize("laser_type", [NA, NF])
def test_changed_silent_where_only_other_lasers_are_excluded(laser_type):
    today = facts(keloid_history=True, phototype=Phototype.VI, area=Area.NECK)
    assert changed(session(today, laser_type=laser_type)) == []


def test_changed_silent_on_cautions():
    today = facts(phototype=Phototype.IV, smoker=True, connective_tissue_disease=True)
    assert changed(session(today, laser_type=AF)) == []


@pytest.mark.parametrize(
    ("answers", "laser_type", "until"),
    [
        ({"severity": Severity.SEVERE}, NA, None),
        ({"wants_instant_result": True}, NA, None),
        ({"keloid_history": True}, AF, None),
        ({"pregnant": True}, NF, None),
        ({"pregnant": None, "pregnant_or_breastfeeding": True}, NF, None),
        ({"breastfeeding": True}, AF, None),
        ({"koebner_disease": True}, AF, None),
        ({"melasma": True}, AF, None),
        ({"connective_tissue_disease": True}, AB, None),
        ({"photosensitiser": Photosensitiser.PDT_DRUG}, NA, None),
        ({"test_patch_on": ON}, NA, None),
        (TANNED, NA, ON + timedelta(days=14)),
        (TANNED, AB, ON + timedelta(days=28)),
        ({**TANNED, "filler_on": ON - timedelta(days=3)}, AF, ON + timedelta(days=28)),
        ({**TANNED, "infection": True}, NA, None),
        (PEELED, NF, ON + timedelta(days=14)),
        ({**PEELED, "recent_procedure_on": None}, NF, None),
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
        "Today's answers no longer allow ablative fractional laser: History of keloid or "
        "hypertrophic scars. A filler less than 14 days ago."
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
    assert messages(changed(session(facts(infection=True), laser_type=laser_type))) == [
        f"Today's answers no longer allow {name}: Infection in this area, cold sores included."
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


# Required


@pytest.mark.parametrize("answer", Isotretinoin)
@pytest.mark.parametrize("yes_or_no", [True, False])
@pytest.mark.parametrize("pregnancy", ["pregnant", "pregnant_or_breastfeeding"])
@pytest.mark.parametrize("laser_type", [NA, NF])
def test_required_silent_once_answered(answer, yes_or_no, pregnancy, laser_type):
    today = blank(isotretinoin=answer, infection=not yes_or_no, **{pregnancy: yes_or_no})
    assert required(session(today, laser_type=laser_type)) == []


REQUIRED = [
    ("pregnant", "Ask today: pregnant."),
    ("isotretinoin", "Ask today: isotretinoin."),
    ("infection", "Ask today: infection in this area."),
]
BEFORE_ABLATIVE = [
    ("breastfeeding", "Ask today: breastfeeding."),
    ("phototype", "Ask today: phototype."),
    ("keloid_history", "Ask today: keloid or hypertrophic scars, ever."),
    ("tanned", "Ask today: tanned."),
]
HERPES = ("herpes_history", "Ask today: herpes (cold sores), ever.")


def blocks_on(name, **session_changes):
    findings = required(session(facts(**{name: None}), **session_changes))
    assert said(findings) == [("screen.required", BLOCK, EVERY, None)]
    assert findings[0].subject == name
    return findings[0].message


@pytest.mark.parametrize("laser_type", EVERY)
@pytest.mark.parametrize(("name", "sentence"), REQUIRED)
def test_required_blocks_on_each_blank(name, sentence, laser_type):
    assert blocks_on(name, laser_type=laser_type) == sentence


@pytest.mark.parametrize("laser_type", [AF, AB])
@pytest.mark.parametrize(("name", "sentence"), [*BEFORE_ABLATIVE, HERPES])
def test_required_before_ablative_blocks_on_each_blank(name, sentence, laser_type):
    assert blocks_on(name, laser_type=laser_type) == sentence


@pytest.mark.parametrize("laser_type", [NA, NF])
@pytest.mark.parametrize("name", [name for name, _ in [*BEFORE_ABLATIVE, HERPES]])
def test_required_before_ablative_silent_with_other_lasers(name, laser_type):
    assert required(session(facts(**{name: None}), laser_type=laser_type)) == []


@pytest.mark.parametrize("laser_type", [AF, AB])
@pytest.mark.parametrize(
    ("area", "count"),
    [(Area.FACE, 1), (Area.NECK, 1), (Area.STOMACH, 0), (Area.ARMS, 0), (Area.LEGS, 0)],
)
def test_herpes_is_required_on_face_and_neck(laser_type, area, count):
    today = facts(area=area, herpes_history=None)
    assert len(required(session(today, laser_type=laser_type))) == count


@pytest.mark.parametrize(
    "answers",
    [
        {"pregnant": None, "breastfeeding": None, "pregnant_or_breastfeeding": False},
        {"pregnant": None, "breastfeeding": None, "pregnant_or_breastfeeding": True},
        {"tanned": None, "tanned_on": ON},
    ],
)
def test_required_silent_where_the_joint_answer_or_the_day_is_known(answers):
    assert required(session(facts(**answers), laser_type=AB)) == []


def test_required_asks_for_isotretinoin_whatever_its_last_dose():
    today = facts(isotretinoin=None, isotretinoin_last_dose_on=date(2020, 1, 1))
    assert [finding.subject for finding in required(session(today))] == ["isotretinoin"]


@pytest.mark.parametrize(
    ("laser_type", "names"),
    [
        (NF, [name for name, _ in REQUIRED]),
        (AB, [name for name, _ in [*REQUIRED, *BEFORE_ABLATIVE, HERPES]]),
    ],
)
def test_required_names_every_blank(laser_type, names):
    findings = required(session(blank(), laser_type=laser_type))
    assert [finding.subject for finding in findings] == names
    assert {*said(findings)} == {("screen.required", BLOCK, EVERY, None)}
