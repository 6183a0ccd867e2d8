"""The export of a person: whose it is, that it is recorded, and what is missing is said."""

import io
import zipfile

import pytest

from consultations.models import AccessRecord, Photo
from consultations.trust.person_export import export_person
from tests.factories import PatientFactory
from tests.factories.person import make_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def export(patient, by):
    file = io.BytesIO()
    count = export_person(patient=patient, by=by, file=file, address="192.0.2.7")
    return count, zipfile.ZipFile(file)


def test_an_export_is_recorded(manager):
    patient = PatientFactory()
    count, _archive = export(patient, manager)
    kept = AccessRecord.objects.values_list("user", "kind", "patient", "address", "detail")
    words = f"Everything about the person: {count} records."
    assert list(kept) == [(manager.pk, "export", patient.pk, "192.0.2.7", words)]


def test_both_records_of_a_merged_person_are_told_from_either(manager, clinician):
    kept, merged = PatientFactory(), PatientFactory()
    merged.entered_in_error_by, merged.entered_in_error_reason = clinician, "Twice."
    merged.entered_in_error_at, merged.merged_into = merged.created_at, kept
    merged.save(by=clinician)
    for patient in (kept, merged):
        readme = export(patient, manager)[1].read("README.txt").decode()
        assert f"Record: {kept.record_number}, {merged.record_number}" in readme


def test_a_file_that_is_missing_is_said(manager, clinician):
    story = make_story(clinician)
    photo = Photo.objects.first()
    photo.image.storage.delete(photo.image.name)
    sums = export(story.patient, manager)[1].read("photos/SHA256SUMS").decode()
    assert f"# photos/photo-{photo.pk}.jpg: the file is missing" in sums
