"""The referral letters that wait, in one go, a few at each step so that the page can tell how far
it is. It goes on by itself, or by a press where no script runs."""

import io

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import FileResponse, Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.admin.parts.access_log import opened
from consultations.admin.parts.displays import send_step
from consultations.admin.parts.documents import preview_url
from consultations.admin.parts.forms import is_key
from consultations.documents.batch import (
    LETTER,
    addressed_to_somebody,
    issue_some,
    print_run,
    waiting_for_letter,
    why_not,
)
from consultations.documents.kinds import may_issue
from consultations.documents.referral_letter import unasked_of_each
from consultations.models import IssuedDocument, SurgicalReferral
from consultations.vocabulary import AccessKind

MOST_SHOWN = 200
STEP = ("after", "total", "made", "failed")  # what one step hands to the next, all numbers


def letters(model_admin, request):
    """List what waits; issue some when that is posted, and ask to go on while more are left."""
    if not may_issue(request.user, LETTER):
        raise PermissionDenied
    if any(not is_key(one) for name in STEP for one in request.POST.getlist(name)):
        raise BadRequest("no step of ours")
    if "print" in request.POST:
        return _printed(request)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Referral letters to issue"),
        "opts": model_admin.opts,
    }
    context |= _step(request) if request.method == "POST" else _start(request)
    return TemplateResponse(request, "admin/consultations/letters.html", context)


def _start(request):
    waiting = waiting_for_letter()
    named = addressed_to_somebody(waiting)
    shown = list(named[:MOST_SHOWN])
    missing = unasked_of_each(shown)
    return {
        "waiting": [
            (one, preview_url(LETTER, one, one.patient), ", ".join(missing[one.pk]))
            for one in shown
        ],
        "total": named.count(),
        "unnamed": _without_surgeon(request.user),
        "issued_today": _letters(created_by=request.user, issued_on=timezone.localdate()),
    }


def _without_surgeon(user):
    """The referrals that wait and do not say to whom, each with the way to say it."""
    found = waiting_for_letter().filter(surgeon="")
    return [(one, send_step(one, user)) for one in found[:MOST_SHOWN]]


def _letters(**asked):
    letters = IssuedDocument.objects.standing().filter(kind=LETTER, **asked).order_by("pk")
    return list(letters.select_related("patient"))


def _printed(request):
    """The letters of a run in one file, for the printer; each stays a document of its own."""
    content, held = print_run(_letters(pk__in=_numbers(request, "made")))
    if not held:
        raise Http404
    for one in held:
        opened(request, AccessKind.DOCUMENT, patient=one.patient, record=one)
    return FileResponse(io.BytesIO(content), content_type="application/pdf", filename="letters.pdf")


def _step(request):
    """Issue the next few, and count them to those that were issued before."""
    after, total = (sum(_numbers(request, name)[:1]) for name in ("after", "total"))
    batch = issue_some(request.user, after)
    made = [*_numbers(request, "made"), *(one.pk for one in batch.made)]
    failed = [*_numbers(request, "failed"), *(one.pk for one in batch.failed)]
    goes_on = batch.last > after and len(made) + len(failed) < total
    return {
        "run": {"after": batch.last, "total": total, "made": made, "failed": failed},
        "done": len(made) + len(failed),
        "total": total,
        "goes_on": goes_on,
        **({} if goes_on else _came_of_it(request, made, failed)),
    }


def _came_of_it(request, made, failed):
    documents = _letters(pk__in=made)
    failed = SurgicalReferral.objects.filter(pk__in=failed).with_patient().order_by("pk")
    left = [
        (one, preview_url(LETTER, one, one.patient), why_not(one, request.user)) for one in failed
    ]
    left += [
        (one, step.url if step else "", _("No surgeon is named."))
        for one, step in _without_surgeon(request.user)
    ]
    return {
        "documents": documents,
        "left": left,
        "sum": ngettext("%(n)s letter issued", "%(n)s letters issued", len(documents))
        % {"n": len(documents)},
    }


def _numbers(request, name):
    return [int(one) for one in request.POST.getlist(name)]
