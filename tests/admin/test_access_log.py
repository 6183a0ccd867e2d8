"""What is logged as opened: every page, form and photo that is about one patient."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from consultations.models import AccessRecord, Photo
from consultations.vocabulary import AccessKind
from tests.factories import (
    AccessRecordFactory,
    ConsentFactory,
    LaserFactory,
    PatientFactory,
    PhotoFactory,
    PlanFactory,
    SessionFactory,
)

from .browsing import Browser, change_url, page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(manager):
    return Browser(manager)


def openings(**narrowed):
    rows = AccessRecord.objects.filter(**narrowed).order_by("pk")
    return list(rows.values_list("user__username", "kind", "model", "object_id", "address"))


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("chart", AccessKind.CHART),
        ("photos", AccessKind.PHOTO),
        ("visit", AccessKind.RECORD),
        ("change", AccessKind.RECORD),
        ("history", AccessKind.HISTORY),
        ("entered_in_error", AccessKind.RECORD),
    ],
)
def test_every_page_of_a_patient_is_an_opening(clinician, page, kind):
    patient = PatientFactory()
    Browser(clinician).open(page_url(patient, page))
    assert openings() == [("clinician", kind, "patient", patient.pk, "127.0.0.1")]
    assert AccessRecord.objects.get().patient == patient


@pytest.mark.parametrize("page", ["change", "history"])
@pytest.mark.parametrize("factory", [PlanFactory, SessionFactory, ConsentFactory, PhotoFactory])
def test_every_record_of_a_patient_is_an_opening(clinician, factory, page):
    record = factory()
    answer = Browser(clinician).open(page_url(record, page))
    assert answer.status in {200, 302}
    kind = AccessKind.HISTORY if page == "history" else AccessKind.RECORD
    found = openings(model=record._meta.model_name)
    expected = [("clinician", kind, record._meta.model_name, record.pk, "127.0.0.1")]
    assert found == (expected if answer.status == 200 else [])


def test_new_form_about_a_patient_is_an_opening(clinician):
    patient = PatientFactory()
    Browser(clinician).open(f"/admin/consultations/consultation/add/?patient={patient.pk}")
    assert openings() == [("clinician", "record", "patient", patient.pk, "127.0.0.1")]


def test_form_that_is_shown_again_is_an_opening(clinician):
    """A refused save shows the record too, whether or not it was opened before."""
    patient = PatientFactory()
    Browser(clinician).post(change_url(patient), {"family_name": ""})
    assert openings() == [("clinician", "record", "patient", patient.pk, "127.0.0.1")]


def test_what_is_refused_is_no_opening(reception):
    patient, browser = PatientFactory(), Browser(reception)
    assert browser.open(page_url(patient, "chart")).status == 403
    browser.open("/admin/consultations/patient/999999/change/")
    assert openings() == []


def test_what_is_about_nobody_is_no_opening(clinician, browser):
    browser.open(change_url(LaserFactory()))
    browser.open("/admin/consultations/patient/")
    browser.open("/admin/consultations/patient/find/?q=Family")
    assert openings() == []


def test_page_is_not_shown_where_its_opening_cannot_be_kept(clinician, monkeypatch):
    def fail(**values):
        raise DatabaseError("full")

    monkeypatch.setattr(AccessRecord.objects, "create", fail)
    with pytest.raises(DatabaseError):
        Browser(clinician).open(page_url(PatientFactory(), "chart"))


def test_address_is_kept_where_there_is_one(clinician, client_for):
    client, url = client_for(clinician), page_url(PatientFactory(), "chart")
    for address in ("2001:db8::7", "unix:", ""):
        client.get(url, REMOTE_ADDR=address)
    assert [one[-1] for one in openings()] == ["2001:db8::7", None, None]


def photo_with_consent():
    photo = PhotoFactory()
    ConsentFactory(patient=photo.patient)
    return Photo.objects.get(pk=photo.pk)


def test_photo_itself_is_an_opening(clinician):
    photo = photo_with_consent()
    assert Browser(clinician).open(page_url(photo, "image")).status == 200
    assert openings() == [("clinician", "photo", "photo", photo.pk, "127.0.0.1")]


def test_thumbnail_belongs_to_its_page(clinician, client_for):
    photo, client = photo_with_consent(), client_for(clinician)
    client.get(page_url(photo.patient, "photos"))
    client.get(page_url(photo, "thumbnail"))
    assert len(openings()) == 1


def test_thumbnail_by_itself_is_an_opening(clinician, manager, client_for):
    photo, client = photo_with_consent(), client_for(clinician)
    long_ago = timezone.now() - timedelta(minutes=16)
    AccessRecordFactory(user=clinician, patient=photo.patient, kind=AccessKind.CHART, at=long_ago)
    AccessRecordFactory(user=clinician, patient=photo.patient, kind=AccessKind.RECORD)
    AccessRecordFactory(user=manager, patient=photo.patient, kind=AccessKind.CHART)
    client.get(page_url(photo, "thumbnail"))
    client.get(page_url(photo, "thumbnail"))
    assert openings(model="photo") == [("clinician", "photo", "photo", photo.pk, "127.0.0.1")]
