"""Counts that end: several in one query, each no further than is told."""

from django.contrib.auth import get_user_model
from django.db.models import IntegerField, Subquery


class CappedCount(Subquery):
    """How many rows a sliced query has, so that one query counts several lists."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def counts_of(lists, *, most, **also):
    """How many rows each of these querysets has, by its name, counted as far as `most` and one
    more; with what `also` asks for by name. One query, on a row that is always there.

    Each is counted in its own order, so that it is read off the index of that order: PostgreSQL
    else joins all there are.
    """
    counts = {name: CappedCount(rows.values("pk")[: most + 1]) for name, rows in lists.items()}
    return get_user_model().objects.order_by("pk").values(**counts, **also).first()
