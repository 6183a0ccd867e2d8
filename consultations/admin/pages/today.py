"""Today, the front page: what needs a person now, each list with the acts that deal with it."""

from dataclasses import dataclass

from django.template.response import TemplateResponse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations.actions.roles import sees_clinical
from consultations.admin.displays import (
    Step,
    admin_url,
    call_off_acts,
    chip,
    due_state,
    event_state,
    follow_up_acts,
)
from consultations.admin.plots import bars, columns
from consultations.models.text import day_in_words
from consultations.summaries.progress import Progress
from consultations.summaries.timeline import name_of
from consultations.summaries.today import Few, figures_of, today_of
from consultations.vocabulary import Urgency

from .drafts import is_form

# Whoever keeps the staff accounts runs the clinic, and reads every list.
RUNS_CLINIC = "auth.view_user"


@dataclass(frozen=True)
class Item:
    """One line of a list. `at` is the time of a booking, `when` how long it waits, in words."""

    what: str
    url: str
    patient: object = None
    at: str = ""
    when: str = ""
    is_late: bool = False
    chips: tuple = ()
    progress: Progress | None = None
    note: str = ""
    phone: str = ""
    steps: tuple = ()
    acts: tuple = ()
    discards: str = ""


@dataclass(frozen=True)
class Panel:
    name: str
    title: str
    empty: str
    url: str
    few: Few
    items: tuple


# name: title, words where it is empty, the whole list, and what one must be allowed to do
PANELS = {
    "booked": (
        gettext_lazy("Booked today"),
        gettext_lazy("Nobody is booked any more today."),
        ("treatmentsession", {"day": "today", "status": "booked"}),
        ["consultations.view_treatmentsession"],
    ),
    "not_recorded": (
        gettext_lazy("Booked before, not written down"),
        gettext_lazy("Every past booking is written down."),
        ("treatmentsession", {"day": "past", "status": "booked"}),
        ["consultations.view_treatmentsession"],
    ),
    "tomorrow": (
        gettext_lazy("Booked tomorrow"),
        gettext_lazy("Nobody is booked for tomorrow."),
        ("treatmentsession", {"day": "to_come", "status": "booked"}),
        ["consultations.view_treatmentsession"],
    ),
    "overdue": (
        gettext_lazy("Overdue, nothing booked"),
        gettext_lazy("Nothing overdue."),
        ("treatmentplan", {"due": "overdue"}),
        ["consultations.view_treatmentplan"],
    ),
    "events": (
        gettext_lazy("Open adverse events"),
        gettext_lazy("No adverse event is open."),
        ("adverseevent", {"state": "open"}),
        ["consultations.view_adverseevent"],
    ),
    "follow_ups": (
        gettext_lazy("Follow-ups due and missed"),
        gettext_lazy("No follow-up is due."),
        ("followup", {"state": "due"}),
        ["consultations.view_followup"],
    ),
    "to_send": (
        gettext_lazy("Referrals to send"),
        gettext_lazy("No referral waits to be sent."),
        ("surgicalreferral", {"status": "to_send"}),
        ["consultations.change_surgicalreferral", RUNS_CLINIC],
    ),
    "sent": (
        gettext_lazy("Referrals without a reply"),
        gettext_lazy("Every referral sent has its reply."),
        ("surgicalreferral", {"status": "sent"}),
        ["consultations.change_surgicalreferral", RUNS_CLINIC],
    ),
    "unsigned_sessions": (
        gettext_lazy("Your sessions to sign"),
        gettext_lazy("All your sessions are signed."),
        ("treatmentsession", {"signed": "mine"}),
        ["consultations.sign_treatmentsession"],
    ),
    "unsigned_consultations": (
        gettext_lazy("Consultations to sign"),
        gettext_lazy("Every consultation is signed."),
        ("consultation", {"signed": "no"}),
        ["consultations.sign_consultation", RUNS_CLINIC],
    ),
    "drafts": (
        gettext_lazy("Your drafts"),
        gettext_lazy("No unfinished draft."),
        None,
        [],
    ),
}
FOR_RECEPTION = ("booked", "not_recorded", "overdue", "tomorrow", "drafts")
FOR_CLINICAL = (
    "booked",
    "events",
    "follow_ups",
    "to_send",
    "sent",
    "unsigned_consultations",
    "unsigned_sessions",
    "not_recorded",
    "overdue",
    "drafts",
)


