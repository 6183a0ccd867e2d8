"""The receipt: what was paid or given back at once, for which courses, how and to whom."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Payment
from consultations.models.money import in_words
from consultations.models.payment import TAKEN
from consultations.models.text import day_in_words
from consultations.summaries.money import NOTHING, receipt_of
from consultations.summaries.timeline import name_of
from consultations.vocabulary import PaymentKind, PaymentMethod

from .sheet import Section, row, vat_rows

# How the method is named.
PAID_BY = {PaymentKind.REFUND: _lazy("Given back by"), PaymentKind.CORRECTION: _lazy("Method")}


def gather(payment, by):
    receipt = receipt_of(payment.receipt_number)
    counters = {one.plan_id: one for one in _counters_in(receipt.number)}
    is_refund = receipt.kind == PaymentKind.REFUND
    sign = -1 if is_refund else 1  # that it went back is said in words
    lines, total = [], NOTHING
    for plan, amount, _after in receipt.lines:
        said = in_words(sign * amount, receipt.currency)
        if counter := counters.get(plan.pk):
            said = _countered(said, counter)
        else:
            total += sign * amount
        lines.append(row(_course(plan), said))
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
                rows=[row(_course(plan), after.words) for plan, _amount, after in receipt.lines],
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


def _course(plan):
    return _("Course of treatment: %(course)s") % {"course": plan.name}


def _counters_in(number):
    """The entries that counter one of this receipt."""
    return Payment.objects.filter(counters__receipt_number=number).order_by("pk")


def _countered(said, counter):
    return _("%(amount)s – countered by %(counter)s") % {"amount": said, "counter": counter}


def refusal(payment):
    """Return in words why there can be no receipt: nothing of it stands."""
    if payment.in_error:
        return _("This payment was entered in error.")
    counters = list(_counters_in(payment.receipt_number))
    entries = Payment.objects.filter(receipt_number=payment.receipt_number).count()
    if not counters or len(counters) < entries:
        return ""
    return _("This was countered by %(counter)s.") % {"counter": counters[-1]}
