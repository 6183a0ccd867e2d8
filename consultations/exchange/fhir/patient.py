"""Patient: who they are and how to reach them."""

from django.utils.translation import to_locale

from consultations.vocabulary import Sex

from .around import telecom
from .codes import BCP_47, hl7, of_hl7
from .elements import day, reference, resource

# Sex holds FHIR's own four words. "Unknown" is written: FHIR's "unknown" says just that.
GENDER = {
    Sex.FEMALE: "female",
    Sex.MALE: "male",
    Sex.OTHER: "other",
    Sex.UNKNOWN: "unknown",
}
INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"


def person(patient, merged, around):
    """The Patient; one that was merged into another is inactive and names it. `merged` are those
    that were merged into this one."""
    links = [{"other": reference("Patient", one), "type": "replaces"} for one in merged]
    if patient.merged_into_id:
        kept = reference("Patient", patient.kept_record)
        links = [{"other": kept, "type": "replaced-by"}]
    return resource(
        "Patient",
        patient,
        extension=[{"url": INTERPRETER, "valueBoolean": True}]
        if patient.interpreter_needed
        else [],
        identifier=[
            {
                "use": "usual",
                "type": of_hl7("v2-0203", "MR", "Medical record number"),
                **around.number(patient.record_number),
            }
        ],
        active=not patient.merged_into_id,
        name=[
            {
                "use": "official",
                "text": str(patient.full_name),
                "family": patient.family_name,
                "given": [patient.given_name],
            }
        ],
        telecom=telecom(patient.phone, patient.email),
        gender=GENDER[Sex(patient.sex)],
        birthDate=day(patient.date_of_birth),
        address=[{"text": patient.address}] if patient.address else [],
        contact=list(_contacts(patient)),
        communication=_communication(patient),
        generalPractitioner=[{"display": patient.general_practitioner}],
        managingOrganization=around.organization(),
        link=links,
    )


def _contacts(patient):
    roles = (
        (patient.guardian, hl7("v3-RoleCode", "GUARD", "guardian")),
        (patient.emergency_contact, hl7("v2-0131", "C", "Emergency Contact")),
    )
    for name, role in roles:
        if name:
            yield {"relationship": [{"coding": [role]}], "name": {"text": name}}


def _communication(patient):
    if not patient.language:
        return []
    code = to_locale(patient.language).replace("_", "-")
    name = str(patient.get_language_display())
    language = {"coding": [{"system": BCP_47, "code": code, "display": name}], "text": name}
    return [{"language": language, "preferred": True}]