def today(site, request):
    """The front page of whoever asks: permissions decide which lists, and which acts."""
    user = request.user
    found = today_of(user, _names(user))
    panels = [_panel(name, few, found, user) for name, few in found.lists.items()]
    manages = sees_clinical(user) and user.has_perm(RUNS_CLINIC)
    context = {
        **site.each_context(request),
        "title": _("Today"),
        "day": found.day,
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


# Lines


def _booked_item(session, found, user):
    return Item(
        **_about_session(session, found, user),
        at=formats.time_format(timezone.localtime(session.booked_for), "H:i"),
    )


def _not_recorded_item(session, found, user):
    # Recorded where it was booked: a visit is about today.
    url = admin_url("treatmentsession", "change", session.pk, record=1)
    return Item(
        **_about_session(session, found, user, record_url=url),
        when=formats.date_format(timezone.localtime(session.booked_for), "j M Y H:i"),
        is_late=True,
    )


def _tomorrow_item(session, found, user):
    about = _about_session(session, found, user)
    about["steps"] = ()
    return Item(
        **about,
        at=formats.time_format(timezone.localtime(session.booked_for), "H:i"),
        phone=session.patient.phone,
    )


def _about_session(session, found, user, record_url=""):
    records = sees_clinical(user) and user.has_perm("consultations.add_treatmentsession")
    url = record_url or admin_url("patient", "visit", session.patient.pk, plan=session.plan_id)
    return {
        "what": session.plan.assessment.get_area_display(),
        "url": admin_url("treatmentsession", "change", session.pk),
        "patient": session.patient,
        "progress": found.progress[session.plan_id],
        "steps": (Step(_("Record"), url),) if records else (),
        "acts": call_off_acts(session, user),
    }


def _overdue_item(plan, found, user):
    books = user.has_perm("consultations.add_treatmentsession")
    url = admin_url("treatmentsession", "add", plan=plan.pk, status="booked")
    return Item(
        what=plan.assessment.get_area_display(),
        url=admin_url("treatmentplan", "change", plan.pk),
        patient=plan.patient,
        when=_days_late(plan.next_due_on, found.day),
        is_late=True,
        progress=found.progress[plan.pk],
        phone=plan.patient.phone if books else "",
        steps=(Step(_("Book"), url),) if books else (),
    )


def _event_item(event, found, user):
    return Item(
        what=_("%(kind)s, %(area)s")
        % {
            "kind": event.get_kind_display(),
            "area": event.session.plan.assessment.get_area_display().lower(),
        },
        url=admin_url("adverseevent", "change", event.pk),
        patient=event.patient,
        when=_since(event.onset_on, found.day),
        chips=(chip(event.severity, event.severity_word), event_state(event)),
        steps=_open_step("adverseevent", event, user),
    )


def _follow_up_item(follow_up, found, user):
    late = follow_up.due_on < found.day
    return Item(
        what=", ".join(_words_of_follow_up(follow_up)),
        url=admin_url("followup", "change", follow_up.pk),
        patient=follow_up.patient,
        when=_days_late(follow_up.due_on, found.day) if late else _("today"),
        is_late=late,
        chips=(due_state(follow_up),) if late else (),
        phone=follow_up.patient.phone,
        acts=follow_up_acts(follow_up, user),
    )


def _words_of_follow_up(follow_up):
    yield follow_up.get_kind_display()
    if follow_up.assessment:
        yield follow_up.assessment.get_area_display().lower()


def _to_send_item(referral, found, user):
    consulted = referral.assessment.consultation.consulted_on
    urgent = referral.urgency != Urgency.ROUTINE
    return Item(
        what=referral.assessment.get_area_display(),
        url=admin_url("surgicalreferral", "change", referral.pk),
        patient=referral.patient,
        when=_since(consulted, found.day),
        chips=(chip("", referral.get_urgency_display(), "stop"),) if urgent else (),
        steps=_open_step("surgicalreferral", referral, user),
    )


def _sent_item(referral, found, user):
    return Item(
        what=referral.assessment.get_area_display(),
        url=admin_url("surgicalreferral", "change", referral.pk),
        patient=referral.patient,
        when=_since(referral.sent_on, found.day) if referral.sent_on else "",
        note=referral.surgeon,
        steps=_open_step("surgicalreferral", referral, user),
    )


def _unsigned_session_item(session, found, user):
    return Item(
        what=session.plan.assessment.get_area_display(),
        url=admin_url("treatmentsession", "change", session.pk),
        patient=session.patient,
        when=_since(session.performed_on, found.day),
        progress=found.progress[session.plan_id],
        steps=_open_step("treatmentsession", session, user),
    )


def _unsigned_consultation_item(consultation, found, user):
    return Item(
        what=_("Consultation"),
        url=admin_url("consultation", "change", consultation.pk),
        patient=consultation.patient,
        when=_since(consultation.consulted_on, found.day),
        note=name_of(consultation.clinician),
        steps=_open_step("consultation", consultation, user),
    )


def _draft_item(draft, found, user):
    ours = is_form(draft.form)
    return Item(
        what=draft.title,
        url=draft.form if ours else "",
        when=_since(timezone.localdate(draft.saved_at), found.day),
        steps=(Step(_("Go on"), draft.form),) if ours else (),
        discards=draft.form if ours else "",
    )


ITEMS = {
    "booked": _booked_item,
    "not_recorded": _not_recorded_item,
    "tomorrow": _tomorrow_item,
    "overdue": _overdue_item,
    "events": _event_item,
    "follow_ups": _follow_up_item,
    "to_send": _to_send_item,
    "sent": _sent_item,
    "unsigned_sessions": _unsigned_session_item,
    "unsigned_consultations": _unsigned_consultation_item,
    "drafts": _draft_item,
}


def _open_step(model, record, user):
    """Dealing with it on its own page, for those who may change it."""
    if not user.has_perm(f"consultations.change_{model}"):
        return ()
    return (Step(_("Open"), admin_url(model, "change", record.pk), False),)


def _days_late(due, today):
    days = (today - due).days
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}


def _since(day, today):
    days = (today - day).days
    if days <= 0:
        return _("today")
    ago = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return _("since %(day)s, %(ago)s") % {"day": day_in_words(day), "ago": ago}


# Plots


def _plots(figures):
    return (
        bars(
            "outcomes",
            _("Areas by outcome"),
            _("Areas assessed in the last 90 days, by what was concluded."),
            [(value.label, count) for value, count in figures.outcomes],
        ),
        columns(
            "weeks",
            _("Sessions a week"),
            _("Sessions done in each of the last 12 weeks, this week last."),
            [(formats.date_format(week.monday, "j M"), week.sessions) for week in figures.weeks],
        ),
        bars(
            "courses",
            _("Courses, completed and stopped"),
            _("Plans that came of consultations in the last 12 months, by how they stand."),
            [(value.label, count) for value, count in figures.courses],
        ),
    )
