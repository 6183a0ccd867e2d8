"""Addenda: to one signed record, with words."""

import pytest

from tests.factories import AddendumFactory, SessionFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def test_addendum_to_nothing():
    breaks("addendum_to_one_record", AddendumFactory(), consultation=None)


def test_addendum_to_two_records():
    breaks("addendum_to_one_record", AddendumFactory(), session=SessionFactory())


def test_addendum_to_a_session():
    addendum, session = AddendumFactory(), SessionFactory()
    keeps(addendum, consultation=None, session=session)
    assert (addendum.corrects, addendum.patient) == (session, session.patient)


def test_addendum_without_words():
    breaks("addendum_says_something", AddendumFactory(), text="")
