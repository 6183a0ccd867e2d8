"""The referral letters that wait, in one go, a few at each step so that the page can tell how far
it is. It goes on by itself, or by a press where no script runs."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from consultations.admin.parts.documents import preview_url
from consultations.admin.parts.forms import is_key
from consultations.documents.batch import LETTER, issue_some, waiting_for_letter, why_not
from consultations.documents.kinds import may_issue
from consultations.documents.referral_letter import unasked_of_each
from consultations.models import IssuedDocument, SurgicalReferral

MOST_SHOWN = 200
STEP = ("after", "total", "made", "failed")  # what one step hands to the next, all numbers


def letters(model_admin, request):
    """List what waits; issue some when that is posted, and ask to go on while more are left."""
    if not may_issue(request.user, LETTER):
        raise PermissionDenied
    if any(not is_key(one) for name in STEP for one in request.POST.getlist(name)):
        raise BadRequest("no step of ours")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Referral letters to issue"),
        "opts": model_admin.opts,
    }
    context |= _step(request) if request.method == "POST" else _start()
    return TemplateResponse(request, "admin/consultations/letters.html", context)


def _start():
    waiting = waiting_for_letter()
    shown = list(waiting[:MOST_SHOWN])
    missing = unasked_of_each(shown)
    return {
        "waiting": [
            (one, preview_url(LETTER, one, one.patient), ", ".join(missing[one.pk]))
            for one in shown
        ],
        "total": waiting.count(),
    }


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
    documents = IssuedDocument.objects.filter(pk__in=made, kind=LETTER).order_by("pk")
    left = SurgicalReferral.objects.filter(pk__in=failed).with_patient().order_by("pk")
    return {
        "documents": list(documents.select_related("patient")),
        "left": [
            (one, preview_url(LETTER, one, one.patient), why_not(one, request.user)) for one in left
        ],
    }


def _numbers(request, name):
    return [int(one) for one in request.POST.getlist(name)]
