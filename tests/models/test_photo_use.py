"""Uses of photos: what is still up, and what must come down."""

from datetime import date

import pytest
from django.utils import timezone

from consultations.models import PhotoUse, patient_of
from tests.factories import ConsentFactory, PhotoUseFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def agree(use, kind="publicity", **given):
    return ConsentFactory(patient=use.patient, wording__kind=kind, **given)


def to_take_down():
    return list(PhotoUse.objects.to_take_down())


def test_use_without_a_place():
    breaks("photo_use_says_where", PhotoUseFactory(), where="")


def test_use_taken_down_before_it_was_up():
    use = PhotoUseFactory(since=date(2025, 3, 10))
    keeps(use, down_on=date(2025, 3, 10))
    breaks("photo_use_down_after_it_was_up", use, down_on=date(2025, 3, 9))


def test_whose_use_it_is():
    use = PhotoUseFactory()
    assert patient_of(use) == use.photo.patient


def test_nothing_comes_down_while_the_patient_agrees():
    agree(PhotoUseFactory())
    assert to_take_down() == []


def test_what_is_up_without_consent_comes_down():
    never, withdrawn, refused = [PhotoUseFactory() for _number in range(3)]
    agree(withdrawn, withdrawn_on=date(2025, 4, 1))
    agree(refused, refused=True)
    assert to_take_down() == [never, withdrawn, refused]


def test_only_consent_to_advertising_counts():
    """The consent to photos in the record says nothing of where they are shown to others: given it
    keeps nothing up, withdrawn it takes nothing down."""
    only_record, both = PhotoUseFactory(), PhotoUseFactory()
    agree(only_record, kind="photo")
    agree(both)
    agree(both, kind="photo", withdrawn_on=date(2025, 4, 1))
    assert to_take_down() == [only_record]


def test_what_is_down_in_error_or_of_somebody_erased_is_not_listed(clinician):
    PhotoUseFactory(down_on=date(2025, 4, 1))
    in_error = {"entered_in_error_at": timezone.now(), "entered_in_error_reason": "Another."}
    PhotoUseFactory(entered_in_error_by=clinician, **in_error)
    PhotoUseFactory(photo__patient__erased_at=timezone.now())
    assert to_take_down() == []


def test_use_of_a_photo_in_error_is_still_up(clinician):
    """It is seen out there all the same."""
    in_error = {"entered_in_error_at": timezone.now(), "entered_in_error_reason": "Another."}
    in_error |= {"entered_in_error_by": clinician}
    use = PhotoUseFactory(**{f"photo__{name}": value for name, value in in_error.items()})
    assert to_take_down() == [use]
