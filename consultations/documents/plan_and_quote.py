"""The plan and what it costs, as agreed: for the patient to take home and think about."""

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from consultations.actions.money import fix_price
from consultations.models.text import day_in_words
from consultations.summaries.money import NOTHING, balance_of, terms_to_quote
from consultations.vocabulary import LaserType, Worth

from .sheet import Section, row, signed_by, vat_rows

# What each laser does, in a patient's words (clinical reference 3.1, 3.4).
WHAT_IT_DOES = {
    LaserType.NON_ABLATIVE: _lazy(
        "The laser warms the skin below its surface, so that it slowly makes new collagen. The "
        "surface stays whole."
    ),
    LaserType.NON_ABLATIVE_FRACTIONAL: _lazy(
        "The laser warms many tiny columns of skin, so that it slowly makes new collagen. The "
        "surface stays whole."
    ),
    LaserType.ABLATIVE_FRACTIONAL: _lazy(
        "The laser takes away many tiny columns of skin; healthy skin between them helps it to "
        "heal. It then makes new collagen."
    ),
    LaserType.ABLATIVE_FULL: _lazy(
        "The laser takes away the outer layer of the skin. It heals over days to weeks and makes "
        "new collagen."
    ),
}


RULES = {
    Worth.SINGLE: _lazy(
        "for the sessions done, at the price of a single session, at most the price of the course"
    ),
    Worth.SHARE: _lazy("for the sessions done, their share of the course"),
}


def gather(plan, by):
    area = plan.assessment.get_area_display().lower()
    return {
        "title": _("Treatment plan: %(area)s") % {"area": area},
        "opening": str(WHAT_IT_DOES[plan.laser_type]),
        "sections": [
            Section(_("Plan"), rows=_plan(plan)),
            *_money(plan),
            Section(
                _("Before you decide"),
                points=[
                    _("Results come slowly, over weeks to months, and differ between people."),
                    _("You can also have surgery, or nothing done at all. Ask us about both."),
                    _("Take the time you need. You can change your mind at any time."),
                ],
            ),
        ],
        "signed": signed_by(by),
    }


def refusal(plan):
    return "" if plan.stands else _("This plan was entered in error.")


def missing_of(plan):
    return [_("the price")] if balance_of(plan).terms.price is None else []


def follows(plan, by):
    """What was quoted is the price of the course from then on."""
    if balance_of(plan).terms.price is not None:
        fix_price(plan=plan, by=by)


def _money(plan):
    """Yield what the course costs, as a quote says it today, and what is to pay of it; nothing
    without a price."""
    balance = balance_of(plan)
    terms, _is_new = terms_to_quote(plan, balance)
    if terms.price is not None:
        course = max(terms.price - balance.discounts, NOTHING)
        quoted = replace(balance, terms=terms, course=course)
        yield Section(_("Price"), rows=_price_rows(quoted))
        today = {"day": day_in_words(timezone.localdate())}
        yield Section(_("Balance on %(day)s") % today, rows=_balance_rows(quoted))


def _price_rows(balance):
    """What the course costs, less the discounts."""
    rows, terms = [], balance.terms
    if terms.per_session is not None:
        rows.append(row(_("Price of a single session"), balance.shown(terms.per_session)))
    rows.append(row(_("The course"), balance.shown(terms.price)))
    if balance.discounts:
        rows.append(row(_("Discount"), balance.shown(-balance.discounts)))
        rows.append(row(_("The course after the discount"), balance.shown(balance.course)))
    rows += vat_rows(balance.course)
    rule = terms.worth if terms.per_session is not None else Worth.SHARE
    return [*rows, row(_("If you stop early, you pay"), RULES[rule])]


def _balance_rows(balance):
    rows = []
    if balance.is_stopped:
        rows.append(row(_("Stopped: owed for what was done"), balance.shown(balance.owed)))
    rows.append(row(_("Paid"), balance.shown(balance.paid)))
    if balance.refunded:
        rows.append(row(_("Refunded"), balance.shown(balance.refunded)))
    return [*rows, row(_("Balance"), balance.words)]


def _plan(plan):
    days = ngettext("%(n)s day", "%(n)s days", plan.interval_days) % {"n": plan.interval_days}
    ended = [] if plan.is_open else [row(_("Status"), plan.get_status_display())]
    return [
        *ended,
        row(_("Area"), plan.assessment.get_area_display()),
        row(_("Laser"), plan.get_laser_type_display()),
        row(_("Pace"), plan.get_pace_display()),
        row(_("Sessions planned"), plan.planned_sessions),
        row(_("Between sessions"), _("at least %(days)s") % {"days": days}),
        row(_("Starts"), day_in_words(plan.started_on)),
    ]
