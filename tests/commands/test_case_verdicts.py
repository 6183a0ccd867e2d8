"""The verdict on a case: what a very short pulse would darken takes its laser away."""

from datetime import date

import pytest

from consultations.management.cases.verdicts import verdict_of
from consultations.rules.candidacy import assess
from consultations.rules.facts import AreaFacts
from consultations.rules.readiness.device import darkened
from consultations.vocabulary import Area, LaserType, Level, Outcome, Pace, Pulse, Severity

NA, NF, AF, AB = LaserType
SHORTEST = [Pulse.Q_SWITCHED, Pulse.PICOSECOND]
FOUND = [
    ({"gold_therapy": True}, ["laser.gold"]),
    ({"tattoo": True}, ["laser.tattoo"]),
    ({"gold_therapy": True, "tattoo": True}, ["laser.gold", "laser.tattoo"]),
]


def face(**changes):
    """A face of mild laxity, of which nothing else was asked, then changed."""
    known = {"on": date(2026, 1, 15), "area": Area.FACE, "severity": Severity.MILD}
    return AreaFacts(**{**known, **changes})


@pytest.mark.parametrize("pulse", [None, *Pulse])
@pytest.mark.parametrize("laser", [None, *LaserType])
def test_rulebook_alone_where_nothing_would_darken(pulse, laser):
    assert verdict_of(face(), laser, pulse) == assess(face())


@pytest.mark.parametrize("pulse", [None, Pulse.LONG, Pulse.MICROSECOND, Pulse.CONTINUOUS])
@pytest.mark.parametrize(("changes", "ids"), FOUND)
def test_rulebook_alone_under_longer_pulses(pulse, changes, ids):
    assert verdict_of(face(**changes), NA, pulse) == assess(face(**changes))


@pytest.mark.parametrize("pulse", SHORTEST)
@pytest.mark.parametrize(("changes", "ids"), FOUND)
def test_finding_alone_where_no_laser_is_considered(pulse, changes, ids):
    verdict, alone = verdict_of(face(**changes), None, pulse), assess(face(**changes))
    added = verdict.findings[: len(ids)]
    assert [(one.id, one.level) for one in added] == [(id, Level.BLOCK) for id in ids]
    assert verdict.findings[len(ids) :] == alone.findings
    assert (verdict.outcome, verdict.lasers, verdict.proposed_laser, verdict.reason) == (
        alone.outcome,
        alone.lasers,
        alone.proposed_laser,
        alone.reason,
    )


@pytest.mark.parametrize("pulse", SHORTEST)
def test_laser_considered_is_taken_away_and_another_proposed(pulse):
    gilded = face(gold_therapy=True)
    verdict = verdict_of(gilded, NA, pulse)
    assert (verdict.outcome, verdict.until) == (Outcome.CANDIDATE, None)
    assert verdict.lasers == (NF, AF, AB)
    assert (verdict.proposed_laser, verdict.pace) == (NF, Pace.GRADUAL)
    assert verdict.reason == (
        "Mild laxity is what laser is for. Gold therapy, and a Q-switched or picosecond mode. "
        "Proposed: non-ablative fractional laser, gradual, every 35 days, to keep side effects low."
    )
    assert verdict.findings == (*darkened(gilded, pulse), *assess(gilded).findings)


def test_proposal_stays_where_another_laser_was_considered():
    verdict = verdict_of(face(tattoo=True), AF, Pulse.PICOSECOND)
    assert (verdict.lasers, verdict.proposed_laser) == ((NA, NF, AB), NA)


def test_lasers_stay_where_the_one_considered_was_not_allowed():
    held = face(tattoo=True, skin_problem=True)
    verdict = verdict_of(held, AF, Pulse.PICOSECOND)
    assert (verdict.lasers, verdict.reason) == (assess(held).lasers, assess(held).reason)
    assert verdict.findings[0].id == "laser.tattoo"


def test_outcome_stays_where_no_laser_is_allowed():
    verdict = verdict_of(face(tattoo=True, severity=Severity.SEVERE), NA, Pulse.PICOSECOND)
    assert (verdict.outcome, verdict.lasers) == (Outcome.REFER_TO_SURGERY, ())
    assert [one.id for one in verdict.findings[:2]] == ["laser.tattoo", "laxity.severe"]
