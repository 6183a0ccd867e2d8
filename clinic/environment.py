"""Read the environment: lists, flags, numbers, networks, keys and the database.

Whatever cannot be read is refused with ImproperlyConfigured, in words that say what to write.
"""

import contextlib
import ipaddress
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"
# Taking the write lock at the start of a transaction, not half-way, avoids "database is locked";
# FULL keeps the last commit through a power failure.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000; PRAGMA secure_delete=ON;",
}


def from_env_list(name, default=""):
    def items(text):
        return [item.strip() for item in text.split(",") if item.strip()]

    return items(os.environ.get(name, "")) or items(default)


def from_env_flag(name):
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def from_env_number(name, default, least, most):
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isdecimal() and len(value) <= 9 and least <= int(value) <= most):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; write a whole number from {least} to {most}."
        )
    return int(value)


def is_loopback(host):
    """Whether a host name always means this computer."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def networks(name):
    """Parse a variable's addresses and networks: 10.0.0.7, 10.0.0.0/24, fd00::/8."""
    try:
        return [ipaddress.ip_network(one) for one in from_env_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}.") from None


def own_folder(folder):
    """Return the folder; create it, readable by its owner only, if it is missing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{folder} cannot be made: {error.strerror}.") from None
    return folder


def own_key(name):
    """Return the key in a file of DATA_DIR that only its owner can read; create it once."""
    path = own_folder(DATA_DIR) / name
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=DATA_DIR) as draft:
            draft.write(get_random_secret_key())
            draft.flush()
            # Linking is atomic: of two processes that start together, one wins.
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    key = path.read_text().strip()
    if not key:
        raise ImproperlyConfigured(f"{path} is empty; delete it to have a new key made.")
    return key


def public_because(*, allowed_hosts, trusted_origins):
    """Say which setting makes this host public; empty if none does."""
    origins = [urlsplit(origin).hostname or "" for origin in trusted_origins]
    for name, hosts in (("ALLOWED_HOSTS", allowed_hosts), ("CSRF_TRUSTED_ORIGINS", origins)):
        if not all(is_loopback(host) for host in hosts):
            return f"{name} names a host beyond this computer"
    # A proxy forwards others' requests, wherever it runs. The second variable is gunicorn's.
    for name in ("TRUSTED_PROXIES", "FORWARDED_ALLOW_IPS"):
        if from_env_list(name):
            return f"{name} names a proxy"
    return ""


def key_from_env(name, *, public_because):
    """Return a key from the environment; raise ImproperlyConfigured if a public host has none."""
    key = os.environ.get(name, "")
    if not key and public_because:
        raise ImproperlyConfigured(
            f"{public_because}, so {name} must be set: "
            "50 random characters or more, kept secret, the same on every start."
        )
    return key


def refuse_plain_key(name, key):
    if len(key) < 50 or len(set(key)) < 5:
        raise ImproperlyConfigured(f"{name} is too short or too plain: 50 random characters.")


def database_from_env():
    """Return the database of DATABASE_URL, tuned for many people writing at once."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
    try:
        found = dj_database_url.parse(url)
    except (ValueError, KeyError):
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read; write sqlite:////path/to/file or "
            "postgres://user:password@host:5432/name."
        ) from None
    options = found.setdefault("OPTIONS", {})
    if found["ENGINE"] == "django.db.backends.sqlite3":
        if found["NAME"] != ":memory:":
            own_folder(Path(found["NAME"]).parent)
        options |= SQLITE_OPTIONS
    elif found["ENGINE"] == "django.db.backends.postgresql":
        # A pool needs connections to be returned after each request.
        found["CONN_MAX_AGE"] = 0
        # Notice a lost server before a request depends on it, and reconnect soon.
        found["CONN_HEALTH_CHECKS"] = True
        # Compiling a query takes longer than any of ours, and is done where tables are large.
        options.setdefault("options", "-c jit=off")
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10, "reconnect_timeout": 10}
    else:
        raise ImproperlyConfigured("DATABASE_URL must name a SQLite or a PostgreSQL database.")
    return found


def language_from_env(languages):
    """Return the language of LANGUAGE_CODE, which must be one of `languages`."""
    asked = os.environ.get("LANGUAGE_CODE") or "en-gb"
    found = languages.get(asked.lower().partition("-")[0])
    if found is None:
        raise ImproperlyConfigured(
            f"LANGUAGE_CODE is {asked!r}, and Turgor is not translated into that; "
            f"write {' or '.join(languages.values())}."
        )
    return found
