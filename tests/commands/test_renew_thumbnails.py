"""Command: thumbnails of earlier releases get a digest, from the photos themselves."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from consultations.actions.photos import keep_photo
from consultations.trust.sealing import seal
from consultations.trust.verification import verify
from tests.factories import ConsentFactory, PhotoFactory
from tests.pictures import picture, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo(clinician, settings, tmp_path):
    """A photo as an earlier release stored it, its thumbnail since exchanged."""
    settings.MEDIA_ROOT = tmp_path
    patient = ConsentFactory().patient
    file = upload(picture())
    day = date(2025, 3, 3)
    photo = keep_photo(
        patient=patient, file=file, area="face", view="front", taken_on=day, by=clinician
    )
    right = Path(photo.thumbnail.path).read_bytes()
    photo.thumbnail_digest = ""
    photo.thumbnail.save("", ContentFile(b"thumbnail of somebody else"), save=False)
    photo.save(by=clinician)
    photo.right = right
    return photo


def run(by):
    out = io.StringIO()
    call_command("renew_thumbnails", by=by.get_username(), stdout=out)
    return out.getvalue()


def test_thumbnail_is_made_anew_and_kept_with_its_digest(photo, clinician):
    former = Path(photo.thumbnail.path)
    assert run(clinician) == "1 thumbnails made anew.\n"
    photo.refresh_from_db()
    assert Path(photo.thumbnail.path).read_bytes() == photo.right
    assert not former.exists()
    row = photo.history.latest("history_id")
    assert [row.history_user, row.history_change_reason] == [clinician, "Thumbnail made anew."]
    assert run(clinician) == "0 thumbnails made anew.\n"
    seal()
    assert verify().count == 0


def test_thumbnail_is_not_made_from_an_image_that_was_exchanged(photo, clinician, capsys):
    Path(photo.image.path).write_bytes(Path(PhotoFactory().image.path).read_bytes())
    with pytest.raises(SystemExit):
        run(clinician)
    photo.refresh_from_db()
    assert photo.thumbnail_digest == ""


def test_only_whoever_may_change_photos_is_named(manager):
    with pytest.raises(CommandError, match="may not do this"):
        run(manager)
