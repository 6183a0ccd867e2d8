"""Signing in, as tests do it: by password, and with an authenticator."""

import re

from django.test import Client
from django.urls import get_resolver, reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.accounts import second_factor
from consultations.models import AccessRecord
from tests.factories import UserFactory
from tests.sweeps.test_registry import PAGES
from tests.sweeps.world import make_world

LOGIN, START = "/admin/login/", "/admin/"
HERE = "192.0.2.1"
KNOWN = "known_browser"


def sign_in(client, username, password="password", address=HERE, *, way_on=None, **headers):
    """Post the sign-in form; `way_on` is where it is to lead."""
    data = {"username": username, "password": password}
    data |= {} if way_on is None else {"next": way_on}
    return client.post(LOGIN, data, REMOTE_ADDR=address, **headers)


def fail(username, times, address=HERE):
    return [sign_in(Client(), username, "wrong", address).status_code for _time in range(times)]


def kept(kind=None):
    found = AccessRecord.objects.order_by("pk").values_list("kind", "user__username", "address")
    return [row for row in found if kind is None or row[0] == kind]


def with_device(user):
    """Give somebody an authenticator; returns what it shows now, and the recovery codes."""
    key = second_factor.new_key()
    device = TOTPDevice.objects.create(user=user, key=key, name="Authenticator")
    return lambda: f"{totp(device.bin_key):06d}", second_factor.renew_recovery_codes(user=user)


def closed_urls():
    """The address of every page, of a world of one record each."""
    world = make_world(UserFactory(username="colleague"))
    yield from (world.url(model, page) for model, page in PAGES)
    site = ("index", "password_change", "jsi18n", "autocomplete", "time_left", "second_factor")
    yield from (reverse(f"admin:{page}") for page in site)
    yield reverse("admin:consultations_draft") + "?form=/admin/consultations/patient/add/"
    yield from (f"{START}{path}" for path in ("", "nowhere/", "consultations/", "r/1/1/"))


def answers_of(client, urls):
    """What is answered to a GET of each address, then to a POST."""
    return [(client.get(url), url) for url in urls] + [(client.post(url), url) for url in urls]


def every_path():
    """A path for each pattern of the admin, with a key that may lead nowhere."""
    for patterns in get_resolver().url_patterns:
        for pattern in getattr(patterns, "url_patterns", []):
            yield START + re.sub(r"<[^>]+>|\(\?P<\w+>[^)]*\)|[$^]", "1", str(pattern.pattern))
