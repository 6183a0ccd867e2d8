"""Consent to photos: given once, in the words that were shown, as the first thing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.consents import (
    give_photo_consent,
    photo_consent_of,
    refuse_without_photo_consent,
)
from consultations.actions.signing import mark_in_error
from consultations.models import Consent, ConsentWording, patient_of
from consultations.models.first_wordings import PHOTO
from consultations.vocabulary import ConsentKind
from tests.factories import ConsentFactory, ConsentWordingFactory, PatientFactory, PlanFactory

pytestmark = pytest.mark.django_db


def give(patient, by, **others):
    today = timezone.localdate()
    given = {"signed_name": "Eva Núñez", "given_on": today, "wording": None} | others
    return give_photo_consent(patient=patient, by=by, **given)


def test_first_consent_brings_the_first_wording(clinician):
    consent = give(PatientFactory(), clinician)
    wording = ConsentWording.objects.get()
    assert (wording.edition, wording.text) == (1, PHOTO)
    assert (consent.wording, consent.created_by) == (wording, clinician)
    assert consent.is_as_signed


def test_second_consent_uses_the_wording_that_is_there(clinician):
    wording = give(PatientFactory(), clinician).wording
    assert give(PatientFactory(), clinician, wording=wording).wording == wording
    assert ConsentWording.objects.count() == 1


def test_words_that_were_changed_meanwhile_are_refused(clinician):
    shown = ConsentWordingFactory()
    ConsentWordingFactory()
    for wording in (shown, None):
        with pytest.raises(ValidationError, match="The wording was changed a moment ago"):
            give(PatientFactory(), clinician, wording=wording)
    assert not Consent.objects.exists()


def test_agreeing_twice_is_refused(clinician):
    patient = PatientFactory()
    wording = give(patient, clinician).wording
    with pytest.raises(ValidationError, match="already agreed"):
        give(patient, clinician, wording=wording)


def test_agreeing_again_after_withdrawing(clinician):
    consent = ConsentFactory(withdrawn_on=date(2025, 4, 1))
    again = give(consent.patient, clinician, wording=consent.wording)
    assert photo_consent_of(consent.patient) == again


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (lambda: timezone.localdate() + timedelta(days=1), "This date is in the future."),
        (lambda: date(1980, 5, 16), "This is before the patient was born."),
    ],
)
def test_impossible_day_is_refused(clinician, day, told):
    with pytest.raises(ValidationError) as refused:
        give(PatientFactory(date_of_birth=date(1980, 5, 17)), clinician, given_on=day())
    assert refused.value.message_dict == {"given_on": [told]}


def test_patient_entered_in_error_gives_no_consent(clinician):
    patient = PatientFactory()
    mark_in_error(record=patient, by=clinician, reason="Registered twice.")
    with pytest.raises(ValidationError, match="entered in error"):
        give(patient, clinician)


@pytest.mark.parametrize(
    "given", [{"withdrawn_on": date(2025, 4, 1)}, {"wording__kind": "treatment"}]
)
def test_no_photo_without_a_standing_consent_to_photos(given):
    consent = ConsentFactory(**given)
    with pytest.raises(ValidationError, match="has not agreed to photos"):
        refuse_without_photo_consent(consent.patient)


def test_wording_in_use_cannot_be_an_error(manager):
    wording = ConsentFactory().wording
    with pytest.raises(ValidationError, match="Consents were given in these words"):
        mark_in_error(record=wording, by=manager, reason="Not approved.")
    mark_in_error(record=ConsentWordingFactory(), by=manager, reason="Not approved.")
    assert ConsentWording.objects.current(ConsentKind.PHOTO) == wording


def test_whose_consent_it_is():
    plan = PlanFactory()
    about_plan = plan.consents.get()
    assert patient_of(about_plan) == plan.patient
    assert patient_of(ConsentWordingFactory()) is None


def test_under_age_the_guardian_agrees_to_photos(clinician):
    patient = PatientFactory(date_of_birth=timezone.localdate() - timedelta(days=365 * 16))
    with pytest.raises(ValidationError, match="under age"):
        give(patient, clinician)
    guardian = {"by_guardian": True, "signed_name": "Ruth Family"}
    assert give(patient, clinician, **guardian).by_guardian
