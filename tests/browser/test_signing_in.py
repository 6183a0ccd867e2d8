"""The way in at the screen, and what a page does as its session comes to an end."""

import time
from base64 import b32decode

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django_otp.oath import totp

from consultations.models import Draft, Patient
from tests.admin.browsing import add_url
from tests.factories import UserFactory

from . import words
from .promises import SIDEWAYS, breaches


def age(minutes):
    """Let nobody have used any session for so long; beyond 15 minutes it is gone."""
    for kept in Session.objects.all():
        store = kept.get_session_store_class()(kept.session_key)
        store["used_at"] = int(time.time()) - minutes * 60
        store.save()


def test_an_idle_page_warns_and_loses_no_typing(story, reception):
    screen = story(reception)
    screen.page.clock.install()
    screen.open(add_url("patient"))
    screen.fill({"Family name": "Ashworth"})
    screen.page.clock.fast_forward(6_000)
    screen.reads("Draft saved at")
    warning = screen.page.get_by_role("alertdialog", name="Are you still there?")

    # Another tab was used meanwhile: nothing is said.
    age(5)
    with screen.page.expect_response("**/time-left/"):
        screen.page.clock.fast_forward("13:00")
    assert not warning.is_visible()

    age(14)
    screen.page.clock.fast_forward("08:30")
    warning.wait_for()
    assert screen.page.evaluate("document.activeElement.textContent") == words.STAY
    screen.enter()
    warning.wait_for(state="hidden")
    assert screen.page.locator("#id_family_name").input_value() == "Ashworth"

    Session.objects.all().delete()
    screen.page.clock.fast_forward("13:30")
    over = screen.page.get_by_role("alertdialog", name="You are signed out")
    over.wait_for()
    assert not screen.page.locator("#container").is_visible()

    screen.press(words.SIGN_IN_AGAIN)
    screen.fill({words.USERNAME: "reception", words.PASSWORD: "password"})
    screen.press(words.LOG_IN)
    screen.press(words.GO_ON)
    screen.has_value("#id_family_name", "Ashworth")
    assert Draft.objects.count() == 1
    assert not Patient.objects.exists()


def test_codes_are_set_up_and_asked_for_without_a_mouse(story, settings, axe, clinician):
    settings.SECOND_FACTOR = ["all"]
    screen = story().open(reverse("admin:index"))
    sign_in(screen)
    screen.shows_page("Set up sign-in codes")
    troubles = list(breaches(screen.page, axe))
    key = screen.page.locator(".secret").text_content()
    screen.page.locator("#id_code").fill(code_of(key))
    screen.enter()
    screen.shows_page("Recovery codes")
    codes = screen.page.locator(".codes code").all_inner_texts()
    screen.tab_to(screen.control("I have saved these codes"))
    screen.enter()
    screen.arrives_at(reverse("admin:index"))
    screen.open(reverse("admin:second_factor"))
    screen.shows_page("Sign-in codes")
    screen.press("Log out")
    screen.shows_page("You are logged out")
    screen.open(reverse("admin:index"))
    sign_in(screen)
    screen.shows_page("Enter your sign-in code")
    troubles += breaches(screen.page, axe)
    screen.page.locator("#id_recovery_code").fill(codes[0])
    screen.enter()
    screen.arrives_at(reverse("admin:index"))
    screen.troubles.clear()
    assert troubles == []


def sign_in(screen):
    screen.fill({words.USERNAME: "clinician", words.PASSWORD: "password"})
    screen.enter()


def code_of(key):
    return f"{totp(b32decode(key.replace(' ', ''))):06d}"


@pytest.mark.parametrize("width", [1280, 390])
def test_too_many_wrong_passwords_say_how_long_to_wait(story, db, width):
    UserFactory(username="clinician")
    screen = story(viewport={"width": width, "height": 800})
    screen.expected = 429
    for _time in range(6):
        screen.open(reverse("admin:login"))
        screen.fill({words.USERNAME: "clinician", words.PASSWORD: "wrong"})
        screen.press(words.LOG_IN)
    screen.reads("Too many wrong passwords. Try again in")
    assert screen.page.evaluate(SIDEWAYS) == []
