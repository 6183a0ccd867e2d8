"""The money of courses: what each costs, what was done for it, and what is still to pay."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Sum, When
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings, Discount, Payment, TreatmentPlan, TreatmentSession
from consultations.models.money import in_words, rounded
from consultations.models.spine import STANDING
from consultations.vocabulary import PaymentKind, PlanStatus, SessionStatus, Worth

NOTHING = Decimal(0)
# What is read of a plan for its balance.
TERMS = (
    "status",
    "planned_sessions",
    "price_per_session",
    "course_price",
    "quoted_at",
    "quoted_price",
    "quoted_per_session",
    "quoted_sessions",
    "quoted_worth",
)
PRICES = ("price_per_session", "course_price", "quoted_price", "quoted_per_session")
IN_ERROR = tuple(
    f"{path}entered_in_error_at"
    for path in ("", *(f"{one}__" for one in TreatmentPlan.stands_with))
)
# What the worth of a course and what is paid of it follow from.
SUMS = ("done", "taken_off", "held")
REFUNDS = Q(kind=PaymentKind.REFUND) | Q(counters__kind=PaymentKind.REFUND)
# Only what was done here is owed for.
DONE_HERE = Q(status=SessionStatus.DONE, performed_elsewhere="")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a course costs: as it was quoted, or else as the plan stands.

    `price` is None where nobody has given one. `sessions` is the number that the price is for,
    `per_session` what each more costs.
    """

    price: Decimal | None
    per_session: Decimal | None
    sessions: int
    worth: str


@dataclass(frozen=True, slots=True)
class Balance:
    """The money of one course today.

    It `stands` unless its plan was entered in error. `whole` is its price, `course` that less the
    discounts, `worth_done` what the sessions done here are worth. `due` is below 0 where the
    patient is in credit. `rule` is the clinic's rule of today of what a stopped course is worth;
    that of the course is in its `terms`.
    """

    currency: str
    terms: Terms
    is_quoted: bool
    needs_quote: bool
    is_stopped: bool
    stands: bool
    whole: Decimal
    course: Decimal
    discounts: Decimal
    done: int
    worth_done: Decimal
    paid: Decimal
    refunded: Decimal
    rule: str

    @property
    def held(self):
        """What the clinic holds: paid, less what was given back."""
        return self.paid - self.refunded

    @property
    def owed(self):
        return self.worth_done if self.is_stopped else self.course

    @property
    def due(self):
        return self.owed - self.held

    @property
    def outstanding(self):
        """What was done and not paid for; never below 0."""
        return max(self.worth_done - self.held, NOTHING)

    @property
    def words(self):
        """The balance as staff say it: £240.00 to pay, £40.00 in credit, Paid."""
        if self.due > 0:
            return _("%(amount)s to pay") % {"amount": self.shown(self.due)}
        if self.due < 0:
            return _("%(amount)s in credit") % {"amount": self.shown(-self.due)}
        if self.terms.price is None:
            return _("No price yet")
        return _("Paid") if self.held else _("Nothing to pay")

    @property
    def price_in_words(self):
        return self.shown(self.course)

    def shown(self, amount):
        return in_words(amount, self.currency)


def balances_of(plans):
    """Return the balance of each plan by its key, in one query for any number of plans."""
    keys = [plan.pk for plan in plans]
    if not keys:
        return {}
    rows = (
        TreatmentPlan.objects.filter(pk__in=keys)
        .order_by()
        .values("pk", *TERMS, *IN_ERROR, **_summed())
    )
    return {row["pk"]: _balance(row) for row in rows}


def balance_of(plan):
    return balances_of([plan])[plan.pk]


