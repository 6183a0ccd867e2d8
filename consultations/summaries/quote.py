"""What a course costs, as a quote says it: the price of a session, and of the sessions planned."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Quote:
    """The amounts of one plan as they stand now, each with its words, in their order; empty where
    the plan has no price."""

    lines: tuple[tuple[str, str], ...]


def quote_of(plan):
    """Return what this plan costs as it is stored now."""
    price = plan.price_per_session
    if price is None:
        return Quote(())
    return Quote(
        (
            (_("Price per session"), in_words(price)),
            (_("Sessions planned"), str(plan.planned_sessions)),
            (_("Course"), in_words(price * plan.planned_sessions)),
        )
    )


def in_words(amount):
    return f"{amount.quantize(Decimal('0.01')):f}"
