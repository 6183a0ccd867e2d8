"""Consultations: signatures are whole, and the latest before a day is found."""

from datetime import date

import pytest
from django.utils import timezone

from consultations.models import Consultation
from tests.factories import ConsultationFactory, PatientFactory, SessionFactory

from .promises import breaks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("factory", "promise"),
    [
        (ConsultationFactory, "consultation_signed_by_and_at_together"),
        (SessionFactory, "treatmentsession_signed_by_and_at_together"),
    ],
)
def test_signature_without_a_time(factory, promise, clinician):
    breaks(promise, factory(), signed_by=clinician)


@pytest.mark.parametrize(
    ("factory", "promise"),
    [
        (ConsultationFactory, "consultation_signed_by_and_at_together"),
        (SessionFactory, "treatmentsession_signed_by_and_at_together"),
    ],
)
def test_signature_without_a_name(factory, promise):
    breaks(promise, factory(), signed_at=timezone.now())


def test_unsigned_leaves_out_signed_and_in_error(clinician):
    unsigned = ConsultationFactory()
    ConsultationFactory(signed_by=clinician, signed_at=timezone.now())
    ConsultationFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong patient.",
    )
    assert list(Consultation.objects.unsigned()) == [unsigned]


def test_latest_before_takes_the_last_standing_of_the_patient():
    patient = PatientFactory()
    first = ConsultationFactory(patient=patient, consulted_on=date(2025, 1, 6))
    second = ConsultationFactory(patient=patient, consulted_on=date(2025, 2, 3))
    ConsultationFactory(patient=patient, consulted_on=date(2025, 3, 3))
    ConsultationFactory(consulted_on=date(2025, 2, 4))
    found = [
        Consultation.objects.latest_before(patient, day)
        for day in (date(2025, 1, 5), date(2025, 1, 6), date(2025, 2, 28))
    ]
    assert found == [None, first, second]
