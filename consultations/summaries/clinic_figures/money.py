"""Money: what came in and was given back, by method, and what is outstanding of courses begun."""

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Sum, When

from consultations.models import ClinicSettings, Payment, TreatmentPlan
from consultations.summaries.money import REFUNDS, outstanding_in
from consultations.vocabulary import PaymentMethod

from .counts import of_courses_begun, of_payments
from .numbers import Both, all_of, counted


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money, and of how many entries it is."""

    amount: Both
    entries: Both


NOTHING = Amount(Both(), Both())


@dataclass(frozen=True, slots=True)
class Money:
    """`received` is what was paid and `returned` what was given back, below 0, each with the
    entries that counter it; `kept` is both together. `outstanding` is, of the courses begun in
    these days, the worth of what was done less what is held for it today, with the number of
    courses that owe any."""

    currency: str
    received: Amount
    returned: Amount
    kept: Amount
    by_method: dict
    outstanding: Amount


def money_of(span):
    """Return the money of a span and of the one before, in three queries."""
    clinic = ClinicSettings.objects.current()
    rows = list(
        Payment.objects.filter(of_payments(span.with_before))
        .order_by()
        .values(
            "method",
            is_now=span.is_now("paid_on"),
            is_back=Case(When(REFUNDS, then=1), default=0, output_field=IntegerField()),
        )
        .annotate(count=Count("pk"), sum=Sum("amount"))
    )
    begun = TreatmentPlan.objects.filter(of_courses_begun(span.with_before))
    owing = [
        {"is_now": is_now, "sum": amount * courses, "count": courses}
        for is_now, amount, courses in outstanding_in(begun, clinic, span.is_now("started_on"))
    ]
    methods = _amounts(rows, lambda row: row["method"])
    ways = _amounts(rows, lambda row: row["is_back"])
    return Money(
        currency=clinic.currency,
        received=ways.get(0, NOTHING),
        returned=ways.get(1, NOTHING),
        kept=_amounts(rows, all_of).get(None, NOTHING),
        by_method={one: methods.get(one.value, NOTHING) for one in PaymentMethod},
        outstanding=_amounts(owing, all_of).get(None, NOTHING),
    )


def _amounts(rows, key):
    sums, entries = counted(rows, key, "sum"), counted(rows, key)
    return {one: Amount(sums[one], entries[one]) for one in sums}
