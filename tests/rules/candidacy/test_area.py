"""Every area can be treated; off the face, not by every laser."""

import pytest

from consultations.rules.candidacy.area import off_face
from consultations.vocabulary import Area

from ..builders import AB, AF, CAUTION, EXCLUDE, facts, said


def test_off_face_silent_on_the_face():
    assert off_face(facts(area=Area.FACE)) == []


@pytest.mark.parametrize("area", [Area.NECK, Area.STOMACH, Area.ARMS, Area.LEGS])
def test_off_face_excludes_full_ablation(area):
    assert said(off_face(facts(area=area))) == [
        ("area.off_face", CAUTION, (AF,), None),
        ("area.off_face", EXCLUDE, (AB,), None),
    ]
