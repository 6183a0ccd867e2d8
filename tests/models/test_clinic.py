"""Clinic settings: one row, with sane numbers."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from consultations.models import ClinicSettings
from tests.factories import ClinicSettingsFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db


def test_second_row_of_settings():
    ClinicSettingsFactory()
    with pytest.raises(IntegrityError, match="clinicsettings_one_row"):
        ClinicSettingsFactory(pk=2)
    assert "clinicsettings_one_row" in {one.name for one in ClinicSettings._meta.constraints}


@pytest.mark.parametrize("years", [0, 101])
def test_retention_out_of_range(years):
    breaks(
        "clinicsettings_retention_1_to_100_years",
        ClinicSettingsFactory(),
        retention_years=years,
    )


@pytest.mark.parametrize("minutes", [0, 7, 120])
def test_grid_that_does_not_fit_the_hour(minutes):
    breaks("clinicsettings_grid_of_the_diary", ClinicSettingsFactory(), grid_minutes=minutes)


def test_late_for_longer_than_ten_days():
    settings = ClinicSettingsFactory()
    keeps(settings, late_cancellation_hours=240)
    breaks("clinicsettings_late_within_ten_days", settings, late_cancellation_hours=241)


def test_settings_nobody_saved_are_the_defaults():
    current = ClinicSettings.objects.current()
    assert (current.name, current.retention_years) == ("", 10)


def test_settings_that_were_saved():
    keeps(ClinicSettingsFactory(), retention_years=25)
    assert ClinicSettings.objects.current().retention_years == 25


def test_a_reminder_too_long_before():
    breaks("clinicsettings_reminder_within_two_weeks", ClinicSettingsFactory(), reminder_hours=337)


@pytest.mark.parametrize("name", ["reflection_days", "reflection_days_ablative"])
def test_reflection_for_longer_than_90_days(name):
    breaks("clinicsettings_reflection_within_90_days", ClinicSettingsFactory(), **{name: 91})


@pytest.mark.parametrize("days", [0, 366])
def test_a_reply_within_no_day_or_more_than_a_year(days):
    name = "clinicsettings_reply_within_a_year"
    breaks(name, ClinicSettingsFactory(), referral_reply_days=days)


@pytest.mark.parametrize("rate", ["-0.001", "100.001"])
def test_vat_of_no_percent(rate):
    settings = ClinicSettingsFactory()
    breaks("clinicsettings_vat_0_to_100_percent", settings, vat_rate=Decimal(rate))
