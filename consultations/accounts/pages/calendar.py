"""One's calendar address: the page on which it is made, and what is read there."""

from hashlib import sha256

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from consultations.accounts.calendar_addresses import made_at, owner_of, renew, take_away
from consultations.models.staff import tell_of_account
from consultations.summaries.feeds import DAYS_AHEAD, DAYS_BACK, diary_of

# A program may keep what it read, but asks each time whether it is still so.
ASKED_EACH_TIME = "private, no-cache"
HEADERS = {
    "Content-Type": "text/calendar; charset=utf-8",
    # Named here, or a browser would name the file after the secret.
    "Content-Disposition": 'attachment; filename="diary.ics"',
    "Cache-Control": ASKED_EACH_TIME,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def your_calendar(site, request):
    """Show whether the user has a calendar address; a POST makes a new one, or ends it."""
    address = ""
    if request.method == "POST":
        if "end" in request.POST:
            return _end(request)
        secret = renew(user=request.user)
        tell_of_account(request.user, "New calendar address.")
        address = request.build_absolute_uri(reverse("calendar_feed", args=[secret]))
    context = {
        **site.each_context(request),
        "title": _("Your calendar"),
        "address": address,
        "made_at": made_at(request.user),
        "days_back": DAYS_BACK,
        "days_ahead": DAYS_AHEAD,
    }
    return TemplateResponse(request, "admin/sign_in/calendar.html", context)


def _end(request):
    if take_away(user=request.user):
        tell_of_account(request.user, "Calendar address ended.")
        messages.success(request, _("The address is ended. Nobody reads your calendar with it."))
    else:
        messages.warning(request, _("There was no address to end."))
    return HttpResponseRedirect(reverse("admin:your_calendar"))


@csrf_exempt  # nothing is ever posted here
@require_safe
def feed(request, secret):
    """Answer with the diary of whom the secret belongs to: no session, and nothing is written."""
    user = owner_of(secret)
    if user is None:
        raise Http404
    content = diary_of(user)
    etag = quote_etag(sha256(content).hexdigest())
    response = HttpResponse(content, headers={**HEADERS, "ETag": etag})
    return get_conditional_response(request, etag=etag, response=response)
