"""Consultations: signatures are whole, and the latest before a day is found."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from consultations.models import Consultation, TreatmentSession
from tests.factories import ConsultationFactory, PatientFactory, SessionFactory, UserFactory

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


def test_name_of_a_consultation():
    patient = PatientFactory(family_name="Ng", given_name="Ann")
    assert str(ConsultationFactory(patient=patient)) == (
        "Ng, Ann (P-000001), consultation of 3 Mar 2025"
    )


@pytest.mark.parametrize(
    ("model", "index", "latest_first"),
    [
        (Consultation, "consultation_unsigned", ("-consulted_on", "-id")),
        (TreatmentSession, "session_unsigned", ("-day", "-id")),
    ],
)
def test_unsigned_are_read_off_an_index_of_their_own(model, index, latest_first):
    ConsultationFactory(signed_by=UserFactory(), signed_at=timezone.now())
    SessionFactory()
    if connection.vendor == "postgresql":
        # So small a table is quicker read as a whole, index or not.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    unsigned = model.objects.filter(signed_at=None, entered_in_error_at=None)
    assert index in unsigned.order_by(*latest_first)[:50].explain()
