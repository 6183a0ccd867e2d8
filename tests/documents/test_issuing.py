"""Issuing a document: drawn up, looked at, kept to the byte under a number of its own."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.documents.issuing import draft_of, issue
from consultations.models import IssuedDocument, StaleRecordError
from consultations.vocabulary import DocumentKind
from tests.factories import ClinicSettingsFactory, ReferralFactory

LETTER = DocumentKind.REFERRAL_LETTER


@pytest.fixture
def referral(clinician):
    ClinicSettingsFactory(by=clinician, name="Linden Clinic", address="1 High Street\nLondon")
    return ReferralFactory(by=clinician, surgeon="Ms A. Okafor, St Anne’s Hospital")


def test_issued_document_is_kept_as_drawn(referral, clinician):
    made = issue(LETTER, referral, clinician)
    content = made.file.open("rb").read()
    told = {
        name: getattr(made, name)
        for name in ("patient", "kind", "number", "referral", "recipient", "issued_on", "size")
    }
    assert told == {
        "patient": referral.patient,
        "kind": LETTER,
        "number": "D-000001",
        "referral": referral,
        "recipient": "Ms A. Okafor, St Anne’s Hospital",
        "issued_on": timezone.localdate(),
        "size": len(content),
    }
    assert made.digest == hashlib.sha256(content).hexdigest()
    assert content.startswith(b"%PDF-1.7")


def test_numbers_go_up_and_a_refused_document_takes_none(referral, clinician):
    issue(LETTER, referral, clinician)
    referral.patient.given_name = "𐎀"
    referral.patient.save(by=clinician)
    with pytest.raises(ValidationError):
        issue(LETTER, referral, clinician)
    referral.patient.given_name = "Ana"
    referral.patient.save(by=clinician)
    assert issue(LETTER, referral, clinician).number == "D-000002"


def test_nothing_is_issued_once_something_else_would_be_said(referral, clinician):
    stamp = draft_of(LETTER, referral, clinician).stamp
    referral.patient.phone = "020 7946 0999"
    referral.patient.save(by=clinician)
    with pytest.raises(StaleRecordError, match="Something changed since you looked at it"):
        issue(LETTER, referral, clinician, stamp=stamp)
    assert not IssuedDocument.objects.exists()
