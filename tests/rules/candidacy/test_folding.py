"""How findings add up to one verdict, and what holds for every verdict."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from consultations.rules import RULEBOOK
from consultations.rules.candidacy import AreaFacts, Verdict, assess, fold
from consultations.rules.candidacy.screen import QUESTIONS
from consultations.rules.facts import DATES, FACTS
from consultations.rules.registry import candidacy
from consultations.vocabulary import (
    Area,
    Isotretinoin,
    Outcome,
    Pace,
    RecentProcedure,
    Severity,
    SurgeryKind,
)
from consultations.vocabulary import TestPatchResult as PatchResult

from ..builders import (
    AB,
    AF,
    CAUTION,
    EVERY,
    EXCLUDE,
    HOLD,
    INFO,
    NA,
    NF,
    NOTHING_FOUND,
    ON,
    REFER,
    blank,
    facts,
    found,
    said,
)
from ..strategies import BAD, VALUES, any_facts, area_facts, bad_facts, operated, properties

BETTER_TO_WORSE = {
    Outcome.CANDIDATE: 0,
    Outcome.TOUCH_UP: 0,
    Outcome.HOLD: 1,
    Outcome.NOT_A_CANDIDATE: 2,
    Outcome.REFER_TO_SURGERY: 3,
}
SOON = ON + timedelta(days=7)
LATER = ON + timedelta(days=70)
RECOVERED = {
    "surgery_on": date(2020, 1, 1),
    "surgery_kind": SurgeryKind.LIFT,
    "recovered_from_surgery": True,
}
# Days from which a wait counts.
COUNTED = {*DATES} - {"test_patch_on"}
GRADUAL = "Proposed: non-ablative laser, gradual, every 28 days, to keep side effects low."


# Told on the face whatever was answered.
HERPES_COVER = tuple(candidacy["herpes"](facts()))


def folded(*findings):
    """Outcome, day and laser types of findings made up for the test."""
    verdict = fold(facts(), [finding for each in findings for finding in each])
    return verdict.outcome, verdict.until, verdict.lasers


def test_assess_candidate_when_nothing_is_found():
    assert assess(facts()) == Verdict(
        outcome=Outcome.CANDIDATE,
        until=None,
        lasers=EVERY,
        proposed_laser=NA,
        pace=Pace.GRADUAL,
        reason=f"Mild laxity is what laser is for. {GRADUAL}",
        findings=HERPES_COVER,
        rulebook=RULEBOOK,
    )


def test_assess_touch_up_after_recovery():
    after = facts(**RECOVERED, smoker=True)
    assert assess(after) == Verdict(
        outcome=Outcome.TOUCH_UP,
        until=None,
        lasers=EVERY,
        proposed_laser=NA,
        pace=Pace.GRADUAL,
        reason="This area was operated on and has recovered: laser would be a touch-up. " + GRADUAL,
        findings=(
            *candidacy["surgery.touch_up"](after),
            *HERPES_COVER,
            *reversed(candidacy["smoking"](after)),
        ),
        rulebook=RULEBOOK,
    )


def test_assess_hold_until_the_earliest_laser_is_free():
    tanned = facts(tanned=True, tanned_on=ON)
    assert assess(tanned) == Verdict(
        outcome=Outcome.HOLD,
        until=ON + timedelta(days=14),
        lasers=(),
        proposed_laser=None,
        pace=None,
        reason="The skin was tanned recently.",
        findings=(*reversed(candidacy["tan"](tanned)), *HERPES_COVER),
        rulebook=RULEBOOK,
    )


def test_assess_not_a_candidate_for_every_reason():
    hasty = facts(wants_instant_result=True, wants_inexpensive_fix=True, infection=True)
    assert assess(hasty) == Verdict(
        outcome=Outcome.NOT_A_CANDIDATE,
        until=None,
        lasers=(),
        proposed_laser=None,
        pace=None,
        reason="The patient wants an inexpensive fix. The patient wants an instant result.",
        findings=(
            *candidacy["expectations.inexpensive"](hasty),
            *candidacy["expectations.instant"](hasty),
            *candidacy["skin.infection"](hasty),
            *HERPES_COVER,
        ),
        rulebook=RULEBOOK,
    )


def test_assess_refers_the_severe_and_keeps_every_finding():
    loose = facts(severity=Severity.SEVERE, grade=Decimal("3"), wants_instant_result=True)
    assert assess(loose) == Verdict(
        outcome=Outcome.REFER_TO_SURGERY,
        until=None,
        lasers=(),
        proposed_laser=None,
        pace=None,
        reason="Laxity is severe: laser is not suitable.",
        findings=(
            *candidacy["laxity.severe"](loose),
            *candidacy["expectations.instant"](loose),
            *candidacy["laxity.borderline"](loose),
            *HERPES_COVER,
        ),
        rulebook=RULEBOOK,
    )


def test_assess_names_moderate_laxity():
    assert assess(facts(severity=Severity.MODERATE)).reason.startswith("Moderate laxity is what")


def test_fold_puts_deciding_findings_first():
    after = facts(**RECOVERED, keloid_history=True)
    assert said(assess(after).findings) == [
        ("surgery.touch_up", INFO, EVERY, None),
        ("keloid", EXCLUDE, (AF, AB), None),
        ("patch.missing", CAUTION, EVERY, None),
        ("herpes", CAUTION, (AF, AB), None),
        ("keloid", CAUTION, (NA, NF), None),
    ]


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], (Outcome.CANDIDATE, None, EVERY)),
        ([found(INFO), found(CAUTION)], (Outcome.CANDIDATE, None, EVERY)),
        ([found(EXCLUDE, AF, AB)], (Outcome.CANDIDATE, None, (NA, NF))),
        ([found(HOLD, NA, NF, AF)], (Outcome.CANDIDATE, None, (AB,))),
        ([found(HOLD)], (Outcome.HOLD, None, ())),
        ([found(EXCLUDE)], (Outcome.NOT_A_CANDIDATE, None, ())),
        ([found(REFER)], (Outcome.REFER_TO_SURGERY, None, ())),
        ([found(REFER, NA)], (Outcome.REFER_TO_SURGERY, None, ())),
        ([found(REFER), found(EXCLUDE), found(HOLD)], (Outcome.REFER_TO_SURGERY, None, ())),
        ([found(EXCLUDE), found(HOLD, until=SOON)], (Outcome.NOT_A_CANDIDATE, None, ())),
        ([found(EXCLUDE, NA, NF), found(HOLD, until=SOON)], (Outcome.HOLD, SOON, ())),
        ([found(HOLD, until=SOON), found(HOLD, until=LATER)], (Outcome.HOLD, LATER, ())),
        ([found(HOLD, until=SOON), found(HOLD)], (Outcome.HOLD, None, ())),
        ([found(HOLD, NA, until=SOON), found(HOLD, NF, AF, AB)], (Outcome.HOLD, SOON, ())),
        ([found(HOLD, until=SOON), found(HOLD, AF, AB)], (Outcome.HOLD, SOON, ())),
        (
            [found(HOLD, NA, NF, until=LATER), found(HOLD, AF, AB, until=SOON)],
            (Outcome.HOLD, SOON, ()),
        ),
    ],
)
def test_fold_weighs_each_laser_type_first(findings, expected):
    assert folded(*findings) == expected


def test_fold_says_each_reason_once():
    waiting = [*found(HOLD, NA, NF, until=SOON), *found(HOLD, AF, AB, until=LATER)]
    assert fold(facts(), waiting).reason == "Message of x."


def test_fold_gives_the_reason_that_reaches_furthest():
    waiting = [*found(HOLD, AF, AB, until=LATER, id="less"), *found(HOLD, until=SOON, id="more")]
    verdict = fold(facts(), waiting)
    assert verdict.reason == "Message of more."
    assert [finding.id for finding in verdict.findings] == ["more", "less"]


def test_fold_without_a_deciding_finding_gives_the_proposal_alone():
    verdict = fold(facts(**RECOVERED), [])
    assert (verdict.outcome, verdict.reason) == (Outcome.TOUCH_UP, GRADUAL)
    assert verdict.findings == ()


@properties
@given(area_facts(severity=Severity.SEVERE))
def test_severe_is_always_referred(severe):
    assert assess(severe).outcome == Outcome.REFER_TO_SURGERY


def test_properties_draw_every_fact_and_a_bad_answer_to_every_question():
    assert {*VALUES} == {*FACTS}
    assert {*QUESTIONS} - {*BAD} == {
        "preferred_pace",
        "worried_about_side_effects",
        "max_downtime_days",
    }


def outcome_of(given):
    return BETTER_TO_WORSE[assess(given).outcome]


@properties
@given(any_facts(), st.data())
def test_bad_fact_never_brings_an_area_nearer_to_laser(before, data):
    after = replace(before, **data.draw(bad_facts(before)))
    assert outcome_of(after) >= outcome_of(before)


@properties
@given(any_facts(), st.sampled_from(sorted(COUNTED)), st.integers(1, 800))
def test_longer_ago_is_never_further_from_laser(before, name, days):
    day = getattr(before, name) or before.on
    later, earlier = (replace(before, **{name: day - timedelta(days=ago)}) for ago in (0, days))
    assert outcome_of(earlier) <= outcome_of(later)
    assert {*assess(later).lasers} <= {*assess(earlier).lasers}


@properties
@given(any_facts(), st.sampled_from(["surgeon_cleared", "test_patch_cleared"]))
def test_clearance_never_takes_an_area_further_from_laser(before, name):
    after = replace(before, **{name: True})
    assert outcome_of(after) <= outcome_of(before)
    assert {*assess(before).lasers} <= {*assess(after).lasers}


@properties
@given(any_facts())
def test_lasers_allowed_are_the_least_deep(drawn):
    """So non-ablative is allowed wherever any is."""
    lasers = assess(drawn).lasers
    assert lasers == EVERY[: len(lasers)]


@properties
@given(any_facts())
def test_ablative_is_never_proposed_before_phototype_and_keloids_are_known(drawn):
    for blank_one in ({"phototype": None}, {"keloid_history": None}):
        assert assess(replace(drawn, **blank_one)).proposed_laser in {NA, NF, None}


@properties
@given(any_facts(), st.randoms(use_true_random=False))
def test_order_of_rules_never_matters(drawn, random):
    findings = candidacy.findings(drawn)
    random.shuffle(findings)
    assert fold(drawn, findings) == assess(drawn)


@properties
@given(any_facts())
def test_same_facts_give_equal_verdicts(drawn):
    assert assess(replace(drawn)) == assess(drawn)


@properties
@given(any_facts(), st.sampled_from(DATES), st.dates() | st.just(date.max))
def test_any_day_can_be_assessed(drawn, name, day):
    assert assess(replace(drawn, **{name: day})).rulebook == RULEBOOK


@properties
@given(any_facts())
def test_every_finding_is_kept(drawn):
    assert Counter(assess(drawn).findings) == Counter(candidacy.findings(drawn))


@properties
@given(any_facts())
def test_lasers_are_named_only_when_treatable(drawn):
    verdict = assess(drawn)
    treatable = verdict.outcome in {Outcome.CANDIDATE, Outcome.TOUCH_UP}
    assert (verdict.lasers != ()) is treatable
    assert (verdict.pace is not None) is treatable
    assert (verdict.proposed_laser in verdict.lasers) is treatable


@properties
@given(any_facts())
def test_full_ablation_is_never_proposed(drawn):
    assert assess(drawn).proposed_laser in {NA, NF, AF, None}


@properties
@given(any_facts())
def test_touch_up_needs_surgery_and_candidate_needs_none(drawn):
    outcome = assess(drawn).outcome
    assume(outcome in {Outcome.CANDIDATE, Outcome.TOUCH_UP})
    assert (outcome == Outcome.TOUCH_UP) is drawn.had_surgery


@properties
@given(any_facts())
def test_holds_end_after_today_and_only_holds_end(drawn):
    verdict = assess(drawn)
    known = [finding.until for finding in verdict.findings if finding.until is not None]
    assert [day for day in known if day <= drawn.on] == []
    if verdict.outcome == Outcome.HOLD:
        assert verdict.until is None or verdict.until > drawn.on
    else:
        assert verdict.until is None


@properties
@given(
    operated()
    | area_facts(tanned=True, tanned_on=ON)
    | area_facts(recent_procedure=RecentProcedure.PEEL, recent_procedure_on=ON)
    | area_facts(recent_procedure=RecentProcedure.FULL_ABLATION, recent_procedure_on=ON)
)
def test_hold_is_over_on_its_day(drawn):
    verdict = assess(drawn)
    assume(verdict.until is not None)
    # One month after surgery without the surgeon's clearance, another hold takes over.
    handed_over = "surgery.recent" in {finding.id for finding in verdict.findings}
    assume(drawn.surgeon_cleared or not handed_over)
    after = assess(replace(drawn, on=verdict.until))
    assert after.outcome in {Outcome.CANDIDATE, Outcome.TOUCH_UP}


class SpiedFacts(AreaFacts):
    """Facts that remember which of their attributes were read."""

    __slots__ = ()
    read = set()

    def __getattribute__(self, name):
        SpiedFacts.read.add(name)
        return super().__getattribute__(name)


def names_read(changes):
    spied = SpiedFacts(**changes)
    SpiedFacts.read.clear()
    assess(spied)
    return {name for name in SpiedFacts.read if not name.startswith("__")}


SAID_BY_SEVERAL = {"had_surgery", "takes_cautious_photosensitiser", "was_tanned"}
EVERY_RULE_READS = [
    {**NOTHING_FOUND, "severity": Severity.SEVERE},
    {**NOTHING_FOUND, "preferred_pace": Pace.RAPID, "max_downtime_days": 9},
    {
        **NOTHING_FOUND,
        "surgery_on": ON - timedelta(days=60),
        "surgery_kind": SurgeryKind.LIPOSUCTION,
        "recovered_from_surgery": True,
        "isotretinoin": Isotretinoin.PAST,
        "isotretinoin_last_dose_on": ON,
    },
    {
        **NOTHING_FOUND,
        "area": Area.STOMACH,
        "delivered_on": ON,
        "keloid_history": True,
        "recent_procedure": RecentProcedure.PEEL,
        "tanned": True,
        "test_patch_on": ON,
        "test_patch_result": PatchResult.REACTION,
    },
    {"on": ON, "area": Area.FACE, "severity": Severity.MILD, "pregnant": False},
]


def test_every_fact_is_read_and_nothing_else():
    read = set.union(*(names_read(changes) for changes in EVERY_RULE_READS))
    assert read == {*FACTS, *SAID_BY_SEVERAL}


@properties
@given(any_facts())
def test_no_fact_is_read_without_a_name(drawn):
    changes = {name: getattr(drawn, name) for name in FACTS}
    assert names_read(changes) - {*FACTS, *SAID_BY_SEVERAL} == set()


def test_blank_record_is_a_candidate_with_a_note():
    verdict = assess(blank())
    assert (verdict.outcome, verdict.lasers) == (Outcome.CANDIDATE, EVERY)
    assert [finding.id for finding in verdict.findings] == ["herpes", "screen.not_asked"]
