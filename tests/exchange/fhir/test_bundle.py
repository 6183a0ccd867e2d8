"""What a person's bundle says, and what it leaves out."""

import base64
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.exchange.fhir.elements import id_of, number
from consultations.models import AccessRecord, Photo
from tests.exchange.fhir.people import (
    KNOWN,
    SETTINGS,
    bundle_of,
    made_in_error,
    make_clinic,
    of_kind,
)
from tests.factories import (
    AssessmentFactory,
    ClinicSettingsFactory,
    ConsentFactory,
    ConsultationFactory,
    DocumentFactory,
    PatientFactory,
    PhotoFactory,
    SessionFactory,
)
from tests.factories.person import make_story

pytestmark = pytest.mark.django_db


def texts(value):
    """Codes without their systems, as they are read: the text of each concept."""
    if isinstance(value, dict) and "text" in value:
        return value["text"]
    if isinstance(value, dict):
        return {name: texts(one) for name, one in value.items()}
    return [texts(one) for one in value] if isinstance(value, list) else value


def test_patient_is_written_whole(manager):
    clinic = ClinicSettingsFactory(by=manager)
    patient = PatientFactory(by=manager, family_name="Őri", phone="020 7946 0000", **KNOWN)
    bundle = bundle_of(patient, manager)
    [written] = of_kind(bundle, "Patient")
    clinic_address = f"urn:uuid:{id_of(clinic)}"
    at_clinic = {"reference": clinic_address, "display": "Clinic at the park"}
    portuguese = {"system": "urn:ietf:bcp:47", "code": "pt-BR", "display": "Brazilian Portuguese"}
    assert written.pop("meta")["lastUpdated"].endswith("Z")
    assert written == {
        "resourceType": "Patient",
        "id": id_of(patient),
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired",
                "valueBoolean": True,
            }
        ],
        "identifier": [
            {
                "use": "usual",
                "type": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                            "code": "MR",
                            "display": "Medical record number",
                        }
                    ]
                },
                "system": clinic_address,
                "value": patient.record_number,
                "assigner": at_clinic,
            }
        ],
        "active": True,
        "name": [
            {
                "use": "official",
                "text": "Őri, Ève Łucja",
                "family": "Őri",
                "given": ["Ève Łucja"],
            }
        ],
        "telecom": [
            {"system": "phone", "value": "020 7946 0000"},
            {"system": "email", "value": "eve@example.org"},
        ],
        "gender": "female",
        "birthDate": "1980-05-17",
        "address": [{"text": "1 Park Row\nLondon"}],
        "contact": [
            {
                "relationship": [
                    {
                        "coding": [
                            {
                                "system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
                                "code": "GUARD",
                                "display": "guardian",
                            }
                        ]
                    }
                ],
                "name": {"text": "Her mother"},
            },
            {
                "relationship": [
                    {
                        "coding": [
                            {
                                "system": "http://terminology.hl7.org/CodeSystem/v2-0131",
                                "code": "C",
                                "display": "Emergency Contact",
                            }
                        ]
                    }
                ],
                "name": {"text": "Adam, 020 7946 0001"},
            },
        ],
        "communication": [
            {
                "language": {"coding": [portuguese], "text": "Brazilian Portuguese"},
                "preferred": True,
            }
        ],
        "generalPractitioner": [{"display": "Dr Green"}],
        "managingOrganization": at_clinic,
    }


def test_blank_is_not_written(manager, clinician):
    patient = PatientFactory(by=clinician)
    AssessmentFactory(by=clinician, consultation=ConsultationFactory(by=clinician, patient=patient))
    bundle = bundle_of(patient, manager)
    [written] = of_kind(bundle, "Patient")
    assert {*written} == {
        *("resourceType", "id", "meta", "identifier", "active", "name", "gender", "birthDate")
    }
    assert written["gender"] == "unknown"
    assert "system" not in written["identifier"][0]  # the clinic has no name yet
    [laxity] = of_kind(bundle, "Observation")
    assert laxity["code"]["text"] == "Skin laxity of an area"
    assert of_kind(bundle, "AllergyIntolerance") == []


