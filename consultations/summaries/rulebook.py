"""The rulebook as it stands, and how often each rule spoke in the clinic's own verdicts."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from consultations.rules.findings import ALL_TYPES, Message
from consultations.rules.registry import candidacy, readiness
from consultations.vocabulary import LaserType, Level

SPOKE_DAYS = 365
KEPT_FOR = 24 * 60 * 60  # seconds
KEY = "rulebook-spoke"
FILLED_IN = re.compile(r"\{\w+\}")
# One row for each id and record: a rule that found two levels spoke once.
VERDICTS = """
    SELECT {id}, COUNT(DISTINCT a.id)
    FROM consultations_areaassessment a
    JOIN consultations_consultation c ON c.id = a.consultation_id, {each}(a.findings) f
    WHERE c.consulted_on > %s
      AND a.entered_in_error_at IS NULL AND c.entered_in_error_at IS NULL
    GROUP BY 1
"""
SESSIONS = """
    SELECT {id}, COUNT(DISTINCT s.id)
    FROM consultations_treatmentsession s
    JOIN consultations_treatmentplan p ON p.id = s.plan_id, {each}(s.findings) f
    WHERE s.status = 'done' AND s.day > %s
      AND s.entered_in_error_at IS NULL AND p.entered_in_error_at IS NULL
    GROUP BY 1
"""
DIALECTS = {
    "sqlite": {"id": "json_extract(f.value, '$.id')", "each": "json_each"},
    "postgresql": {"id": "f.value ->> 'id'", "each": "jsonb_array_elements"},
}


@dataclass(frozen=True, slots=True)
class LineLevels:
    """A line of the rulebook: when, each laser type with its level (None: none), and until when."""

    when: str
    levels: tuple[tuple[LaserType, Level | None], ...]
    until: str


@dataclass(frozen=True, slots=True)
class RuleShown:
    message: Message
    lines: tuple[LineLevels, ...]
    spoke: int

    @property
    def words(self):
        """What it says, dots in the place of what differs from case to case."""
        return FILLED_IN.sub("…", self.message.message)


@dataclass(frozen=True, slots=True)
class Spoke:
    """On how many verdicts and sessions each rule spoke in the last year, by id."""

    counts: dict
    counted_at: datetime


def rulebook():
    """Return every rule of candidacy and of readiness, and when it was counted how often they
    spoke. At most two queries, once a day."""
    spoke = spoke_last_year()
    return (
        [_shown(one, spoke) for one in candidacy.messages.values()],
        [_shown(one, spoke) for one in readiness.messages.values()],
        spoke.counted_at,
    )


def spoke_last_year():
    """Return how often each rule spoke; what was counted is kept for a day."""
    kept = cache.get(KEY)
    if kept is None:
        since = timezone.localdate() - timedelta(days=SPOKE_DAYS)
        kept = Spoke(_counts(VERDICTS, since) | _counts(SESSIONS, since), timezone.now())
        cache.set(KEY, kept, KEPT_FOR)
    return kept


def _counts(sql, since):
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**DIALECTS[connection.vendor]), [since])
        return dict(cursor.fetchall())


def _shown(message, spoke):
    lines = tuple(LineLevels(line.when, _levels(line.levels), line.until) for line in message.lines)
    return RuleShown(message, lines, spoke.counts.get(message.id, 0))


def _levels(levels):
    if isinstance(levels, Level):
        levels = dict.fromkeys(ALL_TYPES, levels)
    return tuple((laser.label, levels.get(laser)) for laser in ALL_TYPES)
