"""What a manager does about a colleague's ways in: unlock, reset sign-in codes, end a calendar."""

from functools import partial

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from consultations.accounts.calendar_addresses import take_away
from consultations.accounts.lock_out import unlock
from consultations.accounts.second_factor import reset
from consultations.admin.parts.access_log import where_from
from consultations.models.staff import tell_of_account
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind


def colleague_urls(model_admin):
    views = {
        "unlock": unlock_colleague,
        "reset-second-factor": reset_colleague,
        "end-calendar": end_calendar,
    }
    return [
        path(
            f"<path:object_id>/{name}/",
            model_admin.admin_site.admin_view(partial(view, model_admin)),
            name=f"auth_user_{name.replace('-', '_')}",
        )
        for name, view in views.items()
    ]


def unlock_colleague(model_admin, request, object_id):
    done = _("Unlocked. They can try again at once.")
    return _act(model_admin, request, object_id, unlock, "Unlocked", done)


def reset_colleague(model_admin, request, object_id):
    done = _("The sign-in codes are reset. They sign in by password, or set up new codes.")
    return _act(model_admin, request, object_id, reset, "Sign-in codes reset", done)


def end_calendar(model_admin, request, object_id):
    done = _("The calendar address is ended. They can make a new one.")
    return _act(model_admin, request, object_id, take_away, "Calendar address ended", done)


def _act(model_admin, request, object_id, do, words, done):
    """Call `do` on a colleague's account, log it, and add it to the account's history."""
    user = model_admin.get_object(request, unquote(object_id))
    if not model_admin.has_change_permission(request, user) or user == request.user:
        raise PermissionDenied
    if user is None:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    do(user=user)
    tell_of_account(user, words)
    record_access(
        by=request.user,
        kind=AccessKind.RECORD,
        address=where_from(request),
        record=user,
        detail=words,
    )
    model_admin.message_user(request, done, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))
