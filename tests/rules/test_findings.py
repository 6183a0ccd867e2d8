"""What a rule says: findings made from a message, in an order of their own."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.rules.findings import ALL_TYPES, Finding, Message, weightiest_first

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
    REFER,
    found,
    said,
)
from .strategies import properties

SOON = date(2026, 4, 1)
LATER = date(2026, 5, 1)
MESSAGE = Message("skin.x", "Found {what}.", "Ask about {what}.", "A trial")


def test_found_concerning_no_laser_type_is_nothing():
    assert MESSAGE.found({}, what="it") == []


def test_found_at_one_level_concerns_every_laser_type():
    assert MESSAGE.found(HOLD, until=SOON, subject="skin", what="it") == [
        Finding(
            id="skin.x",
            level=HOLD,
            message="Found it.",
            hint="Ask about it.",
            lasers=(NA, NF, AF, AB),
            until=SOON,
            source="A trial",
            subject="skin",
        )
    ]


def test_found_has_no_day_and_no_subject_unless_told():
    assert MESSAGE.found(INFO, what="it") == [
        Finding("skin.x", INFO, "Found it.", "Ask about it.", EVERY, None, "A trial", "")
    ]


def test_found_at_two_levels_makes_one_finding_for_each():
    levels = {NA: CAUTION, NF: CAUTION, AF: EXCLUDE}
    assert said(MESSAGE.found(levels, until=SOON, what="it")) == [
        ("skin.x", CAUTION, (NA, NF), SOON),
        ("skin.x", EXCLUDE, (AF,), SOON),
    ]


def test_found_until_two_days_makes_one_finding_for_each():
    until = {NA: SOON, NF: SOON, AF: LATER}
    assert said(MESSAGE.found(HOLD, until=until, what="it")) == [
        ("skin.x", HOLD, (NA, NF), SOON),
        ("skin.x", HOLD, (AF,), LATER),
        ("skin.x", HOLD, (AB,), None),
    ]


def test_finding_is_equal_by_value():
    assert found(HOLD, NA, until=SOON) == found(HOLD, NA, until=SOON)
    assert len({*found(HOLD, NA), *found(HOLD, NA), *found(HOLD, NF), *found(INFO, NA)}) == 3


@pytest.mark.parametrize(("until", "text"), [(SOON, "2026-04-01"), (None, None)])
def test_finding_as_json_is_plain(until, text):
    [finding] = MESSAGE.found({NA: HOLD, AB: HOLD}, until=until, subject="skin", what="it")
    assert json.loads(json.dumps(finding.as_json())) == {
        "id": "skin.x",
        "level": "hold",
        "message": "Found it.",
        "hint": "Ask about it.",
        "lasers": ["non_ablative", "ablative_full"],
        "until": text,
        "source": "A trial",
    }


def test_laser_types_come_least_invasive_first():
    assert ALL_TYPES == EVERY


IN_ORDER = [
    *found(BLOCK, id="z"),
    *found(REFER, id="z"),
    *found(EXCLUDE, id="z"),
    *found(HOLD, id="z"),
    *found(HOLD, NA, NF, AF, id="y"),
    *found(HOLD, NA, NF, id="a"),
    *found(HOLD, AF, AB, id="b"),
    *found(HOLD, NA, NF, id="b"),
    *Message("c", "One.", "Hint", "Source").found({NA: HOLD}),
    *Message("c", "Other.", "Hint", "Source").found({NA: HOLD}),
    *found(CAUTION, id="a"),
    *found(INFO, id="a"),
]


@properties
@given(st.permutations(IN_ORDER))
def test_weightiest_first_then_by_reach_id_and_words(findings):
    assert weightiest_first(findings) == IN_ORDER
