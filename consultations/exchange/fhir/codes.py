"""The codes of FHIR resources: of LOINC, SNOMED CT, UCUM and HL7 where they were looked up, else of
our own code systems."""

from uuid import NAMESPACE_URL, uuid5

from django.db.models import TextChoices

from consultations.vocabulary import (
    Anaesthesia,
    AppointmentKind,
    Area,
    Closure,
    ConsentKind,
    Cooling,
    DocumentKind,
    EventKind,
    EventSeverity,
    GlobalImprovement,
    LaserType,
    Outcome,
    Phototype,
    PhotoView,
    PlanStatus,
    Pulse,
    ReferralStatus,
    ReportedTo,
    Severity,
    TestPatchResult,
    Urgency,
)

# The root of our own code systems and extensions. It stands in files that others keep, so it never
# changes. It is a name and no address: the top-level domain is one that nobody can register, and
# the code systems themselves go along with every export.
OURS = "https://turgor.example/fhir"
EDITION = "2026-12"

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/CodeSystem"
BCP_47 = "urn:ietf:bcp:47"


class Item(TextChoices):
    """What is recorded, where neither LOINC nor SNOMED CT was found to have it."""

    CONSULTATION = "consultation", "Consultation for laser skin tightening"
    LAXITY = "laxity", "Skin laxity of an area"
    LAXITY_GRADE = "laxity-grade", "Skin laxity, grade 0 to 4 in half steps"
    VERDICT = "verdict", "Suitability of the area for laser"
    PHOTOTYPE = "phototype", "Fitzpatrick skin phototype"
    WEIGHT = "weight", "Body weight"
    HEIGHT = "height", "Body height"
    COURSE = "course", "Course of laser sessions for one area"
    SESSION = "session", "Laser session of one area"
    TEST_PATCH = "test-patch", "Laser test patch"
    PATCH_RESULT = "patch-result", "Result of a laser test patch"
    SETTINGS = "laser-settings", "Settings of the laser in a session"
    RESULT = "session-result", "Result of a laser session"
    PAIN = "pain", "Pain during the session, 0 to 10"
    SATISFACTION = "satisfaction", "Satisfaction of the patient, 0 to 10"
    IMPROVEMENT = "improvement", "Global aesthetic improvement"
    FLUENCE = "fluence_j_cm2", "Fluence"
    PULSE_ENERGY = "pulse_energy_mj", "Pulse energy"
    POWER = "power_w", "Power"
    PULSE_DURATION = "pulse_duration_us", "Pulse duration"
    SPOT_SIZE = "spot_size_mm", "Spot size"
    DENSITY = "density_percent", "Density"
    REPETITION_RATE = "repetition_rate_hz", "Repetition rate"
    WAVELENGTH = "wavelength_nm", "Wavelength"
    PASSES = "passes", "Number of passes"
    PULSE_COUNT = "pulse_count", "Number of pulses"
    LASER_TYPE = "laser-type", "Type of laser treatment"
    PULSE = "pulse", "Kind of pulse"
    COOLING = "cooling", "Cooling"
    ANAESTHESIA = "anaesthesia", "Anaesthesia"
    LASER = "laser", "Laser for skin treatment"
    REFERRAL = "referral", "Referral to a surgeon for lax skin"
    PHOTO = "photo", "Photograph of an area"


# One code system for each list of choices, its codes the stored values.
NAMES = {
    Item: "item",
    Anaesthesia: "anaesthesia",
    AppointmentKind: "appointment-kind",
    Area: "area",
    Closure: "referral-closure",
    ConsentKind: "consent-kind",
    Cooling: "cooling",
    DocumentKind: "document-kind",
    EventKind: "event-kind",
    EventSeverity: "event-severity",
    GlobalImprovement: "global-improvement",
    LaserType: "laser-type",
    Outcome: "outcome",
    PhotoView: "photo-view",
    Phototype: "phototype",
    PlanStatus: "plan-status",
    Pulse: "pulse",
    ReferralStatus: "referral-status",
    ReportedTo: "reported-to",
    Severity: "laxity",
    TestPatchResult: "patch-result",
    Urgency: "urgency",
}


def coding(system, code, display):
    return {"system": system, "code": code, "display": display}


def hl7(name, code, display):
    """A code of HL7's own. All that are used here were looked up in the definitions that HL7
    published with FHIR 4.0.1 (valuesets.json, v2-tables.json, v3-codesystems.json)."""
    return coding(f"{HL7}/{name}", code, display)


