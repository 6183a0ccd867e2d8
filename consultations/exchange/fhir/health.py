"""AllergyIntolerance and MedicationStatement: what is known of them, which is text."""

from consultations.models import Patient

from .absence import NO_ALLERGY
from .codes import SNOMED, coding, of_hl7
from .elements import resource, subject

NOT_NAMED = "Allergies, not named"
NONE_KNOWN = {
    "coding": [coding(SNOMED, "716186003", NO_ALLERGY["716186003"])],
    "text": "No known allergies",
}
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
                code=_allergies(patient),
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
        return {"text": patient.allergies}
    return {"text": NOT_NAMED} if patient.any_allergies else NONE_KNOWN