def terms_to_quote(plan, balance):
    """Return the terms that a quote says today, and whether they are new: the first quote of a
    course, or another price agreed since. Printed again, a quote says what the course costs.
    """
    terms = balance.terms
    if not balance.is_quoted:
        return terms, plan.is_open
    if not (balance.needs_quote and plan.is_open):
        sessions = max(terms.sessions, plan.planned_sessions)
        return replace(terms, price=balance.whole, sessions=sessions), False
    currency, planned = balance.currency, plan.planned_sessions
    now = {"price_per_session": plan.price_per_session, "course_price": plan.course_price}
    now = {name: None if one is None else rounded(one, currency) for name, one in now.items()}
    each, price = now["price_per_session"], _price(now, planned)
    if now["course_price"] is not None and now["course_price"] == terms.price:
        # The price of the course stayed; sessions added since cost what each costs now.
        each = _each(replace(terms, per_session=each))
        price = terms.price + max(planned - terms.sessions, 0) * each
    return Terms(price, now["price_per_session"], planned, balance.rule), True


def _summed(payments=None, done=None, discounts=None):
    """What is summed up for each plan, and the clinic's currency and rule: of everything that
    stands, unless said otherwise."""
    if payments is None:
        payments = Payment.objects.filter(STANDING)
        done = TreatmentSession.objects.filter(STANDING, DONE_HERE)
        discounts = Discount.objects.filter(STANDING)
    clinic = ClinicSettings.objects.order_by()
    return {
        "done": _of(done, Count("pk")),
        "taken_off": _of(discounts, Sum("amount")),
        "held": _of(payments, Sum("amount")),
        "returned": _of(payments.filter(REFUNDS), Sum("amount")),
        "currency": Subquery(clinic.values("currency")[:1]),
        "worth": _worth_of(clinic),
    }


def _worth_of(clinic):
    return Subquery(clinic.values("worth_of_done")[:1])


def outstanding_in(plans, clinic, group):
    """Yield what courses owe as a group of them, an amount above 0, and how many courses owe it.

    `group` is what the database tells the groups by. Courses with the same price, sessions and
    payments are read as one row: those are few, however many courses there are. One query.
    """
    terms = [name for name in TERMS if name != "quoted_at"]
    sums = {name: what for name, what in _summed().items() if name in SUMS}
    is_quoted = Case(When(quoted_at__isnull=False, then=1), default=0, output_field=IntegerField())
    rows = plans.order_by().values(*terms, **sums, group=group, is_quoted=is_quoted)
    known = dict.fromkeys((*IN_ERROR, "returned"))
    known |= {"currency": clinic.currency, "worth": clinic.worth_of_done}
    for row in rows.annotate(courses=Count("pk")):
        balance = _balance(row | known | {"quoted_at": row["is_quoted"] or None})
        if balance.outstanding:
            yield row["group"], balance.outstanding, row["courses"]


def _of(rows, what):
    own = rows.filter(plan=OuterRef("pk")).order_by()
    return Subquery(own.values("plan").annotate(found=what).values("found"))


def _balance(row):
    default = ClinicSettings()
    currency = row["currency"] or default.currency
    for name in PRICES:
        if row[name] is not None:
            row[name] = rounded(row[name], currency)
    sums = {name: rounded(row[name] or 0, currency) for name in ("taken_off", "held", "returned")}
    rule = row["worth"] or default.worth_of_done
    terms = _terms(row, rule)
    added = max(row["planned_sessions"] - terms.sessions, 0)
    whole = rounded((terms.price or NOTHING) + added * _each(terms), currency)
    course = max(whole - sums["taken_off"], NOTHING)
    done = row["done"] or 0
    return Balance(
        currency=currency,
        terms=terms,
        is_quoted=row["quoted_at"] is not None,
        needs_quote=row["quoted_at"] is not None and _has_changed(row),
        is_stopped=row["status"] == PlanStatus.STOPPED,
        stands=not any(row[name] for name in IN_ERROR),
        whole=whole,
        course=course,
        discounts=sums["taken_off"],
        done=done,
        worth_done=rounded(_worth(terms, course, done, terms.sessions + added), currency),
        paid=sums["held"] - sums["returned"],
        refunded=-sums["returned"],
        rule=rule,
    )


def _terms(row, worth):
    if row["quoted_at"] is None:
        planned, each = row["planned_sessions"], row["price_per_session"]
        return Terms(_price(row, planned), each, planned, worth)
    return Terms(
        row["quoted_price"], row["quoted_per_session"], row["quoted_sessions"], row["quoted_worth"]
    )


