"""Small acts from any page: a button, a word why, and back to where one was."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import CharField
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from consultations.admin.parts.forms import is_key
from consultations.models import StaleRecordError
from consultations.models.text import REASON_LENGTH, readable

WORDS = CharField(max_length=REASON_LENGTH, required=False, validators=[readable])


def act(model_admin, request, record, do, done):
    """Run `do(words)` with the words that were posted; say `done`, or why it was refused.

    The button was drawn from one version of the record, and acts on no other.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    at_version(record, request.POST.get("version", ""))
    words = request.POST.get("other", "").strip() or request.POST.get("words", "").strip()
    try:
        do(WORDS.clean(words))
    except ValidationError as refusal:
        model_admin.message_user(request, " ".join(refusal.messages), messages.ERROR)
    except StaleRecordError as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
    else:
        model_admin.message_user(request, done, messages.SUCCESS)
    return HttpResponseRedirect(way_back(request) or model_admin.after_save(request, record))


def at_version(record, version):
    """Take a record for the version that was shown, as it was posted: to act on no other. What is
    no number is one that no record has: they are counted from 1."""
    record.version = int(version) if is_key(version) else 0


def way_back(request):
    """The page of ours that somebody came from and goes back to, or None."""
    page = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if page.startswith("/") and ours else None
