"""Settings, all from environment variables; with none set, safe and for this computer only.

Read by name: DATABASE_URL, SECRET_KEY, SECRET_KEY_FALLBACKS, AUDIT_KEY, AUDIT_KEY_FALLBACKS, DEBUG,
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, TRUSTED_PROXIES, HSTS_PRELOAD, SECOND_FACTOR,
RETENTION_FLOOR_YEARS, TIME_ZONE, LANGUAGE_CODE, MEDIA_ROOT, SOURCE_URL. "Configuration" in
clinic/OPERATIONS.md says what each does.
"""

import contextlib
import ipaddress
import os
import tempfile
import warnings
import zoneinfo
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.functional import SimpleLazyObject

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"


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


def public_because():
    """Say which setting makes this host public; empty if none does."""
    origins = [urlsplit(origin).hostname or "" for origin in CSRF_TRUSTED_ORIGINS]
    for name, hosts in (("ALLOWED_HOSTS", ALLOWED_HOSTS), ("CSRF_TRUSTED_ORIGINS", origins)):
        if not all(is_loopback(host) for host in hosts):
            return f"{name} names a host beyond this computer"
    # A proxy forwards others' requests, wherever it runs. The second variable is gunicorn's.
    for name in ("TRUSTED_PROXIES", "FORWARDED_ALLOW_IPS"):
        if from_env_list(name):
            return f"{name} names a proxy"
    return ""


def key_from_env(name):
    """Return a key from the environment; raise ImproperlyConfigured if a public host has none."""
    key = os.environ.get(name, "")
    if not key and not LOCAL_ONLY:
        raise ImproperlyConfigured(
            f"{PUBLIC_BECAUSE}, so {name} must be set: "
            "50 random characters or more, kept secret, the same on every start."
        )
    return key


def refuse_plain_key(name, key):
    if len(key) < 50 or len(set(key)) < 5:
        raise ImproperlyConfigured(f"{name} is too short or too plain: 50 random characters.")


# Who may call

DEBUG = from_env_flag("DEBUG")
ALLOWED_HOSTS = from_env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = from_env_list("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
PUBLIC_BECAUSE = public_because()
LOCAL_ONLY = not PUBLIC_BECAUSE

SECRET_KEY = key_from_env("SECRET_KEY") or own_key("secret_key")
# Earlier keys: what they signed stays valid, and nothing new is signed with them.
SECRET_KEY_FALLBACKS = from_env_list("SECRET_KEY_FALLBACKS")
# Seals the audit; without it the seals can no longer be verified.
AUDIT_KEY = key_from_env("AUDIT_KEY") or SimpleLazyObject(lambda: own_key("audit_key"))
# Earlier keys: they verify the seals they made, and seal nothing new.
AUDIT_KEY_FALLBACKS = from_env_list("AUDIT_KEY_FALLBACKS")

if not LOCAL_ONLY:
    if DEBUG:
        raise ImproperlyConfigured(
            f"DEBUG shows patients' data on error pages: it is refused while {PUBLIC_BECAUSE}."
        )
    for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS):
        refuse_plain_key("SECRET_KEY", key)
    for key in (AUDIT_KEY, *AUDIT_KEY_FALLBACKS):
        refuse_plain_key("AUDIT_KEY", key)
    if AUDIT_KEY == SECRET_KEY:
        raise ImproperlyConfigured("AUDIT_KEY must be another key than SECRET_KEY.")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Leaving browsers' built-in lists takes months: only on request.
    SECURE_HSTS_PRELOAD = from_env_flag("HSTS_PRELOAD")
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# No other host of the domain can set or read a cookie with this prefix; HTTPS only.
COOKIE_PREFIX = "" if LOCAL_ONLY else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
# Marks a browser that has signed in before.
KNOWN_BROWSER_COOKIE_NAME = f"{COOKIE_PREFIX}known_browser"


X_FRAME_OPTIONS = "DENY"
# Not "no-referrer": browsers would send "Origin: null" with our forms, and be refused.
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# What runs

INSTALLED_APPS = [
    "clinic.apps.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "simple_history",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "consultations",
]