def _price(row, sessions):
    """The price of the course as the plan has it, for so many sessions."""
    if row["course_price"] is not None:
        return row["course_price"]
    each = row["price_per_session"]
    return None if each is None else sessions * each


def _has_changed(row):
    """Whether the plan has other prices than were quoted."""
    now = _price(row, row["quoted_sessions"]), row["price_per_session"]
    return now != (row["quoted_price"], row["quoted_per_session"])


def _each(terms):
    """What one more session costs: without a price of its own, its share of the course."""
    if terms.per_session is not None:
        return terms.per_session
    return (terms.price or NOTHING) / terms.sessions


def _worth(terms, course, done, sessions):
    """What the sessions done are worth, by the rule of the course; at most the course."""
    if terms.worth == Worth.SINGLE and terms.per_session is not None:
        return min(done * terms.per_session, course)
    return min(course * done / sessions, course)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger: `held` is what the clinic holds after it; `counter` is the entry that
    counters it, if any."""

    payment: Payment
    amount: str
    held: str
    counter: Payment | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """All of the money of one course."""

    balance: Balance
    entries: tuple[Entry, ...]
    discounts: tuple[tuple[Discount, str], ...]


def ledger_of(plan):
    """Return the ledger of one plan, in three queries."""
    balance = balance_of(plan)
    payments = list(plan.payments.in_order().select_related("created_by", "counters"))
    for one in payments:
        one.plan = plan
    counters = {one.counters_id: one for one in payments if one.counters_id}
    discounts = plan.discounts.order_by("pk").select_related("created_by")
    return Ledger(
        balance=balance,
        entries=tuple(_entries(payments, counters, balance)),
        discounts=tuple((one, balance.shown(-one.amount)) for one in discounts),
    )


def _entries(payments, counters, balance):
    held = NOTHING
    for one in payments:
        held += one.amount
        yield Entry(one, balance.shown(one.amount), balance.shown(held), counters.get(one.pk))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was paid at once, for one course or several.

    `lines` are each plan, its amount, and its balance with what was paid up to this receipt.
    `corrects` is the receipt that a correction counters, "" for any other.
    """

    number: str
    kind: str
    day: date
    method: str
    by: object
    currency: str
    lines: tuple[tuple[TreatmentPlan, Decimal, Balance], ...]
    corrects: str

    @property
    def total(self):
        return sum((amount for _plan, amount, _after in self.lines), NOTHING)


def receipt_of(number):
    """Return the receipt of this number, or None."""
    found = Payment.objects.filter(receipt_number=number).order_by("pk")
    payments = list(found.with_patient().select_related("created_by", "counters"))
    if not number or not payments:
        return None
    first = payments[0]
    return Receipt(
        number=number,
        kind=first.kind,
        day=first.paid_on,
        method=first.method,
        by=first.created_by,
        currency=ClinicSettings.objects.current().currency,
        lines=tuple((one.plan, one.amount, _balance_after(one)) for one in payments),
        corrects=first.counters.receipt_number if first.counters else "",
    )


def _balance_after(payment):
    """The balance of a course as it stood once this payment was entered: by the plan, discounts,
    sessions and rule of that moment, and the payments up to it."""
    at = payment.created_at
    in_force = Q(entered_in_error_at__isnull=True) | Q(entered_in_error_at__gt=at)
    then = Q(in_force, created_at__lte=at)
    rules = ClinicSettings.history.filter(history_date__lte=at).order_by("-history_date")
    sums = _summed(
        payments=Payment.objects.filter(STANDING, pk__lte=payment.pk),
        done=TreatmentSession.objects.filter(then, DONE_HERE),
        discounts=Discount.objects.filter(then),
    )
    plans = TreatmentPlan.objects.filter(pk=payment.plan_id).order_by()
    row = plans.values("pk", *TERMS, *IN_ERROR, **sums, rule_then=_worth_of(rules)).get()
    terms = payment.plan.history.filter(history_date__lte=at).values(*TERMS).first() or {}
    return _balance(row | terms | {"worth": row["rule_then"] or row["worth"]})
