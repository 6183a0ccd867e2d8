"""Before anything is saved, the first rows stand as they were read."""

import pytest

from consultations.exchange.imports.preview import preview
from tests.factories import PatientFactory

from .files import checked

pytestmark = pytest.mark.django_db


def test_names_days_and_phones_stand_as_they_will_be_stored():
    batch = checked(
        "Client ID,Name,DOB,Mobile,Home phone\n"
        '17,"Smith, Ann",3/4/1980,\'+44 20 7946 0000,020 7946 0001\n'
        "18,Bob Jones,25/12/1975,,\n"
    )
    assert preview(batch) == [
        (
            2,
            [
                ("Family name", "Smith"),
                ("Given name", "Ann"),
                ("Date of birth", "3 Apr 1980"),
                ("Phone", "+44 20 7946 0000 / 020 7946 0001"),
                ("Number in the other system", "17"),
            ],
        ),
        (
            3,
            [
                ("Family name", "Jones"),
                ("Given name", "Bob"),
                ("Date of birth", "25 Dec 1975"),
                ("Number in the other system", "18"),
            ],
        ),
    ]


def test_choices_and_answers_stand_in_words():
    PatientFactory(record_number="P-000017", family_name="Smith")
    batch = checked(
        "record_number,family_name,consulted_on,smoker,area,severity\n"
        "P-000017,Smith,2025-03-02,no,neck,mild\n"
    )
    assert preview(batch) == [
        (
            2,
            [
                ("Family name", "Smith"),
                ("Record number", "P-000017"),
                ("Date", "2 Mar 2025"),
                ("Smokes, vapes or uses nicotine", "No"),
                ("Area", "Neck"),
                ("Laxity", "Mild"),
            ],
        )
    ]


def test_what_is_not_saved_is_not_shown():
    batch = checked("family_name,given_name,date_of_birth\nSmith,Ann,soon\n")
    assert preview(batch) == []
