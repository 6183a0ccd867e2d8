"""Keeping photos: with consent, once, on a believable day, and without leaving files behind."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image, ImageChops

from consultations.actions.photos import keep_photo, turn_photo
from consultations.actions.signing import mark_in_error
from consultations.models import Photo, StaleRecordError
from consultations.summaries.integrity import files_not_as_recorded, keys_of_photos
from tests.factories import ConsentFactory, PhotoFactory
from tests.pictures import file_named, from_phone, half_blue, picture, png_with, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def patient(folder):
    return ConsentFactory(patient__date_of_birth=date(1980, 5, 17)).patient


DAY = date(2025, 3, 3)


def keep(patient, by, content=None, **others):
    given = {"area": "face", "view": "front", "taken_on": DAY} | others
    return keep_photo(patient=patient, file=upload(content or picture()), by=by, **given)


def files(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_photo_is_kept_with_two_files(patient, folder, practitioner):
    photo = keep(patient, practitioner, picture((800, 600)))
    photo.refresh_from_db()
    assert (photo.width, photo.height, photo.taken_by) == (800, 600, practitioner)
    assert [photo.history.get().history_user, len(files(folder))] == [practitioner, 2]
    assert (photo.taken_on, photo.taken_at) == (DAY, None)
    with photo.image.open() as image, photo.thumbnail.open() as thumbnail:
        assert image.read(2) == thumbnail.read(2) == b"\xff\xd8"


CAMERA = "2024:05:03 10:11:12"


def test_day_and_time_of_the_camera_are_taken(patient, practitioner):
    photo = keep(patient, practitioner, picture(exif=from_phone(CAMERA)), taken_on=None)
    assert (photo.taken_on, photo.taken_at) == (date(2024, 5, 3), time(10, 11, 12))


@pytest.mark.parametrize(
    ("zone", "told", "moment"),
    [
        ("Pacific/Auckland", "2024-05-01T22:30:00Z", (date(2024, 5, 2), time(10, 30))),
        ("Pacific/Auckland", "2024-05-02T10:30:00+12:00", (date(2024, 5, 2), time(10, 30))),
        ("Pacific/Auckland", "2024-05-01T22:30:00", (date(2024, 5, 1), time(22, 30))),
        ("America/New_York", "2024-05-02T01:15:00+02:00", (date(2024, 5, 1), time(19, 15))),
    ],
)
def test_time_with_an_offset_becomes_the_clinics(
    settings, patient, practitioner, zone, told, moment
):
    settings.TIME_ZONE = zone
    content = picture(xmp=f"<exif:DateTimeOriginal>{told}<".encode())
    photo = keep(patient, practitioner, content, taken_on=None)
    assert (photo.taken_on, photo.taken_at) == moment


@pytest.mark.parametrize("told", ["9999-12-31T23:30:00-12:00", "0001-01-01T00:30:00+12:00"])
def test_time_at_the_end_of_all_years_is_not_believed(
    settings, patient, folder, practitioner, told
):
    settings.TIME_ZONE = "UTC"
    content = picture(xmp=f"<exif:DateTimeOriginal>{told}<".encode())
    asked = ["This file does not say when it was taken. Enter the day, then save again."]
    assert refusal(patient, folder, practitioner, content=content, taken_on=None) == asked


@pytest.mark.parametrize(
    ("typed", "at"), [(date(2024, 5, 3), time(10, 11, 12)), (date(2024, 5, 4), None)]
)
def test_typed_day_goes_before_the_cameras_and_has_its_time_only_on_the_same_day(
    patient, practitioner, typed, at
):
    photo = keep(patient, practitioner, picture(exif=from_phone(CAMERA)), taken_on=typed)
    assert (photo.taken_on, photo.taken_at) == (typed, at)


def test_impossible_day_gives_way_to_the_next_one(patient, practitioner):
    """Taken in 2099, digitized on 3 May 2024: the camera's clock was put right in between."""
    content = file_named("original_2099_digitized_2024.jpg")
    photo = keep(patient, practitioner, content, taken_on=None)
    assert (photo.taken_on, photo.taken_at) == (date(2024, 5, 3), time(10, 11, 12))


