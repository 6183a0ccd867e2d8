"""The facts of one area: blank is never "no", and an unknown word is refused."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.rules.facts import CHOICES, DATES, FACTS, YES_NO, AreaFacts
from consultations.vocabulary import Area, Photosensitiser, Phototype, Severity, SurgeryKind

from .builders import ON, blank, facts
from .strategies import any_facts, properties

OPTIONAL_WORDS = sorted(set(CHOICES) - {"area", "severity"})


def test_facts_not_given_are_blank():
    assert {name: getattr(blank(), name) for name in FACTS} == {
        **dict.fromkeys(FACTS),
        "on": ON,
        "area": Area.FACE,
        "severity": Severity.MILD,
    }


def test_facts_read_stored_values_as_words():
    read = blank(area="neck", severity="moderate", phototype="IV")
    assert (read.area, read.severity, read.phototype) == (
        Area.NECK,
        Severity.MODERATE,
        Phototype.IV,
    )
    assert read == blank(area=Area.NECK, severity=Severity.MODERATE, phototype=Phototype.IV)
    assert type(read.severity) is Severity


@pytest.mark.parametrize("name", OPTIONAL_WORDS)
def test_facts_read_an_empty_word_as_blank(name):
    assert blank(**{name: ""}) == blank()


@pytest.mark.parametrize("name", ["area", "severity"])
@pytest.mark.parametrize("value", ["", None])
def test_facts_refuse_a_blank_area_or_severity(name, value):
    with pytest.raises(ValueError, match="an area and its severity are needed"):
        blank(**{name: value})


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("word", ["Severe", "servere", " ", "0", "unknown"])
def test_facts_refuse_an_unknown_word(name, word):
    with pytest.raises(ValueError, match="is not a valid"):
        blank(**{name: word})


@properties
@given(name=st.sampled_from(sorted(CHOICES)), word=st.text(min_size=1))
def test_facts_refuse_any_word_outside_the_vocabulary(name, word):
    if word in CHOICES[name].values:
        assert getattr(blank(**{name: word}), name) == word
    else:
        with pytest.raises(ValueError, match="is not a valid"):
            blank(**{name: word})


@pytest.mark.parametrize("name", YES_NO)
@pytest.mark.parametrize("answer", ["yes", "", "False", 0, 1, 2, []])
def test_facts_refuse_an_answer_that_is_not_yes_or_no(name, answer):
    with pytest.raises(ValueError, match=f"{name} must be True, False or None"):
        blank(**{name: answer})


def test_facts_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError):
        blank().severity = Severity.SEVERE


@pytest.mark.parametrize(
    ("changes", "had"),
    [
        ({}, False),
        ({"surgeon_cleared": True}, False),
        ({"surgery_on": ON}, True),
        ({"surgery_kind": SurgeryKind.OTHER}, True),
        ({"recovered_from_surgery": True}, True),
        ({"recovered_from_surgery": False}, True),
    ],
)
def test_had_surgery_when_anything_says_so(changes, had):
    assert blank(**changes).had_surgery is had


@pytest.mark.parametrize(
    ("changes", "takes"),
    [
        ({}, False),
        ({"photosensitising_drug": False}, False),
        ({"photosensitising_drug": True}, True),
        ({"photosensitising_drug": True, "photosensitiser": Photosensitiser.NONE}, False),
        ({"photosensitising_drug": True, "photosensitiser": Photosensitiser.OTHER}, False),
        ({"photosensitiser": Photosensitiser.CAUTIOUS}, True),
        ({"photosensitiser": Photosensitiser.PDT_DRUG}, False),
    ],
)
def test_earlier_plain_yes_to_a_photosensitiser_counts_until_asked_anew(changes, takes):
    assert blank(**changes).takes_cautious_photosensitiser is takes


@pytest.mark.parametrize(
    ("changes", "tanned"),
    [
        ({}, False),
        ({"tanned": False}, False),
        ({"tanned": False, "tanned_on": ON}, False),
        ({"tanned": True}, True),
        ({"tanned_on": ON}, True),
    ],
)
def test_was_tanned_when_answered_yes_or_by_a_day_alone(changes, tanned):
    assert blank(**changes).was_tanned is tanned


def test_as_json_is_plain():
    written = blank(
        grade=Decimal("2.5"),
        age=30,
        phototype=Phototype.V,
        tattoo=False,
        tanned_on=date(2026, 3, 1),
    ).as_json()
    assert json.loads(json.dumps(written)) == {
        **dict.fromkeys(FACTS),
        "on": "2026-03-16",
        "area": "face",
        "severity": "mild",
        "grade": 2.5,
        "age": 30,
        "phototype": "V",
        "tattoo": False,
        "tanned_on": "2026-03-01",
    }


@properties
@given(any_facts())
def test_as_json_can_be_read_back(drawn):
    written = json.loads(json.dumps(drawn.as_json()))
    days = {name: date.fromisoformat(written[name]) for name in ("on", *DATES) if written[name]}
    assert AreaFacts(**{**written, **days}) == drawn


def test_kinds_of_facts_are_told_apart():
    assert DATES == (
        "surgery_on",
        "recent_procedure_on",
        "test_patch_on",
        "delivered_on",
        "isotretinoin_last_dose_on",
        "topical_retinoid_on",
        "tanned_on",
        "filler_on",
    )
    assert {*FACTS} == {*DATES, *YES_NO, *CHOICES, "on", "grade", "age", "max_downtime_days"}
    assert {name for name in FACTS if type(getattr(facts(), name)) is bool} == {*YES_NO} - {
        "recovered_from_surgery",
        "surgeon_cleared",
        "referral_open",
        "test_patch_cleared",
        "pregnant_or_breastfeeding",
        "photosensitising_drug",
    }
