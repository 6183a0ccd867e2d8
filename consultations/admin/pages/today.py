"""Today, the front page: what needs a person now, each list with the acts that deal with it."""

from dataclasses import dataclass

from django.template.response import TemplateResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.plots import bars, columns
from consultations.permissions import sees_clinical
from consultations.summaries.figures import figures_of
from consultations.summaries.today import Few, today_of

from .first_steps import first_steps_of
from .today_items import ITEMS

# Whoever keeps the staff accounts runs the clinic, and reads every list.
RUNS_CLINIC = "auth.view_user"


@dataclass(frozen=True)
class Panel:
    name: str
    title: str
    empty: str
    url: str
    few: Few
    items: tuple


# name: title, words where it is empty, the whole list, and permissions of which one is enough
PANELS = {
    "booked": (
        gettext_lazy("Appointments today"),
        gettext_lazy("No more appointments today."),
        ("appointment", {"day": "today"}),
        ["consultations.view_appointment"],
    ),
    "not_recorded": (
        gettext_lazy("Past appointments to record"),
        gettext_lazy("All past appointments are recorded."),
        ("appointment", {"state": "not_written_down"}),
        ["consultations.view_appointment"],
    ),
    "tomorrow": (
        gettext_lazy("Appointments tomorrow"),
        gettext_lazy("No appointments tomorrow."),
        ("appointment", {"day": "to_come"}),
        ["consultations.view_appointment"],
    ),
    "to_book_again": (
        gettext_lazy("To book again"),
        gettext_lazy("Nobody waits for another time."),
        ("appointment", {"state": "to_book_again"}),
        ["consultations.view_appointment"],
    ),
    "recalls": (
        gettext_lazy("To call back"),
        gettext_lazy("Nobody is to be called back."),
        None,
        ["consultations.add_appointment"],
    ),
    "to_move": (
        gettext_lazy("To move"),
        gettext_lazy("Nothing is to be moved."),
        ("appointment", {"state": "to_move"}),
        ["consultations.change_appointment"],
    ),
    "to_assign": (
        gettext_lazy("To be assigned, this week"),
        gettext_lazy("All appointments of the next seven days have their practitioner."),
        ("appointment", {"day": "to_come"}),
        ["consultations.change_appointment"],
    ),
    "overdue": (
        gettext_lazy("Overdue"),
        gettext_lazy("Nothing overdue."),
        ("treatmentplan", {"due": "overdue"}),
        ["consultations.view_treatmentplan"],
    ),
    "to_book": (
        gettext_lazy("To book"),
        gettext_lazy("Nothing to book within two weeks."),
        ("treatmentplan", {"due": "to_book"}),
        ["consultations.view_treatmentplan"],
    ),
    "events": (
        gettext_lazy("Open adverse events"),
        gettext_lazy("No open adverse events."),
        ("adverseevent", {"state": "open"}),
        ["consultations.view_adverseevent"],
    ),
    "to_report": (
        gettext_lazy("Severe events to report"),
        gettext_lazy("No severe events to report."),
        ("adverseevent", {"state": "to_report"}),
        ["consultations.clear_adverseevent", RUNS_CLINIC],
    ),
    "follow_ups": (
        gettext_lazy("Follow-ups due"),
        gettext_lazy("No follow-ups due."),
        ("followup", {"state": "due"}),
        ["consultations.view_followup"],
    ),
    "to_send": (
        gettext_lazy("Referrals to send"),
        gettext_lazy("No referrals to send."),
        ("surgicalreferral", {"status": "to_send"}),
        ["consultations.change_surgicalreferral", RUNS_CLINIC],
    ),
    "sent": (
        gettext_lazy("Referrals waiting for a reply"),
        gettext_lazy("All referrals have a reply."),
        ("surgicalreferral", {"status": "sent"}),
        ["consultations.change_surgicalreferral", RUNS_CLINIC],
    ),
    "recovered": (
        gettext_lazy("Recovered from surgery"),
        gettext_lazy("Nobody is waiting for a touch-up assessment."),
        ("surgicalreferral", {"status": "recovered"}),
        ["consultations.change_surgicalreferral", RUNS_CLINIC],
    ),
    "unsigned_sessions": (
        gettext_lazy("Your sessions to sign"),
        gettext_lazy("All your sessions are signed."),
        ("treatmentsession", {"signed": "mine"}),
        ["consultations.sign_treatmentsession"],
    ),
    "late_sessions": (
        gettext_lazy("Colleagues’ unsigned sessions"),
        gettext_lazy("No colleague has unsigned sessions overdue."),
        ("treatmentsession", {"signed": "late"}),
        ["consultations.override_treatmentsession", RUNS_CLINIC],
    ),
    "unsigned_consultations": (
        gettext_lazy("Consultations to sign"),
        gettext_lazy("All consultations are signed."),
        ("consultation", {"signed": "no"}),
        ["consultations.sign_consultation", RUNS_CLINIC],
    ),
    "lasers_due": (
        gettext_lazy("Laser services and reviews"),
        gettext_lazy("No service or review due within 30 days."),
        ("laser", {}),
        ["consultations.change_laser"],
    ),
    "to_take_down": (
        gettext_lazy("Photos to take down"),
        gettext_lazy("No photo is up without consent."),
        ("photouse", {"state": "to_take_down"}),
        ["consultations.take_down_photouse"],
    ),
    "messages": (
        gettext_lazy("Messages to look after"),
        gettext_lazy("All messages were sent."),
        None,
        ["consultations.change_appointment"],
    ),
    "slowed": (
        gettext_lazy("Sign-ins slowed down"),
        gettext_lazy("Nobody typed too many wrong passwords in the last 24 hours."),
        None,
        [RUNS_CLINIC],
    ),
    "drafts": (
        gettext_lazy("Your drafts"),
        gettext_lazy("No drafts."),
        None,
        [],
    ),
}
FOR_RECEPTION = (
    "booked",
    "to_book_again",
    "recalls",
    "to_move",
    "to_assign",
    "not_recorded",
    "overdue",
    "to_book",
    "tomorrow",
    "messages",
    "slowed",
    "drafts",
)
FOR_CLINICAL = (
    "booked",
    "events",
    "to_report",
    "to_take_down",
    "follow_ups",
    "to_send",
    "sent",
    "recovered",
    "unsigned_consultations",
    "unsigned_sessions",
    "late_sessions",
    "not_recorded",
    "to_book_again",
    "to_move",
    "to_assign",
    "overdue",
    "to_book",
    "lasers_due",
    "messages",
    "slowed",
    "drafts",
)