@pytest.mark.parametrize(
    "day", [None, "1970:01:01 00:00:00", "2199:01:01 00:00:00", "0000:00:00 00:00:00", "today"]
)
def test_day_that_no_file_tells_is_asked_for(patient, folder, practitioner, day):
    content = picture(exif=from_phone(day))
    told = ["This file does not say when it was taken. Enter the day, then save again."]
    assert refusal(patient, folder, practitioner, content=content, taken_on=None) == told
    assert keep(patient, practitioner, content).taken_on == DAY


@pytest.mark.parametrize("day", ["1970:01:01 00:00:00", "1980:01:01 00:00:00"])
def test_clock_that_was_never_set_is_not_believed_of_the_old(patient, folder, practitioner, day):
    old = ConsentFactory(patient__date_of_birth=date(1950, 5, 17)).patient
    told = ["This file does not say when it was taken. Enter the day, then save again."]
    content = picture(exif=from_phone(day))
    assert refusal(old, folder, practitioner, content=content, taken_on=None) == told


def test_day_is_not_asked_of_what_is_refused_anyway(patient, folder, practitioner):
    keep(patient, practitioner)
    told = ["This photo is already in the patient's record."]
    assert refusal(patient, folder, practitioner, taken_on=None) == told


def refusal(patient, folder, by, **others):
    before = files(folder)
    with pytest.raises(ValidationError) as refused:
        keep(patient, by, **others)
    assert files(folder) == before
    return refused.value.messages


def test_without_consent_nothing_is_kept(folder, practitioner):
    consent = ConsentFactory(withdrawn_on=date(2025, 4, 1))
    told = ["The patient has not agreed to photos, or no longer does."]
    assert refusal(consent.patient, folder, practitioner) == told
    assert not Photo.objects.exists()


def test_patient_entered_in_error_gets_no_photo(patient, folder, clinician):
    mark_in_error(record=patient, by=clinician, reason="Registered twice.")
    assert refusal(patient, folder, clinician) == ["This patient was entered in error."]


def test_same_photo_twice_is_refused(patient, folder, practitioner):
    keep(patient, practitioner)
    told = ["This photo is already in the patient's record."]
    assert refusal(patient, folder, practitioner, area="neck") == told


def test_view_that_the_area_does_not_have_is_refused(patient, folder, practitioner):
    assert refusal(patient, folder, practitioner, view="back") == ["This area has no such view."]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (lambda: timezone.localdate() + timedelta(days=1), "This date is in the future."),
        (lambda: date(1980, 5, 16), "This is before the patient was born."),
    ],
)
def test_impossible_day_is_refused(patient, folder, practitioner, day, told):
    assert refusal(patient, folder, practitioner, taken_on=day()) == [told]


