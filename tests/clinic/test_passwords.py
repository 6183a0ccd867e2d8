"""Passwords that everybody here would guess are refused; long ones that hold such words are not."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.factories import ClinicSettingsFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password",
    [
        "Turgor2026",
        "turgor2026!",
        "Turg0r-2026",
        "2026turgor!!",
        "TurgorLaser1970!!",
        "LaserClinic1",
        "Clinician2026!",
        "P@ssw0rd1970!!",
        "Summer2026!",
        "November-2026",
        "Westbourne2026",  # the clinic's name
    ],
)
def test_a_known_word_with_a_year_is_refused(password):
    ClinicSettingsFactory(name="Westbourne Park Clinic")
    with pytest.raises(ValidationError) as refused:
        validate_password(password, UserFactory())
    assert "password_known_words" in {one.code for one in refused.value.error_list}


@pytest.mark.parametrize(
    "password",
    [
        "Tr1cky-enough",
        "x7!9q#2$8pLw",
        "summer rain on the lasers",
        "turgor-otter-basil",
        "9f3k2h7d1q",
    ],
)
def test_what_nobody_would_guess_is_taken(password):
    validate_password(password, UserFactory())
