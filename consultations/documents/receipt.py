"""The receipt: what was paid or given back at once, for which courses, how and to whom."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models.money import in_words
from consultations.models.payment import TAKEN
from consultations.models.text import day_in_words
from consultations.summaries.money import receipt_of
from consultations.summaries.timeline import name_of
from consultations.vocabulary import PaymentKind, PaymentMethod

from .sheet import Section, row, vat_rows

# How the method is named.
PAID_BY = {PaymentKind.REFUND: _lazy("Given back by"), PaymentKind.CORRECTION: _lazy("Method")}


def gather(payment, by):
    receipt = receipt_of(payment.receipt_number)
    is_refund = receipt.kind == PaymentKind.REFUND
    sign = -1 if is_refund else 1  # that it went back is said in words
    lines = [
        row(_area(plan), in_words(sign * amount, receipt.currency))
        for plan, amount, _after in receipt.lines
    ]
    total = sign * receipt.total
    return {
        "title": _title(receipt),
        "sections": [
            Section("", rows=_about(receipt)),
            Section(
                _("For"),
                rows=[
                    *lines,
                    row(
                        _("Given back") if is_refund else _("Total"),
                        in_words(total, receipt.currency),
                    ),
                    *vat_rows(total),
                ],
            ),
            Section(
                _("Balance after this"),
                rows=[row(_area(plan), after.words) for plan, _amount, after in receipt.lines],
            ),
        ],
    }


def _about(receipt):
    is_taken = receipt.kind in TAKEN
    rows = [
        row(_("Receipt"), receipt.number),
        row(_("Kind"), PaymentKind(receipt.kind).label),
        row(_("Day"), day_in_words(receipt.day)),
        row(PAID_BY.get(receipt.kind, _("Paid by")), PaymentMethod(receipt.method).label),
        row(_("Taken by") if is_taken else _("Entered by"), name_of(receipt.by)),
    ]
    return [*rows, row(_("Corrects receipt"), receipt.corrects)] if receipt.corrects else rows


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
