"""What changed in each edition of the rulebook, told once and in words."""

from itertools import pairwise

import pytest

from consultations.rules.editions import EDITIONS

editions = pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.name)


def test_editions_follow_each_other_the_latest_first():
    assert [later.before for later, _ in pairwise(EDITIONS)] == [
        earlier.name for _, earlier in pairwise(EDITIONS)
    ]
    assert [edition.name for edition in EDITIONS if edition.name <= edition.before] == []


@editions
def test_change_of_a_rule_is_told_once(edition):
    ids = [id for change in edition.changes for id in change.ids]
    assert sorted(ids) == sorted({*ids})


@editions
def test_change_is_told_in_a_sentence(edition):
    words = [change.words for change in edition.changes]
    assert [each for each in words if not each[:1].isupper() or not each.endswith(".")] == []
