"""Observation: laxity by area, phototype, weight and height, the settings and the result of each
session, how a test patch came out."""

from consultations.models import (
    AreaAssessment,
    Consultation,
    Patient,
    TestPatch,
    TreatmentSession,
)
from consultations.vocabulary import (
    Anaesthesia,
    Area,
    Cooling,
    GlobalImprovement,
    LaserType,
    Outcome,
    Phototype,
    Pulse,
    Severity,
    TestPatchResult,
)

from .codes import Item, concept, item, of_hl7
from .elements import day, is_blank, notes, quantity, reference, resource, subject

VITAL_SIGNS = of_hl7("observation-category", "vital-signs", "Vital Signs")
EXAM = of_hl7("observation-category", "exam", "Exam")
PROCEDURE = of_hl7("observation-category", "procedure", "Procedure")
SURVEY = of_hl7("observation-category", "survey", "Survey")

MEASURED = ((Item.WEIGHT, "weight_kg"), (Item.HEIGHT, "height_cm"))
# The settings with a unit; the names of their items are those of the fields.
SETTINGS = (
    Item.FLUENCE,
    Item.PULSE_ENERGY,
    Item.POWER,
    Item.PULSE_DURATION,
    Item.SPOT_SIZE,
    Item.DENSITY,
    Item.REPETITION_RATE,
)
COUNTED = (Item.PASSES, Item.PULSE_COUNT)


def observations(tree, around):
    for consultation in tree[Consultation]:
        yield from _measured(consultation, around)
    for assessment in tree[AreaAssessment]:
        yield laxity(assessment, around)
    for session in tree[TreatmentSession]:
        if not session.is_former:
            yield from (one for one in (settings(session), result(session)) if one)
    for patient in tree[Patient]:
        # That of a merged record was taken over by the one that goes on.
        if patient.phototype and not patient.merged_into_id:
            yield phototype(patient)
    for patch in tree[TestPatch]:
        if patch.result != TestPatchResult.AWAITED:
            yield patch_result(patch)


def status_of(record):
    return "final" if record.stands else "entered-in-error"


def _measured(consultation, around):
    for which, field in MEASURED:
        value = getattr(consultation, field)
        if value is not None:
            yield resource(
                "Observation",
                consultation,
                which,
                status=status_of(consultation),
                category=[VITAL_SIGNS],
                code=item(which),
                subject=subject(consultation),
                encounter=reference("Encounter", consultation),
                effectiveDateTime=day(consultation.consulted_on),
                performer=[around(consultation.clinician)],
                valueQuantity=quantity(which, value),
            )


def laxity(assessment, around):
    """How lax an area is, with its grade, and whether laser suits it as it was decided."""
    consultation = assessment.consultation
    return resource(
        "Observation",
        assessment,
        status=status_of(assessment),
        category=[EXAM],
        code=item(Item.LAXITY),
        subject=subject(assessment),
        encounter=reference("Encounter", consultation),
        effectiveDateTime=day(consultation.consulted_on),
        performer=[around(consultation.clinician)],
        bodySite=concept(Area, assessment.area),
        valueCodeableConcept=concept(Severity, assessment.severity),
        component=components(
            (Item.LAXITY_GRADE, "Quantity", quantity(Item.LAXITY_GRADE, assessment.grade)),
            (Item.VERDICT, "CodeableConcept", concept(Outcome, assessment.effective_outcome)),
        ),
        note=notes(assessment.decision_reason),
    )


def phototype(patient):
    """An answer for life: it has no day."""
    return resource(
        "Observation",
        patient,
        Item.PHOTOTYPE,
        status=status_of(patient),
        category=[EXAM],
        code=item(Item.PHOTOTYPE),
        subject=subject(patient),
        valueCodeableConcept=concept(Phototype, patient.phototype),
    )


def settings(session):
    """What the laser was set to; None where nothing was written down."""
    mode = session.laser_mode
    found = components(
        *((one, "Quantity", quantity(one, getattr(session, one))) for one in SETTINGS),
        *((one, "Integer", getattr(session, one)) for one in COUNTED),
        (Item.WAVELENGTH, "Quantity", quantity(Item.WAVELENGTH, mode and mode.wavelength_nm)),
        (Item.PULSE, "CodeableConcept", concept(Pulse, mode and mode.pulse)),
        (Item.LASER_TYPE, "CodeableConcept", concept(LaserType, mode and mode.laser_type)),
        (Item.COOLING, "CodeableConcept", concept(Cooling, session.cooling)),
        (Item.ANAESTHESIA, "CodeableConcept", concept(Anaesthesia, session.anaesthesia)),
    )
    return _of_session(session, Item.SETTINGS, PROCEDURE, found) if found else None


def result(session):
    """What was seen and said at a session; None where nothing was written down."""
    found = components(
        (Item.LAXITY_GRADE, "Quantity", quantity(Item.LAXITY_GRADE, session.grade)),
        (Item.PAIN, "Integer", session.pain),
        (Item.SATISFACTION, "Integer", session.satisfaction),
        (
            Item.IMPROVEMENT,
            "CodeableConcept",
            concept(GlobalImprovement, session.global_improvement),
        ),
    )
    return _of_session(session, Item.RESULT, SURVEY, found) if found else None


def _of_session(session, which, category, found):
    return resource(
        "Observation",
        session,
        which,
        status=status_of(session),
        category=[category],
        code=item(which),
        partOf=[reference("Procedure", session)],
        subject=subject(session),
        effectiveDateTime=day(session.performed_on),
        bodySite=concept(Area, session.plan.assessment.area),
        device=reference("Device", session.laser_mode and session.laser_mode.laser),
        component=found,
    )


def patch_result(patch):
    return resource(
        "Observation",
        patch,
        Item.PATCH_RESULT,
        status=status_of(patch),
        category=[EXAM],
        code=item(Item.PATCH_RESULT),
        partOf=[reference("Procedure", patch)],
        subject=subject(patch),
        effectiveDateTime=day(patch.read_on or patch.done_on),
        bodySite=concept(Area, patch.area),
        valueCodeableConcept=concept(TestPatchResult, patch.result),
        note=notes(patch.clearance),
    )


def components(*values):
    """Components of an observation from (item, type of value, value), blanks left out."""
    return [
        {"code": item(which), f"value{kind}": value}
        for which, kind, value in values
        if not is_blank(value)
    ]
