"""The export of a person: whose it is, that it is recorded, and what is missing is said."""

import io
import re
import zipfile
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consultations.models import AccessRecord, Photo
from consultations.models.text import moment_in_words
from consultations.trust.person_export import export_person
from tests.factories import AppointmentFactory, PatientFactory
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


def page_of(patient, by):
    return BeautifulSoup(export(patient, by)[1].read("person.html"), "html.parser")


def test_the_page_leaves_the_programs_own_fields_to_the_files(manager, clinician):
    appointment = AppointmentFactory(by=clinician)
    appointment.sequence = 1
    appointment.save(by=clinician)
    archive = export(appointment.patient, manager)[1]
    page = BeautifulSoup(archive.read("person.html"), "html.parser")
    told = {heading.get_text() for heading in page("th")}
    assert {"Uid", "Sequence", "Holds", "Form token"} & told == set()
    assert {"Starts at", "Status"} <= told
    assert "Sequence" not in page.get_text()
    assert "uid" in archive.read("records/appointment.csv").decode().split("\n")[0]


def test_the_page_begins_with_what_is_in_it(manager, clinician):
    patient = AppointmentFactory(by=clinician).patient
    page = page_of(patient, manager)
    assert [item.get_text(" ", strip=True) for item in page.nav("li")] == [
        "Patients 1",
        "Appointments 1",
    ]
    places = [link["href"].removeprefix("#") for link in page.nav("a")]
    assert places == [heading["id"] for heading in page("h2")]


def test_the_page_marks_what_was_entered_in_error(manager, clinician):
    appointment = AppointmentFactory(by=clinician)
    appointment.entered_in_error_by, appointment.entered_in_error_reason = clinician, "Twice."
    appointment.entered_in_error_at = appointment.created_at
    appointment.save(by=clinician)
    [article] = page_of(appointment.patient, manager)("article", class_="in-error")
    day = moment_in_words(appointment.created_at)
    assert article.h3.get_text() == f"Appointment {appointment.pk}"
    words = " ".join(article.p.get_text().split())
    assert words == f"Entered in error, says clinician on {day}: Twice."


def test_the_page_says_when_it_was_made_in_words(manager, settings):
    with timezone.override("Asia/Dubai"):
        settings.TIME_ZONE = "Asia/Dubai"
        words = page_of(PatientFactory(), manager).find(class_="quiet").get_text(" ", strip=True)
    now = timezone.now().astimezone(ZoneInfo("Asia/Dubai"))
    assert re.search(rf"on {now.day} {now:%b %Y} \d\d:\d\d UTC\+04\. ", words)
    assert "Times are those of Asia/Dubai." in words


def test_a_file_that_is_missing_is_said(manager, clinician):
    story = make_story(clinician)
    photo = Photo.objects.first()
    photo.image.storage.delete(photo.image.name)
    sums = export(story.patient, manager)[1].read("photos/SHA256SUMS").decode()
    assert f"{photo.area}-{photo.view}-{photo.pk}.jpg: the file is missing" in sums
