"""Other systems' FHIR files as tables of patients, and what is said of those that are none."""

import io
import json

import pytest

from consultations.exchange.reading.columns import match
from consultations.exchange.reading.people import patient_values
from consultations.exchange.reading.tables import UnreadableFileError, open_table
from tests.exchange.fhir.people import KNOWN, bundle_of
from tests.factories import PatientFactory

# As a generator of invented patients writes them, here with names of our own.
EVA = {
    "resourceType": "Patient",
    "id": "e1",
    "identifier": [
        {"system": "https://other.example", "value": "uuid-1"},
        {"type": {"coding": [{"code": "MR"}]}, "value": "4711"},
    ],
    "name": [
        {"use": "maiden", "family": "Stone"},
        {"use": "official", "family": "Rivers", "given": ["Eva", "Maria"], "prefix": ["Mrs."]},
    ],
    "telecom": [
        {"system": "phone", "value": "020 7946 0100", "use": "old"},
        {"system": "phone", "value": "020 7946 0101", "use": "home"},
        {"system": "phone", "value": "020 7946 0102", "use": "mobile"},
        {"system": "email", "value": "eva@example.org"},
    ],
    "gender": "female",
    "birthDate": "1975-02-28",
    "deceasedBoolean": False,
    "address": [
        {"line": ["2 Mill Lane", "Flat 3"], "city": "York", "postalCode": "YO1 7EP"},
    ],
    "communication": [{"language": {"coding": [{"code": "en-US"}]}}],
    "contact": [
        {
            "relationship": [{"coding": [{"code": "C"}]}],
            "name": {"family": "Rivers", "given": ["Tom"]},
            "telecom": [{"system": "phone", "value": "020 7946 0103"}],
        }
    ],
}


def about(kind, who="urn:uuid:e1", **elements):
    whose = "patient" if kind == "AllergyIntolerance" else "subject"
    return {"resourceType": kind, whose: {"reference": who}, **elements}


def of_bundle(*resources):
    entries = [{"fullUrl": f"urn:uuid:{one.get('id', '')}", "resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def opened(text):
    content = text if isinstance(text, bytes) else text.encode()
    [table] = open_table(io.BytesIO(content), "other.json")
    rows = [
        {head: cell for head, cell in zip(table.headings, row.cells, strict=True) if cell}
        for row in table.rows
    ]
    return table, rows


def refused(text):
    with pytest.raises(UnreadableFileError) as refusal:
        opened(text)
    return str(refusal.value)


def test_patient_is_a_row():
    table, rows = opened(of_bundle(EVA))
    assert rows == [
        {
            "other_number": "4711",
            "family_name": "Rivers",
            "given_name": "Eva Maria",
            "date_of_birth": "1975-02-28",
            "sex": "female",
            "mobile_phone": "020 7946 0102",
            "home_phone": "020 7946 0101",
            "email": "eva@example.org",
            "address_1": "2 Mill Lane",
            "address_2": "Flat 3",
            "city": "York",
            "postcode": "YO1 7EP",
            "emergency_contact": "Tom Rivers, 020 7946 0103",
        }
    ]
    matching = match(table, format="fhir")
    assert (matching.target, matching.unmatched, matching.missing) == ("patients", {}, ())


def test_what_belongs_to_a_patient_comes_along_as_text():
    table, [row] = opened(
        of_bundle(
            about("Condition", code={"text": "Psoriasis"}, onsetDateTime="2010-04-01T08:00:00Z"),
            EVA,
            about("AllergyIntolerance", code={"coding": [{"display": "Latex"}]}),
            about("AllergyIntolerance", "Patient/e1", code={"text": "Dust"}),
            about("MedicationStatement", medicationCodeableConcept={"text": "Aspirin 75 mg"}),
            about(
                "MedicationStatement",
                contained=[{"resourceType": "Medication", "id": "m", "code": {"text": "Iron"}}],
                medicationReference={"reference": "#m"},
            ),
            about("MedicationStatement", status="stopped", medicationCodeableConcept={"text": "X"}),
            about(
                "Condition",
                code={"text": "Flu"},
                clinicalStatus={"coding": [{"code": "resolved"}]},
            ),
            about("Observation"),
        )
    )
    assert row["allergies"] == "Latex\nDust"
    assert row["medicines"] == "Aspirin 75 mg\nIron"
    assert row["medical_notes"] == "Psoriasis (2010-04-01)"
    assert table.notes == (
        "Allergies, medicines and conditions come in as text.",
        "Left out: 1 Condition, 1 MedicationStatement, 1 Observation.",
    )
    assert table.failed == ()


def coded(*codes, text=""):
    return {"text": text, "coding": [{"code": one} for one in codes]}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (coded("716186003", text="No known allergy"), {"any_allergies": "no"}),
        (coded("160244002"), {"any_allergies": "no"}),
        (coded("no-known-allergies", text="Keine bekannt"), {"any_allergies": "no"}),
        ({"text": "No known allergies"}, {"any_allergies": "no"}),
        (
            coded("409137002", text="No known drug allergy"),
            {"medical_notes": "No known drug allergy"},
        ),
        (coded("no-allergy-info", text="No information about allergies"), {}),
        ({"text": "Known allergies: latex"}, {"allergies": "Known allergies: latex"}),
    ],
)
def test_no_known_allergy_is_an_answer_and_no_allergy(code, told):
    [row] = opened(of_bundle(EVA, about("AllergyIntolerance", code=code)))[1]
    keys = ("any_allergies", "allergies", "medical_notes")
    assert {key: row[key] for key in keys if key in row} == told


