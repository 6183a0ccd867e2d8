"""A test patch is read before laser, and tells nothing of a laser that goes deeper."""

import pytest

from consultations.rules.candidacy.patch import awaited, missing, reaction
from consultations.vocabulary import Photosensitiser, Phototype
from consultations.vocabulary import TestPatchResult as PatchResult

from ..builders import AB, AF, CAUTION, EVERY, HOLD, NA, NF, ON, facts, said

KELOID = {"keloid_history": True}
MINOCYCLINE = {"photosensitiser": Photosensitiser.CAUTIOUS}
EARLIER_YES = {"photosensitiser": None, "photosensitising_drug": True}


@pytest.mark.parametrize("result", [None, PatchResult.CLEAR, PatchResult.AWAITED])
@pytest.mark.parametrize("cleared", [None, False, True])
def test_reaction_silent_without_one(result, cleared):
    assert reaction(facts(test_patch_result=result, test_patch_cleared=cleared)) == []


def test_reaction_silent_once_cleared():
    cleared = facts(test_patch_result=PatchResult.REACTION, test_patch_cleared=True)
    assert reaction(cleared) == []


@pytest.mark.parametrize("cleared", [None, False])
@pytest.mark.parametrize("laser", [None, *EVERY])
def test_reaction_holds_every_laser_until_cleared(cleared, laser):
    reacted = facts(
        test_patch_on=ON,
        test_patch_result=PatchResult.REACTION,
        test_patch_cleared=cleared,
        test_patch_laser=laser,
    )
    assert said(reaction(reacted)) == [("patch.reaction", HOLD, EVERY, None)]
    assert awaited(reacted) == []


@pytest.mark.parametrize("day", [None, ON])
@pytest.mark.parametrize("result", [PatchResult.CLEAR, PatchResult.REACTION])
def test_awaited_silent_once_read(day, result):
    assert awaited(facts(test_patch_on=day, test_patch_result=result)) == []


def test_awaited_silent_without_a_patch():
    assert awaited(facts()) == []


@pytest.mark.parametrize(
    ("day", "result"),
    [(ON, None), (ON, PatchResult.AWAITED), (None, PatchResult.AWAITED)],
)
def test_awaited_holds_every_laser_until_read(day, result):
    assert said(awaited(facts(test_patch_on=day, test_patch_result=result))) == [
        ("patch.awaited", HOLD, EVERY, None)
    ]


@pytest.mark.parametrize("phototype", [None, Phototype.I, Phototype.II, Phototype.III])
def test_missing_silent_where_none_is_called_for(phototype):
    assert missing(facts(phototype=phototype)) == []


@pytest.mark.parametrize(
    "drug", [None, Photosensitiser.NONE, Photosensitiser.OTHER, Photosensitiser.PDT_DRUG]
)
def test_missing_silent_after_drugs_that_call_for_none(drug):
    assert missing(facts(photosensitiser=drug)) == []


@pytest.mark.parametrize("phototype", [Phototype.IV, Phototype.V, Phototype.VI])
def test_missing_cautions_dark_skin_before_all_but_non_ablative(phototype):
    assert said(missing(facts(phototype=phototype))) == [
        ("patch.missing", CAUTION, (NF, AF, AB), None)
    ]


@pytest.mark.parametrize("reason", [KELOID, MINOCYCLINE, EARLIER_YES])
@pytest.mark.parametrize("phototype", [None, Phototype.II, Phototype.VI])
def test_missing_cautions_every_laser_after_keloid_or_a_drug(reason, phototype):
    assert said(missing(facts(phototype=phototype, **reason))) == [
        ("patch.missing", CAUTION, EVERY, None)
    ]


def test_missing_silent_where_the_drug_was_asked_anew():
    asked = facts(photosensitiser=Photosensitiser.NONE, photosensitising_drug=True)
    assert missing(asked) == []


DONE = [
    {"test_patch_on": ON},
    {"test_patch_result": PatchResult.CLEAR},
    {"test_patch_result": PatchResult.AWAITED},
    {"test_patch_on": ON, "test_patch_result": PatchResult.REACTION},
]


@pytest.mark.parametrize("done", DONE)
@pytest.mark.parametrize(
    ("tried", "untold"),
    [(None, ()), (NA, (NF, AF, AB)), (NF, (AF, AB)), (AF, (AB,)), (AB, ())],
)
def test_patch_tells_of_lasers_as_deep_or_less(done, tried, untold):
    patched = facts(keloid_history=True, test_patch_laser=tried, **done)
    expected = [("patch.missing", CAUTION, untold, None)] if untold else []
    assert said(missing(patched)) == expected


def test_laser_of_a_patch_without_a_day_or_a_result_tells_nothing():
    named = facts(keloid_history=True, test_patch_laser=AB)
    assert said(missing(named)) == [("patch.missing", CAUTION, EVERY, None)]
