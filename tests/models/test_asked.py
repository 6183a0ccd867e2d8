"""What somebody typed to find a patient: which part of it is a date, a phone or a name."""

from datetime import date

import pytest

from consultations.models import Patient
from consultations.models.asked import search_words, typed_name
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db

BORN = {"19800517"}


@pytest.mark.parametrize(
    "text",
    [
        *("17/05/1980", "17-05-1980", "17.05.1980", "17. 5. 1980", "17 / 05 / 1980", "17 . 5. 80"),
        *("17.5.80", "17-May-1980", "17May80", "May 17 1980", "May 17, 1980", "17th May 1980"),
        *(
            "17th of May 1980",
            "Sat 17 May 1980",
            "Saturday, 17 May 1980",
            "17 may 80",
            "1980 May 17",
        ),
        *("(17/05/1980)", "[17 May 1980]", "dob 17/05/1980", "DOB: 17/05/1980", "d.o.b. 17.5.80"),
        *("dob:17/05/1980", "born 17 May 1980", "Born on May 17 1980", "(born 17/05/1980)"),
        *("date of birth: 17-5-1980", "birthdate=1980-05-17", "17–05–1980", "1980/5/17"),
        *("١٧/٠٥/١٩٨٠", "۱۷/۵/۱۹۸۰", "\u200f١٧\u200f/٠٥\u200f/١٩٨٠", "１７／０５／１９８０"),
    ],
)
def test_birth_date_is_read_however_it_is_typed(text):
    assert search_words(text) == [BORN]


@pytest.mark.parametrize("text", ["17051980", "17 05 1980", "17 5 1980", "17-05-80", "١٧٠٥١٩٨٠"])
def test_figures_of_a_date_may_also_be_a_phone(text):
    [starts] = search_words(text)
    born = PatientFactory(phone="")
    called = PatientFactory(phone=f"020 {text}", date_of_birth=date(1990, 1, 1))
    assert [starts > BORN, len(starts)] == [True, 2]
    assert [*Patient.objects.found_by(text).order_by("pk")] == [born, called]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("06 12 34 56 78", [{"612345678"}]),
        ("+33 6 12 05 19 80", [{"612051980"}]),
        ("+386 31 12 1985", [{"31121985"}]),
        ("030/12 11 80", [{"030121180"}]),
        ("0161 17051980", [{"16117051980"}]),
        ("07700 900123 17 05 1980", [{"7700900123"}, {"17051980", "19800517"}]),
        ("17 05 1980 07700 900123", [{"7700900123"}, {"17051980", "19800517"}]),
        ("0958 17/05/1980", [{"19800517"}, {"0958"}]),
    ],
)
def test_phone_is_not_taken_for_a_date(text, asked):
    assert search_words(text) == asked


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Monica 17/05/1980", ("Monica", "")),
        ("Mary Mark 17-05-1980", ("Mark", "Mary")),
        ("Max Born", ("Born", "Max")),
        ("Max Born 17 05 1980", ("Max", "")),
        ("Mrs. Ann Smith", ("Smith", "Ann")),
        ("Smith, Dr Ann", ("Smith", "Ann")),
        ("Mr", ("Mr", "")),
        ("Ann Smith (dob 17/05/1980)", ("Smith", "Ann")),
    ],
)
def test_name_beside_a_date_is_left(text, name):
    assert typed_name(text) == name
