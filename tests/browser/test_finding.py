"""Finding a patient from any page, registering one who is not there, and seeing namesakes."""

import pytest
from django.urls import reverse

from consultations.models import Patient
from tests.admin.browsing import add_url, change_url
from tests.factories import PatientFactory

from . import words
from .chromium import PHONE

TODAY = reverse("admin:index")
WIDTHS = pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])


def type_into_the_box(screen, text):
    screen.page.locator("#find").press_sequentially(text)
    screen.page.locator("#find-results [role=option]").first.wait_for()


def test_enter_opens_the_only_patient(story, reception):
    patient = PatientFactory(family_name="Müller")
    PatientFactory()
    screen = story(reception).open(TODAY)
    type_into_the_box(screen, "mueller")
    screen.enter()
    screen.arrives_at(change_url(patient))


@WIDTHS
def test_nobody_found_is_registered_by_the_keys(story, reception, device):
    screen = story(reception, **device).open(TODAY)
    type_into_the_box(screen, "Ada Okafor")
    screen.reads("New patient “Ada Okafor”")
    screen.page.keyboard.press("ArrowDown")
    screen.enter()
    screen.has_value("#id_family_name", "Okafor")
    screen.has_value("#id_given_name", "Ada")


@WIDTHS
def test_namesake_is_told_while_the_form_is_filled_in(story, reception, device):
    PatientFactory(family_name="Okafor", given_name="Ada")
    screen = story(reception, **device).open(add_url("patient"))
    screen.fill({"Family name": "Okafor", "Given name": "Ada", "Date of birth": "1980-05-17"})
    screen.reads("Same name and date of birth: Okafor, Ada (P-000001)")
    screen.press(words.SAVE)
    screen.page.wait_for_url("**/change/")
    assert Patient.objects.count() == 2
