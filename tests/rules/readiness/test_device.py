"""The right laser, fit for use, and no very short pulse on gold or ink."""

from datetime import timedelta

import pytest

from consultations.rules.readiness.device import (
    darkened,
    operator,
    out_of_service,
    pigment,
    service_overdue,
    wrong_type,
)
from consultations.vocabulary import Pulse

from ..builders import AB, AF, BLOCK, EVERY, NA, NF, ON, facts, laser, messages, said, session

DAY = timedelta(days=1)
GOLD = facts(gold_therapy=True)
INK = facts(tattoo=True)
BOTH = facts(gold_therapy=True, tattoo=True)
SHORTEST = [Pulse.Q_SWITCHED, Pulse.PICOSECOND]


@pytest.mark.parametrize("rule", [wrong_type, out_of_service, service_overdue, operator, pigment])
def test_device_silent_before_a_mode_is_chosen(rule):
    assert rule(session(BOTH)) == []


@pytest.mark.parametrize("rule", [wrong_type, out_of_service, service_overdue, operator, pigment])
def test_device_silent_on_a_fit_laser(rule):
    assert rule(session(BOTH, laser=laser())) == []


@pytest.mark.parametrize("laser_type", EVERY)
def test_wrong_type_silent_on_the_planned_type(laser_type):
    assert wrong_type(session(laser_type=laser_type, laser=laser(laser_type=laser_type))) == []


@pytest.mark.parametrize(
    ("planned", "mode", "sentence"),
    [
        (
            AF,
            NF,
            "This mode is non-ablative fractional laser, but the plan is for ablative fractional "
            "laser.",
        ),
        (NA, AB, "This mode is fully ablative laser, but the plan is for non-ablative laser."),
    ],
)
def test_wrong_type_blocks_and_names_both_types(planned, mode, sentence):
    findings = wrong_type(session(laser_type=planned, laser=laser(laser_type=mode)))
    assert said(findings) == [("laser.wrong_type", BLOCK, EVERY, None)]
    assert messages(findings) == [sentence]
    assert findings[0].subject == "laser_mode"


def test_out_of_service_blocks():
    findings = out_of_service(session(laser=laser(in_service=False)))
    assert said(findings) == [("laser.out_of_service", BLOCK, EVERY, None)]
    assert findings[0].subject == "laser_mode"


@pytest.mark.parametrize("due_on", [None, ON, ON + DAY])
def test_service_overdue_silent_to_the_day_it_is_due(due_on):
    assert service_overdue(session(laser=laser(service_due_on=due_on))) == []


def test_service_overdue_blocks_from_the_day_after():
    findings = service_overdue(session(laser=laser(service_due_on=ON - DAY)))
    assert said(findings) == [("laser.service_overdue", BLOCK, EVERY, None)]
    assert messages(findings) == ["This laser's service was due on 15 Mar 2026."]
    assert findings[0].subject == "laser_mode"


@pytest.mark.parametrize("pulse", [Pulse.LONG, Pulse.MICROSECOND, Pulse.CONTINUOUS])
def test_pigment_silent_under_longer_pulses(pulse):
    assert pigment(session(BOTH, laser=laser(pulse=pulse))) == []


@pytest.mark.parametrize("pulse", SHORTEST)
@pytest.mark.parametrize("answer", [False, None])
def test_pigment_silent_without_gold_or_ink(pulse, answer):
    today = facts(gold_therapy=answer, tattoo=answer)
    assert pigment(session(today, laser=laser(pulse=pulse))) == []


@pytest.mark.parametrize("pulse", SHORTEST)
@pytest.mark.parametrize(
    ("today", "ids"),
    [(GOLD, ["laser.gold"]), (INK, ["laser.tattoo"]), (BOTH, ["laser.gold", "laser.tattoo"])],
)
def test_pigment_blocks_the_shortest_pulses(pulse, today, ids):
    findings = pigment(session(today, laser=laser(pulse=pulse)))
    assert said(findings) == [(id, BLOCK, EVERY, None) for id in ids]
    assert {finding.subject for finding in findings} == {"laser_mode"}
    assert findings == darkened(today, pulse)


@pytest.mark.parametrize("authorised", [None, True])
def test_operator_silent_without_a_list_or_on_it(authorised):
    assert operator(session(laser=laser(authorised=authorised))) == []


def test_operator_who_is_not_authorised_blocks():
    findings = operator(session(laser=laser(authorised=False)))
    assert said(findings) == [("laser.operator", BLOCK, EVERY, None)]
    assert messages(findings) == [
        "The operator is not an authorised user of this laser on this day."
    ]
    assert findings[0].subject == "operator"