def test_named_allergy_counts_beside_none_known():
    none, latex = coded("716186003"), {"text": "Latex"}
    allergies = [about("AllergyIntolerance", code=one) for one in (none, latex)]
    [row] = opened(of_bundle(EVA, *allergies))[1]
    assert (row["any_allergies"], row["allergies"]) == ("yes", "Latex")


@pytest.mark.parametrize(
    ("kind", "status", "told"),
    [
        ("AllergyIntolerance", {"clinicalStatus": coded("inactive")}, None),
        ("AllergyIntolerance", {"verificationStatus": coded("refuted")}, None),
        ("AllergyIntolerance", {"verificationStatus": "entered-in-error"}, None),
        ("AllergyIntolerance", {"verificationStatus": coded("unconfirmed")}, "X"),
        ("Condition", {"verificationStatus": coded("entered-in-error")}, None),
        ("Condition", {"verificationStatus": {"text": "Entered in error"}}, None),
        ("Condition", {"clinicalStatus": "resolved"}, None),
        ("Condition", {"clinicalStatus": coded("inactive")}, "X (inactive)"),
        ("Condition", {"clinicalStatus": coded("remission")}, "X (remission)"),
        ("Condition", {"verificationStatus": coded("provisional")}, "X (provisional)"),
        ("MedicationStatement", {"status": "entered-in-error"}, None),
        ("MedicationStatement", {"status": "completed"}, None),
        ("MedicationStatement", {"status": "on-hold"}, "X (on hold)"),
    ],
)
def test_what_is_over_or_never_was_so_is_left_out(kind, status, told):
    what = "medicationCodeableConcept" if kind == "MedicationStatement" else "code"
    table, [row] = opened(of_bundle(EVA, about(kind, **{what: {"text": "X"}}, **status)))
    key = {"AllergyIntolerance": "allergies", "Condition": "medical_notes"}.get(kind, "medicines")
    assert row.get(key) == told
    assert (f"Left out: 1 {kind}." in table.notes) == (told is None)


def prescribed(text, **elements):
    medicine = {"medicationCodeableConcept": {"text": text}}
    return (
        about("MedicationRequest", **{"status": "active", "intent": "order"}, **medicine) | elements
    )


def test_prescription_that_is_not_over_is_a_medicine():
    table, [row] = opened(
        of_bundle(
            EVA,
            about("MedicationStatement", medicationCodeableConcept={"text": "Iron"}),
            prescribed("Isotretinoin 20 MG", authoredOn="2026-01-05T08:00:00Z"),
            prescribed("Isotretinoin 20 MG", authoredOn="2026-01-05T08:00:00Z"),
            prescribed("Aspirin 75 MG", status="on-hold"),
            prescribed("Stopped", status="stopped"),
            prescribed("Cancelled", status="cancelled"),
            prescribed("Proposed", intent="proposal"),
            prescribed("Never", doNotPerform=True),
        )
    )
    assert row["medicines"] == (
        "Iron\nIsotretinoin 20 MG (prescribed 2026-01-05)\nAspirin 75 MG (prescribed, on hold)"
    )
    assert table.notes[-1] == "Left out: 4 MedicationRequest."


def test_prescription_may_name_a_medicine_of_its_own():
    medicine = {"resourceType": "Medication", "id": "m1", "code": {"text": "Warfarin"}}
    request = about(
        "MedicationRequest", status="active", medicationReference={"reference": "urn:uuid:m1"}
    )
    [row] = opened(of_bundle(EVA, request, medicine))[1]
    assert row["medicines"] == "Warfarin (prescribed)"


