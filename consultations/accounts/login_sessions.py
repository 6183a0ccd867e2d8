"""Login sessions: how long they last, where a user has them, and how they end."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import salted_hmac

SIGNED_IN_AT, USED_AT, FROM = "signed_in_at", "used_at", "signed_in_from"
# Parts of a User-Agent; browsers that also name another come first.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "Chrom": "Chrome",
    "CriOS": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
# In seconds. Writing the session on every request would make every page a write.
WRITTEN_EVERY = 60
A_MOMENT = 5 * 60


@dataclass(frozen=True)
class SignedIn:
    """One session of a user. `name` identifies it and grants no access."""

    name: str
    begun_at: datetime
    used_at: datetime
    address: str
    browser: str
    is_this: bool


def begin_session(session, *, address=None, agent=""):
    """Begin a session after signing in, from `address` with the User-Agent `agent`."""
    session[SIGNED_IN_AT] = session[USED_AT] = int(time.time())
    session[FROM] = [address or "", browser_in(agent)]


def keep_session(session):
    """Restart the idle time of a session; written every WRITTEN_EVERY seconds at most."""
    now = int(time.time())
    session.setdefault(SIGNED_IN_AT, now)
    if now - session.get(USED_AT, 0) >= WRITTEN_EVERY:
        session[USED_AT] = now


def has_just_begun(session):
    """Whether the password was typed within the last A_MOMENT seconds."""
    return int(time.time()) - session.get(SIGNED_IN_AT, 0) <= A_MOMENT


def sessions_of(user, this_key=None):
    """Return the sessions of `user`, latest used first."""
    found = [
        _signed_in(session, data, this_key)
        for session, data in _stored_sessions(user)
        if not has_lasted_too_long(data)
    ]
    return sorted(found, key=lambda one: one.used_at, reverse=True)


def end_sessions_of(user, *, names=None, but=None):
    """End the sessions of a user, or only those in `names`; return how many ended.

    The session with the key `but` goes on.
    """
    ended = 0
    for session, _data in _stored_sessions(user):
        key = session.session_key
        if key != but and (names is None or _name_of(key) in names):
            session.delete()
            ended += 1
    return ended


def _stored_sessions(user):
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk):
            yield session, data


def _signed_in(session, data, this_key):
    address, browser = data.get(FROM, ["", ""])
    begun_at, used_at = (
        datetime.fromtimestamp(data.get(name, 0), UTC) for name in (SIGNED_IN_AT, USED_AT)
    )
    key = session.session_key
    return SignedIn(_name_of(key), begun_at, used_at, address, browser, key == this_key)


def _name_of(key):
    return salted_hmac("session", key, algorithm="sha256").hexdigest()[:20]


def browser_in(agent):
    """Return the browser and the system that a User-Agent names, such as "Firefox, Linux"."""
    found = (_first_in(agent, BROWSERS), _first_in(agent, SYSTEMS))
    return ", ".join(filter(None, found))


def _first_in(agent, names):
    return next((name for sign, name in names.items() if sign in agent), "")


def has_lasted_too_long(session):
    return seconds_left(session) <= 0


def seconds_left(session):
    """Return how many seconds the session goes on if nobody uses it."""
    now = int(time.time())
    idle = session.get(USED_AT, now) + settings.SESSION_COOKIE_AGE
    longest = session.get(SIGNED_IN_AT, now) + settings.SESSION_LONGEST
    return min(idle, longest) - now