def today(site, request):
    """The front page of whoever asks: permissions decide which lists, and which acts."""
    user = request.user
    found = today_of(user, _names(user))
    panels = [_panel(name, few, found, user) for name, few in found.lists.items()]
    steps = first_steps_of(user, found.first_steps)
    is_new = any(step.name == "patient" and not step.is_done for step in steps)
    if is_new and not any(panel.few.count for panel in panels):
        panels = []  # a new clinic is not told in zeros
    elif not any(step.is_next for step in steps):
        steps = []  # what is left is for others, and does not keep this person from work
    manages = bool(panels) and sees_clinical(user) and user.has_perm(RUNS_CLINIC)
    context = {
        **site.each_context(request),
        "has_no_role": not (user.is_superuser or user.get_all_permissions()),
        "title": _("Today"),
        "day": found.day,
        "first_steps": steps,
        "steps_done": sum(step.is_done for step in steps),
        "panels": panels,
        "sees_clinical": sees_clinical(user),
        "sees_patients": user.has_perm("consultations.view_patient"),
        "plots": _plots(figures_of(found.day)) if manages else (),
        "can_register": user.has_perm("consultations.add_patient"),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/consultations/today.html", context)


def _names(user):
    names = FOR_CLINICAL if sees_clinical(user) else FOR_RECEPTION
    return [name for name in names if _may_read(user, PANELS[name][-1])]


def _may_read(user, permissions):
    return not permissions or any(map(user.has_perm, permissions))


def _panel(name, few, found, user):
    title, empty, whole, _permissions = PANELS[name]
    item_of = ITEMS[name]
    return Panel(
        name=name,
        title=title,
        empty=empty,
        url=admin_url(whole[0], "changelist", **whole[1]) if whole else "",
        few=few,
        items=tuple(item_of(row, found, user) for row in few.rows),
    )


# Plots


def _plots(figures):
    counted = figures.counted_at and _("Counted at %(time)s.") % {
        "time": formats.time_format(timezone.localtime(figures.counted_at), "H:i")
    }

    def about(words):
        return f"{words} {counted}" if counted else words

    return (
        bars(
            "outcomes",
            _("Areas by outcome"),
            about(_("Areas assessed in the last 90 days.")),
            [(value.label, count) for value, count in figures.outcomes],
        ),
        columns(
            "weeks",
            _("Sessions per week"),
            about(_("Sessions done in the last 12 weeks, this week last.")),
            [(formats.date_format(week.monday, "j M"), week.sessions) for week in figures.weeks],
        ),
        bars(
            "courses",
            _("Plans by status"),
            about(_("Plans started in the last 12 months.")),
            [(value.label, count) for value, count in figures.courses],
        ),
    )
