"""Eyes are covered, and an antiviral given where herpes may wake."""

import pytest

from consultations.rules.readiness.care import antiviral, eyewear
from consultations.vocabulary import Area

from ..builders import AB, AF, BLOCK, CAUTION, EVERY, NA, NF, facts, messages, said, session

NEAR_THE_MOUTH = [Area.FACE, Area.NECK]
ELSEWHERE = [Area.STOMACH, Area.ARMS, Area.LEGS]
MISSING = [("antiviral.missing", CAUTION, EVERY, None)]


def without(area, herpes, laser_type, given=None):
    today = facts(area=area, herpes_history=herpes)
    return said(antiviral(session(today, laser_type=laser_type, antiviral_given=given)))


@pytest.mark.parametrize("area", Area)
@pytest.mark.parametrize("laser_type", EVERY)
@pytest.mark.parametrize("herpes", [None, False, True])
def test_antiviral_silent_once_given(area, laser_type, herpes):
    assert without(area, herpes, laser_type, given=True) == []


@pytest.mark.parametrize("area", Area)
@pytest.mark.parametrize("herpes", [None, False, True])
def test_antiviral_silent_with_non_ablative_laser(area, herpes):
    assert without(area, herpes, NA) == []


@pytest.mark.parametrize("herpes", [None, False])
def test_antiviral_silent_without_a_history_where_none_is_called_for(herpes):
    assert [without(area, herpes, NF) for area in Area] == [[]] * 5
    assert [without(area, herpes, one) for area in ELSEWHERE for one in (AF, AB)] == [[]] * 6


@pytest.mark.parametrize("area", NEAR_THE_MOUTH)
@pytest.mark.parametrize("laser_type", [AF, AB])
@pytest.mark.parametrize("herpes", [None, False, True])
@pytest.mark.parametrize("given", [None, False])
def test_antiviral_missing_before_ablation_near_the_mouth(area, laser_type, herpes, given):
    assert without(area, herpes, laser_type, given) == MISSING


@pytest.mark.parametrize("area", Area)
@pytest.mark.parametrize("laser_type", [NF, AF, AB])
@pytest.mark.parametrize("given", [None, False])
def test_antiviral_missing_after_herpes_anywhere(area, laser_type, given):
    assert without(area, True, laser_type, given) == MISSING


def test_antiviral_is_about_its_answer():
    [finding] = antiviral(session(laser_type=AF))
    assert finding.subject == "antiviral_given"


def test_eyewear_silent_when_worn():
    assert eyewear(session(eyewear_worn=True)) == []


@pytest.mark.parametrize(
    ("worn", "level", "sentence"),
    [(False, BLOCK, "Eyewear was not worn."), (None, CAUTION, "Eyewear was not recorded.")],
)
def test_eyewear_blocks_when_not_worn_and_cautions_when_not_recorded(worn, level, sentence):
    findings = eyewear(session(eyewear_worn=worn))
    assert said(findings) == [("eyewear", level, EVERY, None)]
    assert messages(findings) == [sentence]
    assert findings[0].subject == "eyewear_worn"
