"""What the diary shows, drawn in Python: two hundred appointments are too many for a template."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from consultations.vocabulary import AppointmentKind, AppointmentStatus, Area

from .grid import A_DAY, minute_of, shut_minutes

HERE = AppointmentStatus.ARRIVED
# A first version is not written out: it is the usual one.
FIRST_VERSION = 1
CALLED_OFF = (AppointmentStatus.MISSED, AppointmentStatus.CANCELLED)


def drawn(grid, *, may_move):
    """The appointments of a grid as items of a list, by the clock."""
    draw = Drawing(grid, may_move)
    return format_html_join("\n", "{}", ((draw.item(placed),) for placed in grid.placed))


class Drawing:
    """Draws appointments in the words of one language."""

    def __init__(self, grid, may_move):
        self.by, self.may_move = grid.diary.by, may_move
        self.first = grid.diary.days[0].day
        self.is_week = len({column.day for column in grid.diary.columns}) > 1
        self.kinds = {one.value: str(one.label) for one in AppointmentKind}
        self.statuses = {one.value: str(one.label) for one in AppointmentStatus}
        self.areas = {one.value: str(one.label).lower() for one in Area}
        self.others = [name for name in ("practitioner", "room", "laser") if name != self.by]
        pattern = reverse("admin:consultations_appointment_change", args=[0])
        self.before, _zero, self.after = pattern.rpartition("0")
        self.now = timezone.now()

    def item(self, placed):
        entry = placed.entry
        version = ""
        if self.may_move and entry.version != FIRST_VERSION:
            version = format_html(" data-v={}", entry.version)
        name = format_html("{} <bdi>{}</bdi>", self.time(entry), entry.patient)
        if entry.status in CALLED_OFF:
            name = format_html("<s>{}</s>", name)
        return format_html(
            '<li class="{} {}{}"{}><a href="{}{}{}"><b>{}</b>{}<span>{}</span>{}</a></li>',
            placed.classes,
            entry.kind,
            "" if entry.status == AppointmentStatus.BOOKED else f" {entry.status}",
            version,
            self.before,
            entry.pk,
            self.after,
            name,
            self.state(placed),
            self.what(entry),
            self.rest(entry),
        )

    def time(self, entry):
        """When it starts; of one that began on the day before, that too."""
        start = timezone.localtime(entry.starts_at)
        return date_format(start, "D H:i" if start.date() < self.first else "H:i")

    def state(self, placed):
        words = (
            [] if placed.entry.status == AppointmentStatus.BOOKED else [self.status(placed.entry)]
        )
        if placed.is_overbooked or (placed.entry.is_overbooked and placed.entry.is_holding):
            words.append(_("overbooked"))
        return format_html("<em>{}</em>", ", ".join(words)) if words else ""

    def status(self, entry):
        if entry.status != HERE:
            return self.statuses[entry.status]
        minutes = max(int((self.now - entry.arrived_at).total_seconds() // 60), 0)
        at = date_format(timezone.localtime(entry.arrived_at), "H:i")
        if timezone.localdate(entry.arrived_at) != timezone.localdate(self.now):
            return _("Arrived %(time)s") % {"time": at}
        return _("Arrived %(time)s, waiting %(n)s min") % {"time": at, "n": minutes}

    def what(self, entry):
        kind = self.kinds[entry.kind]
        areas = ", ".join(self.areas[area] for area in entry.areas)
        return f"{kind}: {areas}" if areas else kind

    def rest(self, entry):
        """How long, with whom and what; what the column says already is for the list by the clock
        alone, and in a class of its own."""
        words = [_("%(n)s min") % {"n": entry.minutes}]
        words += [entry.names[name] for name in self.others if entry.names[name]]
        own = entry.names[self.by]
        told = format_html("<i>{}</i>", ", ".join(words))
        return told if self.is_week or not own else format_html("{}<u>{}</u>", told, own)


# Behind them


def shades(grid):
    """Closed hours and absences, column by column."""
    days = {one.day: one for one in grid.diary.days}
    found = []
    for place, column in enumerate(grid.diary.columns, start=1):
        for first, last in shut_minutes(days[column.day]):
            if box := grid.box(place, first, last):
                found.append(format_html('<div class="shut {}"></div>', box.classes))
        found += _away(grid, place, column)
    return format_html_join("\n", "{}", ((one,) for one in found))


def _away(grid, place, column):
    for starts_at, ends_at, why in column.absences:
        first, last = (minute_of(moment, column.day) for moment in (starts_at, ends_at))
        if last <= first:
            continue
        box = grid.box(place, first, last)
        yield format_html(
            '<p class="away {}"><span>{}: </span>{}</p>',
            box.classes if box else "c-1 nowhere",
            column.name,
            away_in_words(starts_at, ends_at, why, first, last),
        )


def away_in_words(starts_at, ends_at, why, first, last):
    """Away 09:00 to 12:00: training."""
    times = {
        "start": date_format(timezone.localtime(starts_at), "H:i"),
        "end": date_format(timezone.localtime(ends_at), "H:i"),
    }
    if (first, last) == (0, A_DAY):
        words = _("Away all day")
    elif first == 0:
        words = _("Away until %(end)s") % times
    elif last == A_DAY:
        words = _("Away from %(start)s") % times
    else:
        words = _("Away %(start)s to %(end)s") % times
    return f"{words}: {why}" if why else words


def hour_labels(grid):
    return format_html_join(
        "\n", '<span class="at-{}">{}:00</span>', ((row, f"{hour:02}") for row, hour in grid.hours)
    )


def hours_in_words(day):
    """Open 09:00–12:30, 13:30–18:00, or why not."""
    if day.why_closed is not None:
        return _("Closed: %(why)s") % {"why": day.why_closed} if day.why_closed else _("Closed")
    if not day.hours:
        return _("Closed")
    spans = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in day.hours)
    return _("Open %(hours)s") % {"hours": spans}
