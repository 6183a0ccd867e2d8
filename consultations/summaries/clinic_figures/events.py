"""Adverse events, and how many there are to a hundred sessions: by laser and by laser type."""

from dataclasses import dataclass

from django.db.models import Count, F

from consultations.models import AdverseEvent
from consultations.vocabulary import LaserType

from .counts import of_events
from .numbers import Both, Mean, counted

EACH = 100  # sessions


@dataclass(frozen=True, slots=True)
class EventRate:
    """`key` is what lists know it by. `rate` is events to a hundred sessions of the same days."""

    key: object
    label: str
    events: Both
    rate: Both


@dataclass(frozen=True, slots=True)
class Events:
    all: EventRate
    by_laser: tuple[EventRate, ...]
    by_type: tuple[EventRate, ...]


def events_of(span, sessions):
    """Return the events of a span and of the one before, beside their Sessions; in one query."""
    rows = list(
        AdverseEvent.objects.filter(of_events(span.with_before))
        .order_by()
        .values(mode=F("session__laser_mode"), is_now=span.is_now("onset_on"))
        .annotate(count=Count("pk"))
    )
    modes = sessions.modes
    lasers = {mode.laser: mode.name for mode in modes.values()}
    return Events(
        all=_rates(rows, sessions, lambda mode: None, {None: ""})[0],
        by_laser=_rates(rows, sessions, lambda mode: modes[mode].laser, lasers),
        by_type=_rates(
            rows, sessions, lambda mode: modes[mode].laser_type, dict(LaserType.choices)
        ),
    )


def _rates(rows, sessions, key_of, labels):
    """In the order of their labels, those that have any events or sessions."""
    events = counted(rows, lambda row: key_of(row["mode"]))
    done = [
        {"mode": mode, "is_now": is_now, "count": count}
        for mode, both in sessions.by_mode.items()
        for is_now, count in ((1, both.now), (0, both.before))
    ]
    done = counted(done, lambda row: key_of(row["mode"]))
    return tuple(
        _rate(one, str(label), events.get(one, Both()), done.get(one, Both()))
        for one, label in labels.items()
        if one is None or one in events or one in done
    )


def _rate(key, label, events, done):
    rate = Both(Mean(events.now, done.now, EACH), Mean(events.before, done.before, EACH))
    return EventRate(key, label, events, rate)
