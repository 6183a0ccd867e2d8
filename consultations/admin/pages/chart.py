"""The patient's chart: identity, alerts, each area's course and next step, and one timeline."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.appointments import (
    MAY_BOOK,
    acts_of,
    presses_of,
    reasons_offered,
    rebook_acts,
    rebook_steps,
)
from consultations.admin.parts.displays import (
    Step,
    addendum_url,
    admin_url,
    consent_chip,
    follow_up_acts,
    next_steps,
)
from consultations.admin.parts.documents import document_steps
from consultations.admin.parts.patches import patch_steps, patch_url
from consultations.admin.parts.plots import CoursePlot, course_plot
from consultations.models import Addendum
from consultations.models.text import day_in_words
from consultations.permissions import MAY_SEE_MONEY
from consultations.summaries.chart import AreaCourse, chart_of
from consultations.summaries.money import Balance, balances_of
from consultations.summaries.photos import beside_sessions, photos_of
from consultations.summaries.sendings import told_of
from consultations.summaries.timeline import KINDS
from consultations.vocabulary import AccessKind, Area

from .merged import led_on
from .send_again import messages_context

KIND_NAMES = {
    "consultation": gettext_lazy("Consultations"),
    "referral": gettext_lazy("Referrals"),
    "plan": gettext_lazy("Plans"),
    "consent": gettext_lazy("Consents"),
    "session": gettext_lazy("Sessions"),
    "appointment": gettext_lazy("Appointments"),
    "photo": gettext_lazy("Photos"),
    "adverse_event": gettext_lazy("Adverse events"),
    "test_patch": gettext_lazy("Test patches"),
    "follow_up": gettext_lazy("Follow-ups"),
    "addendum": gettext_lazy("Addenda"),
    "document": gettext_lazy("Documents"),
    "record": gettext_lazy("Moved and merged"),
}


@dataclass(frozen=True)
class Dot:
    """A done session among the dots of its course: where it leads, and what it says."""

    url: str
    words: str


@dataclass(frozen=True)
class Card:
    """One area on the page."""

    course: AreaCourse
    consent: str
    dots: tuple[Dot, ...]
    bookings: tuple
    follow_ups: tuple
    events: tuple
    patches: tuple
    sendings: tuple[str, ...]
    plot: CoursePlot | None
    balance: Balance | None
    steps: list


@dataclass(frozen=True)
class Choice:
    """One way to narrow the timeline."""

    label: str
    url: str
    is_chosen: bool


def chart(model_admin, request, object_id):
    """Show one patient's chart to those who may read clinical fields."""
    patient = model_admin.record_or_404(request, object_id, "consultations.view_clinical")
    if patient.merged_into_id:
        return led_on(model_admin, request, patient, "chart")
    user = request.user
    # Nothing is offered on the chart of somebody erased; what is there can still be read.
    acting = AnonymousUser() if patient.erased_at else user
    photos = photos_of(patient) if user.has_perm("consultations.view_photo") else ()
    summary = chart_of(patient, photos)
    area, kind = _chosen(request)
    reasons = reasons_offered()
    shown = [(event, _url_of(event), _is_shown(event, area, kind)) for event in summary.events]
    context = {
        **model_admin.page_context(request, patient, _("Chart"), AccessKind.CHART),
        "sees_clinical": True,
        "on_chart": True,
        "chart": summary,
        "clinic": summary.clinic,  # the head of the printed page reads no second time
        "cards": _cards(summary.courses, user, acting, reasons),
        "appointments": [_booking(one, acting, reasons) for one in summary.appointments],
        "follow_ups": _follow_ups(summary.follow_ups, acting),
        "events": shown,
        "is_narrowed": bool(area or kind),
        "shows_any": any(is_shown for _event, _url, is_shown in shown),
        "areas": _area_choices(summary, area, kind),
        "kinds": _kind_choices(summary, area, kind),
        "photos": beside_sessions(photos, summary.courses),
        "consult_url": admin_url("consultation", "add", patient=patient.pk),
        **messages_context(patient, acting),
        **_buttons(patient, user, acting),
    }
    return TemplateResponse(request, "admin/consultations/chart.html", context)


def _buttons(patient, user, acting):
    return {
        "can_book": acting.has_perm(MAY_BOOK),
        "book_url": admin_url("appointment", "add", patient=patient.pk),
        "can_consult": acting.has_perm("consultations.add_consultation"),
        "can_merge": user.has_perm("consultations.merge_patient") and not patient.why_ended,
        "can_export": user.has_perm("consultations.export_patient"),
        "can_export_fhir": user.has_perm("consultations.export_fhir") and not patient.why_ended,
        "can_erase": acting.has_perm("consultations.erase_patient"),
    }


