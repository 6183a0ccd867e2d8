"""Whose a row is: numbers of other clinics, and names beside them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consultations.exchange.imports import checking, saving
from consultations.models import Appointment, Consultation, Patient
from tests.factories import PatientFactory

from .files import PATIENTS, checked, problems, saved, table

pytestmark = pytest.mark.django_db
VISIT = {"consulted_on": "2025-03-02", "area": "neck", "severity": "mild"}
CLIENT = "Client ID,First Name,Last Name,Date of Birth\n17,Ann,Smith,1980-01-31\n"


def visits(*rows):
    return table(*(VISIT | row for row in rows))


def test_a_number_that_is_one_here_and_another_there_is_refused_unless_the_row_says_who():
    here = PatientFactory(family_name="Here", given_name="Cy")
    number = here.record_number
    saved(f"{PATIENTS}\n{number},Jones,Zoe,1975-02-03\n", "patients.csv", decision="another")
    zoe = Patient.objects.get(family_name="Jones")
    named = {"record_number": number, "full_name": "Zoe Jones"}
    batch = checked(visits({"record_number": number, "full_name": ""}, named), "visits.csv")
    [(row, heading, words)] = problems(batch)
    assert (row, heading) == (2, "record_number")
    assert words.startswith("P-000001 may be two people: Here, Cy (P-000001), born ")
    assert words.endswith(
        "; Jones, Zoe (P-000002), born 3 Feb 1975. Give name and date of birth too."
    )
    saved(visits(named), "zoe.csv")
    assert Consultation.objects.get().patient == zoe


def test_a_number_of_the_other_system_is_never_one_of_ours():
    here = PatientFactory()
    text = visits({"Client ID": here.record_number})
    assert problems(checked(text, "visits.csv")) == [
        (2, "Client ID", "There is no patient P-000001. Import the patients first.")
    ]


@pytest.mark.parametrize(
    ("names", "is_same"),
    [
        ({"Last Name": "Jones", "First Name": "Bob", "Date of Birth": "1975-02-03"}, False),
        ({"Last Name": "Smith", "First Name": "Ann", "Date of Birth": "1975-02-03"}, False),
        ({"Last Name": "Jones", "First Name": "Bob", "Date of Birth": "1980-01-31"}, False),
        ({"Last Name": "Smith", "First Name": "Bob"}, False),
        ({"Last Name": "Married", "First Name": "Ann", "Date of Birth": "1980-01-31"}, True),
        ({"Name": "Mrs Annie Smith"}, True),
        ({"Date of Birth": "1980-01-31"}, True),
        ({}, True),
    ],
)
def test_a_name_or_birth_date_beside_a_number_has_to_be_of_the_same_person(names, is_same):
    saved(CLIENT, "clients.csv")
    words = "17 is Smith, Ann (P-000001), born 31 Jan 1980 here. This row is about somebody else."
    found = problems(checked(visits({"Client ID": "17"} | names), "visits.csv"))
    assert found == ([] if is_same else [(2, "Client ID", words)])


def test_a_number_alone_is_not_enough_once_two_unknown_systems_have_numbers():
    saved(CLIENT, "clients.csv")
    saved(CLIENT.replace("17,Ann,Smith", "18,Bob,Jones"), "others.csv")
    row = {"Client ID": "17", "Last Name": ""}
    batch = checked(visits(row, row | {"Last Name": "Smith"}), "visits.csv")
    assert problems(batch) == [
        (
            2,
            "Client ID",
            "17 may be a number of another system than that of Smith, Ann (P-000001), born 31 Jan "
            "1980. Give name or date of birth too, or say which system each file is from.",
        )
    ]
    assert problems(checked(visits(row), "pabau.csv", format="pabau")) != []


def test_the_number_of_a_system_that_is_known_is_enough():
    saved(CLIENT, "clients.csv", format="pabau")
    saved(CLIENT.replace("17,Ann,Smith", "18,Bob,Jones"), "others.csv")
    assert problems(checked(visits({"Client ID": "17"}), "visits.csv", format="pabau")) == []


def test_a_foreign_number_that_looks_like_ours_stays_foreign():
    here = PatientFactory(family_name="Here")
    text = f"Client ID,Last Name,First Name,DOB\n{here.record_number},Jones,Zoe,1975-02-03\n"
    saved(text, "clients.csv")
    zoe = Patient.objects.get(family_name="Jones")
    assert zoe.record_number == "P-000002"
    saved(visits({"Client ID": here.record_number}), "visits.csv")
    assert Consultation.objects.get().patient == zoe


@pytest.mark.parametrize("number", ["P-3000000000", "P-" + "9" * 40, "P-٠٠٠٠٠٧"])
def test_a_number_longer_than_ours_can_be_is_foreign_and_stops_no_registration(number):
    saved(f"{PATIENTS}\n{number},Smith,Ann,1980-01-31\n")
    assert Patient.objects.get().record_number == "P-000001"
    assert PatientFactory().record_number == "P-000002"


PABAU = "Client name,Service,Employee,Date,Start time,Status\n"


def diary(*names):
    rows = (f"{name},Neck laser,Dr Vale,14/11/2025,{9 + n}:30,Complete\n" for n, name in names)
    return PABAU + "".join(rows)


def test_a_row_that_names_somebody_by_name_alone_is_asked_about_and_never_taken():
    born = date(1961, 2, 1)
    PatientFactory(family_name="Ap Rhys", given_name="Ffion", date_of_birth=born)
    for year in (1970, 1980):
        PatientFactory(family_name="Hill", given_name="Ada", date_of_birth=date(year, 1, 2))
    names = ["Ffion Ap Rhys", "Ada Hill", "Nobody Here", '"Ap Rhys, Ffion"']
    batch = checked(diary(*enumerate(names)), "diary.csv")
    assert problems(batch) == [
        (
            3,
            "Client name",
            "Several patients have this name. Give the number or the date of birth.",
        ),
        (4, "Client name", "There is no patient of this name."),
    ]
    asked = checking.undecided(batch)
    patients = checking.patients_of(asked)
    told = [words for row in asked for words in checking.candidates_in_words(row, patients)]
    assert told == 2 * [
        "Ap Rhys, Ffion (P-000001), born 1 Feb 1961: same name, and no number that is known here"
    ]
    with pytest.raises(ValidationError, match="Say who they are"):
        saving.save(batch, by=batch.made_by, leaves_out=True)
    checking.decide(batch, {2: ("same", ""), 5: ("another", "")})
    batch = saving.save(batch, by=batch.made_by, leaves_out=True)
    assert [one.patient.family_name for one in Appointment.objects.all()] == ["Ap Rhys"]
    assert batch.counts["not_saved"] == [3, 4, 5]


def test_a_number_that_nobody_knows_leads_to_no_one_but_the_name_may():
    PatientFactory(family_name="Jayne", given_name="Janet")
    batch = checked(visits({"Client ID": "g-1", "Name": "Janet Jayne"}), "visits.csv")
    assert (problems(batch), checking.undecided(batch).count()) == ([], 1)


def test_somebody_of_whom_nobody_was_asked_is_not_taken_when_the_rows_are_saved():
    ann = PatientFactory(family_name="Hill", given_name="Ada")
    batch = checked(diary((0, "Ada Hill")), "diary.csv")
    checking.decide_all(batch, "same")
    ann.family_name = "Married"
    ann.save(by=ann.created_by)
    PatientFactory(family_name="Hill", given_name="Ada")
    with pytest.raises(ValidationError, match=r"Row 2, Hill, Ada \(P-000002\), born "):
        saving.save(batch, by=batch.made_by)
    checking.check(batch, by=batch.made_by)
    assert (checking.undecided(batch).count(), Appointment.objects.count()) == (1, 0)
