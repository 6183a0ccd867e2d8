"""The whole rulebook, restated row by row: each id, what triggers it and what it says."""

import sys
from datetime import timedelta
from decimal import Decimal

import pytest

from consultations.rules.calendar import months_after
from consultations.rules.findings import Message
from consultations.rules.readiness import DoneBefore
from consultations.rules.registry import Rules, candidacy, readiness
from consultations.vocabulary import (
    Area,
    BddScreen,
    Isotretinoin,
    Phototype,
    PlanStatus,
    Pulse,
    Severity,
    SurgeryKind,
)

from .builders import (
    AF,
    BLOCK,
    CAUTION,
    EVERY,
    EXCLUDE,
    HOLD,
    INFO,
    NF,
    ON,
    REFER,
    blank,
    facts,
    laser,
    said,
    session,
)

LETTERS = {"i": INFO, "c": CAUTION, "h": HOLD, "x": EXCLUDE, "r": REFER, "b": BLOCK}
YESTERDAY = ON - timedelta(days=1)
TWO_MONTHS_AGO = months_after(ON, -2)
LONG_AGO = months_after(ON, -60)
OPERATED = {
    "surgery_on": LONG_AGO,
    "surgery_kind": SurgeryKind.LIFT,
    "recovered_from_surgery": True,
}


def in_days(days):
    return ON + timedelta(days=days)


# id, facts that trigger it, level for NA NF AF AB ("-" is silence), first day that is free again.
CANDIDACY = [
    ("laxity.severe", {"severity": Severity.SEVERE}, "rrrr", None),
    (
        "laxity.borderline",
        {"severity": Severity.SEVERE, "grade": Decimal("3")},
        "cccc",
        None,
    ),
    ("expectations.instant", {"wants_instant_result": True}, "xxxx", None),
    ("expectations.inexpensive", {"wants_inexpensive_fix": True}, "xxxx", None),
    ("expectations.sessions", {"accepts_five_sessions": False}, "xxxx", None),
    ("expectations.body_image", {"bdd_screen": BddScreen.POSITIVE}, "xxxx", None),
    ("surgery.recovering", {**OPERATED, "recovered_from_surgery": False}, "hhhh", None),
    ("surgery.recovering", {**OPERATED, "recovered_from_surgery": None}, "hhhh", None),
    ("surgery.recent", {**OPERATED, "surgery_on": ON}, "hhhh", months_after(ON, 1)),
    (
        "surgery.early",
        {**OPERATED, "surgery_on": TWO_MONTHS_AGO},
        "hhhh",
        months_after(TWO_MONTHS_AGO, 3),
    ),
    (
        "surgery.early",
        {**OPERATED, "surgery_on": TWO_MONTHS_AGO, "surgeon_cleared": True},
        "cccc",
        months_after(TWO_MONTHS_AGO, 3),
    ),
    (
        "surgery.ablative_wait",
        {**OPERATED, "surgery_on": TWO_MONTHS_AGO},
        "--hh",
        months_after(TWO_MONTHS_AGO, 6),
    ),
    (
        "surgery.liposuction",
        {**OPERATED, "surgery_on": ON, "surgery_kind": SurgeryKind.LIPOSUCTION},
        "hhhh",
        months_after(ON, 12),
    ),
    ("surgery.touch_up", OPERATED, "iiii", None),
    ("referral.open", {"referral_open": True}, "cccc", None),
    ("skin.problem", {"skin_problem": True}, "ccxx", None),
    ("skin.infection", {"infection": True}, "hhhh", None),
    ("skin.lesion", {"suspicious_lesion": True}, "hhhh", None),
    ("skin.tattoo", {"tattoo": True}, "cccc", None),
    ("skin.radiotherapy", {"radiotherapy": True}, "ccxx", None),
    ("phototype.dark", {"phototype": Phototype.V}, "-cxx", None),
    ("phototype.dark", {"phototype": Phototype.VI}, "-cxx", None),
    ("phototype.medium", {"phototype": Phototype.IV}, "--cc", None),
    ("pregnancy", {"pregnant_or_breastfeeding": True}, "hhhh", None),
    ("isotretinoin", {"isotretinoin": Isotretinoin.TAKING}, "iich", None),
    (
        "isotretinoin",
        {"isotretinoin": Isotretinoin.PAST, "isotretinoin_last_dose_on": ON},
        "iich",
        months_after(ON, 6),
    ),
    ("keloid", {"keloid_history": True}, "ccxx", None),
    ("herpes", {"herpes_history": True}, "-ccc", None),
    ("photosensitiser", {"photosensitising_drug": True}, "cccc", None),
    ("tan", {"tanned_on": ON}, "hhhh", [in_days(14), in_days(14), in_days(28), in_days(28)]),
    ("filler", {"filler_on": ON}, "hhhh", in_days(14)),
    ("gold", {"gold_therapy": True}, "cccc", None),
    ("immunity", {"immunosuppressed": True}, "--cc", None),
    ("diabetes", {"uncontrolled_diabetes": True}, "hhhh", None),
    ("bleeding", {"anticoagulants": True}, "--cc", None),
    ("smoking", {"smoker": True}, "iicc", None),
    ("lifestyle", {"drinks_alcohol": True}, "iiii", None),
    ("lifestyle", {"sun_exposure": True}, "iiii", None),
    ("lifestyle", {"chemical_exposure": True}, "iiii", None),
    ("age.minor", {"age": 17}, "xxxx", None),
    ("area.off_face", {"area": Area.NECK}, "--cx", None),
    ("area.off_face", {"area": Area.STOMACH}, "--cx", None),
    ("area.off_face", {"area": Area.ARMS}, "--cx", None),
    ("area.off_face", {"area": Area.LEGS}, "--cx", None),
    ("screen.not_asked", {"infection": None}, "iiii", None),
]

