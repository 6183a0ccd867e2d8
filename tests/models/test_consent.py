"""Consents: about a patient or a plan, sealed with the words signed; wordings that stay."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.models import Consent, ConsentWording
from consultations.vocabulary import ConsentKind, LaserType
from tests.factories import (
    ConsentFactory,
    ConsentWordingFactory,
    PatientFactory,
    TreatmentConsentFactory,
)

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def test_consent_about_nobody():
    breaks("consent_of_patient_or_plan", ConsentFactory(), patient=None)


def test_consent_about_patient_and_plan():
    breaks("consent_of_patient_or_plan", TreatmentConsentFactory(), patient=PatientFactory())


def test_consent_about_a_plan_alone():
    assert TreatmentConsentFactory().patient is None


@pytest.mark.parametrize("blank", [{"laser_type": ""}, {"severity": ""}, {"sessions": None}])
def test_consent_to_treatment_that_does_not_say_to_what(blank):
    breaks("consent_to_treatment_says_to_what", TreatmentConsentFactory(), **blank)


def test_refusal_that_is_withdrawn():
    refused = TreatmentConsentFactory(refused=True)
    breaks("consent_refused_is_not_withdrawn", refused, withdrawn_on=refused.given_on)


def test_reason_without_a_no():
    breaks("consent_reason_belongs_to_a_no", ConsentFactory(), no_reason="Too dear.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("points", [[[1, 2, 3]]]),
        ("read_as", {"language": "de", "parts": []}),
        ("sessions", 6),
        ("severity", "severe"),
        ("laser_type", LaserType.ABLATIVE_FULL),
        ("by_guardian", True),
        ("refused", True),
        ("kept_at", "Folder 3"),
    ],
)
def test_seal_breaks_with_all_that_was_read_and_signed(name, value):
    consent = TreatmentConsentFactory()
    assert consent.is_as_signed
    setattr(consent, name, value)
    assert not consent.is_as_signed


def test_seal_of_the_first_version_still_holds():
    consent = ConsentFactory()
    consent.digest_version = 1
    consent.digest = consent.digest_of_words()
    consent.kept_at = "Not covered by it"
    assert consent.is_as_signed


def test_consent_withdrawn_before_it_was_given():
    consent = ConsentFactory(given_on=date(2025, 3, 3))
    breaks("consent_withdrawn_after_given", consent, withdrawn_on=date(2025, 3, 2))


def test_consent_withdrawn_on_its_own_day():
    keeps(ConsentFactory(given_on=date(2025, 3, 3)), withdrawn_on=date(2025, 3, 3))


@pytest.mark.parametrize(
    ("name", "value"), [("signed_name", "Somebody Else"), ("given_on", date(2025, 3, 4))]
)
def test_seal_breaks_with_what_was_signed(name, value):
    consent = ConsentFactory()
    assert consent.is_as_signed
    setattr(consent, name, value)
    consent.save(by=consent.created_by)
    assert not Consent.objects.get().is_as_signed


def test_seal_breaks_with_the_words():
    consent = ConsentFactory()
    ConsentWording.objects.update(text="I agree to everything.")
    assert not Consent.objects.get(pk=consent.pk).is_as_signed


def test_standing_is_neither_withdrawn_nor_in_error(clinician):
    patient = PatientFactory()
    standing = ConsentFactory(patient=patient)
    ConsentFactory(patient=patient, withdrawn_on=date(2025, 4, 1))
    ConsentFactory(
        patient=patient,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong patient.",
    )
    assert list(Consent.objects.standing()) == [standing]


def test_consent_to_treatment_is_none_to_photos():
    ConsentFactory(wording__kind=ConsentKind.TREATMENT)
    assert not Consent.objects.to_photos().exists()


def test_two_wordings_of_one_edition():
    first = ConsentWordingFactory()
    breaks("consentwording_one_per_edition", ConsentWordingFactory(), edition=first.edition)


def test_edition_of_another_laser_type():
    first = ConsentWordingFactory(kind=ConsentKind.TREATMENT)
    other = ConsentWordingFactory(kind=ConsentKind.TREATMENT)
    keeps(other, edition=first.edition, laser_type=LaserType.ABLATIVE_FULL)


def test_wording_for_photos_with_a_laser_type():
    wording = ConsentWordingFactory()
    laser = LaserType.NON_ABLATIVE
    breaks("consentwording_laser_type_for_treatment", wording, laser_type=laser)


def test_wording_in_use_keeps_its_words():
    wording = ConsentFactory().wording
    wording.text = "I agree to everything."
    with pytest.raises(ValidationError, match="so they stay as they are"):
        wording.save(by=wording.created_by)
    wording.refresh_from_db()
    wording.save(by=wording.created_by)


def test_wording_not_in_use_may_change():
    keeps(ConsentWordingFactory(), text="I agree to some of it.")


def test_current_wording_is_the_latest_that_stands(manager):
    first = ConsentWordingFactory(edition=1)
    ConsentWordingFactory(
        edition=2,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=manager,
        entered_in_error_reason="Not approved.",
    )
    wordings = ConsentWording.objects
    assert wordings.current(ConsentKind.PHOTO) == first
    assert wordings.current(ConsentKind.TREATMENT) is None
    assert wordings.next_edition(ConsentKind.PHOTO) == 3
