"""Everything that happened to one patient, latest first: one line an event."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import (
    Addendum,
    AdverseEvent,
    Consultation,
    FollowUp,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.text import day_in_words
from consultations.vocabulary import Outcome, SessionStatus

from .devices import names_on


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. `record` is what it links to."""

    day: date
    kind: str
    areas: tuple[str, ...]
    title: str
    details: tuple[str, ...]
    who: str
    record: object
    in_error: bool
    is_signed: bool


# In the order in which they follow from one another on one day.
KINDS = (
    "consultation",
    "referral",
    "plan",
    "session",
    "photo",
    "adverse_event",
    "follow_up",
    "addendum",
    "record",
)


def timeline_of(tree, photos=(), changed_hands=()):
    """What a patient's record tells, latest first: the records of their tree, the photos that may
    be shown, and the days on which the record changed hands."""
    events = [
        *map(_consultation_event, tree[Consultation]),
        *map(_referral_event, tree[SurgicalReferral]),
        *map(_plan_event, tree[TreatmentPlan]),
        *_session_events(tree.latest_first(TreatmentSession)),
        *map(_adverse_event, tree[AdverseEvent]),
        *(_follow_up_event(one) for one in tree[FollowUp] if one.done_on),
        *_photo_events(photos),
        *map(_addendum_event, tree[Addendum]),
        *map(_record_event, changed_hands),
    ]
    return sorted(
        events, key=lambda one: (one.day, KINDS.index(one.kind), one.record.pk), reverse=True
    )


def name_of(user):
    return (user.get_full_name() or user.get_username()) if user else ""


def _consultation_event(consultation):
    areas = consultation.area_list
    lines = [_area_line(one) for one in areas]
    if consultation.concern:
        lines.insert(0, _("Concern: %(words)s") % {"words": consultation.concern})
    return Event(
        day=consultation.consulted_on,
        kind="consultation",
        areas=tuple(one.area for one in areas),
        title=str(_("Consultation")),
        details=tuple(lines),
        who=name_of(consultation.clinician),
        record=consultation,
        in_error=consultation.in_error,
        is_signed=consultation.is_signed,
    )


def _area_line(assessment):
    line = f"{assessment.get_area_display()}: {Outcome(assessment.effective_outcome).label}."
    if assessment.in_error:
        return f"{line} {_('Entered in error.')}"
    if assessment.is_decided_otherwise:
        return f"{line} {_('Verdict overridden')}: {assessment.decision_reason}"
    return f"{line} {assessment.reason}"


def _referral_event(referral):
    label = referral.get_status_display()
    if referral.closure:
        label = f"{label}: {referral.get_closure_display().lower()}"
    steps = [
        f"{referral._meta.get_field(name).verbose_name} {day_in_words(day)}"
        for name in ("sent_on", "accepted_on", "operated_on", "recovered_on", "closed_on")
        if (day := getattr(referral, name))
    ]
    return Event(
        day=referral.assessment.consultation.consulted_on,
        kind="referral",
        areas=(referral.assessment.area,),
        title=_("Referral to surgery, %(area)s: %(status)s")
        % {
            "area": referral.assessment.get_area_display().lower(),
            "status": label.lower(),
        },
        details=(", ".join(str(step) for step in steps),) if steps else (),
        who=name_of(referral.created_by),
        record=referral,
        in_error=referral.in_error,
        is_signed=False,
    )


def _plan_event(plan):
    return Event(
        day=plan.started_on,
        kind="plan",
        areas=(plan.area,),
        title=_("Plan for %(area)s: %(count)s sessions, %(laser)s")
        % {
            "area": plan.assessment.get_area_display().lower(),
            "count": plan.planned_sessions,
            "laser": plan.get_laser_type_display().lower(),
        },
        details=tuple(line for line in (plan.get_status_display(), plan.status_reason) if line),
        who=name_of(plan.created_by),
        record=plan,
        in_error=plan.in_error,
        is_signed=False,
    )


SETTING_UNITS = (
    ("fluence_j_cm2", "J/cm²"),
    ("pulse_energy_mj", "mJ"),
    ("power_w", "W"),
    ("pulse_duration_us", "µs"),
    ("spot_size_mm", "mm"),
    ("density_percent", "%"),
    ("repetition_rate_hz", "Hz"),
)


def settings_line(session):
    """The settings of a session in one line, each with its unit."""
    parts = [
        f"{getattr(session, name).normalize():f} {unit}"
        for name, unit in SETTING_UNITS
        if getattr(session, name) is not None
    ]
    if session.passes:
        words = ngettext("%(count)s pass", "%(count)s passes", session.passes)
        parts.append(words % {"count": session.passes})
    return ", ".join(parts)


