"""Consultations, by what their areas came to, and how many outcomes a clinician decided."""

from dataclasses import dataclass

from django.db.models import Count, F, FilteredRelation, Q

from consultations.models import Consultation
from consultations.vocabulary import Outcome

from .counts import of_consultations
from .numbers import Both, all_of, counted


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """Consultations with an area of this outcome, such areas, and those of them in which a
    clinician decided otherwise than the verdict."""

    outcome: Outcome
    consultations: Both
    areas: Both
    decided: Both


@dataclass(frozen=True, slots=True)
class Consultations:
    held: Both
    areas: Both
    decided: Both
    outcomes: tuple[OutcomeCount, ...]


def consultations_of(span):
    """Return what was found in the consultations of a span and of the one before; two queries."""
    held = Consultation.objects.filter(of_consultations(span.with_before)).order_by()
    held = held.values(is_now=span.is_now("consulted_on"))
    # From the days to their areas, and outer: joined, SQLite walks all areas there are.
    standing = FilteredRelation(
        "assessments", condition=Q(assessments__entered_in_error_at__isnull=True)
    )
    rows = [
        row
        for row in held.annotate(
            found=standing,
        )
        .values("is_now", outcome=F("found__effective_outcome"))
        .annotate(
            count=Count("pk", distinct=True),
            areas=Count("found"),
            decided=Count("found", filter=~Q(found__outcome=F("found__effective_outcome"))),
        )
        if row["outcome"]
    ]
    sums = {
        name: counted(rows, lambda row: row["outcome"], name)
        for name in ("count", "areas", "decided")
    }
    return Consultations(
        held=counted(held.annotate(count=Count("pk")), all_of).get(None, Both()),
        areas=counted(rows, all_of, "areas").get(None, Both()),
        decided=counted(rows, all_of, "decided").get(None, Both()),
        outcomes=tuple(
            OutcomeCount(one, *(found.get(one.value, Both()) for found in sums.values()))
            for one in Outcome
        ),
    )
