"""What the diary shows, drawn in Python: two hundred appointments are too many for a template."""

from functools import cache

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from consultations.admin.parts.displays import admin_url
from consultations.models.appointment import CALLED_OFF
from consultations.summaries.appointments import area_in_words
from consultations.summaries.diary import BY, CALL
from consultations.vocabulary import AppointmentKind, AppointmentStatus

from .grid import A_DAY, minute_of, shut_minutes

FIRST_VERSION = 1
WIDEST = 6  # lanes that a column grows by
# Short, for they are written two hundred times.
LOOKS = {
    AppointmentKind.CONSULTATION: "con",
    AppointmentKind.TREATMENT: "tre",
    AppointmentKind.TEST_PATCH: "pat",
    AppointmentKind.REVIEW: "rev",
    AppointmentKind.OTHER: "oth",
    CALL: "cal",
}


def drawn(grid, *, may_move, may_follow_up):
    """The appointments and calls of a grid as items of a list, by the clock."""
    draw = Drawing(grid, may_move, may_follow_up)
    return format_html_join("", "{}", ((draw.item(placed),) for placed in grid.placed))


class Drawing:
    """Draws appointments in the words of one language."""

    def __init__(self, grid, may_move, may_follow_up):
        self.by, self.may_move, self.may_follow_up = grid.diary.by, may_move, may_follow_up
        self.first = grid.diary.days[0].day
        self.is_week = len({column.day for column in grid.diary.columns}) > 1
        self.kinds = {one.value: str(one.label) for one in AppointmentKind} | {CALL: _("Call")}
        self.statuses = {one.value: str(one.label) for one in AppointmentStatus}
        self.area = cache(area_in_words)
        self.others = [name for name in BY if name != self.by]
        pattern = reverse("admin:consultations_appointment_change", args=[0])
        self.before, _zero, self.after = pattern.rpartition("0")
        self.now = timezone.localtime()
        self.minutes = _("%(n)s min")

    def item(self, placed):
        """One pattern for the whole of it: to draw its parts one by one takes twice as long."""
        entry = placed.entry
        state, beside = self.state(placed), self.beside(entry)
        is_struck = entry.status in CALLED_OFF
        pattern = (
            '<li class="{} {}"{}><a href="{}">'
            + ("<b><s>{} {}</s></b>" if is_struck else "<b>{} {}</b>")
            + ("<em>{}</em>" if state else "{}")
            + "<i>{}</i><i>{}</i>"
            + ("<u>{}</u>" if beside else "{}")
            + "</a></li>"
        )
        return format_html(
            pattern,
            placed.classes,
            self.look(entry),
            self.version(entry),
            self.url(entry),
            self.time(entry),
            entry.patient,
            state,
            self.what(entry),
            self.rest(entry),
            beside,
        )

    def url(self, entry):
        """The page of what it is; of a call, for those who may not read why, the patient's."""
        if not entry.is_call:
            return f"{self.before}{entry.pk}{self.after}"
        if self.may_follow_up:
            return admin_url("followup", "change", entry.pk)
        return admin_url("patient", "change", entry.patient_pk)

    def look(self, entry):
        is_usual = entry.status in ("", AppointmentStatus.BOOKED)
        return LOOKS[entry.kind] if is_usual else f"{LOOKS[entry.kind]} {entry.status}"

    def version(self, entry):
        """What a move is asked of; a first version is the usual one, and not written out."""
        if not self.may_move or entry.version == FIRST_VERSION or entry.is_call:
            return ""
        return format_html(" data-v={}", entry.version)

    def time(self, entry):
        """When it starts; of one that began on the day before, that too."""
        if entry.start.date() < self.first:
            return date_format(entry.start, "D H:i")
        return f"{entry.start:%H:%M}"

    def state(self, placed):
        """What is to be seen at once; what is done is said with the rest."""
        entry = placed.entry
        quiet = ("", AppointmentStatus.BOOKED, AppointmentStatus.DONE)
        words = [] if entry.status in quiet else [self.status(entry)]
        if placed.is_overbooked or (entry.is_overbooked and entry.is_holding):
            words.append(_("overbooked"))
        if entry.is_refused:
            words.append(_("consent refused or withdrawn"))
        return ", ".join(words)

    def status(self, entry):
        if entry.status != AppointmentStatus.ARRIVED:
            return self.statuses[entry.status]
        arrived = timezone.localtime(entry.arrived_at)
        words = _("Arrived %(time)s") % {"time": f"{arrived:%H:%M}"}
        if arrived.date() != self.now.date():
            return words
        minutes = max(int((timezone.now() - entry.arrived_at).total_seconds() // 60), 0)
        return f"{words}, {_('waiting %(n)s min') % {'n': minutes}}"

    def what(self, entry):
        kind = self.kinds[entry.kind]
        areas = ", ".join(self.area(*area, is_held=entry.is_holding) for area in entry.areas)
        words = f"{kind}: {areas}" if areas else kind
        is_done = entry.status == AppointmentStatus.DONE
        return f"{self.statuses[entry.status]}. {words}" if is_done else words

    def rest(self, entry):
        """How long, with whom, where and with what, but for what the column says."""
        if entry.is_call:
            return ""
        words = [self.minutes % {"n": entry.minutes}]
        words += [entry.names[name] for name in self.others if entry.names[name]]
        return ", ".join(words)

    def beside(self, entry):
        """What the column says, for the list by the clock."""
        return date_format(entry.start, "D j M") if self.is_week else entry.names[self.by]


# Above and behind them


def head(one):
    """The head of a column: whose it is, what is to be known of the day, and its link to book."""
    name = format_html("<bdi>{}</bdi>", one.name)
    if one.url:
        name = format_html('<a href="{}">{}</a>', one.url, name)
    return format_html(
        '<h3 class="head c{}{}" data-key="{}"{}>{}{}{}</h3>',
        one.place,
        " is-today" if one.is_today else "",
        one.key,
        format_html(' data-day="{}"', one.day) if one.day else "",
        name,
        _book(one) if one.book_url else "",
        format_html('<span class="quiet">{}</span>', one.about) if one.about else "",
    )


def _book(one):
    words = _("Book")
    return format_html(
        '<a class="book" href="{}" aria-label="{}: {}">{}</a>', one.book_url, words, one.name, words
    )


def ground(grid):
    """Column by column the ground with its lines, closed hours and absences."""
    days = {one.day: one for one in grid.diary.days}
    found = []
    for place, column in enumerate(grid.diary.columns, start=1):
        lanes = min(grid.lanes_of(place), WIDEST)
        classes = f"c{place} n{grid.rows}" + (f" wide-{lanes}" if lanes > 1 else "")
        found.append(format_html('<div class="ground {}"></div>', classes))
        for first, last in shut_minutes(days[column.day]):
            if box := grid.box(place, first, last):
                found.append(format_html('<div class="shut {}"></div>', box.classes))
        found += _away(grid, place, column)
    return format_html_join("\n", "{}", ((one,) for one in found))


def _away(grid, place, column):
    for first, last, _absence in absent(column):
        if box := grid.box(place, first, last):
            yield format_html('<div class="away {}"></div>', box.classes)


def absent(column):
    """The absences that touch the day of a column: from and to which minute, and each itself."""
    for absence in column.absences:
        first, last = (minute_of(moment, column.day) for moment in absence[:2])
        if last > first:
            yield first, last, absence


def away_in_words(column):
    """Away 09:00 to 12:00: training."""
    return "; ".join(_absence_in_words(*one) for one in absent(column))


def _absence_in_words(first, last, absence):
    start, end, why = absence
    times = {
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
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
        "\n", '<span class="r{}">{}:00</span>', ((row, f"{hour:02}") for row, hour in grid.hours)
    )


def hours_in_words(day):
    """Open 09:00–12:30, 13:30–18:00, or why not."""
    if day.why_closed is not None:
        return _("Closed: %(why)s") % {"why": day.why_closed} if day.why_closed else _("Closed")
    if not day.hours:
        return _("Closed")
    spans = ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in day.hours)
    return _("Open %(hours)s") % {"hours": spans}
