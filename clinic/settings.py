"""Settings, all from the environment; with nothing set, a safe program for this computer only.

Read by name: DATABASE_URL, SECRET_KEY, DEBUG, ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, TIME_ZONE,
LANGUAGE_CODE, MEDIA_ROOT. The README's "Configuration" says what each does.
"""

import contextlib
import ipaddress
import os
import tempfile
import warnings
import zoneinfo
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

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


def is_loopback(host):
    """Whether a host name can only mean this computer."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def own_folder(folder):
    """A folder that only its owner can read, made where it is missing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{folder} cannot be made: {error.strerror}.") from None
    return folder


def own_secret_key():
    """The key made on first use, kept in a file that only its owner can read."""
    path = own_folder(DATA_DIR) / "secret_key"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=DATA_DIR) as draft:
            draft.write(get_random_secret_key())
            draft.flush()
            # A link is made whole or not at all: of two processes that start together, one wins.
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    key = path.read_text().strip()
    if not key:
        raise ImproperlyConfigured(f"{path} is empty; delete it to have a new key made.")
    return key


# Who may call

DEBUG = from_env_flag("DEBUG")
ALLOWED_HOSTS = from_env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = from_env_list("CSRF_TRUSTED_ORIGINS")
LOCAL_ONLY = all(is_loopback(host) for host in ALLOWED_HOSTS)

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not LOCAL_ONLY:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS names a host beyond this computer, so SECRET_KEY must be set: "
            "50 random characters or more, kept secret, the same on every start."
        )
    SECRET_KEY = own_secret_key()

if not LOCAL_ONLY:
    if DEBUG:
        raise ImproperlyConfigured(
            "DEBUG shows patients' data on error pages: it is refused while ALLOWED_HOSTS names "
            "a host beyond this computer."
        )
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
        raise ImproperlyConfigured("SECRET_KEY is too short or too plain: 50 random characters.")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
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
    "consultations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "clinic.middleware.refuse_other_encodings",
    "clinic.middleware.refuse_null_characters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.middleware.keep_out_of_caches",
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

# Our own widgets are drawn from our own templates.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"

# Where records live


def database():
    """One database from DATABASE_URL, tuned for many people writing at once."""
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
        # Taking the write lock at the start of a transaction, and not half-way, is what keeps
        # "database is locked" away; FULL keeps the last commit through a power failure.
        options |= {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;",
        }
    elif found["ENGINE"] == "django.db.backends.postgresql":
        # A pool needs connections that are given back after each request.
        found["CONN_MAX_AGE"] = 0
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    else:
        raise ImproperlyConfigured("DATABASE_URL must name a SQLite or a PostgreSQL database.")
    return found


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT") or DATA_DIR / "media")
FILE_UPLOAD_HANDLERS = [
    "clinic.uploads.Capped",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# Without a collected copy (the demo, tests, development) files are served from the source tree.
WHITENOISE_USE_FINDERS = not STATIC_ROOT.exists()
warnings.filterwarnings("ignore", message="No directory at")
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Words, dates and time

LANGUAGE_CODE = os.environ.get("LANGUAGE_CODE") or "en-gb"
KNOWN_LANGUAGES = set(dict(global_settings.LANGUAGES))
if not {LANGUAGE_CODE.lower(), LANGUAGE_CODE.lower().partition("-")[0]} & KNOWN_LANGUAGES:
    raise ImproperlyConfigured(
        f"LANGUAGE_CODE {LANGUAGE_CODE!r} is not known; write one like en-gb."
    )
TIME_ZONE = os.environ.get("TIME_ZONE") or "Europe/London"
if TIME_ZONE not in zoneinfo.available_timezones():
    raise ImproperlyConfigured(
        f"TIME_ZONE {TIME_ZONE!r} is not known; write one like Europe/London."
    )
USE_I18N = True
USE_TZ = True

# History: what was written stays written; the way back is a new, named change.
SIMPLE_HISTORY_REVERT_DISABLED = True
