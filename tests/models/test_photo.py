"""Photos: once per patient, a view that the area has, files without an address."""

import stat
from datetime import time
from pathlib import Path

import pytest
from django.utils import timezone

from consultations.models import Photo
from consultations.models.photo import VIEWS_OF_AREA
from consultations.vocabulary import Area, PhotoView
from tests.factories import ConsentFactory, PhotoFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def test_same_photo_twice_for_a_patient():
    first = PhotoFactory()
    again = PhotoFactory(patient=first.patient)
    breaks("photo_once_per_patient", again, digest=first.digest)


def test_same_photo_for_two_patients():
    keeps(PhotoFactory(), digest=PhotoFactory().digest)


def test_same_photo_again_after_one_in_error(clinician):
    first = PhotoFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong area.",
    )
    keeps(PhotoFactory(patient=first.patient), digest=first.digest)


@pytest.mark.parametrize(
    ("area", "view"), [("face", "back"), ("legs", "arms_out"), ("chest", "front")]
)
def test_view_that_the_area_does_not_have(area, view):
    breaks("photo_view_fits_area", PhotoFactory(), area=area, view=view)


@pytest.mark.parametrize("area", Area)
def test_every_view_of_an_area(area):
    for view in VIEWS_OF_AREA[area]:
        PhotoFactory(area=area, view=view)
    assert Photo.objects.count() == len(VIEWS_OF_AREA[area])


def test_every_view_belongs_to_an_area():
    assert {view for views in VIEWS_OF_AREA.values() for view in views} == set(PhotoView)


def test_photo_is_shown_while_the_consent_stands(clinician):
    photo = PhotoFactory()
    assert not photo.may_be_shown
    consent = ConsentFactory(patient=photo.patient)
    assert photo.may_be_shown
    keeps(consent, withdrawn_on=timezone.localdate())
    assert not photo.may_be_shown


def test_files_have_random_names_no_address_and_one_reader():
    photo, other = PhotoFactory(), PhotoFactory()
    names = {file.name for one in (photo, other) for file in (one.image, one.thumbnail)}
    assert len(names) == 4
    path = Path(photo.image.path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(NotImplementedError):
        print(photo.image.url)


def test_photo_says_area_view_and_day():
    assert str(PhotoFactory()) == "Face, front, 3 Mar 2025"
    assert str(PhotoFactory(taken_at=time(14, 5, 9))) == "Face, front, 3 Mar 2025, 14:05"
