"""The page with one's own sessions, to end them."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.accounts.login_sessions import end_sessions_of, sessions_of
from consultations.admin.parts.access_log import where_from
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind


def sessions(site, request):
    """List the user's sessions; a POST ends the named one, or all but this one."""
    this = request.session.session_key
    if request.method == "POST":
        name = request.POST.get("session", "")
        ended = end_sessions_of(request.user, names={name} if name else None, but=this)
        _tell(request, ended)
        return HttpResponseRedirect(reverse("admin:sessions"))
    found = sessions_of(request.user, this)
    context = {
        **site.each_context(request),
        "title": _("Where you are signed in"),
        "sessions": found,
        "has_others": any(not one.is_this for one in found),
    }
    return TemplateResponse(request, "admin/sign_in/sessions.html", context)


def _tell(request, ended):
    """Log how many sessions ended, and display it."""
    if not ended:
        messages.warning(request, _("That session had ended already."))
        return
    words = ngettext("%(number)s session ended.", "%(number)s sessions ended.", ended)
    words %= {"number": ended}
    record_access(
        by=request.user, kind=AccessKind.SIGN_OUT, address=where_from(request), detail=words
    )
    messages.success(request, words)