# Areas


def _booking(booking, user, reasons):
    """An appointment with its address, and what can be done about it."""
    one = booking.appointment
    acts = (*acts_of(one, user, reasons), *rebook_acts(one, user))
    return booking, _url(one), presses_of(one, user), acts, rebook_steps(one, user)


def _cards(courses, user, acting, reasons):
    plans = [one.plan for one in courses if one.plan]
    balances = balances_of(plans) if user.has_perm(MAY_SEE_MONEY) else {}
    return [_card(one, acting, reasons, balances.get(one.plan and one.plan.pk)) for one in courses]


def _card(course, user, reasons, balance):
    return Card(
        course=course,
        consent=consent_chip(course.consent, user) if course.consent else "",
        dots=tuple(_dot(number, one) for number, one in enumerate(course.numbered, start=1)),
        bookings=tuple(_booking(booking, user, reasons) for booking in course.bookings),
        follow_ups=_follow_ups(course.follow_ups, user),
        events=tuple((event, _url(event)) for event in course.adverse_events),
        patches=tuple((patch, patch_url(patch, course.assessment)) for patch in course.patches),
        sendings=tuple(told_of(course.referral)),
        plot=course_plot(course) if course.plan else None,
        balance=balance,
        steps=[*_steps(course, user), *_quiet_steps(course, user)],
    )


def _dot(number, session):
    words = [_("Session %(number)s") % {"number": number}, day_in_words(session.performed_on)]
    if session.grade is not None:
        words.append(_("grade %(grade)s") % {"grade": f"{float(session.grade):g}"})
    return Dot(_url(session), ", ".join(words))


def _follow_ups(dues, user):
    """Each with its address, and the acts once it is due."""
    return tuple(
        (due, _url(due.follow_up), follow_up_acts(due.follow_up, user) if due.is_due else ())
        for due in dues
    )


def _steps(course, user):
    """The latest assessment says what is next, unless an older plan or referral is still open."""
    older = course.plan if course.plan and course.progress.is_open else None
    if older is not None:
        own = {"latest": course.assessment, "standing": course.consent}
        steps = next_steps(older.assessment, user, **own)
        return [replace(step, is_primary=False) for step in steps] if course.against else steps
    if course.referral and course.referral.is_open:
        return next_steps(course.referral.assessment, user)
    return next_steps(course.assessment, user)


def _quiet_steps(course, user):
    if course.plan and user.has_perm("consultations.add_followup"):
        url = admin_url("followup", "add", plan=course.plan.pk)
        yield Step(_("Book follow-up"), url, False)
    if course.done and user.has_perm("consultations.add_adverseevent"):
        url = admin_url("adverseevent", "add", session=course.done[-1].pk)
        yield Step(_("Adverse event"), url, False)
    yield from patch_steps(course.assessment, user)
    if course.referral and course.referral.is_open:
        yield from document_steps(course.referral, user)


# The timeline


def _chosen(request):
    """The area and the kind that were asked for, "" where none or an unknown one was."""
    area, kind = request.GET.get("area", ""), request.GET.get("kind", "")
    return area if area in Area.values else "", kind if kind in KINDS else ""


def _is_shown(event, area, kind):
    return (not area or area in event.areas) and (not kind or kind == event.kind)


def _area_choices(summary, area, kind):
    present = {one for event in summary.events for one in event.areas}
    named = [(one.value, one.label) for one in Area if one in present]
    return [
        Choice(label, _narrowed(area=value, kind=kind), value == area)
        for value, label in [("", _("All areas")), *named]
    ]


def _kind_choices(summary, area, kind):
    present = {event.kind for event in summary.events}
    named = [(one, KIND_NAMES[one]) for one in KINDS if one in present]
    return [
        Choice(label, _narrowed(area=area, kind=value), value == kind)
        for value, label in [("", _("Everything")), *named]
    ]


def _narrowed(**chosen):
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{query}#timeline"


def _url_of(event):
    """Where an event is looked at: what was merged is read in its history."""
    if event.kind == "record":
        return admin_url(event.record._meta.model_name, "history", event.record.pk)
    return _url(event.record)


def _url(record):
    if isinstance(record, Addendum):
        return addendum_url(record)
    return admin_url(record._meta.model_name, "change", record.pk)
