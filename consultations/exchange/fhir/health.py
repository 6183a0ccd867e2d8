"""AllergyIntolerance and MedicationStatement: what is known of them, which is text."""

from consultations.models import Patient

from .codes import of_hl7
from .elements import resource, subject

ACTIVE = of_hl7("allergyintolerance-clinical", "active", "Active")
UNCONFIRMED = of_hl7("allergyintolerance-verification", "unconfirmed", "Unconfirmed")


def health(tree, around):
    """Yield one of each for each patient who has any; those of a merged record were taken over."""
    for patient in tree[Patient]:
        if patient.merged_into_id:
            continue
        if patient.allergies or patient.any_allergies is not None:
            yield resource(
                "AllergyIntolerance",
                patient,
                "allergies",
                clinicalStatus=ACTIVE,
                verificationStatus=UNCONFIRMED,
                code={"text": _allergies(patient)},
                patient=subject(patient),
            )
        if patient.medicines:
            yield resource(
                "MedicationStatement",
                patient,
                "medicines",
                status="unknown",
                medicationCodeableConcept={"text": patient.medicines},
                subject=subject(patient),
            )


def _allergies(patient):
    if patient.allergies:
        return patient.allergies
    return "Allergies, not named" if patient.any_allergies else "No known allergies"