MIDDLEWARE = [
    "clinic.health.answer_health",
    "clinic.middleware.know_the_address",
    "clinic.middleware.keep_to_ourselves",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "clinic.middleware.keep_out_of_caches",
    "clinic.middleware.refuse_other_encodings",
    "clinic.middleware.refuse_null_characters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.middleware.slow_down_guessing",
    "clinic.middleware.end_sessions_in_time",
    "clinic.middleware.ask_for_second_factor",
    "clinic.middleware.ask_for_own_password",
    # Records who changes an account: Django's account pages do not.
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Plain fields are drawn without a template, our own widgets from our own templates.
FORM_RENDERER = "consultations.admin.parts.form_renderer.FormRenderer"

# Messages name patients: keep them in the session, not in a cookie on the computer.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Signing in

AUTHENTICATION_BACKENDS = ["clinic.backends.StaffBackend"]
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}"
    for name in ("Argon2PasswordHasher", "PBKDF2PasswordHasher")
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [{"NAME": "clinic.passwords.NotOnlyKnownWords"}]
LOGIN_URL = "admin:login"

# Who needs a sign-in code: "all", "none" or the names of roles.
SECOND_FACTOR = from_env_list("SECOND_FACTOR", "none" if LOCAL_ONLY else "all")
OTP_TOTP_ISSUER = "Turgor"

SESSION_ENGINE = "clinic.sessions"
# In seconds: a session ends after this long without use, and this long after signing in.
SESSION_COOKIE_AGE = 15 * 60
SESSION_LONGEST = 12 * 60 * 60

# Where records live


def database():
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
        # Taking the write lock at the start of a transaction, not half-way, avoids "database is
        # locked"; FULL keeps the last commit through a power failure.
        options |= {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000; PRAGMA secure_delete=ON;",
        }
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


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In years: before this no record is erased without a legal reason, whatever the clinic sets.
RETENTION_FLOOR_YEARS = from_env_number("RETENTION_FLOOR_YEARS", 8, least=1, most=100)

# Where the source of the running program is published (section 13 of the licence).
SOURCE_URL = os.environ.get("SOURCE_URL", "").strip()
if SOURCE_URL and not SOURCE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured(f"SOURCE_URL is {SOURCE_URL!r}; write one like https://…")

MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT") or DATA_DIR / "media")
FILE_UPLOAD_HANDLERS = [
    "clinic.uploads.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# Files not collected by `collectstatic` (demo, tests, development) come from the source tree.
WHITENOISE_USE_FINDERS = True
warnings.filterwarnings("ignore", message="No directory at")
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "clinic.static_files.StaticFiles"},
}

# Words, dates and time

# A language is offered once every word is translated: so far only English. Days are written day
# first in any English.
WHOLE_LANGUAGES = {"en": "en-gb"}


def language_from_env():
    asked = os.environ.get("LANGUAGE_CODE") or "en-gb"
    found = WHOLE_LANGUAGES.get(asked.lower().partition("-")[0])
    if found is None:
        raise ImproperlyConfigured(
            f"LANGUAGE_CODE is {asked!r}, and Turgor is not translated into that; "
            f"write {' or '.join(WHOLE_LANGUAGES.values())}."
        )
    return found


LANGUAGE_CODE = language_from_env()
TIME_ZONE = os.environ.get("TIME_ZONE") or "Europe/London"
if TIME_ZONE not in zoneinfo.available_timezones():
    raise ImproperlyConfigured(
        f"TIME_ZONE {TIME_ZONE!r} is not known; write one like Europe/London."
    )
# With one language nothing needs a lookup; lookups took a tenth of each page's time.
USE_I18N = len(WHOLE_LANGUAGES) > 1
USE_TZ = True

# Log lines about requests and errors name no patient.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "clinic.reports.PlainFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "mail_admins": {
            "class": "clinic.reports.PlainEmailHandler",
            "level": "ERROR",
            "formatter": "plain",
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["mail_admins"], "level": "INFO"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # At DEBUG these two log values: of queries, and of a photo's metadata.
        "django.db.backends": {"level": "WARNING"},
        "PIL": {"level": "WARNING"},
    },
}
DEFAULT_EXCEPTION_REPORTER = "clinic.reports.PlainReporter"

# History is never reverted: going back is a new change with a name.
SIMPLE_HISTORY_REVERT_DISABLED = True