# id, the session that triggers it, level for every laser type, first day that is free again.
HIGH = {"density_percent": Decimal("30")}
READINESS = [
    ("plan.not_active", session(plan_status=PlanStatus.PAUSED), "b", None),
    ("plan.not_active", session(plan_status=PlanStatus.COMPLETED), "b", None),
    ("plan.not_active", session(plan_status=PlanStatus.STOPPED), "b", None),
    ("plan.not_active", session(plan_in_error=True), "b", None),
    ("interval.too_soon", session(done=(DoneBefore(ON, NF),)), "b", in_days(14)),
    ("watch.active", session(done=(DoneBefore(ON, NF),)), "b", in_days(8)),
    ("watch.active", session(done=(DoneBefore(ON, AF),)), "b", in_days(15)),
    ("watch.extended", session(done=(DoneBefore(in_days(-15), AF),)), "c", in_days(21)),
    ("screen.changed", session(facts(infection=True)), "b", None),
    ("screen.required", session(facts(infection=None)), "b", None),
    ("event.open", session(open_events=("burn since 1 Mar 2026",)), "b", None),
    ("laser.wrong_type", session(laser=laser(laser_type=AF)), "b", None),
    ("laser.out_of_service", session(laser=laser(in_service=False)), "b", None),
    ("laser.service_overdue", session(laser=laser(service_due_on=YESTERDAY)), "b", None),
    ("laser.operator", session(laser=laser(authorised=False)), "b", None),
    (
        "laser.gold",
        session(facts(gold_therapy=True), laser=laser(pulse=Pulse.PICOSECOND)),
        "b",
        None,
    ),
    (
        "settings.outside",
        session(laser=laser(envelope={"density_percent": (None, Decimal("20"))}), settings=HIGH),
        "b",
        None,
    ),
    (
        "settings.jump",
        session(settings=HIGH, last_settings={"density_percent": Decimal("20")}),
        "c",
        None,
    ),
    ("neck.energy", session(facts(area=Area.NECK), laser_type=AF, settings=HIGH), "c", None),
]

# In the rulebook, and waiting for the record they would read.
NOT_BUILT = {"consent.missing", "consent.reflection"}


def row_names(rows):
    return [f"{row[0]}-{number}" for number, row in enumerate(rows)]


def per_laser(levels, until):
    """What a row of the rulebook says of each laser type."""
    days = until if isinstance(until, list) else [until] * 4
    return {
        laser: (LETTERS[letter], day)
        for laser, letter, day in zip(EVERY, levels, days, strict=True)
        if letter != "-"
    }


def test_candidacy_finds_nothing_in_unremarkable_facts():
    assert candidacy.findings(facts()) == []


