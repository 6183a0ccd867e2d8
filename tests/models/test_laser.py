"""Lasers and their modes: names that tell them apart, ranges and days the right way round."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.models import Laser
from tests.factories import LaserFactory, LaserModeFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def test_two_modes_of_one_name_on_one_laser():
    first = LaserModeFactory()
    breaks("lasermode_one_name_per_laser", LaserModeFactory(), laser=first.laser)


def test_name_used_again_after_one_in_error(manager):
    first = LaserModeFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=manager,
        entered_in_error_reason="Typed twice.",
    )
    keeps(LaserModeFactory(), laser=first.laser)


@pytest.mark.parametrize(
    ("promise", "setting"),
    [
        ("lasermode_fluence_j_cm2_range", "fluence_j_cm2"),
        ("lasermode_pulse_energy_mj_range", "pulse_energy_mj"),
        ("lasermode_power_w_range", "power_w"),
        ("lasermode_pulse_duration_us_range", "pulse_duration_us"),
        ("lasermode_spot_size_mm_range", "spot_size_mm"),
        ("lasermode_density_percent_range", "density_percent"),
        ("lasermode_passes_range", "passes"),
        ("lasermode_repetition_rate_hz_range", "repetition_rate_hz"),
    ],
)
def test_highest_below_lowest(promise, setting):
    breaks(promise, LaserModeFactory(), **{f"{setting}_min": 10, f"{setting}_max": 9})


def test_range_of_one_value_or_open_at_one_end():
    keeps(LaserModeFactory(), passes_min=2, passes_max=2, power_w_max=Decimal(40))


def test_envelope_holds_the_settings_that_have_a_range():
    mode = LaserModeFactory(power_w_max=Decimal(40))
    assert mode.envelope() == {"fluence_j_cm2": (10, 50), "power_w": (None, 40)}


def test_names_of_a_laser_and_its_mode():
    mode = LaserModeFactory(laser=LaserFactory(name="Gentle"), name="Long pulse")
    assert [str(mode.laser), str(mode)] == ["Gentle", "Gentle: Long pulse"]


REVIEWED = date(2026, 3, 2)


@pytest.mark.parametrize("due_on", [REVIEWED - timedelta(days=1), REVIEWED])
def test_next_review_not_after_the_review(due_on):
    breaks(
        "laser_next_review_comes_after",
        LaserFactory(),
        local_rules_reviewed_on=REVIEWED,
        local_rules_review_due_on=due_on,
    )


def test_review_without_the_other_day():
    keeps(LaserFactory(), local_rules_reviewed_on=REVIEWED)
    keeps(LaserFactory(), local_rules_review_due_on=REVIEWED)


def test_what_is_due_comes_first_and_is_of_lasers_in_service():
    day = date(2026, 3, 2)
    later = LaserFactory(service_due_on=day)
    review = LaserFactory(local_rules_review_due_on=day - timedelta(days=9))
    LaserFactory(service_due_on=day, in_service=False)
    LaserFactory(service_due_on=day + timedelta(days=1))
    LaserFactory()
    assert list(Laser.objects.due_by(day).earliest_first()) == [review, later]
