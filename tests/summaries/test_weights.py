"""What a patient weighed, against last time."""

from datetime import date
from decimal import Decimal

import pytest

from consultations.summaries.weights import weights_told
from tests.factories import ConsultationFactory, PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    patient = PatientFactory()

    def make(day, kg=None, cm=None, **others):
        measured = {"weight_kg": kg and Decimal(kg), "height_cm": cm}
        return ConsultationFactory(patient=patient, consulted_on=day, **measured, **others)

    return make


def test_weight_is_told_against_the_last_time_it_was_measured(visit):
    made = [
        visit(date(2025, 1, 6), "80", 170),
        visit(date(2025, 2, 3)),
        visit(date(2025, 3, 3), "76.5", 170),
        visit(date(2025, 4, 7), "76.5"),
        visit(date(2025, 5, 5), "77"),
    ]
    assert list(weights_told(made).values()) == [
        "Weight 80 kg, BMI 27.7.",
        "Weight 76.5 kg, BMI 26.5, 3.5 kg less than on 6 Jan 2025.",
        "Weight 76.5 kg, as on 3 Mar 2025.",
        "Weight 77 kg, 0.5 kg more than on 7 Apr 2025.",
    ]


@pytest.mark.parametrize(
    ("cm", "kg", "bmi"), [(170, "80", Decimal("27.7")), (None, "80", None), (170, None, None)]
)
def test_body_mass_index_is_computed_from_both(visit, cm, kg, bmi):
    assert visit(date(2025, 1, 6), kg, cm).bmi == bmi
