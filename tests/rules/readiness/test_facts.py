"""The facts of one session: stored values are read as words, and an unknown word is refused."""

import pytest

from consultations.rules.readiness import DoneBefore, check
from consultations.vocabulary import LaserType, PlanStatus, Pulse

from ..builders import AB, AF, NA, ON, laser, session


def done(laser_type):
    return DoneBefore(ON, laser_type)


WORDS = [
    (done, "laser_type", LaserType),
    (laser, "laser_type", LaserType),
    (laser, "pulse", Pulse),
    (session, "laser_type", LaserType),
    (session, "plan_status", PlanStatus),
]


@pytest.mark.parametrize(("make", "name", "words"), WORDS)
def test_readiness_facts_read_stored_values_as_words(make, name, words):
    read = [getattr(make(**{name: word.value}), name) for word in words]
    assert read == list(words)
    assert {type(word) for word in read} == {words}


@pytest.mark.parametrize(("make", "name", "words"), WORDS)
@pytest.mark.parametrize("word", ["Ablative", "activ", " ", "", None])
def test_readiness_facts_refuse_an_unknown_word(make, name, words, word):
    with pytest.raises(ValueError, match=f"is not a valid {words.__name__}"):
        make(**{name: word})


@pytest.mark.parametrize(("make", "name", "words"), WORDS)
def test_readiness_facts_cannot_be_changed_afterwards(make, name, words):
    with pytest.raises(AttributeError):
        setattr(make(**{name: words.values[0]}), name, words.values[1])


def test_readiness_judges_stored_values_as_words():
    stored = session(
        laser_type="ablative_fractional",
        plan_status="paused",
        done=(done("ablative_full"),),
        laser=laser(laser_type="non_ablative", pulse="picosecond"),
    )
    read = session(
        laser_type=AF,
        plan_status=PlanStatus.PAUSED,
        done=(done(AB),),
        laser=laser(laser_type=NA, pulse=Pulse.PICOSECOND),
    )
    assert stored == read
    assert check(stored) == check(read)
    assert [finding.id for finding in check(stored)] == [
        "interval.too_soon",
        "laser.wrong_type",
        "plan.not_active",
        "watch.active",
        "antiviral.missing",
    ]
