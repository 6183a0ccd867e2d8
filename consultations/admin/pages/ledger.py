"""The money of one course: its price, discounts, payments and balance, and what may be done."""

from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.actions.money import may_correct
from consultations.admin.parts.displays import Step, admin_url
from consultations.admin.parts.documents import preview_url
from consultations.documents.kinds import may_issue
from consultations.models import patient_of
from consultations.permissions import MAY_SEE_MONEY, may_refund, sees_clinical
from consultations.summaries.money import ledger_of
from consultations.vocabulary import DocumentKind, PaymentKind, Worth

QUOTE, RECEIPT = DocumentKind.PLAN_AND_QUOTE, DocumentKind.RECEIPT


def ledger(model_admin, request, object_id):
    """Show the ledger of a course to those who may see payments."""
    plan = model_admin.record_or_404(request, object_id, MAY_SEE_MONEY)
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET"])
    found = ledger_of(plan)
    context = {
        **model_admin.page_context(request, plan, _("Money: %(course)s") % {"course": plan.name}),
        "sees_clinical": sees_clinical(request.user),
        "ledger": found,
        "balance": found.balance,
        "terms": list(_terms(found.balance)),
        "plan": plan,
        "lines": [
            (one, _correct_url(one, request.user), _receipt_url(one, request.user))
            for one in found.entries
        ],
        "steps": list(_steps(plan, found.balance, request.user)),
    }
    return TemplateResponse(request, "admin/consultations/ledger.html", context)


def _terms(balance):
    """What the course costs and what was paid, each with its label."""
    terms = balance.terms
    if terms.per_session is not None:
        yield _("Price per session"), balance.shown(terms.per_session)
    if terms.price is not None:
        yield (
            (_("Course as quoted") if balance.is_quoted else _("Course")),
            balance.shown(balance.whole),
        )
    if balance.discounts:
        yield _("Discounts"), balance.shown(-balance.discounts)
        yield _("Course after discounts"), balance.shown(balance.course)
    words = ngettext(
        "%(n)s session done here is worth", "%(n)s sessions done here are worth", balance.done
    )
    yield words % {"n": balance.done}, balance.shown(balance.worth_done)
    if balance.is_stopped:
        single = terms.worth == Worth.SINGLE and terms.per_session is not None
        yield (
            _("Stopped: owed for what was done, at the price of a single session")
            if single
            else _("Stopped: owed for what was done, its share of the course"),
            balance.shown(balance.owed),
        )
    yield _("Paid"), balance.shown(balance.paid)
    if balance.refunded:
        yield _("Refunded"), balance.shown(balance.refunded)


def _steps(plan, balance, user):
    if patient_of(plan).why_ended or not plan.stands:
        return
    if user.has_perm("consultations.add_payment"):
        is_next = balance.due > 0 and not balance.needs_quote
        yield Step(_("Take payment"), admin_url("payment", "add", plan=plan.pk), is_next)
    if plan.is_open and may_issue(user, QUOTE) and balance.terms.price is not None:
        url = preview_url(QUOTE, plan, patient_of(plan))
        yield Step(_("Issue quote"), url, balance.needs_quote)
    if may_refund(user) and balance.held > 0:
        url = admin_url("payment", "add", plan=plan.pk, kind=PaymentKind.REFUND)
        yield Step(_("Refund"), url, False)
    if user.has_perm("consultations.add_discount") and balance.course > 0:
        yield Step(_("Discount"), admin_url("discount", "add", plan=plan.pk), False)


def _receipt_url(entry, user):
    """Where the receipt of an entry is issued, for those who may; "" where nothing of it stands."""
    if entry.counter or not may_issue(user, RECEIPT):
        return ""
    return preview_url(RECEIPT, entry.payment, patient_of(entry.payment))


def _correct_url(entry, user):
    """Where an entry is countered, for those who may; "" for what cannot be."""
    payment = entry.payment
    if entry.counter or payment.kind == PaymentKind.CORRECTION or not may_correct(payment, user):
        return ""
    return admin_url("payment", "correct", payment.pk)
