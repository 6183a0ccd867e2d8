"""When people, rooms and lasers are free together: planning from lists, without the database."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

from django.utils import timezone

DAY = timedelta(days=1)
NOON = time(13)  # morning ends and afternoon begins
# How far a course looks for its practitioner at its time of day, before it takes another.
DAYS_TO_LOOK = 7
MINUTES_ALIKE = 60


@dataclass(frozen=True, slots=True)
class Slot:
    """Free time: when, with whom, where and with which laser; None for what is not needed."""

    starts_at: datetime
    ends_at: datetime
    practitioner: object
    room: object = None
    laser: object = None

    @property
    def day(self):
        """The day it is on, at the clinic."""
        return timezone.localdate(self.starts_at)

    @property
    def is_morning(self):
        return timezone.localtime(self.starts_at).time() < NOON


class Taken:
    """The time that somebody or something is taken: spans of moments, in any order."""

    def __init__(self, spans=()):
        self._starts, self._ends = [], []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def with_spans(self, spans):
        """The same, with these spans taken too."""
        return Taken([*zip(self._starts, self._ends, strict=True), *spans])

    def is_free(self, start, end):
        """Whether nothing is taken from start to end; what ends at the start is no matter."""
        place = bisect_right(self._ends, start)
        return place == len(self._starts) or self._starts[place] >= end


NOTHING = Taken()


@dataclass(frozen=True)
class Calendar:
    """When the clinic is open, and what is taken.

    `hours` are the spans of times by weekday (0 is Monday), `taken` a `Taken` by whatever is
    taken. Nothing is offered before `now`.
    """

    hours: dict
    grid_minutes: int
    now: datetime
    closed: frozenset = frozenset()
    taken: dict = field(default_factory=dict)

    def starts_on(self, day, length):
        """Yield the moments of the grid at which something so long can start on a day."""
        step = timedelta(minutes=self.grid_minutes)
        for opens, closes in self.hours.get(day.weekday(), ()) if day not in self.closed else ():
            start, end = _on_grid(day, opens, self.grid_minutes), _moment(day, closes)
            while start + length <= end:
                if start >= self.now:
                    yield start
                start += step

    def is_open(self, day, start, end):
        """Whether the clinic is open from one moment of a day to another."""
        spans = self.hours.get(day.weekday(), ()) if day not in self.closed else ()
        return any(_moment(day, one) <= start and end <= _moment(day, two) for one, two in spans)

    def is_free(self, resource, start, end):
        return self.taken.get(resource, NOTHING).is_free(start, end)

    def without(self, slots):
        """The same, with what these slots need taken."""
        spans = {}
        for slot in slots:
            for one in (slot.practitioner, slot.room, slot.laser):
                spans.setdefault(one, []).append((slot.starts_at, slot.ends_at))
        taken = {one: self.taken.get(one, NOTHING).with_spans(some) for one, some in spans.items()}
        return replace(self, taken=self.taken | taken)

    def first_free(self, resources, start, end):
        """The first of these that is free; None if none is."""
        return next((one for one in resources if self.is_free(one, start, end)), None)


@dataclass(frozen=True)
class Needs:
    """What an appointment needs: so many minutes of the patient, and one of each of these, the
    first that is free. Rooms and lasers are None where none is needed.

    `may_use(laser, practitioner, day)` is whether that person may use that laser.
    """

    minutes: int
    patient: object
    practitioners: tuple
    rooms: tuple | None = None
    lasers: tuple | None = None
    may_use: Callable = lambda laser, practitioner, day: True

    @property
    def length(self):
        return timedelta(minutes=self.minutes)

    def preferring(self, practitioner):
        """The same, this practitioner first if there is a choice."""
        others = [one for one in self.practitioners if one != practitioner]
        is_one = len(others) < len(self.practitioners)
        return replace(self, practitioners=(practitioner, *others)) if is_one else self


def _moment(day, at):
    """A time of a day at the clinic, in UTC: hours that the clock skips or repeats are real."""
    return timezone.make_aware(datetime.combine(day, at)).astimezone(UTC)


def _on_grid(day, opens, grid_minutes):
    """The first line of the grid at or after a time; the grid begins at each full hour."""
    late = timedelta(minutes=opens.minute % grid_minutes, seconds=opens.second)
    wait = timedelta(minutes=grid_minutes) - late if late else timedelta()
    return _moment(day, opens) + wait


def slots_on(calendar, needs, day):
    """Yield the free slots of a day, in order: one for each start, with the first who is free."""
    for start in calendar.starts_on(day, needs.length):
        slot = slot_at(calendar, needs, day, start)
        if slot is not None:
            yield slot


def slot_at(calendar, needs, day, start):
    """The slot that starts at a moment, with the first who is free; None where it is not free."""
    end = start + needs.length
    if not calendar.is_free(needs.patient, start, end):
        return None
    room = calendar.first_free(needs.rooms or (), start, end)
    if room is None and needs.rooms is not None:
        return None
    lasers = (None,) if needs.lasers is None else needs.lasers
    for practitioner, laser in product(needs.practitioners, lasers):
        if not calendar.is_free(practitioner, start, end):
            continue
        if laser is None or (
            needs.may_use(laser, practitioner, day) and calendar.is_free(laser, start, end)
        ):
            return Slot(start, end, practitioner, room, laser)
    return None


def days_from(first: date, until: date):
    """Yield the days from the first one up to, and without, the other."""
    while first < until:
        yield first
        first += DAY


def offers(calendar, needs, *, first, until, count):
    """Return so many free slots from a day on: of each day the first of the morning and the first
    of the afternoon, with the first practitioner if they are free then."""
    found = []
    for day in days_from(first, until):
        free = list(slots_on(calendar, needs, day))
        halves = ([one for one in free if one.is_morning is half] for half in (True, False))
        found += [_first_of(half, needs.practitioners) for half in halves if half]
        if len(found) >= count:
            break
    return found[:count]


def _first_of(slots, practitioners):
    own = (one for one in slots if one.practitioner == practitioners[0])
    return next(own, slots[0])


def course(calendar, needs, *, first, until, step, count, like=None):
    """Return so many slots one after the other, `step` days or more between them.

    Each is with the practitioner and at the time of day of `like`, or of the first of them, if
    that is free within a week; else the nearest that is. Fewer if there is no more free time.
    """
    found, day = [], first
    while len(found) < count:
        slot = _next(calendar, needs, days_from(day, until), like)
        if slot is None:
            break
        found.append(slot)
        if like is None or like.practitioner is None:
            # The first is found by the time of day alone; the others follow who has it.
            like = replace(like, practitioner=slot.practitioner) if like else slot
        day = slot.day + timedelta(days=step)
    return found


def _next(calendar, needs, days, like):
    if like is None:
        free = (list(slots_on(calendar, needs, day)) for day in days)
        return next((_first_of(slots, needs.practitioners) for slots in free if slots), None)
    needs, nearest = needs.preferring(like.practitioner), None
    for number, day in enumerate(days):
        if number >= DAYS_TO_LOOK and nearest is not None:
            break
        for slot in sorted(slots_on(calendar, needs, day), key=lambda one: _unlike(one, like)):
            if _unlike(slot, like) <= (False, MINUTES_ALIKE):
                return slot
            nearest = nearest or slot
    return nearest


def _unlike(slot, like):
    """How far a slot is from another: another practitioner, then minutes of the day."""
    apart = abs(_minutes(slot) - _minutes(like))
    is_other = like.practitioner is not None and slot.practitioner != like.practitioner
    return is_other, apart


def _minutes(slot):
    at = timezone.localtime(slot.starts_at)
    return at.hour * 60 + at.minute
