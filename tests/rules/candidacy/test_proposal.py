"""The laser and the pace to start from."""

import pytest

from consultations.rules.candidacy.proposal import Proposal, interval_days, propose
from consultations.vocabulary import Pace, Severity

from ..builders import AB, AF, EVERY, NA, NF, facts

WANTS_RAPID = {
    "severity": Severity.MODERATE,
    "preferred_pace": Pace.RAPID,
    "worried_about_side_effects": False,
    "skin_problem": False,
    "max_downtime_days": 7,
}


def proposed(allowed=EVERY, **changes):
    proposal = propose(facts(**changes), allowed)
    return proposal.laser, proposal.pace


def test_propose_nothing_when_no_laser_is_allowed():
    assert propose(facts(**WANTS_RAPID), ()) == Proposal(None, None, "")


@pytest.mark.parametrize(
    "changes",
    [
        {"preferred_pace": Pace.GRADUAL},
        {"preferred_pace": None},
        {"worried_about_side_effects": True},
        {"skin_problem": True},
        {"max_downtime_days": 6},
        {"max_downtime_days": 0},
        {"max_downtime_days": None},
    ],
)
def test_pace_gradual_unless_everything_speaks_for_rapid(changes):
    assert proposed(**{**WANTS_RAPID, **changes}) == (NF, Pace.GRADUAL)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"max_downtime_days": 8},
        {"worried_about_side_effects": None},
        {"skin_problem": None},
    ],
)
def test_pace_rapid_from_a_week_of_downtime(changes):
    assert proposed(**{**WANTS_RAPID, **changes}) == (AF, Pace.RAPID)


UNKNOWN = [
    ({"phototype": None}, "phototype"),
    ({"keloid_history": None}, "keloid history"),
    ({"phototype": None, "keloid_history": None}, "phototype and keloid history"),
]


@pytest.mark.parametrize(("changes", "asks"), UNKNOWN)
def test_ablative_is_not_proposed_before_phototype_and_keloids_are_known(changes, asks):
    unknown = {**WANTS_RAPID, **changes}
    assert propose(facts(**unknown), EVERY) == Proposal(
        NF,
        Pace.RAPID,
        "Proposed: non-ablative fractional laser, rapid, every 21 days, as the patient prefers. "
        f"Ask {asks} before an ablative laser.",
    )
    assert proposed((NA, AF), **unknown) == (NA, Pace.RAPID)


@pytest.mark.parametrize(
    ("allowed", "changes"),
    [
        (EVERY, {"severity": Severity.MILD}),
        (EVERY, {"preferred_pace": Pace.GRADUAL}),
        ((NA, NF, AB), {}),
    ],
)
def test_nothing_is_asked_where_ablative_would_not_be_proposed(allowed, changes):
    blank = {**WANTS_RAPID, "phototype": None, "keloid_history": None, **changes}
    assert "Ask" not in propose(facts(**blank), allowed).reason


@pytest.mark.parametrize(
    ("severity", "pace", "allowed", "laser"),
    [
        (Severity.MODERATE, Pace.RAPID, EVERY, AF),
        (Severity.MODERATE, Pace.RAPID, (NA, NF, AB), NF),
        (Severity.MODERATE, Pace.RAPID, (NA, AB), NA),
        (Severity.MODERATE, Pace.GRADUAL, EVERY, NF),
        (Severity.MODERATE, Pace.GRADUAL, (NA, AF, AB), NA),
        (Severity.MODERATE, Pace.GRADUAL, (AF, AB), None),
        (Severity.MILD, Pace.RAPID, EVERY, NA),
        (Severity.MILD, Pace.RAPID, (NF, AF, AB), NF),
        (Severity.MILD, Pace.RAPID, (AF, AB), None),
        (Severity.MILD, Pace.GRADUAL, EVERY, NA),
    ],
)
def test_laser_proposed_by_severity_and_pace(severity, pace, allowed, laser):
    wanted = {**WANTS_RAPID, "severity": severity, "preferred_pace": pace}
    assert proposed(allowed, **wanted) == (laser, pace if laser else None)


@pytest.mark.parametrize(
    ("laser", "rapid", "gradual"), [(NA, 14, 28), (NF, 21, 35), (AF, 28, 42), (AB, 180, 180)]
)
def test_interval_days_shortest_when_rapid_and_upper_usual_when_gradual(laser, rapid, gradual):
    assert (interval_days(laser, Pace.RAPID), interval_days(laser, Pace.GRADUAL)) == (
        rapid,
        gradual,
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            WANTS_RAPID,
            "Proposed: ablative fractional laser, rapid, every 28 days, as the patient prefers.",
        ),
        (
            {"severity": Severity.MODERATE},
            "Proposed: non-ablative fractional laser, gradual, every 35 days, "
            "to keep side effects low.",
        ),
        (
            {},
            "Proposed: non-ablative laser, gradual, every 28 days, to keep side effects low.",
        ),
    ],
)
def test_propose_gives_its_reason(changes, sentence):
    assert propose(facts(**changes), EVERY).reason == sentence
