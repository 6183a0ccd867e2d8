"""The diary: a day by practitioner, room or laser, a practitioner's week, and moving in them."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations.admin.parts.appointments import MAY_BOOK, MAY_CHANGE
from consultations.admin.parts.days import DayInput
from consultations.models.appointment import CALLED_OFF
from consultations.summaries.bookable import practitioners
from consultations.summaries.diary import DAYS_OF_A_WEEK, day_of, week_of
from consultations.summaries.timeline import name_of
from consultations.vocabulary import AppointmentStatus

from .asked import asked_in, monday_of, practitioner_in, remember_columns
from .cells import away_in_words, drawn, ground, head, hour_labels, hours_in_words
from .grid import Grid
from .moving import move

__all__ = ["MAY_SEE", "diary_day", "diary_week", "move"]

MAY_SEE = "consultations.view_appointment"
MAY_FOLLOW_UP = "consultations.view_followup"
ASKED = ("day", "practitioner")
TEMPLATE = "admin/consultations/diary/page.html"
COLUMNS = {
    "practitioner": gettext_lazy("Practitioners"),
    "room": gettext_lazy("Rooms"),
    "laser": gettext_lazy("Lasers"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a column. `lanes` is how many stand side by side in it."""

    place: int
    name: str
    about: str
    key: object
    day: str
    url: str
    book_url: str
    is_today: bool


def diary_day(site, request):
    """One day, its columns as this user last chose them."""
    if answer := own_address(request):
        return answer
    asked = asked_in(request)
    diary = day_of(asked.day, asked.by)
    grid = Grid(diary, shown(diary, asked))
    context = page(site, request, asked, grid) | {
        "title": _("Diary"),
        "hours_in_words": hours_in_words(diary.days[0]),
        **heads(column_head(request, grid, place) for place in places(grid)),
        "views": [(name, words, name == asked.by) for name, words in COLUMNS.items()],
        "before": asked.day - timedelta(days=1),
        "after": asked.day + timedelta(days=1),
        "in_words": date_format(asked.day, "l j F Y"),
        "week_url": address("diary_week", day=asked.day),
    }
    answer = TemplateResponse(request, TEMPLATE, context)
    remember_columns(request, answer, asked.by)
    return answer


def diary_week(site, request):
    """The week of one practitioner."""
    if answer := own_address(request):
        return answer
    asked = asked_in(request)
    offered = list(practitioners())
    who, told = practitioner_in(request, offered)
    if who is None:
        return nobody_to_book(site, request, asked)
    monday = monday_of(asked.day)
    diary = week_of(monday, who)
    grid = Grid(diary, shown(diary, asked))
    sunday = monday + timedelta(days=DAYS_OF_A_WEEK - 1)
    words = {"first": date_format(monday, "j M"), "last": date_format(sunday, "j M Y")}
    context = page(site, request, asked, grid) | {
        "title": _("Week"),
        "is_week": True,
        "told": (*asked.told, *told),
        **heads(day_head(request, grid, place) for place in places(grid)),
        "offered": [(one.pk, name_of(one)) for one in offered],
        "practitioner": who.pk,
        "who": name_of(who),
        "before": monday - timedelta(days=DAYS_OF_A_WEEK),
        "after": monday + timedelta(days=DAYS_OF_A_WEEK),
        "in_words": _("%(first)s to %(last)s") % words,
        "day_url": address("diary", day=asked.day),
    }
    return TemplateResponse(request, TEMPLATE, context)


def own_address(request):
    """The way to the day that was posted, or None where one is shown; for whoever may see it."""
    if not request.user.has_perm(MAY_SEE):
        raise PermissionDenied
    if request.method != "POST":
        return None
    asked = {name: request.POST[name] for name in ASKED if name in request.POST}
    return HttpResponseRedirect(f"{request.path}?{urlencode(asked)}")


def nobody_to_book(site, request, asked):
    context = {**site.each_context(request), "title": _("Week"), "is_empty": True, "asked": asked}
    context["told"] = asked.told
    return TemplateResponse(request, TEMPLATE, context)


def shown(diary, asked):
    """What is missed or cancelled is shown on request."""
    return [one for one in diary.entries if asked.shows_all or one.status not in CALLED_OFF]


def page(site, request, asked, grid):
    """What the page of a day and that of a week have in common."""
    may_move = request.user.has_perm(MAY_CHANGE)
    diary = grid.diary
    return {
        **site.each_context(request),
        "asked": asked,
        "told": asked.told,
        "diary": diary,
        "grid": grid,
        "lines": diary.clinic.grid_minutes,
        "clinic": diary.clinic,
        "today": timezone.localdate(),
        "counts": counts(diary),
        "called_off": sum(one.status in CALLED_OFF for one in diary.entries),
        "may_move": may_move,
        "appointments": drawn(
            grid, may_move=may_move, may_follow_up=request.user.has_perm(MAY_FOLLOW_UP)
        ),
        "ground": ground(grid),
        "hour_labels": hour_labels(grid),
        "now_row": grid.row_of_now(),
        "day_field": DayInput(attrs={"id": "id_day", "required": True}).render("day", asked.day),
        "media": DayInput().media,
    }


def counts(diary):
    """How many are to come, are here and are done, in words; what is nobody is left out."""
    found = Counter(one.status for one in diary.entries)
    status = AppointmentStatus
    here = found[status.ARRIVED] + found[status.IN_ROOM]
    said = [
        (found[status.BOOKED], _("%(n)s to come")),
        (here, _("%(n)s here")),
        (found[status.DONE], _("%(n)s done")),
    ]
    total = sum(number for number, _words in said)
    words = ngettext("%(n)s appointment", "%(n)s appointments", total) % {"n": total}
    parts = [one % {"n": number} for number, one in said if number]
    return f"{words}: {', '.join(parts)}" if parts else _("No appointments")


# Columns


def places(grid):
    return range(1, len(grid.diary.columns) + 1)


def heads(found):
    return {"heads": format_html_join("\n", "{}", ((head(one),) for one in found))}


def column_head(request, grid, place):
    column = grid.diary.columns[place - 1]
    query = {"day": column.day} | ({grid.diary.by: column.key} if column.key else {})
    is_person = grid.diary.by == "practitioner" and column.key
    return Head(
        place=place,
        name=column.name or _("To be assigned"),
        about=away_in_words(column),
        key=column.key or "",
        day="",
        url=address("diary_week", day=column.day, practitioner=column.key) if is_person else "",
        book_url=book_url(request, query),
        is_today=False,
    )


def day_head(request, grid, place):
    day, column = grid.diary.days[place - 1], grid.diary.columns[place - 1]
    return Head(
        place=place,
        name=date_format(day.day, "D j M"),
        about=". ".join(filter(None, (hours_in_words(day), away_in_words(column)))),
        key=column.key,
        day=day.day.isoformat(),
        url=address("diary", day=day.day),
        book_url=book_url(request, {"day": day.day, "practitioner": column.key}),
        is_today=day.day == timezone.localdate(),
    )


def book_url(request, query):
    if not request.user.has_perm(MAY_BOOK):
        return ""
    return f"{reverse('admin:consultations_appointment_add')}?{urlencode(query)}"


def address(name, **query):
    return f"{reverse(f'admin:consultations_{name}')}?{urlencode(query)}"
