"""Issuing a document: drawn up, looked at, kept to the byte under a number of its own."""

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.locking import lock_patient_of
from consultations.actions.moving import merge_patients, move_consultation
from consultations.actions.signing import mark_in_error
from consultations.documents.batch import Batch, issue_some
from consultations.documents.issuing import draft_of, issue
from consultations.models import IssuedDocument, StaleRecordError
from consultations.summaries.moving import move_of
from consultations.trust.erasure import erase
from consultations.vocabulary import DocumentKind
from tests.factories import (
    ClinicSettingsFactory,
    PatientFactory,
    PaymentFactory,
    PlanFactory,
    ReferralFactory,
)
from tests.factories.consent import TreatmentConsentFactory

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


def test_form_that_is_posted_twice_issues_once(referral, clinician):
    token = uuid4()
    made = issue(LETTER, referral, clinician, token=token)
    assert issue(LETTER, referral, clinician, token=token) == made
    assert IssuedDocument.objects.count() == 1
    assert issue(LETTER, referral, clinician, token=uuid4()) != made


def test_letter_that_somebody_else_issued_meanwhile_is_not_issued_by_the_batch(
    referral, clinician, monkeypatch
):
    def locked(record):
        if not IssuedDocument.objects.exists():
            monkeypatch.undo()
            issue(LETTER, referral, clinician)
        return lock_patient_of(record)

    monkeypatch.setattr("consultations.documents.issuing.lock_patient_of", locked)
    assert issue_some(clinician) == Batch((), (), referral.pk)
    assert IssuedDocument.objects.count() == 1


def test_no_file_is_left_of_a_document_that_nothing_followed(clinician, monkeypatch):
    storage = IssuedDocument._meta.get_field("file").storage
    before = set(Path(storage.location).rglob("*.pdf"))
    monkeypatch.setattr("consultations.documents.plan_and_quote.fix_price", _fail)
    with pytest.raises(OSError, match="disk"):
        issue(DocumentKind.PLAN_AND_QUOTE, PlanFactory(course_price=100), clinician)
    assert set(Path(storage.location).rglob("*.pdf")) == before
    assert not IssuedDocument.objects.exists()


def test_move_is_refused_by_name_while_a_document_stands(referral, clinician):
    document = issue(LETTER, referral, clinician)
    consultation = referral.assessment.consultation
    to = PatientFactory(by=clinician)
    with pytest.raises(ValidationError) as refused:
        move_consultation(consultation=consultation, to=to, reason="Mixed up.", by=clinician)
    assert refused.value.messages == [f"{document} was issued about it. Withdraw it first."]
    mark_in_error(record=document, by=clinician, reason="Mixed up.")
    move_consultation(consultation=consultation, to=to, reason="Mixed up.", by=clinician)


@pytest.mark.parametrize("factory", [TreatmentConsentFactory, PaymentFactory])
def test_move_is_refused_while_a_copy_of_its_consent_or_receipt_stands(factory, clinician):
    plan = PlanFactory(by=clinician, consented=False)
    about = factory(by=clinician, plan=plan)
    kind = DocumentKind.RECEIPT if factory is PaymentFactory else DocumentKind.CONSENT_COPY
    document = issue(kind, about, clinician)
    move = move_of(plan.assessment.consultation, PatientFactory(by=clinician))
    told = f"{document} was issued about it. Withdraw it first."
    assert told in [str(one.words) for one in move.obstacles]


def test_document_goes_along_in_a_merge_and_keeps_its_number(referral, clinician):
    document = issue(LETTER, referral, clinician)
    keep = PatientFactory(by=clinician)
    merge_patients(keep=keep, other=referral.patient, reason="The same.", by=clinician)
    document.refresh_from_db()
    assert (document.patient, document.number) == (keep, "D-000001")


def test_erasing_takes_the_file_and_the_recipient_and_leaves_a_fingerprint(
    referral, clinician, manager, django_capture_on_commit_callbacks
):
    document = issue(LETTER, referral, clinician)
    path, digest = Path(document.file.path), document.digest
    with django_capture_on_commit_callbacks(execute=True):
        erase(patient=referral.patient, by=manager, reason="Asked.", legal_reason="A court.")
    document.refresh_from_db()
    assert not path.exists()
    told = (document.file.name, document.recipient, document.number, document.digest)
    assert told == ("", "Erased.", "D-000001", digest)


def test_nothing_is_issued_about_somebody_erased(referral, clinician, manager):
    erase(patient=referral.patient, by=manager, reason="Asked.", legal_reason="A court.")
    with pytest.raises(ValidationError, match="erased"):
        issue(LETTER, referral, clinician)


def test_no_file_is_left_of_a_document_that_was_not_stored(referral, clinician, monkeypatch):
    storage = IssuedDocument._meta.get_field("file").storage
    before = set(Path(storage.location).rglob("*.pdf"))
    monkeypatch.setattr(IssuedDocument, "save", _fail)
    with pytest.raises(OSError, match="disk"):
        issue(LETTER, referral, clinician)
    assert set(Path(storage.location).rglob("*.pdf")) == before


def _fail(*args, **kwargs):
    raise OSError("the disk is full")
