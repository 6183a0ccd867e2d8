"""How much was asked."""

import pytest

from consultations.summaries.asking import number_unasked
from tests.factories import AssessmentFactory, ConsultationFactory, SessionFactory

pytestmark = pytest.mark.django_db

PERSON, AREA = 27, 7


@pytest.mark.parametrize(
    ("areas", "number"),
    [((), PERSON), (("face",), PERSON + AREA), (("face", "neck"), PERSON + 2 * AREA)],
)
def test_questions_of_a_consultation(areas, number):
    consultation = ConsultationFactory()
    made = [AssessmentFactory(consultation=consultation, area=area) for area in areas]
    assert number_unasked(consultation) == number
    assert {one.number_unasked for one in made} <= {PERSON + AREA}


def test_areas_in_error_are_not_counted(clinician):
    consultation = ConsultationFactory()
    AssessmentFactory(
        consultation=consultation,
        entered_in_error_at="2025-06-01T10:00Z",
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong side.",
    )
    assert number_unasked(consultation) == PERSON


@pytest.mark.parametrize(
    ("options", "number"),
    [
        ({}, 12),
        ({"anticoagulants": True, "isotretinoin": "past"}, 11),
        ({"elsewhere": True}, 0),
        ({"booked": True}, 0),
    ],
)
def test_questions_of_a_session(options, number):
    assert number_unasked(SessionFactory(**options)) == number