def test_settings_have_units_and_counts_have_none(manager, clinician):
    session = SessionFactory(by=clinician, **SETTINGS)
    bundle = bundle_of(session.plan.patient, manager)
    by_code = {one["code"]["text"]: one for one in of_kind(bundle, "Observation")}
    written = by_code["Settings of the laser in a session"]
    found = {}
    for one in written["component"]:
        [value] = (value for name, value in one.items() if name.startswith("value"))
        is_measured = isinstance(value, dict) and "value" in value
        found[one["code"]["text"]] = (
            f"{value['value']} {value['code']}" if is_measured else texts(value)
        )
    assert found == {
        "Fluence": "12.5 J/cm2",
        "Pulse energy": "70 mJ",
        "Power": "1.5 W",
        "Pulse duration": "300.25 us",
        "Spot size": "10 mm",
        "Density": "5.25 %",
        "Repetition rate": "1.5 Hz",
        "Number of passes": 2,
        "Number of pulses": 410,
        "Wavelength": "1064 nm",
        "Kind of pulse": "Long (milliseconds)",
        "Type of laser treatment": "Non-ablative",
        "Cooling": "Cold air",
        "Anaesthesia": "Topical",
    }
    result = by_code["Result of a laser session"]
    assert [one.get("valueInteger") for one in result["component"]] == [None, 0, 9, None]
    [procedure] = of_kind(bundle, "Procedure")
    assert procedure["extension"] == [
        {
            "url": "https://turgor.example/fhir/StructureDefinition/laser-settings",
            "valueReference": {"reference": f"urn:uuid:{written['id']}"},
        }
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [("12.500", 12.5), ("12.000", 12), ("0.000001", 0.000001), ("1000000.000000", 1000000)],
)
def test_decimals_are_written_as_they_are(value, written):
    assert repr(number(Decimal(value))) == repr(written)


def test_states_of_everything(manager, clinician):
    bundle = bundle_of(make_clinic(clinician).patient, manager)

    def states(kind, name="status"):
        return sorted(one[name] for one in of_kind(bundle, kind))

    assert states("Encounter") == ["entered-in-error", *["finished"] * 4]
    assert states("CarePlan") == ["active", "active", "revoked"]
    assert states("Procedure") == [*["completed"] * 5, "entered-in-error"]
    assert states("Appointment") == ["booked", "cancelled", "noshow"]
    assert states("ServiceRequest") == ["draft", "unknown"]
    assert states("Consent") == [
        *["active"] * (len(of_kind(bundle, "Consent")) - 6),
        *["inactive"] * 3,
        *["rejected"] * 3,
    ]
    # An event that was entered in error has no way to say so: it is left out.
    outcomes = [one["outcome"]["coding"][0]["code"] for one in of_kind(bundle, "AdverseEvent")]
    assert sorted(outcomes) == ["ongoing", "resolved"]
    assert states("DocumentReference").count("entered-in-error") == 1
    denied = [
        one["status"]
        for one in of_kind(bundle, "Consent")
        if one["provision"]["provision"][0]["type"] == "deny"
    ]
    assert sorted(denied) == [*["inactive"] * 3, *["rejected"] * 3]


def test_files_are_the_bytes_as_kept_and_photos_need_consent(manager, clinician):
    patient = PatientFactory(by=clinician)
    DocumentFactory(by=clinician, patient=patient, content="%PDF-1.7 kept")
    photo = PhotoFactory(by=clinician, patient=patient, content="pixels")

    def contents():
        found = of_kind(bundle_of(patient, manager), "DocumentReference")
        attached = [one["content"][0]["attachment"] for one in found]
        return [base64.b64decode(one["data"]) if "data" in one else None for one in attached]

    assert contents() == [b"%PDF-1.7 kept"]
    consent = ConsentFactory(by=clinician, patient=patient)
    assert contents() == [b"%PDF-1.7 kept", b"pixels"]
    Photo.objects.get(pk=photo.pk).image.storage.delete(photo.image.name)
    assert contents() == [b"%PDF-1.7 kept", None]
    made_in_error(consent, clinician)
    assert contents() == [b"%PDF-1.7 kept"]


def test_keys_stay_and_merged_records_lead_to_the_one_that_goes_on(manager, clinician):
    story = make_story(clinician)
    bundle, again = bundle_of(story.patient, manager), bundle_of(story.merged, manager)
    assert bundle["entry"] == again["entry"]
    links = {one["id"]: (one["active"], one["link"]) for one in of_kind(bundle, "Patient")}
    kept, merged = id_of(story.patient), id_of(story.merged)
    assert links == {
        kept: (True, [{"other": {"reference": f"urn:uuid:{merged}"}, "type": "replaces"}]),
        merged: (False, [{"other": {"reference": f"urn:uuid:{kept}"}, "type": "replaced-by"}]),
    }


def test_queries_do_not_grow_with_the_records(manager, clinician, django_assert_num_queries):
    patient = make_clinic(clinician).patient

    def add_more():
        session = SessionFactory(
            by=clinician, plan__assessment__consultation__patient=patient, **SETTINGS
        )
        DocumentFactory(by=clinician, patient=patient, kind="session_record", session=session)

    add_more()
    with CaptureQueriesContext(connection) as first:
        bundle_of(patient, manager)
    add_more()
    add_more()
    with django_assert_num_queries(len(first)):
        bundle_of(patient, manager)


def test_an_export_is_logged(manager):
    patient = PatientFactory()
    count = len(bundle_of(patient, manager)["entry"])
    kept = AccessRecord.objects.values_list("user", "kind", "patient", "detail")
    assert list(kept) == [(manager.pk, "export", patient.pk, f"FHIR: {count} resources.")]
