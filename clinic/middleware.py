"""What must hold of every request before a page sees it."""

from django.core.exceptions import BadRequest


def refuse_other_encodings(get_response):
    """Answer 400 to a request that says it is written in anything but UTF-8, as all our forms are:
    Django would look for a decoder of that name, and some of them are none."""

    def middleware(request):
        said = request.content_params.get("charset", "utf-8").strip("\"' ").lower()
        if said not in {"utf-8", "utf8"}:
            raise BadRequest("a request not in UTF-8")
        if not (request.META.get("CONTENT_LENGTH") or "0").isdecimal():
            raise BadRequest("a body without length")
        return get_response(request)

    return middleware


def refuse_null_characters(get_response):
    """Answer 400 to an address or a cookie with a NUL in it: no database can look for one."""

    def middleware(request):
        cookies = request.COOKIES.values()
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("an address with a NUL")
        if any("\x00" in cookie for cookie in cookies):
            raise BadRequest("a cookie with a NUL")
        return get_response(request)

    return middleware


def keep_out_of_caches(get_response):
    """Pages about patients are kept by no cache, neither on the way nor in the browser."""

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware
