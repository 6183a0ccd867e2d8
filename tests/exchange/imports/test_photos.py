"""Photos of a ZIP: for the patient named, hidden without consent, undone as a whole."""

import io
import zipfile
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from consultations.exchange.imports.photos import import_photos
from consultations.exchange.imports.undoing import undo
from consultations.models import ImportBatch, Photo
from tests.exchange.fhir.people import made_in_error
from tests.factories import ConsentFactory, PatientFactory
from tests.pictures import picture

pytestmark = pytest.mark.django_db


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


@pytest.fixture
def patient():
    return PatientFactory(date_of_birth=date(1980, 1, 1))


def files_of(patient, *names):
    colours = ("tan", "gold", "red", "blue")
    return {
        f"{patient.record_number}/{name}": picture(colour=colour)
        for name, colour in zip(names, colours, strict=False)
    }


def test_photos_come_in_by_what_their_names_say(manager, patient):
    names = ("face front 2025-03-04.jpg", "Neck_left side_20250305.jpg")
    taken = import_photos(zipped(**files_of(patient, *names)), "old.zip", by=manager)
    rows = Photo.objects.order_by("pk").values_list("patient", "area", "view", "taken_on")
    assert list(rows) == [
        (patient.pk, "face", "front", date(2025, 3, 4)),
        (patient.pk, "neck", "left_side", date(2025, 3, 5)),
    ]
    assert taken.problems == []
    assert [taken.batch.state, taken.batch.made_by] == ["saved", manager]


def test_without_consent_they_stay_hidden(manager, patient):
    import_photos(zipped(**files_of(patient, "face front 2025-03-04.jpg")), "old.zip", by=manager)
    photo = Photo.objects.get()
    assert not photo.may_be_shown
    ConsentFactory(patient=patient)
    assert photo.may_be_shown


def test_what_cannot_come_in_is_named_and_the_others_do(manager, patient):
    files = files_of(patient, "face front 2025-03-04.jpg", "front 2025-03-04.jpg") | {
        "unknown/face front.jpg": b"",
        "P-999999/face front.jpg": b"",
        f"{patient.record_number}/face back 2025-03-04.jpg": picture(colour="red"),
        f"{patient.record_number}/face front 2025-03-06.jpg": b"no picture",
    }
    taken = import_photos(zipped(**files), "old.zip", by=manager)
    assert len(taken.photos) == 1
    told = dict(taken.problems)
    number = patient.record_number
    assert [told[key] for key in sorted(told)][:4] == [
        "Its name says no area, and none was given for all.",
        "Its name holds no record number, such as P-000012.",
        "There is no patient P-999999.",
        "This area has no such view.",
    ]
    assert f"6 ({number}/face front 2025-03-06.jpg)" in told


def test_area_and_view_may_be_given_for_all(manager, patient):
    file = zipped(**files_of(patient, "IMG 1 2025-03-04.jpg"))
    import_photos(file, "old.zip", by=manager, area="arms", view="arms_out")
    assert list(Photo.objects.values_list("area", "view")) == [("arms", "arms_out")]


def test_run_that_was_ended_goes_on_when_run_again(manager, patient):
    files = files_of(patient, "face front 2025-03-04.jpg", "neck front 2025-03-04.jpg")
    file = zipped(**files)

    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_photos(file, "old.zip", by=manager, step=stop)
    assert [Photo.objects.count(), ImportBatch.objects.count()] == [1, 0]
    taken = import_photos(file, "old.zip", by=manager)
    assert taken.problems == []
    assert taken.batch.records.count() == Photo.objects.count() == 2
    with pytest.raises(ValidationError, match="was imported already"):
        import_photos(file, "old.zip", by=manager)


def test_zip_with_problems_comes_again_once_they_are_mended(manager, patient):
    names = ("face front 2025-03-04.jpg", "face back 2025-03-04.jpg", "front 2025-03-05.jpg")
    file = zipped(**files_of(patient, *names))
    first = import_photos(file, "old.zip", by=manager)
    assert (len(first.photos), len(first.problems), first.known) == (1, 2, 0)
    made_in_error(first.photos[0], manager)  # it does not come back
    second = import_photos(file, "old.zip", by=manager, area="neck")
    assert [one.area for one in second.photos] == ["neck"]
    assert (len(second.problems), second.known) == (1, 1)
    assert second.batch.counts == {"rows": 3, "left_out": 1, "made": {"photo": 1}}
    third = import_photos(file, "old.zip", by=manager, area="neck")
    assert (third.photos, third.known, third.batch) == ([], 2, None)
    undo(second.batch, by=manager)
    assert len(import_photos(file, "old.zip", by=manager, area="neck").photos) == 1


def test_photo_that_staff_took_is_no_part_of_an_import(manager, patient):
    file = zipped(**files_of(patient, "face front 2025-03-04.jpg"))
    import_photos(file, "old.zip", by=manager)
    again = zipped(**files_of(patient, "face front 2025-03-04.jpg", "neck front 2025-03-04.jpg"))
    taken = import_photos(again, "new.zip", by=manager)
    assert [words for _name, words in taken.problems] == [
        "This photo is already in the patient's record."
    ]
    assert len(taken.photos) == 1


def test_import_of_photos_is_undone_as_a_whole(manager, patient):
    file = zipped(**files_of(patient, "face front 2025-03-04.jpg", "neck front 2025-03-04.jpg"))
    batch = import_photos(file, "old.zip", by=manager).batch
    assert undo(batch, by=manager) == 2
    assert not Photo.objects.standing().exists()


def test_command_says_what_came_in(manager, patient, tmp_path):
    path = tmp_path / "old.zip"
    path.write_bytes(
        zipped(**files_of(patient, "face front 2025-03-04.jpg", "x 2025-03-05.jpg")).getvalue()
    )

    def run(**options):
        out = io.StringIO()
        call_command("import_photos", str(path), by=manager.username, stdout=out, **options)
        return out.getvalue().splitlines()

    name = f"{patient.record_number}/x 2025-03-05.jpg"
    told = f"Photo 2 ({name}): Its name says no area, and none was given for all."
    assert run(dry_run=True) == [told, "Nothing was saved: this was a dry run."]
    again = "Mend what is wrong and run it again: what is here stays as it is."
    first = run()
    number = ImportBatch.objects.get().pk
    assert first == [told, again, f"Import {number} is saved: 1 photos."]
    known = "Here already, from the same ZIP: 1 photos."
    assert run() == [told, again, "No photo came in.", known]
    run(area="neck", view="front")
    with pytest.raises(CommandError, match="was imported already"):
        run()
    path.write_bytes(b"no zip")
    with pytest.raises(CommandError, match=r"old\.zip is damaged, or no ZIP file"):
        run()
