"""The receipt: what was paid or given back at once, for which courses, how and to whom."""

from django.utils.translation import gettext as _

from consultations.models.money import in_words
from consultations.models.text import day_in_words
from consultations.summaries.money import receipt_of
from consultations.summaries.timeline import name_of
from consultations.vocabulary import PaymentKind, PaymentMethod

from .sheet import Section, row


def gather(payment, by):
    receipt = receipt_of(payment.receipt_number)
    lines = [row(_area(plan), in_words(amount, receipt.currency)) for plan, amount in receipt.lines]
    about = [
        row(_("Receipt"), receipt.number),
        row(_("Day"), day_in_words(receipt.day)),
        row(_("Paid by"), PaymentMethod(receipt.method).label),
        row(_("Taken by"), name_of(receipt.by)),
    ]
    total = row(_("Total"), receipt.total_in_words)
    return {
        "title": _title(receipt),
        "sections": [
            Section("", rows=about),
            Section(_("For"), rows=[*lines, total]),
        ],
    }


def _title(receipt):
    match receipt.kind:
        case PaymentKind.REFUND:
            return _("Receipt of a refund")
        case PaymentKind.CORRECTION:
            return _("Correction of a receipt")
    return _("Receipt")


def _area(plan):
    return _("Course of treatment: %(area)s") % {"area": plan.assessment.get_area_display().lower()}


def refusal(payment):
    return _("This payment was entered in error.") if payment.in_error else ""
