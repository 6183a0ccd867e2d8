"""How long appointments take: the most specific length, else the usual one."""

import pytest

from consultations.summaries.lengths import minutes_for
from consultations.vocabulary import AppointmentKind, Area, LaserType
from tests.factories import AppointmentLengthFactory, AssessmentFactory, PlanFactory

pytestmark = pytest.mark.django_db

TREATMENT = AppointmentKind.TREATMENT


def plan(area=Area.FACE):
    return PlanFactory(assessment=AssessmentFactory(area=area))


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [("consultation", 30), ("test_patch", 15), ("review", 15), ("other", 15), ("treatment", 30)],
)
def test_usual_minutes_of_each_kind(kind, minutes):
    assert minutes_for(kind) == minutes


def test_a_treatment_takes_the_sum_of_its_areas():
    assert minutes_for(TREATMENT, [plan(Area.FACE), plan(Area.NECK)]) == 25 + 15


def test_a_review_takes_as_long_as_its_longest_area():
    AppointmentLengthFactory(kind="review", area=Area.NECK, minutes=20)
    assert minutes_for("review", [plan(Area.FACE), plan(Area.NECK)]) == 20


def test_the_most_specific_length_counts():
    face, found = plan(), [minutes_for(TREATMENT, [plan()])]
    lengths = [("", ""), ("", face.laser_type), ("face", ""), ("face", face.laser_type)]
    for minutes, (area, laser_type) in enumerate(lengths, start=41):
        AppointmentLengthFactory(area=area, laser_type=laser_type, minutes=minutes)
        found.append(minutes_for(TREATMENT, [face]))
    assert found == [25, 41, 42, 43, 44]


def test_lengths_of_something_else_do_not_count():
    other = next(one for one in LaserType if one != plan().laser_type)
    AppointmentLengthFactory(area="face", laser_type=other, minutes=50)
    AppointmentLengthFactory(kind="review", minutes=60)
    assert minutes_for(TREATMENT, [plan()]) == 25


def test_lengths_cost_one_query(django_assert_num_queries):
    plans = [plan(Area.FACE), plan(Area.NECK)]
    with django_assert_num_queries(1):
        minutes_for(TREATMENT, plans)
