"""Issued documents: about what their kind is about, a number once, written once."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from consultations.models import RecordCounter, SignedRecordError
from consultations.models.document import ABOUT
from consultations.vocabulary import DocumentKind
from tests.factories import (
    ConsentFactory,
    DocumentFactory,
    LaserFactory,
    PatientFactory,
    PaymentFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
)

from .promises import breaks

pytestmark = pytest.mark.django_db
REGISTER = DocumentKind.TREATMENT_REGISTER
OF_MARCH = {"patient": None, "month": date(2026, 3, 1)}


@pytest.mark.parametrize("kind", DocumentKind)
def test_document_is_about_what_its_kind_is(kind):
    made = {
        "plan": PlanFactory,
        "referral": ReferralFactory,
        "session": SessionFactory,
        "payment": PaymentFactory,
        "consent": ConsentFactory,
        "laser": LaserFactory,
    }
    about = {ABOUT[kind]: made[ABOUT[kind]]()} if kind in ABOUT else {}
    about |= OF_MARCH if kind == REGISTER else {}
    document = DocumentFactory(kind=kind, **about)
    breaks("issueddocument_about_what_its_kind_is", document, **_of_another(about))


def _of_another(about):
    keys = about.keys() - OF_MARCH.keys()
    return dict.fromkeys(keys) or {"referral": ReferralFactory()}


def test_register_is_of_a_month_and_about_no_patient():
    patient = PatientFactory()
    for changes in ({"patient": patient}, {"month": None}):
        register = DocumentFactory(kind=REGISTER, laser=LaserFactory(), **OF_MARCH)
        breaks("issueddocument_of_a_patient_or_a_month", register, **changes)
    for changes in ({"patient": None}, {"month": date(2026, 3, 1)}):
        breaks("issueddocument_of_a_patient_or_a_month", DocumentFactory(), **changes)


@pytest.mark.parametrize("changes", [{"digest": ""}, {"number": ""}, {"size": 0}])
def test_document_has_number_digest_and_file(changes):
    breaks("issueddocument_has_a_digest", DocumentFactory(), **changes)


def test_number_is_given_once():
    first = DocumentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentFactory(number=first.number)


def test_numbers_go_up_by_one():
    assert [RecordCounter.take_next_document() for _time in range(2)] == ["D-000001", "D-000002"]


def test_document_is_written_once(clinician):
    document = DocumentFactory(by=clinician)
    document.recipient = "Somebody else"
    with pytest.raises(SignedRecordError):
        document.save(by=clinician)
