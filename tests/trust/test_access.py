"""Access records: who opened what of whom, and from where."""

import pytest

from consultations.models import AccessRecord
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


def test_opening_a_consultation_is_kept(clinician):
    one = ConsultationFactory()
    record_access(
        by=clinician,
        kind=AccessKind.RECORD,
        address="192.0.2.7",
        patient=one.patient,
        record=one,
    )
    kept = AccessRecord.objects.values_list(
        "user", "kind", "patient", "model", "object_id", "address", "detail"
    )
    assert list(kept) == [
        (clinician.pk, "record", one.patient.pk, "consultation", one.pk, "192.0.2.7", "")
    ]


def test_a_way_in_has_no_patient(manager):
    record_access(by=manager, kind=AccessKind.SIGN_IN, address=None)
    kept = AccessRecord.objects.values_list("kind", "patient", "model", "object_id", "address")
    assert list(kept) == [("sign_in", None, "", None, None)]