def test_readiness_finds_nothing_on_a_good_day():
    assert readiness.findings(session(laser=laser())) == []


@pytest.mark.parametrize(("id", "changes", "levels", "until"), CANDIDACY, ids=row_names(CANDIDACY))
@pytest.mark.parametrize("start", [facts, blank])
def test_candidacy_rule_says_its_row(start, id, changes, levels, until):
    findings = [each for each in candidacy.findings(start(**changes)) if each.id == id]
    said_of = [(laser, (each.level, each.until)) for each in findings for laser in each.lasers]
    assert dict(said_of) == per_laser(levels, until)
    assert len(said_of) == len(dict(said_of))


@pytest.mark.parametrize(("id", "today", "level", "until"), READINESS, ids=row_names(READINESS))
def test_readiness_rule_says_its_row(id, today, level, until):
    assert said(each for each in readiness.findings(today) if each.id == id) == [
        (id, LETTERS[level], EVERY, until)
    ]


# Rows whose facts are another row's facts too.
COMPANIONS = {
    "laxity.borderline": {"laxity.severe"},
    "surgery.recent": {"surgery.ablative_wait", "surgery.touch_up"},
    "surgery.early": {"surgery.ablative_wait", "surgery.touch_up"},
    "surgery.ablative_wait": {"surgery.early", "surgery.touch_up"},
    "surgery.liposuction": {"surgery.recent", "surgery.ablative_wait", "surgery.touch_up"},
    "interval.too_soon": {"watch.active"},
    "watch.active": {"interval.too_soon"},
}


@pytest.mark.parametrize(("id", "changes", "levels", "until"), CANDIDACY, ids=row_names(CANDIDACY))
def test_candidacy_row_makes_no_other_rule_speak(id, changes, levels, until):
    expected = {id, *COMPANIONS.get(id, ())}
    if None in changes.values():
        expected.add("screen.not_asked")
    assert {finding.id for finding in candidacy.findings(facts(**changes))} == expected


@pytest.mark.parametrize(("id", "today", "level", "until"), READINESS, ids=row_names(READINESS))
def test_readiness_row_makes_no_other_rule_speak(id, today, level, until):
    spoke = {finding.id for finding in readiness.findings(today)}
    assert spoke == {id, *COMPANIONS.get(id, ())}


@pytest.mark.parametrize(
    ("rules", "ids"),
    [
        (candidacy, {row[0] for row in CANDIDACY}),
        (readiness, {row[0] for row in READINESS}),
    ],
    ids=["candidacy", "readiness"],
)
def test_registry_holds_the_rulebook_and_nothing_more(rules, ids):
    assert set(rules) == ids
    assert set(rules) & NOT_BUILT == set()


def messages_of(rules):
    """Every message written beside the rules of one kind."""
    modules = dict.fromkeys(sys.modules[rule.__module__] for rule in rules.values())
    return [each for module in modules for each in vars(module).values() if type(each) is Message]


@pytest.mark.parametrize("rules", [candidacy, readiness], ids=["candidacy", "readiness"])
def test_registry_has_one_message_for_each_id(rules):
    assert sorted(message.id for message in messages_of(rules)) == sorted(rules)


@pytest.mark.parametrize(
    "message", [*messages_of(candidacy), *messages_of(readiness)], ids=lambda message: message.id
)
def test_message_explains_itself(message):
    blanks = {name for name in ("message", "hint", "source") if not getattr(message, name).strip()}
    assert blanks == set()


def test_rule_with_two_ids_is_asked_once():
    rules = Rules()
    asked = []

    @rules.rule("one", "other")
    def both(today):
        asked.append(today)
        return ["finding"]

    assert rules.findings("today") == ["finding"]
    assert (asked, rules) == (["today"], {"one": both, "other": both})


def test_rules_are_asked_in_the_order_they_signed_up():
    rules = Rules()
    rules.rule("b")(lambda today: ["first"])
    rules.rule("a")(lambda today: [])
    rules.rule("c")(lambda today: ["second", "third"])
    assert rules.findings("today") == ["first", "second", "third"]


def test_second_rule_for_one_id_is_refused():
    rules = Rules()
    rules.rule("one")(lambda today: [])
    with pytest.raises(ValueError, match="two rules find one"):
        rules.rule("other", "one")(lambda today: [])
