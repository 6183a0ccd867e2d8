"""Checks of every request before a view sees it, and headers of every response."""

import ipaddress
import re

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse

from consultations.accounts.login_sessions import has_lasted_too_long, keep_session
from consultations.accounts.pages.calendar import ASKED_EACH_TIME
from consultations.accounts.passwords import has_given_password
from consultations.accounts.second_factor import is_still_to_come, next_step

WAYS_IN = {
    "admin:login",
    "admin:logout",
    "admin:second_factor_code",
    "admin:second_factor_set_up",
    "source",
}
WAYS_TO_A_PASSWORD = {"admin:password_change", "admin:logout", "source"}


CALENDARS = "/calendar/"


def know_the_address(get_response):
    """Set REMOTE_ADDR to the caller's own address, or to "" if it is unknown.

    X-Forwarded-For is trusted only from TRUSTED_PROXIES: anybody can send the header. Read from
    the right, the first address that is not one of these proxies is the caller.
    """

    def middleware(request):
        caller = _address(request.META.get("REMOTE_ADDR", ""))
        passed_on = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        while _is_proxy(caller) and passed_on and (before := passed_on.pop().strip()):
            caller = _address(before)
        request.META["REMOTE_ADDR"] = str(caller or "")
        return get_response(request)

    return middleware


def _is_proxy(address):
    return address is not None and any(address in one for one in settings.TRUSTED_PROXIES)


# 192.0.2.1:443 and [2001:db8::1]:443: some proxies add the port.
WITH_PORT = re.compile(r"(?:(\d+\.\d+\.\d+\.\d+)|\[([^\]]+)\])(?::\d{1,5})?", re.ASCII)


def _address(text):
    """Parse an address, an IPv4-mapped one as IPv4. Return None if the text is not an address."""
    if found := WITH_PORT.fullmatch(text):
        text = found[1] or found[2]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def keep_to_ourselves(get_response):
    """Tell browsers that no other site may embed our answers, and that no page uses a device."""

    def middleware(request):
        response = get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response

    return middleware


def refuse_other_encodings(get_response):
    """Answer 400 to a request that claims an encoding other than UTF-8, or a body without length.

    All our forms are UTF-8. Django would look up a codec of that name, and some do not decode text.
    """

    def middleware(request):
        said = request.content_params.get("charset", "utf-8").strip("\"' ").lower()
        if said not in {"utf-8", "utf8"}:
            raise BadRequest("a request not in UTF-8")
        if not (request.META.get("CONTENT_LENGTH") or "0").isdecimal():
            raise BadRequest("a body without length")
        return get_response(request)

    return middleware


def refuse_null_characters(get_response):
    """Answer 400 to an address, a header or a cookie with a NUL in it: PostgreSQL rejects it."""

    def middleware(request):
        headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
        texts = (request.path, *headers, *request.COOKIES.values())
        if any("\x00" in text for text in texts) or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("a NUL")
        return get_response(request)

    return middleware


def keep_out_of_caches(get_response):
    """Keep every page out of all caches, in proxies and browsers, error pages included.

    Only programs that read a calendar may keep it, and ask each time whether it is still so.
    """

    def middleware(request):
        response = get_response(request)
        if response.headers.get("Cache-Control") != ASKED_EACH_TIME:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def read_calendars_without_session(get_response):
    """Ignore the cookies of a request for a calendar: its address alone says whose it is.

    Otherwise a browser that is signed in would be sent to give its code, or go on with its session.
    """

    def middleware(request):
        if request.path_info.startswith(CALENDARS):
            request.COOKIES = {}
        return get_response(request)

    return middleware


def slow_down_guessing(get_response):
    """Answer 429 with Retry-After if a password was not checked after too many wrong ones."""

    def middleware(request):
        response = get_response(request)
        if seconds := getattr(request, "seconds_to_wait", 0):
            response.status_code = 429
            response.headers["Retry-After"] = str(seconds)
        return response

    return middleware


def end_sessions_in_time(get_response):
    """End a session SESSION_LONGEST after signing in; until then, each use prolongs it."""

    def middleware(request):
        if request.user.is_authenticated:
            if has_lasted_too_long(request.session):
                logout(request)
            # The page asks how much time is left, not the user: that is no use.
            elif request.get_full_path() != reverse("admin:time_left"):
                keep_session(request.session)
        return get_response(request)

    return middleware


def ask_for_second_factor(get_response):
    """Open only the sign-in pages until a user who needs a second factor has given it."""

    def middleware(request):
        if is_still_to_come(request) and _name_of(request.path_info) not in WAYS_IN:
            back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
            return redirect_to_login(back, reverse(f"admin:{next_step(request)}"))
        return get_response(request)

    return middleware


def ask_for_own_password(get_response):
    """Open only the password page until a user replaces a password that somebody else set."""

    def middleware(request):
        user = request.user
        # A user who still has to give a code was let through for that alone.
        asked = user.is_authenticated and has_given_password(user) and not is_still_to_come(request)
        if asked and _name_of(request.path_info) not in WAYS_TO_A_PASSWORD:
            return HttpResponseRedirect(reverse("admin:password_change"))
        return get_response(request)

    return middleware


def _name_of(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return None