def test_save_that_fails_leaves_no_file(patient, folder, practitioner, monkeypatch):
    def fail(self, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(Photo, "save", fail)
    with pytest.raises(RuntimeError):
        keep(patient, practitioner)
    assert files(folder) == []


def test_patient_with_photos_is_not_marked_in_error(clinician):
    photo = PhotoFactory()
    with pytest.raises(ValidationError, match="This patient has photos"):
        mark_in_error(record=photo.patient, by=clinician, reason="Registered twice.")
    mark_in_error(record=photo, by=clinician, reason="Wrong patient.")
    mark_in_error(record=photo.patient, by=clinician, reason="Registered twice.")


# Turning


def half_turned(patient, by):
    """A photo that is blue on the left, as a camera held upright stores it on its side."""
    return keep(patient, by, half_blue(), taken_on=DAY)


def seen(photo):
    """The size, and which of the corners on the left are blue."""
    with photo.image.open() as file, Image.open(file) as image:
        corners = {"top": (3, 3), "bottom": (3, image.height - 4)}
        return image.size, [
            name for name, place in corners.items() if image.getpixel(place)[0] < 60
        ]


@pytest.mark.parametrize(
    ("degrees", "shown"),
    [(90, ((48, 64), ["top"])), (180, ((64, 48), [])), (270, ((48, 64), ["bottom"]))],
)
def test_photo_is_turned(patient, practitioner, clinician, degrees, shown):
    photo = half_turned(patient, practitioner)
    turned = turn_photo(photo=photo, degrees=degrees, by=clinician)
    assert (seen(turned), (turned.width, turned.height)) == (shown, shown[0])
    told = {name: getattr(turned, name) for name in ("area", "view", "taken_on", "taken_by")}
    assert told == {"area": "face", "view": "front", "taken_on": DAY, "taken_by": practitioner}
    assert list(patient.photos.standing()) == [turned]


def test_photo_before_stays_in_the_record_with_its_files(patient, folder, practitioner):
    photo = half_turned(patient, practitioner)
    turned = turn_photo(photo=photo, degrees=90, by=practitioner)
    photo.refresh_from_db()
    assert photo.entered_in_error_reason == "Replaced by the same photo, turned."
    assert [seen(photo)[0], len(files(folder))] == [(64, 48), 4]
    reasons = [one.history.latest().history_change_reason for one in (photo, turned)]
    assert reasons == ["Replaced by the same photo, turned.", f"Turned, from photo {photo.pk}."]
    assert list(files_not_as_recorded(keys_of_photos())) == []


def test_four_turns_bring_back_the_same_pixels(patient, practitioner):
    """Within the two levels that rounding takes: the blocks of the JPEG stay what they were."""
    noise = Image.effect_noise((80, 64), 20).convert("RGB")
    first = turned = keep(patient, practitioner, png_with(noise), taken_on=DAY)
    for _turn in range(4):
        turned = turn_photo(photo=turned, degrees=90, by=practitioner)
    with first.image.open() as before, turned.image.open() as after:
        both = [Image.open(file).convert("RGB") for file in (before, after)]
    assert max(most for _least, most in ImageChops.difference(*both).getextrema()) <= 2


def no_turn(photo, by, degrees=90):
    before = Photo.objects.count()
    with pytest.raises(ValidationError) as refused:
        turn_photo(photo=photo, degrees=degrees, by=by)
    assert Photo.objects.count() == before
    return refused.value.messages


@pytest.mark.parametrize("degrees", [None, 0, 45, 360, -90])
def test_photo_is_turned_by_quarters_only(patient, practitioner, degrees):
    photo = half_turned(patient, practitioner)
    told = ["Choose which way to turn the photo."]
    assert no_turn(photo, practitioner, degrees) == told


def test_photo_whose_file_was_exchanged_is_not_turned(patient, practitioner):
    photo = half_turned(patient, practitioner)
    Path(photo.image.path).write_bytes(picture())
    told = ["This photo cannot be turned: its image is not the one recorded."]
    assert no_turn(photo, practitioner) == told
    Path(photo.image.path).unlink()
    assert no_turn(photo, practitioner) == told


def test_without_consent_nothing_is_turned(patient, folder, practitioner):
    photo = half_turned(patient, practitioner)
    consent = patient.consents.get()
    consent.withdrawn_on = timezone.localdate()
    consent.save(by=practitioner)
    told = ["The patient has not agreed to photos, or no longer does."]
    assert (no_turn(photo, practitioner), len(files(folder))) == (told, 2)


def test_photo_is_turned_once_from_one_page(patient, folder, practitioner):
    """Two tabs, or two colleagues: the second press finds that the photo was replaced."""
    photo = half_turned(patient, practitioner)
    stale = Photo.objects.get(pk=photo.pk)
    turn_photo(photo=photo, degrees=90, by=practitioner)
    with pytest.raises(StaleRecordError):
        turn_photo(photo=stale, degrees=90, by=practitioner)
    assert (patient.photos.standing().count(), len(files(folder))) == (1, 4)
