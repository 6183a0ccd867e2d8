"""A quote that was issued in error: its price no longer holds, unless somebody relied on it."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from consultations.models import RecordCounter, TreatmentPlan
from consultations.models.transactions import atomic
from consultations.vocabulary import DocumentKind

QUOTED = ("quoted_at", "quoted_price", "quoted_per_session", "quoted_sessions", "quoted_worth")


def why_quote_stands(document):
    """Why a document cannot be marked as entered in error: somebody paid or signed for the course
    as it quotes it; "" where it can."""
    if not _gives_price(document):
        return ""
    plan, since = document.plan, {"created_at__gte": document.plan.quoted_at}
    paid = plan.payments.standing().filter(**since).aggregate(sum=Sum("amount"))["sum"]
    if paid and paid > 0:
        return _("The course was paid for as quoted. Refund or correct that first, or quote anew.")
    if plan.consents.standing().filter(refused=False, **since).exists():
        return _("The patient signed for the course as quoted. Quote anew instead.")
    return ""


def _gives_price(document):
    """Whether the price of a course is that of this quote: none that stands is later."""
    if document.kind != DocumentKind.PLAN_AND_QUOTE or document.plan.quoted_at is None:
        return False
    return not _quotes(document.plan).standing().filter(pk__gt=document.pk).exists()


def _quotes(plan):
    return plan.documents.filter(kind=DocumentKind.PLAN_AND_QUOTE).order_by("pk")


@atomic()
def take_back_quote(*, document, by, reason):
    """A quote was issued in error: if it gave the price, the course costs what the quote that still
    stands said, or, without one, what the plan says."""
    if not _gives_price(document):
        return
    RecordCounter.lock_receipts()
    plan = TreatmentPlan.objects.with_patient().get(pk=document.plan_id)
    former = _quotes(plan).standing().last()
    first = _quotes(plan).filter(pk__gt=former.pk if former else 0).first()
    issued_at = first.history.earliest().history_date
    before = plan.history.filter(history_date__lt=issued_at).first()
    for name in QUOTED:
        setattr(plan, name, getattr(before or TreatmentPlan(), name))
    plan.save(by=by, reason=reason)
