"""Read how messages leave: EMAIL_URL and EMAIL_FROM, SMS_URL, SMS_TOKEN and SMS_FROM.

With no URL nothing leaves, and nothing is queued. What cannot be read is refused with
ImproperlyConfigured, without repeating a password.
"""

import os
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from .environment import is_loopback

SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
HOW = (
    "write smtp://host, smtp+tls://user:password@host:587, smtp+ssl://user:password@host:465 "
    "or console:."
)
PATIENCE = 30  # seconds to wait for a server


def email_from_env():
    """Return Django's settings of e-mail by their names; none while nothing is set."""
    url = os.environ.get("EMAIL_URL", "").strip()
    if not url:
        return {}
    sender = _sender()
    if url.rstrip("/") == "console:":
        return {"EMAIL_BACKEND": CONSOLE, "DEFAULT_FROM_EMAIL": sender or "clinic@localhost"}
    found, port = _split("EMAIL_URL", url, HOW)
    if found.scheme not in PORTS:
        raise ImproperlyConfigured(f"EMAIL_URL begins with {found.scheme!r}; {HOW}")
    if found.path.strip("/") or found.query or found.fragment:
        raise ImproperlyConfigured(f"EMAIL_URL goes on after the host; {HOW}")
    if bool(found.username) != bool(found.password):
        raise ImproperlyConfigured(
            "EMAIL_URL has a user without a password, or a password without a user. Write "
            "characters such as @, : and / in them as %40, %3A and %2F."
        )
    if not sender:
        raise ImproperlyConfigured(
            "EMAIL_URL is set, so EMAIL_FROM must be set: the address that patients see, such as "
            "Clinic <reception@clinic.example>."
        )
    return {
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": found.hostname,
        "EMAIL_PORT": port or PORTS[found.scheme],
        "EMAIL_HOST_USER": unquote(found.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(found.password or ""),
        "EMAIL_USE_TLS": found.scheme == "smtp+tls",
        "EMAIL_USE_SSL": found.scheme == "smtp+ssl",
        "EMAIL_TIMEOUT": PATIENCE,
        "DEFAULT_FROM_EMAIL": sender,
    }


def texts_from_env():
    """Return the settings of the gateway for text messages; SMS_URL is "" while none is set."""
    url = os.environ.get("SMS_URL", "").strip()
    settings = {
        "SMS_URL": url,
        "SMS_TOKEN": os.environ.get("SMS_TOKEN", "").strip(),
        "SMS_FROM": os.environ.get("SMS_FROM", "").strip(),
    }
    if not url:
        return settings
    found, _port = _split("SMS_URL", url, "write one like https://gateway.example/messages.")
    if found.scheme != "https" and not (found.scheme == "http" and is_loopback(found.hostname)):
        raise ImproperlyConfigured(
            "SMS_URL must begin with https://; http:// is for a gateway on this computer."
        )
    if found.username or found.password:
        raise ImproperlyConfigured("SMS_URL holds a password; write it into SMS_TOKEN.")
    if not settings["SMS_TOKEN"]:
        raise ImproperlyConfigured("SMS_URL is set, so SMS_TOKEN must be set.")
    return settings


def _split(name, url, how):
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} cannot be read; {how}") from None
    if not found.hostname or port == 0:
        raise ImproperlyConfigured(f"{name} names no host or no port; {how}")
    return found, port


def _sender():
    """The address in EMAIL_FROM, with the name before it."""
    sender = os.environ.get("EMAIL_FROM", "").strip()
    if not sender:
        return ""
    try:
        validate_email(parseaddr(sender)[1])
    except ValidationError:
        raise ImproperlyConfigured(
            f"EMAIL_FROM is {sender!r}; write an address such as Clinic <reception@clinic.example>."
        ) from None
    return sender
