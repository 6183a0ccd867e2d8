"""Where things stand in the diary: rows of five minutes by the clinic's clock, and lanes side by
side. Each place is a class of diary_places.css: no page has styles of its own."""

from dataclasses import dataclass, replace

from django.utils import timezone

from consultations.summaries.diary import Entry, day_within

ROW = 5  # minutes
HOUR = 60
A_DAY = 24 * HOUR
MOST_COLUMNS = 60
MOST_LANES = 8
USUAL = (9 * HOUR, 18 * HOUR)
# The rows of the lowest box in which a line of words fits, by the lines of the grid.
LEAST_ROWS = {5: 2}
LEAST_OF_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A span of a column: the first row is 1, and so is the first column."""

    column: int
    at: int
    rows: int

    @property
    def end(self):
        return self.at + self.rows

    @property
    def classes(self):
        return f"c{self.column} r{self.at} n{self.rows}"


@dataclass(frozen=True, slots=True)
class Placed:
    """An appointment in its box, in which of so many lanes. `is_overbooked`: another holds a part
    of its time."""

    entry: Entry
    box: Box
    lane: int = 1
    lanes: int = 1
    is_overbooked: bool = False

    @property
    def classes(self):
        beside = f" lane-{self.lane}-{self.lanes}" if self.lanes > 1 else ""
        return f"{self.box.classes}{beside}"


class Grid:
    """The hours that a diary shows, from a full hour to a full hour, and what stands in them."""

    def __init__(self, diary, entries):
        self.diary = diary
        self.top, self.bottom = _bounds(diary, entries)
        self.rows = (self.bottom - self.top) // ROW
        self.least = LEAST_ROWS.get(diary.clinic.grid_minutes, LEAST_OF_OTHERS)
        self.places = {
            (column.key, column.day): min(place, MOST_COLUMNS)
            for place, column in enumerate(diary.columns, start=1)
        }
        self.placed = self._placed(entries)

    @property
    def hours(self):
        """The first row of each hour, and the hour."""
        return [(self.row(minute), minute // HOUR) for minute in range(self.top, self.bottom, HOUR)]

    def row(self, minute):
        return (minute - self.top) // ROW + 1

    def row_of_now(self):
        """The row of the time it is now; None where now is not shown."""
        now = timezone.localtime()
        minute = now.hour * HOUR + now.minute
        is_shown = any(one.day == now.date() for one in self.diary.days)
        return self.row(minute) if is_shown and self.top <= minute < self.bottom else None

    def box(self, place, first, last):
        """The box from one minute of a day to another, as far as it is shown; None for nothing."""
        first, last = max(first, self.top), min(last, self.bottom)
        return Box(place, self.row(first), (last - first) // ROW) if last > first else None

    def lanes_of(self, place):
        """How many stand side by side in a column where it is fullest."""
        found = [one.lanes for one in self.placed if one.box.column == place]
        return max(found, default=1)

    def _placed(self, entries):
        first = self.diary.days[0].day
        found = {}
        for entry in entries:
            place = self.places[entry.keys[self.diary.by], day_within(entry, first)]
            box = self._box_of(entry, place, day_within(entry, first))
            found.setdefault(place, []).append(Placed(entry, box))
        placed = [one for column in found.values() for one in _side_by_side(column, self.diary.by)]
        return sorted(placed, key=lambda one: (one.entry.starts_at, one.box.column, one.entry.pk))

    def _box_of(self, entry, place, day):
        start, end = minute_of(entry.start, day), end_minute(entry, day)
        at = self.row(start)
        rows = max(self.row(end) - at, self.least)
        return Box(place, max(min(at, self.rows + 1 - rows), 1), rows)


def minute_of(local, day):
    """The minute of a day at which the clock shows this time: at most the whole day."""
    if local.date() != day:
        return 0 if local.date() < day else A_DAY
    return local.hour * HOUR + local.minute


def end_minute(entry, day):
    """When it ends by the clock; where the clock was put back meanwhile, as late as it is long."""
    start, end = minute_of(entry.start, day), minute_of(entry.end, day)
    return end if end > start else min(start + entry.minutes, A_DAY)


def _bounds(diary, entries):
    """From the earliest opening or appointment to the latest closing or end, in full hours."""
    spans = [_minutes(span) for day in diary.days for span in day.hours] or [USUAL]
    first = diary.days[0].day
    spans += [
        (minute_of(entry.start, day), end_minute(entry, day))
        for entry in entries
        for day in [day_within(entry, first)]
    ]
    top = min(start for start, _end in spans) // HOUR * HOUR
    bottom = -(-max(end for _start, end in spans) // HOUR) * HOUR
    return top, max(bottom, top + HOUR)


def _minutes(span):
    return tuple(one.hour * HOUR + one.minute for one in span)


def shut_minutes(day):
    """The spans of a day in which the clinic is closed."""
    begins = 0
    for opens, closes in map(_minutes, day.spans):
        yield begins, opens
        begins = closes
    yield begins, A_DAY


def _side_by_side(placed, by):
    """Give those that share rows lanes of their own, and tell which of them hold the same time."""
    placed = sorted(placed, key=lambda one: (one.box.at, -one.box.rows, one.entry.pk))
    cluster, end = [], 0
    for one in placed:
        if cluster and one.box.at >= end:
            yield from _in_lanes(cluster, by)
            cluster, end = [], 0
        cluster.append(one)
        end = max(end, one.box.end)
    yield from _in_lanes(cluster, by)


def _in_lanes(cluster, by):
    if len(cluster) < 2:
        yield from cluster
        return
    ends, lanes = [], []
    for one in cluster:
        lane = next((lane for lane, end in enumerate(ends) if end <= one.box.at), len(ends))
        lane = min(lane, MOST_LANES - 1)
        ends[lane : lane + 1] = [one.box.end]
        lanes.append(lane + 1)
    for one, lane in zip(cluster, lanes, strict=True):
        shares = one.entry.keys[by] is not None and _shares_time(one.entry, cluster)
        yield replace(one, lane=lane, lanes=len(ends), is_overbooked=shares)


def _shares_time(entry, cluster):
    return entry.is_holding and any(
        other.entry is not entry
        and other.entry.is_holding
        and other.entry.starts_at < entry.ends_at
        and entry.starts_at < other.entry.ends_at
        for other in cluster
    )