# The same in the code systems of others, each with where it was looked up.
SAME = {
    # FHIR 4.0.1, hl7.org/fhir/R4/bodyweight.html and bodyheight.html
    (Item, Item.WEIGHT): coding(LOINC, "29463-7", "Body weight"),
    (Item, Item.HEIGHT): coding(LOINC, "8302-2", "Body height"),
    # healthassure.in/codes/loinc-66555-4…; its answers have codes that were not found: ours
    (Item, Item.PHOTOTYPE): coding(
        LOINC, "66555-4", "Skin type [Fitzpatrick Classification Scale]"
    ),
    # HL7 Belgium, build.fhir.org/ig/hl7-be/patient-monitoring/ValueSet-pain-scale.html
    (Item, Item.PAIN): coding(LOINC, "72514-3", "Pain severity - 0-10 verbal numeric rating"),
    # FHIR 4.0.1, value set c80-doc-typecodes
    (Item, Item.PHOTO): coding(
        LOINC, "72170-4", "Photographic image Unspecified body region Document"
    ),
    (DocumentKind, DocumentKind.REFERRAL_LETTER): coding(LOINC, "57133-1", "Referral note"),
    (DocumentKind, DocumentKind.CONSENT_COPY): coding(LOINC, "59284-0", "Patient Consent"),
    (DocumentKind, DocumentKind.SESSION_RECORD): coding(
        LOINC, "28570-0", "Provider-unspecified Procedure note"
    ),
    # DICOM's context groups 4028 and 4031 as public tables of them have it
    (Area, Area.FACE): coding(SNOMED, "89545001", "Face"),
    # value set body-site of the Taiwanese guide, build.fhir.org/ig/TWNHIFHIR/ci/ValueSet-body-site
    (Area, Area.NECK): coding(SNOMED, "45048000", "Neck"),
    # HL7 Europe, build.fhir.org/ig/hl7-eu/imaging-r5, value set of anatomical regions
    (Area, Area.ARMS): coding(SNOMED, "53120007", "Upper limb structure"),
    (Area, Area.LEGS): coding(SNOMED, "61685007", "Lower limb structure"),
    # The stomach is left out: sources take 818981001 and 818983003 for the abdomen, a section of
    # the trunk and abdomen with pelvis, and none of it is the skin of the belly.
    # FHIR 4.0.1, value set adverse-event-severity
    (EventSeverity, EventSeverity.MILD): hl7("adverse-event-severity", "mild", "Mild"),
    (EventSeverity, EventSeverity.MODERATE): hl7("adverse-event-severity", "moderate", "Moderate"),
    (EventSeverity, EventSeverity.SEVERE): hl7("adverse-event-severity", "severe", "Severe"),
}

# Of FHIR 4.0.1's value set consent-category, beside the kind of consent.
PATIENT_CONSENT = coding(LOINC, "59284-0", "Patient Consent")

# UCUM by its case sensitive symbols and grammar (annex B.2 of OPC 10000-8, an excerpt of ucum.org's
# specification; build.fhir.org/ig/HL7/UTG/ValueSet-ucum-common.html): `us`, `J/cm2` and `mJ` are
# units, `µs` and `cm²` are not, 1 is a number on a scale, and `{passes}` is anything: what is
# counted is an integer and has no unit.
UNITS = {
    Item.WEIGHT: "kg",
    Item.HEIGHT: "cm",
    Item.LAXITY_GRADE: "1",
    Item.FLUENCE: "J/cm2",
    Item.PULSE_ENERGY: "mJ",
    Item.POWER: "W",
    Item.PULSE_DURATION: "us",
    Item.SPOT_SIZE: "mm",
    Item.DENSITY: "%",
    Item.REPETITION_RATE: "Hz",
    Item.WAVELENGTH: "nm",
}
SHOWN = {"J/cm2": "J/cm²", "us": "µs"}


def concept(choices, value, text=""):
    """A value of one of our lists as a CodeableConcept, with the same code of others if there is
    one; None for a blank."""
    if not value:
        return None
    own = coding(system_of(choices), str(value), str(choices(value).label))
    codes = [SAME[choices, value], own] if (choices, value) in SAME else [own]
    return {"coding": codes, "text": text or own["display"]}


def item(which):
    return concept(Item, which)


def of_hl7(name, code, display):
    """A CodeableConcept of one code of HL7's."""
    return {"coding": [hl7(name, code, display)]}


def system_of(choices):
    return f"{OURS}/CodeSystem/{NAMES[choices]}"


def extension(name, **value):
    """An extension of our own; None where its value is blank."""
    [content] = value.values()
    return None if content in (None, "") else {"url": f"{OURS}/StructureDefinition/{name}", **value}


def code_systems():
    """Yield our own code systems as resources."""
    for choices, name in NAMES.items():
        yield {
            "resourceType": "CodeSystem",
            "id": str(uuid5(NAMESPACE_URL, system_of(choices))),
            "url": system_of(choices),
            "version": EDITION,
            "name": "Turgor" + name.title().replace("-", ""),
            "title": f"Turgor: {name.replace('-', ' ')}",
            "status": "active",
            "caseSensitive": True,
            "content": "complete",
            "concept": [{"code": code, "display": str(label)} for code, label in choices.choices],
        }
