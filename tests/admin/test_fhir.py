"""The FHIR download on the chart: who is offered it, what comes, and that it is logged."""

import json

import pytest

from consultations.models import AccessRecord
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db


def url_of(patient, page="fhir"):
    return f"/admin/consultations/patient/{patient.pk}/{page}/"


def test_manager_takes_a_bundle(client_for, manager):
    patient = PatientFactory(family_name="Tulliver")
    browser = client_for(manager)
    assert b"Export as FHIR" in browser.get(url_of(patient, "chart")).content
    answer = browser.post(url_of(patient))
    assert answer.headers["Content-Type"] == "application/fhir+json"
    name = f'attachment; filename="{patient.record_number}.fhir.json"'
    assert answer.headers["Content-Disposition"] == name
    bundle = json.loads(b"".join(answer.streaming_content))
    assert bundle["entry"][0]["resource"]["name"][0]["family"] == "Tulliver"
    kept = AccessRecord.objects.latest("pk")
    assert (kept.user, kept.kind, kept.patient) == (manager, "export", patient)
    assert kept.address == "127.0.0.1"


def test_clinician_is_not_offered_it(client_for, clinician):
    page = client_for(clinician).get(url_of(PatientFactory(), "chart"))
    assert b"Export as FHIR" not in page.content


def test_of_somebody_erased_nothing_comes(client_for, manager):
    patient = PatientFactory(erased_at="2026-01-01T00:00:00Z")
    browser = client_for(manager)
    answer = browser.post(url_of(patient), follow=True)
    assert "data were erased" in answer.content.decode()
    assert AccessRecord.objects.filter(kind="export").count() == 0
    assert b"Export as FHIR" not in browser.get(url_of(patient, "chart")).content
