"""Addenda: to one signed record, with words."""

import pytest

from consultations.models import Addendum, SignedRecordError
from tests.factories import AddendumFactory, ConsultationFactory, SessionFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def unwritten():
    """An addendum to a consultation that is not stored yet: once it is, it takes no change."""
    consultation = ConsultationFactory()
    by = consultation.created_by
    return Addendum(consultation=consultation, text="The left side.", created_by=by)


def test_addendum_to_nothing():
    breaks("addendum_to_one_record", unwritten(), consultation=None)


def test_addendum_to_two_records():
    breaks("addendum_to_one_record", unwritten(), session=SessionFactory())


def test_addendum_to_a_session():
    addendum, session = unwritten(), SessionFactory()
    keeps(addendum, consultation=None, session=session)
    assert (addendum.corrects, addendum.patient) == (session, session.patient)


def test_addendum_without_words():
    breaks("addendum_says_something", unwritten(), text="")


def test_addendum_once_written_is_never_changed(clinician):
    addendum = AddendumFactory(text="As written.")
    addendum.text = "Otherwise."
    with pytest.raises(SignedRecordError):
        addendum.save(by=clinician)
    addendum.refresh_from_db()
    assert [addendum.text, addendum.version] == ["As written.", 1]
