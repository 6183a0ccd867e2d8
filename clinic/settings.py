"""Settings, all from environment variables; with none set, safe and for this computer only.

Read by name: DATABASE_URL, SECRET_KEY, SECRET_KEY_FALLBACKS, AUDIT_KEY, AUDIT_KEY_FALLBACKS, DEBUG,
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS, TRUSTED_PROXIES, HSTS_PRELOAD, SECOND_FACTOR,
RETENTION_FLOOR_YEARS, TIME_ZONE, LANGUAGE_CODE, MEDIA_ROOT, SOURCE_URL, EMAIL_URL, EMAIL_FROM,
SMS_URL, SMS_TOKEN, SMS_FROM. "Configuration" in clinic/OPERATIONS.md says what each does.
"""

import os
import warnings
import zoneinfo
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject

from .environment import (
    BASE_DIR,
    DATA_DIR,
    database_from_env,
    from_env_flag,
    from_env_list,
    from_env_number,
    key_from_env,
    language_from_env,
    networks,
    own_key,
    public_because,
    refuse_plain_key,
)
from .mail import email_from_env, texts_from_env

# Who may call

DEBUG = from_env_flag("DEBUG")
ALLOWED_HOSTS = from_env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = from_env_list("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
PUBLIC_BECAUSE = public_because(allowed_hosts=ALLOWED_HOSTS, trusted_origins=CSRF_TRUSTED_ORIGINS)
LOCAL_ONLY = not PUBLIC_BECAUSE

SECRET_KEY = key_from_env("SECRET_KEY", public_because=PUBLIC_BECAUSE) or own_key("secret_key")
# Earlier keys: what they signed stays valid, and nothing new is signed with them.
SECRET_KEY_FALLBACKS = from_env_list("SECRET_KEY_FALLBACKS")
# Seals the audit; without it the seals can no longer be verified.
AUDIT_KEY = key_from_env("AUDIT_KEY", public_because=PUBLIC_BECAUSE) or SimpleLazyObject(
    lambda: own_key("audit_key")
)
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
        "frame-src": [SELF],
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
    "clinic.middleware.read_calendars_without_session",
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


DATABASES = {"default": database_from_env()}
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

# Messages to patients

mail = email_from_env()
# Without EMAIL_URL nothing is queued; Django's own backend then has nothing to do.
EMAIL_IS_ON = bool(mail)
globals().update(mail)
globals().update(texts_from_env())
# Any class with the method of the one named here; see there.
SMS_GATEWAY = "consultations.actions.gateway.HttpGateway"

# Words, dates and time

# A language is offered once every word is translated: so far only English. Days are written day
# first in any English.
WHOLE_LANGUAGES = {"en": "en-gb"}


LANGUAGE_CODE = language_from_env(WHOLE_LANGUAGES)
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