def test_second_numbers_and_addresses_of_one_use_are_kept():
    more = [
        {"system": "phone", "value": "020 7946 0109", "use": "home"},
        {"system": "email", "value": "e.rivers@example.org"},
    ]
    [row] = opened(of_bundle(EVA | {"telecom": EVA["telecom"] + more}))[1]
    values, errors = patient_values(row)
    assert errors == {}
    assert (values["phone"], values["email"], values["medical_notes"]) == (
        "020 7946 0102 / 020 7946 0101",
        "eva@example.org",
        "Phone: 020 7946 0109\nE-mail: e.rivers@example.org",
    )


def test_what_leads_nowhere_is_said_by_its_entry():
    table, rows = opened(
        of_bundle(
            about("Condition", "Patient/9", code={"text": "Flu"}),
            EVA,
            {"resourceType": "AllergyIntolerance"},
            {**EVA, "id": "e2", "link": [{"type": "replaced-by"}]},
            {"nothing": 1},
        )
    )
    assert [(one.number, one.why) for one in table.failed] == [
        (1, "Condition is about “Patient/9”, who is not in this file."),
        (3, "AllergyIntolerance does not say whose it is."),
        (4, "This patient was merged into another."),
        (5, "This is no resource: it does not say which."),
    ]
    assert len(rows) == 1


def test_ndjson_is_read_line_by_line():
    lines = [json.dumps(EVA | {"id": key, "identifier": []}) for key in ("a", "b")]
    text = "\ufeff" + "\n\n".join(lines) + "\r\n"
    table, rows = opened(text)
    assert [row["other_number"] for row in rows] == ["a", "b"]
    assert [row.number for row in table.rows] == [1, 3]
    told = refused(f'{lines[0]}\n{{"resourceType": "Pat')
    assert told == "other.json begins like JSON, but line 2 is none. Was it cut off?"


@pytest.mark.parametrize("birth", ["1980", "1980-05"])
def test_part_of_a_birth_date_is_none(birth):
    [row] = opened(of_bundle(EVA | {"birthDate": birth}))[1]
    values, errors = patient_values(row)
    assert values.get("date_of_birth") is None
    assert errors == {"date_of_birth": f"“{birth}” is not a whole date, and no birth date."}


@pytest.mark.parametrize("birth", ["1980-02-30", "30/02/1980", "soon"])
def test_wrong_birth_dates_are_errors(birth):
    [row] = opened(of_bundle(EVA | {"birthDate": birth}))[1]
    assert [*patient_values(row)[1]] == ["date_of_birth"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "other.json begins like JSON, but line 1 is none. Was it cut off?"),
        ('{"a": NaN}', "other.json begins like JSON, but line 1 is none. Was it cut off?"),
        ('{"a":' * 9000, "other.json begins like JSON, but line 1 is none. Was it cut off?"),
        ("{}", "other.json is JSON, but no FHIR: it does not say what resource it is."),
        ('{"resourceType": "Bundle"}', "other.json holds no patient."),
        ('{"resourceType": "Practitioner"}', "other.json holds no patient."),
        ('{"resourceType": "Bundle", "entry": {"a": [1]}}', "other.json holds no patient."),
        (b'{"resourceType": "\xe9"}', "other.json is not in UTF-8, in which FHIR is written."),
    ],
)
def test_files_that_are_none(text, words):
    assert refused(text) == words


def test_values_of_other_kinds_count_as_none():
    odd = dict.fromkeys(EVA, 7) | {"resourceType": "Patient", "id": "x", "name": [None, "A", {}]}
    assert opened(of_bundle(odd))[1] == [{"other_number": "x"}]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [{}, {"allergies": ""}, {"allergies": "", "any_allergies": False}, {"phototype": ""}],
)
def test_our_own_bundle_is_read_back(manager, answers):
    known = KNOWN | answers
    patient = PatientFactory(family_name="Őri", phone="020 7946 0000", **known)
    [row] = opened(json.dumps(bundle_of(patient, manager)))[1]
    values, errors = patient_values(row)
    assert errors == {}
    names = ("family_name", "phone", "date_of_birth", *known)
    expected = {name: getattr(patient, name) for name in names}
    expected = {name: None if value == "" else value for name, value in expected.items()}
    if patient.allergies:
        del expected["any_allergies"]  # named: the import answers it
    assert {name: values.get(name) for name in expected} == expected