def laser_in_words(session, named=None):
    """The laser and its mode, once signed by the name they had then, before that as `named`; ""
    where none was used."""
    label = capfirst(session._meta.get_field("laser_mode").verbose_name)
    sections = (session.signed_as or {}).get("sections", ())
    as_signed = (row["value"] for part in sections for row in part["rows"] if row["label"] == label)
    return str(next(as_signed, named or session.laser_mode) if session.laser_mode else "")


def _session_events(sessions):
    numbers, counts = {}, {}
    for session in sorted(sessions, key=lambda one: (one.day, one.pk)):
        if session.is_done:
            counts[session.plan_id] = counts.get(session.plan_id, 0) + 1
            numbers[session.pk] = counts[session.plan_id]
    named = names_on([one for one in sessions if one.is_done and not one.is_signed])
    for session in sessions:
        yield _session_event(session, numbers.get(session.pk), named.get(session.pk))


def _session_event(session, number, named):
    area = session.plan.assessment.get_area_display()
    if number:
        title = _("%(area)s, session %(number)s of %(planned)s") % {
            "area": area,
            "number": number,
            "planned": session.plan.planned_sessions,
        }
    else:
        title = _("%(area)s, session %(status)s") % {
            "area": area,
            "status": session.get_status_display().lower(),
        }
    lines = [
        session.performed_elsewhere,
        laser_in_words(session, named),
        settings_line(session),
        session.reaction,
        session.status_reason,
        session.notes,
    ]
    if session.override_reason:
        lines.append(f"{_('Override')}: {session.override_reason}")
    done_here = session.status == SessionStatus.DONE and session.operator
    return Event(
        day=session.day,
        kind="session",
        areas=(session.plan.area,),
        title=title,
        details=tuple(line for line in lines if line),
        who=name_of(session.operator if done_here else session.created_by),
        record=session,
        in_error=session.in_error,
        is_signed=session.is_signed,
    )


def _adverse_event(event):
    lines = [event.action_taken]
    if event.resolved_on:
        lines.append(_("Resolved on %(day)s.") % {"day": day_in_words(event.resolved_on)})
    if event.clearance:
        words = _("Cleared by %(name)s: %(note)s")
        lines.append(words % {"name": name_of(event.cleared_by), "note": event.clearance})
    return Event(
        day=event.onset_on,
        kind="adverse_event",
        areas=(event.area,),
        title=_("%(area)s, adverse event: %(kind)s, %(severity)s")
        % {
            "area": event.session.plan.assessment.get_area_display(),
            "kind": event.get_kind_display().lower(),
            "severity": event.severity_word.lower(),
        },
        details=tuple(line for line in lines if line),
        who=name_of(event.created_by),
        record=event,
        in_error=event.in_error,
        is_signed=False,
    )


def _follow_up_event(follow_up):
    area = follow_up.assessment
    title = _("follow-up: %(kind)s") % {"kind": follow_up.get_kind_display().lower()}
    return Event(
        day=follow_up.done_on,
        kind="follow_up",
        areas=(area.area,) if area else (),
        title=f"{area.get_area_display()}, {title}" if area else title.capitalize(),
        details=(follow_up.outcome,),
        who=name_of(follow_up.done_by),
        record=follow_up,
        in_error=follow_up.in_error,
        is_signed=False,
    )


def _addendum_event(addendum):
    session = addendum.session
    if session:
        areas = (session.plan.area,)
        title = _("%(area)s, addendum to the session of %(day)s") % {
            "area": session.plan.assessment.get_area_display(),
            "day": day_in_words(session.day),
        }
    else:
        areas = tuple(one.area for one in addendum.consultation.area_list)
        title = _("Addendum to the consultation of %(day)s") % {
            "day": day_in_words(addendum.consultation.consulted_on)
        }
    return Event(
        day=timezone.localdate(addendum.created_at),
        kind="addendum",
        areas=areas,
        title=title,
        details=(addendum.text,),
        who=name_of(addendum.created_by),
        record=addendum,
        in_error=addendum.in_error,
        is_signed=True,
    )


def _photo_events(photos):
    """One line for the photos of an area on a day."""
    taken = {}
    for area in photos:
        for series in area.series:
            for photo in series.photos:
                taken.setdefault((photo.taken_on, area), []).append(photo)
    for (day, area), of_day in taken.items():
        count = ngettext("%(count)s photo", "%(count)s photos", len(of_day))
        views = dict.fromkeys(str(one.get_view_display()) for one in of_day)
        yield Event(
            day=day,
            kind="photo",
            areas=(area.area,),
            title=f"{area.label}, {count % {'count': len(of_day)}}",
            details=(", ".join(views),),
            who=name_of(of_day[0].taken_by),
            record=of_day[0],
            in_error=False,
            is_signed=False,
        )


def _record_event(one):
    """What came into this record, or left it, because it had been in the wrong one."""
    return Event(
        day=one.on,
        kind="record",
        areas=(),
        title=one.title,
        details=(one.reason,) if one.reason else (),
        who=name_of(one.by),
        record=one.record,
        in_error=False,
        is_signed=False,
    )
