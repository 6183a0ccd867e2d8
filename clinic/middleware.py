"""What must hold of every request before a page sees it."""

from django.http import HttpResponseBadRequest
from django.utils.translation import gettext as _


def refuse_null_characters(get_response):
    """Answer 400 to an address with a NUL in it: no database can look for one."""

    def middleware(request):
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(_("This address cannot be read."))
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
