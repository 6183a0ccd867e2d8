"""How messages leave, from the environment: refused in words where it cannot be read."""

import shutil
from pathlib import Path

import pytest

import clinic

from .test_settings import read, refusal

FROM = "Clinic <reception@clinic.example>"
HOW = (
    "write smtp://host, smtp+tls://user:password@host:587, smtp+ssl://user:password@host:465 "
    "or console:."
)
NAMES = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL")


@pytest.fixture
def house(tmp_path):
    shutil.copytree(Path(clinic.__file__).parent, tmp_path / "clinic")
    return tmp_path


def test_nothing_set_sends_nothing(house):
    assert read(house, "EMAIL_IS_ON", "SMS_URL") == [False, ""]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("smtp://mail.example", ["mail.example", 25, False, False]),
        ("smtp+tls://mail.example", ["mail.example", 587, True, False]),
        ("smtp+ssl://mail.example", ["mail.example", 465, False, True]),
        ("smtp+tls://mail.example:2525/", ["mail.example", 2525, True, False]),
    ],
)
def test_servers(house, url, found):
    assert read(house, *NAMES, EMAIL_URL=url, EMAIL_FROM=FROM) == found


def test_users_and_passwords_are_decoded(house):
    url = "smtp+tls://a%40b:p%2F%3A%20@mail.example"
    found = read(house, "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", EMAIL_URL=url, EMAIL_FROM=FROM)
    assert found == ["a@b", "p/: "]


def test_the_console(house):
    found = read(house, "EMAIL_IS_ON", "DEFAULT_FROM_EMAIL", EMAIL_URL="console:")
    assert found == [True, "clinic@localhost"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mail.example", f"EMAIL_URL names no host or no port; {HOW}"),
        ("smtp://", f"EMAIL_URL names no host or no port; {HOW}"),
        ("smtp://mail.example:0", f"EMAIL_URL names no host or no port; {HOW}"),
        ("smtp://mail.example:99999", f"EMAIL_URL cannot be read; {HOW}"),
        ("smtp://[mail", f"EMAIL_URL cannot be read; {HOW}"),
        ("imap://mail.example", f"EMAIL_URL begins with 'imap'; {HOW}"),
        ("smtp://mail.example/inbox", f"EMAIL_URL goes on after the host; {HOW}"),
        ("smtp://mail.example?tls=1", f"EMAIL_URL goes on after the host; {HOW}"),
        (
            "smtp://s3cret@mail.example",
            "EMAIL_URL has a user without a password, or a password without a user. Write "
            "characters such as @, : and / in them as %40, %3A and %2F.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(house, url, words):
    assert refusal(house, EMAIL_URL=url, EMAIL_FROM=FROM) == words


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        (
            "",
            "EMAIL_URL is set, so EMAIL_FROM must be set: the address that patients see, such as "
            "Clinic <reception@clinic.example>.",
        ),
        (
            "reception",
            "EMAIL_FROM is 'reception'; write an address such as "
            "Clinic <reception@clinic.example>.",
        ),
    ],
)
def test_a_sender_is_an_address(house, sender, words):
    assert refusal(house, EMAIL_URL="smtp://mail.example", EMAIL_FROM=sender) == words


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        (
            {"SMS_URL": "http://gateway.example/"},
            "SMS_URL must begin with https://; http:// is for a gateway on this computer.",
        ),
        (
            {"SMS_URL": "https://a:b@gateway.example/"},
            "SMS_URL holds a password; write it into SMS_TOKEN.",
        ),
        (
            {"SMS_URL": "https://gateway.example/"},
            "SMS_URL is set, so SMS_TOKEN must be set.",
        ),
        (
            {"SMS_URL": "gateway"},
            "SMS_URL names no host or no port; write one like https://gateway.example/messages.",
        ),
    ],
)
def test_gateways_that_are_refused(house, environment, words):
    assert refusal(house, **environment) == words
