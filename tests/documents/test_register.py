"""The treatment register on paper: the lines of the page, and nothing kept."""

import pytest
from django.urls import reverse

from consultations.models import AccessRecord, IssuedDocument
from consultations.vocabulary import AccessKind
from tests.factories import LaserModeFactory, SessionFactory

from .reading import by_poppler, words

pytestmark = pytest.mark.django_db


def test_register_is_made_and_logged_and_not_kept(clinic, clinician, manager, client):
    mode = LaserModeFactory(by=clinician)
    session = SessionFactory(by=clinician, laser_mode=mode)
    client.force_login(manager)
    url = reverse("admin:consultations_laser_register_pdf", args=[mode.laser_id])
    answer = client.get(f"{url}?month={session.performed_on:%Y-%m}")
    text = words(by_poppler(answer.content))
    assert answer.headers["Content-Type"] == "application/pdf"
    for said in (
        f"Treatment register of {mode.laser.name}, {session.performed_on:%B %Y}",
        session.patient.record_number,
        "Linden Clinic",
    ):
        assert said in text
    assert session.patient.family_name not in text
    assert not IssuedDocument.objects.exists()
    opened = AccessRecord.objects.get(kind=AccessKind.DOCUMENT)
    assert opened.detail == f"treatment register {session.performed_on:%Y-%m}"
