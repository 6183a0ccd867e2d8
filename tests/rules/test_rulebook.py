"""The whole rulebook, restated row by row: each id, what triggers it and what it says."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given

from consultations.rules.calendar import months_after
from consultations.rules.candidacy.screen import unasked
from consultations.rules.facts import FACTS
from consultations.rules.readiness import DoneBefore, Said
from consultations.rules.registry import candidacy, readiness
from consultations.vocabulary import (
    Area,
    BddScreen,
    Isotretinoin,
    Photosensitiser,
    Phototype,
    PlanStatus,
    Pulse,
    RecentProcedure,
    Severity,
    SurgeryKind,
    WeightLossMedicine,
)
from consultations.vocabulary import TestPatchResult as PatchResult

from .builders import (
    AB,
    AF,
    BLOCK,
    CAUTION,
    EVERY,
    EXCLUDE,
    HOLD,
    INFO,
    NA,
    NF,
    ON,
    REFER,
    agreed,
    blank,
    facts,
    laser,
    no,
    said,
    session,
    yes,
)
from .strategies import any_facts, properties

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


UNDATED = {"recovered_from_surgery": True}
CLEAR = {"test_patch_on": ON, "test_patch_result": PatchResult.CLEAR}
FOUR_WEEKS = [in_days(14), in_days(14), in_days(28), in_days(28)]
HALF_A_YEAR = [in_days(36), in_days(36), months_after(ON, 6), months_after(ON, 6)]

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
    ("expectations.body_image_declined", {"bdd_screen": BddScreen.DECLINED}, "cccc", None),
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
    ("surgery.undated", {**UNDATED, "surgery_kind": SurgeryKind.LIPOSUCTION}, "hhhh", None),
    ("surgery.undated", {**UNDATED, "surgery_kind": SurgeryKind.LIFT}, "cchh", None),
    ("surgery.undated", UNDATED, "cchh", None),
    ("surgery.touch_up", OPERATED, "iiii", None),
    ("referral.open", {"referral_open": True}, "cccc", None),
    ("skin.problem", {"skin_problem": True}, "ccxx", None),
    ("skin.infection", {"infection": True}, "hhhh", None),
    ("skin.lesion", {"suspicious_lesion": True}, "hhhh", None),
    ("skin.melasma", {"melasma": True}, "ccxx", None),
    ("skin.tattoo", {"tattoo": True}, "ccii", None),
    ("skin.radiotherapy", {"radiotherapy": True}, "ccxx", None),
    ("phototype.dark", {"phototype": Phototype.V}, "-cxx", None),
    ("phototype.dark", {"phototype": Phototype.VI}, "-cxx", None),
    ("phototype.medium", {"phototype": Phototype.IV}, "--cc", None),
    ("pregnancy", {"pregnant": True}, "hhhh", None),
    ("pregnancy", {"pregnant": None, "pregnant_or_breastfeeding": True}, "hhhh", None),
    ("breastfeeding", {"breastfeeding": True}, "cchh", None),
    (
        "breastfeeding",
        {"pregnant": False, "breastfeeding": None, "pregnant_or_breastfeeding": True},
        "cchh",
        None,
    ),
    ("delivery", {"area": Area.STOMACH, "delivered_on": ON}, "cchh", months_after(ON, 12)),
    ("isotretinoin", {"isotretinoin": Isotretinoin.TAKING}, "iich", None),
    ("isotretinoin", {"isotretinoin": Isotretinoin.PAST}, "iich", None),
    (
        "isotretinoin",
        {"isotretinoin": Isotretinoin.PAST, "isotretinoin_last_dose_on": ON},
        "iich",
        months_after(ON, 6),
    ),
    ("keloid", {"keloid_history": True}, "ccxx", None),
    ("herpes", {"herpes_history": True}, "-ccc", None),
    ("herpes", {"area": Area.ARMS, "herpes_history": True}, "-ccc", None),
    ("herpes", {}, "--cc", None),
    ("herpes", {"area": Area.NECK}, "--cc", None),
    ("photosensitiser", {"photosensitiser": Photosensitiser.PDT_DRUG}, "hhhh", None),
    ("photosensitiser", {"photosensitiser": Photosensitiser.CAUTIOUS}, "cccc", None),
    ("photosensitiser", {"photosensitiser": Photosensitiser.OTHER}, "iiii", None),
    (
        "photosensitiser",
        {"photosensitiser": None, "photosensitising_drug": True},
        "cccc",
        None,
    ),
    ("retinoid", {"topical_retinoid_on": ON}, "iccc", in_days(7)),
    ("weight", {"weight_changing": True}, "cccc", None),
    ("weight", {"weight_loss_medicine": WeightLossMedicine.TAKING}, "cccc", None),
    ("koebner", {"koebner_disease": True}, "cchh", None),
    ("connective_tissue", {"connective_tissue_disease": True}, "cccx", None),
    *(
        ("recent.procedure", {"recent_procedure": done, "recent_procedure_on": ON}, levels, days)
        for done, levels, days in (
            (RecentProcedure.BOTULINUM_TOXIN, "iicc", in_days(14)),
            (RecentProcedure.THREAD_LIFT, "iicc", in_days(14)),
            (RecentProcedure.RADIOFREQUENCY, "cccc", FOUR_WEEKS),
            (RecentProcedure.ULTRASOUND, "cccc", FOUR_WEEKS),
            (RecentProcedure.MICRONEEDLING, "cccc", FOUR_WEEKS),
            (RecentProcedure.PEEL, "hhhh", FOUR_WEEKS),
            (RecentProcedure.LASER, "hhhh", FOUR_WEEKS),
            (RecentProcedure.DEEP_PEEL, "hhhh", HALF_A_YEAR),
            (RecentProcedure.DERMABRASION, "hhhh", HALF_A_YEAR),
            (RecentProcedure.FULL_ABLATION, "hhhh", HALF_A_YEAR),
        )
    ),
    ("recent.procedure", {"recent_procedure": RecentProcedure.PEEL}, "hhhh", None),
    ("recent.procedure", {"recent_procedure": RecentProcedure.THREAD_LIFT}, "iicc", None),
    ("tan", {"tanned": True, "tanned_on": ON}, "hhhh", FOUR_WEEKS),
    ("tan", {"tanned": None, "tanned_on": ON}, "hhhh", FOUR_WEEKS),
    ("tan", {"tanned": True}, "hhhh", None),
    ("filler", {"filler_on": ON}, "cchh", in_days(14)),
    ("gold", {"gold_therapy": True}, "cccc", None),
    ("immunity", {"immunosuppressed": True}, "iicc", None),
    ("diabetes", {"uncontrolled_diabetes": True}, "hhhh", None),
    ("bleeding", {"anticoagulants": True}, "--cc", None),
    ("smoking", {"smoker": True}, "iicc", None),
    ("lifestyle", {"drinks_alcohol": True}, "iiii", None),
    ("lifestyle", {"sun_exposure": True}, "iiii", None),
    ("lifestyle", {"chemical_exposure": True}, "iiii", None),
    ("age.minor", {"age": 17}, "xxxx", None),
    ("age.old", {"age": 76}, "iiii", None),
    ("patch.reaction", {"test_patch_result": PatchResult.REACTION}, "hhhh", None),
    ("patch.awaited", {"test_patch_result": PatchResult.AWAITED}, "hhhh", None),
    ("patch.awaited", {"test_patch_on": ON}, "hhhh", None),
    ("patch.missing", {"phototype": Phototype.IV}, "-ccc", None),
    ("patch.missing", {"phototype": Phototype.VI}, "-ccc", None),
    ("patch.missing", {"keloid_history": True}, "cccc", None),
    ("patch.missing", {"photosensitiser": Photosensitiser.CAUTIOUS}, "cccc", None),
    (
        "patch.missing",
        {"photosensitiser": None, "photosensitising_drug": True},
        "cccc",
        None,
    ),
    ("patch.missing", {"keloid_history": True, **CLEAR, "test_patch_laser": NF}, "--cc", None),
    ("patch.missing", {"keloid_history": True, **CLEAR, "test_patch_laser": NA}, "-ccc", None),
    ("area.off_face", {"area": Area.NECK}, "--cx", None),
    ("area.off_face", {"area": Area.STOMACH}, "--cx", None),
    ("area.off_face", {"area": Area.ARMS}, "--cx", None),
    ("area.off_face", {"area": Area.LEGS}, "--cx", None),
    ("screen.not_asked", {"infection": None}, "iiii", None),
]

# id, the session that triggers it, level for every laser type, first day that is free again.
ANTIVIRAL = {"antiviral_given": True}
HIGH = {"density_percent": Decimal("30")}
READINESS = [
    ("plan.not_active", session(plan_status=PlanStatus.PAUSED), "b", None),
    ("plan.not_active", session(plan_status=PlanStatus.COMPLETED), "b", None),
    ("plan.not_active", session(plan_status=PlanStatus.STOPPED), "b", None),
    ("plan.not_active", session(plan_in_error=True), "b", None),
    ("interval.too_soon", session(done=(DoneBefore(ON, NF),)), "b", in_days(21)),
    ("interval.too_soon", session(done=(DoneBefore(in_days(-36), AB),)), "c", in_days(144)),
    ("watch.active", session(done=(DoneBefore(ON, NF),)), "b", in_days(8)),
    ("watch.active", session(done=(DoneBefore(ON, AF),)), "b", in_days(15)),
    ("watch.extended", session(done=(DoneBefore(in_days(-30), AF),)), "c", in_days(6)),
    ("screen.changed", session(facts(infection=True)), "b", None),
    ("screen.required", session(facts(infection=None)), "b", None),
    ("screen.required", session(facts(tanned=None), laser_type=AF, **ANTIVIRAL), "b", None),
    ("antiviral.missing", session(laser_type=AF), "c", None),
    (
        "antiviral.missing",
        session(facts(area=Area.ARMS, herpes_history=True), laser_type=NF),
        "c",
        None,
    ),
    ("consent.missing", session(consent=agreed()), "b", None),
    ("consent.missing", session(consent=agreed(began_before=True)), "c", None),
    ("consent.reflection", session(consent=agreed(yes(YESTERDAY))), "b", in_days(1)),
    ("consent.refused", session(consent=agreed(no(YESTERDAY))), "b", None),
    ("consent.withdrawn", session(consent=agreed(no(ON, Said.WITHDRAWN))), "b", None),
    ("eyewear", session(eyewear_worn=False), "b", None),
    ("eyewear", session(eyewear_worn=None), "c", None),
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
        "laser.tattoo",
        session(facts(tattoo=True), laser=laser(pulse=Pulse.Q_SWITCHED)),
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
    (
        "neck.energy",
        session(facts(area=Area.NECK), laser_type=AF, settings=HIGH, **ANTIVIRAL),
        "c",
        None,
    ),
]


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


def test_candidacy_finds_but_herpes_cover_in_unremarkable_facts():
    assert said(candidacy.findings(facts())) == [("herpes", CAUTION, (AF, AB), None)]


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


# On the face an antiviral is told of whatever else is; off it, that the skin is another.
ALWAYS = {"herpes", "area.off_face"}
CALLING = {
    "phototype.dark": {"phototype"},
    "phototype.medium": {"phototype"},
    "keloid": {"keloid_history"},
    "photosensitiser": {"photosensitiser"},
}


def vars_of(given):
    return {name: getattr(given, name) for name in FACTS}


# Rows whose facts are another row's facts too.
COMPANIONS = {
    "surgery.undated": {"surgery.touch_up", "screen.not_asked"},
    "phototype.dark": {"patch.missing"},
    "phototype.medium": {"patch.missing"},
    "keloid": {"patch.missing"},
    "delivery": {"area.off_face"},
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
    given = facts(**changes)
    allowed = {id, *COMPANIONS.get(id, ()), *ALWAYS}
    allowed |= {other for other in CALLING if id == "patch.missing" and CALLING[other] & {*changes}}
    if given.takes_cautious_photosensitiser:
        allowed.add("patch.missing")
    if unasked(vars_of(given)):
        allowed.add("screen.not_asked")
    assert {finding.id for finding in candidacy.findings(given)} - allowed == set()


@pytest.mark.parametrize(("id", "today", "level", "until"), READINESS, ids=row_names(READINESS))
def test_readiness_row_makes_no_other_rule_speak(id, today, level, until):
    spoke = {finding.id for finding in readiness.findings(today)}
    assert spoke - {id, *COMPANIONS.get(id, ())} == set()


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


def table_of(message):
    """What the lines of a message allow it to say of each laser type."""
    allowed = {laser: set() for laser in EVERY}
    for line in message.lines:
        levels = line.levels if isinstance(line.levels, dict) else dict.fromkeys(EVERY, line.levels)
        for one, level in levels.items():
            allowed[one].add(level)
    return allowed


@properties
@given(any_facts())
def test_candidacy_says_what_its_lines_tell(given):
    for finding in candidacy.findings(given):
        allowed = table_of(candidacy.messages[finding.id])
        assert [laser for laser in finding.lasers if finding.level not in allowed[laser]] == []


@pytest.mark.parametrize(("id", "changes", "levels", "until"), CANDIDACY, ids=row_names(CANDIDACY))
def test_line_of_the_rulebook_tells_the_row(id, changes, levels, until):
    wanted = {
        laser: LETTERS[letter] for laser, letter in zip(EVERY, levels, strict=True) if letter != "-"
    }
    lines = candidacy.messages[id].lines
    told = [
        one.levels if isinstance(one.levels, dict) else dict.fromkeys(EVERY, one.levels)
        for one in lines
    ]
    assert any(wanted.items() <= one.items() for one in told)


@pytest.mark.parametrize(("id", "today", "level", "until"), READINESS, ids=row_names(READINESS))
def test_line_of_the_rulebook_tells_the_row_of_a_session(id, today, level, until):
    assert LETTERS[level] in table_of(readiness.messages[id])[today.laser_type]
