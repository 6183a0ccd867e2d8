"""Write of money: take a payment, give it back, counter an entry, take off, fix a price by a quote.

All of it waits for one another: receipts have no gaps, no two refunds give back the same money, and
no currency changes beside it.
"""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import (
    ClinicSettings,
    Consent,
    Discount,
    Payment,
    RecordCounter,
    TreatmentPlan,
)
from consultations.models.money import LONGEST, rounded
from consultations.models.transactions import atomic
from consultations.permissions import may_correct_all
from consultations.summaries.money import NOTHING, balance_of, balances_of, terms_to_quote
from consultations.vocabulary import PaymentKind

from .locking import lock_patient_of, refuse_record_that_ended


@atomic()
def keep_payments(*, payments, by):
    """Save payments made at once, each for another course of one patient, under one receipt.

    Raises ValidationError for one above its balance that does not say so, or a refund above what
    was paid.
    """
    _lock(payments)
    RecordCounter.lock_receipts()
    balances = balances_of([one.plan for one in payments])
    for one in payments:
        refuse_payment(one, balances[one.plan_id])
    number = RecordCounter.take_next_receipt()
    for one in payments:
        one.above_balance = is_above(one, balances[one.plan_id])
        one.amount = rounded(one.amount, balances[one.plan_id].currency)
        one.receipt_number = number
        one.save(by=by)
    return payments


def _lock(payments):
    patient = lock_patient_of(payments[0])
    refuse_record_that_ended(patient)
    if any(one.plan.patient.pk != patient.pk for one in payments):
        raise ValidationError(_("One payment is for the courses of one patient."))
    if len({one.plan_id for one in payments}) < len(payments):
        raise ValidationError(_("Each course stands once in a payment."))


def refuse_payment(payment, balance):
    """Raise ValidationError where this entry may not stand beside the balance of its course."""
    if not balance.stands:
        raise ValidationError(_("This plan was entered in error."))
    if payment.paid_on < payment.plan.assessment.consultation.consulted_on:
        raise ValidationError({"paid_on": _("This is before the consultation.")})
    if balance.held + payment.amount < 0:
        words = _("The clinic holds %(held)s for this course. No more can be given back.")
        raise ValidationError({"amount": words % {"held": balance.shown(balance.held)}})
    if payment.kind == PaymentKind.REFUND:
        _refuse_refund_before_payment(payment, balance)
    if is_above(payment, balance) and not payment.above_balance:
        words = _("%(due)s is to pay. If the patient pays ahead, say so below.")
        due = balance.shown(max(balance.due, NOTHING))
        raise ValidationError({"amount": words % {"due": due}})


def _refuse_refund_before_payment(refund, balance):
    held = Payment.objects.filter(paid_on__lte=refund.paid_on).held(refund.plan)
    if held + refund.amount < 0:
        words = _("On this day the clinic held %(held)s for this course.")
        raise ValidationError({"paid_on": words % {"held": balance.shown(held)}})


def is_above(payment, balance):
    """Whether more is paid than there is to pay."""
    is_counter = payment.kind == PaymentKind.CORRECTION
    return not is_counter and payment.amount > max(balance.due, NOTHING)


def may_correct(payment, user):
    """Whether somebody may counter this entry: the manager, and of the same day whoever made it."""
    is_own = payment.created_by_id == user.pk and user.has_perm("consultations.add_payment")
    today = timezone.localdate(payment.created_at) == timezone.localdate()
    return may_correct_all(user) or (is_own and today)


@atomic()
def counter(*, payment, by, reason):
    """Counter an entry in full, with a reason; returns the new entry.

    Raises ValidationError for what is itself a correction, is already countered, or was given back
    in part.
    """
    patient = lock_patient_of(payment)
    refuse_record_that_ended(patient)
    RecordCounter.lock_receipts()
    if payment.kind == PaymentKind.CORRECTION:
        raise ValidationError(_("A correction is not corrected. Enter the payment again."))
    if payment.countered_by.exists():
        raise ValidationError(_("This entry is already countered."))
    entry = Payment(
        plan=payment.plan,
        kind=PaymentKind.CORRECTION,
        amount=-payment.amount,
        method=payment.method,
        counters=payment,
        words=reason,
    )
    refuse_payment(entry, balance_of(payment.plan))
    entry.receipt_number = RecordCounter.take_next_receipt()
    entry.save(by=by, reason=reason)
    return entry


@atomic()
def give_discount(*, discount, by):
    """Take something off the price of a course. Raises ValidationError above the price."""
    refuse_record_that_ended(lock_patient_of(discount))
    RecordCounter.lock_receipts()
    balance = balance_of(discount.plan)
    refuse_discount(discount, balance)
    discount.amount = rounded(discount.amount, balance.currency)
    discount.save(by=by, reason=discount.reason)
    return discount


def refuse_discount(discount, balance):
    if not balance.stands:
        raise ValidationError(_("This plan was entered in error."))
    if balance.terms.price is None:
        raise ValidationError(_("This course has no price yet."))
    if discount.amount > balance.course:
        words = _("The course costs %(price)s. No more can be taken off.")
        raise ValidationError({"amount": words % {"price": balance.shown(balance.course)}})


@atomic()
def fix_price(*, plan, by, reason=""):
    """Keep the price, the number and the rule of worth of a course as its issued quote says them.

    A quote that is printed again fixes nothing. Raises ValidationError without a price, or for one
    that is too much to be stored.
    """
    lock_patient_of(plan)
    RecordCounter.lock_receipts()
    plan = TreatmentPlan.objects.with_patient().get(pk=plan.pk)
    balance = balance_of(plan)
    terms, is_new = terms_to_quote(plan, balance)
    if terms.price is None:
        raise ValidationError(_("This course has no price yet."))
    if not is_new:
        return plan
    price = rounded(terms.price, balance.currency)
    if price >= 10**LONGEST:
        raise ValidationError(_("This is too much money."))
    plan.quoted_at, plan.quoted_price = timezone.now(), price
    plan.quoted_per_session, plan.quoted_sessions = terms.per_session, terms.sessions
    plan.quoted_worth = terms.worth
    if plan.course_price is not None:
        plan.course_price = price  # with the sessions that were added
    plan.save(by=by, reason=reason or _("Quoted."))
    return plan


def refuse_new_currency(currency):
    """Raise ValidationError for another currency than the one in which money was written down;
    nobody writes any before the transaction ends."""
    RecordCounter.lock_receipts()
    before = ClinicSettings.objects.current().currency
    if currency != before and is_money_written():
        words = _("There are payments, discounts, quotes or consents in %(currency)s already.")
        raise ValidationError({"currency": words % {"currency": before}})


def is_money_written():
    quoted = TreatmentPlan.objects.filter(quoted_at__isnull=False)
    priced = Q(plan__price_per_session__isnull=False) | Q(plan__course_price__isnull=False)
    read = Consent.objects.filter(priced)
    return any(rows.exists() for rows in (Payment.objects, Discount.objects, quoted, read))
