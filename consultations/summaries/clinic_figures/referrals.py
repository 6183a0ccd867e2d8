"""Referrals: how far they are, how they ended, and the days between their steps."""

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Count, Sum

from consultations.models import SurgicalReferral
from consultations.models.referral import STEPS
from consultations.vocabulary import Closure, ReferralStatus

from .counts import of_referrals
from .days_between import DaysBetween
from .numbers import NO_MEANS, Both, all_of, averaged, counted

ASSESSED = "assessment__consultation__consulted_on"
WAYS = (*pairwise((ASSESSED, *STEPS)), (ASSESSED, "closed_on"))


@dataclass(frozen=True, slots=True)
class Referrals:
    """Of areas assessed in these days, as they stand today. `days` are the mean days between two
    steps, by the columns that hold them, of those that know both."""

    made: Both
    states: dict
    closures: dict
    days: dict


def referrals_of(span):
    """Return the referrals of a span and of the one before, in one query."""
    days = {f"days_{place}": DaysBetween(*way) for place, way in enumerate(WAYS)}
    sums = {f"sum_{name}": Sum(one) for name, one in days.items()}
    numbers = {f"number_{name}": Count(one) for name, one in days.items()}
    rows = list(
        SurgicalReferral.objects.filter(of_referrals(span.with_before))
        .order_by()
        .values("status", "closure", is_now=span.is_now(ASSESSED))
        .annotate(count=Count("pk"), **sums, **numbers)
    )
    states = counted(rows, lambda row: row["status"])
    closures = counted(rows, lambda row: row["closure"])
    return Referrals(
        made=counted(rows, all_of).get(None, Both()),
        states={one: states.get(one.value, Both()) for one in ReferralStatus},
        closures={one: closures.get(one.value, Both()) for one in Closure},
        days={
            way: averaged(rows, all_of, f"sum_{name}", f"number_{name}").get(None, NO_MEANS)
            for way, name in zip(WAYS, days, strict=True)
        },
    )
