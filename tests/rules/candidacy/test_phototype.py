"""The darker the skin, the narrower the choice of lasers."""

import pytest

from consultations.rules.candidacy.phototype import dark, medium
from consultations.vocabulary import Phototype

from ..builders import AB, AF, CAUTION, EXCLUDE, NF, facts, messages, said


@pytest.mark.parametrize("phototype", [None, Phototype.I, Phototype.II, Phototype.III])
def test_phototype_silent_up_to_three(phototype):
    assert [*dark(facts(phototype=phototype)), *medium(facts(phototype=phototype))] == []


def test_medium_cautions_ablative_lasers_on_four():
    assert said(medium(facts(phototype=Phototype.IV))) == [
        ("phototype.medium", CAUTION, (AF, AB), None)
    ]
    assert dark(facts(phototype=Phototype.IV)) == []


@pytest.mark.parametrize("phototype", [Phototype.V, Phototype.VI])
def test_dark_excludes_ablative_lasers_on_five_and_six(phototype):
    assert said(dark(facts(phototype=phototype))) == [
        ("phototype.dark", CAUTION, (NF,), None),
        ("phototype.dark", EXCLUDE, (AF, AB), None),
    ]
    assert medium(facts(phototype=phototype)) == []


@pytest.mark.parametrize("phototype", [Phototype.V, Phototype.VI])
def test_dark_names_the_phototype(phototype):
    sentence = (
        f"Phototype {phototype.value}: a high risk of lasting dark marks after ablative laser."
    )
    assert messages(dark(facts(phototype=phototype))) == [sentence, sentence]
