"""How long somebody stays signed in: while they work, and never longer than a long day."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

SIGNED_IN_AT, USED_AT = "signed_in_at", "used_at"
# To write a session on every request would make every page a write.
WRITTEN_EVERY = 60
A_MOMENT = 5 * 60


def begin_session(session):
    """Somebody has just signed in."""
    session[SIGNED_IN_AT] = session[USED_AT] = int(time.time())


def keep_session(session):
    """Somebody uses the session: its idle time begins anew."""
    now = int(time.time())
    session.setdefault(SIGNED_IN_AT, now)
    if now - session.get(USED_AT, 0) >= WRITTEN_EVERY:
        session[USED_AT] = now


def has_just_begun(session):
    """Whether the password was typed a moment ago."""
    return int(time.time()) - session.get(SIGNED_IN_AT, 0) <= A_MOMENT


def end_sessions_of(user):
    """Sign somebody out wherever they are signed in."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


def has_lasted_too_long(session):
    return seconds_left(session) <= 0


def seconds_left(session):
    """How long the session goes on if nobody uses it; a new one lasts the whole time."""
    now = int(time.time())
    idle = session.get(USED_AT, now) + settings.SESSION_COOKIE_AGE
    longest = session.get(SIGNED_IN_AT, now) + settings.SESSION_LONGEST
    return min(idle, longest) - now
