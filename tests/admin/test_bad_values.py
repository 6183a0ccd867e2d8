"""Anything in any field: told in the page or saved, never a broken page."""

from itertools import cycle

import pytest

from tests.factories import (
    AssessmentFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
)
from tests.undone import undone

from . import answers
from .browsing import Browser, add_url, change_url

pytestmark = pytest.mark.django_db

VALUES = {
    "nothing": "",
    "very long": "x" * 5000,
    "null": "a\x00b",
    "lone surrogate": "a\ud800b",
    "negative": "-1",
    "exponent": "1e400",
    "huge": "9" * 40,
    "not a number": "NaN",
    "markup": "<script>",
    "quotes": "' OR 1=1 --",
    "Arabic digits": "٢٠٢٥",
    "emoji": "🙂",
    "last day": "9999-12-31",
}


def patient_form():
    return add_url("patient"), {"family_name": "Okafor", "date_of_birth": "1980-05-17"}


def consultation_form():
    return add_url("consultation", patient=PatientFactory().pk), answers.areas(("face", "mild"))


def consultation_change():
    return change_url(AssessmentFactory().consultation), {}


def plan_change():
    return change_url(PlanFactory()), {}


def session_form():
    url = add_url("treatmentsession", plan=PlanFactory().pk)
    return url, answers.session(LaserModeFactory(), "2025-04-01")


def booking_form():
    url = add_url("treatmentsession", plan=PlanFactory().pk, status="booked")
    return url, {"booked_for_0": "2090-04-01", "booked_for_1": "10:00"}


def referral_change():
    return change_url(ReferralFactory()), {}


def laser_form():
    mode = {"name": "Long", "laser_type": "non_ablative", "pulse": "long", "wavelength_nm": 1064}
    modes = {f"modes-0-{name}": value for name, value in mode.items()}
    return add_url("laser"), {"name": "Nd:YAG"} | modes


def mode_change():
    return change_url(LaserModeFactory()), {}


def staff_form():
    password = {"password1": "Tr1cky-enough", "password2": "Tr1cky-enough"}
    return "/admin/auth/user/add/", {"username": "newcomer"} | password


FORMS = [
    patient_form,
    consultation_form,
    consultation_change,
    plan_change,
    session_form,
    booking_form,
    referral_change,
    laser_form,
    mode_change,
    staff_form,
]


def fields_of(data):
    skipped = ("initial-", "csrf")
    ours = [name for name in data if "__prefix__" not in name and not name.startswith(skipped)]
    return [name for name in ours if not name.endswith("-TOTAL_FORMS")]


@pytest.fixture
def browser(admin):
    return Browser(admin)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("make", FORMS, ids=lambda make: make.__name__)
def test_value_in_every_field_at_once(browser, make, value):
    url, changes = make()
    data = browser.open(url).form | changes
    filled = {name: value for name in fields_of(data) if not name.endswith("-INITIAL_FORMS")}
    assert browser.post(url, data | filled).status == 200


@pytest.mark.parametrize("make", FORMS[:2] + FORMS[3:5] + FORMS[6:], ids=lambda make: make.__name__)
def test_each_field_in_its_turn(browser, make):
    """One value after another goes round the fields, so that each field meets some of them."""
    url, changes = make()
    data = browser.open(url).form | changes
    for name, value in zip(fields_of(data), cycle(VALUES.values()), strict=False):
        with undone():
            status = browser.post(url, data | {name: value}, follow=False).status
        assert status in (200, 302), (name, value)
