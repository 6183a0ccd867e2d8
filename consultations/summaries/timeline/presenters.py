"""How the timeline shows each kind of record: one presenter for each."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import (
    Addendum,
    AdverseEvent,
    Appointment,
    Consent,
    Consultation,
    FollowUp,
    IssuedDocument,
    ReferralSending,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
)
from consultations.models.text import day_in_words
from consultations.summaries.sendings import answer_in_words, sent_in_words
from consultations.vocabulary import AppointmentKind, AppointmentStatus, Outcome

from .event import Event, name_of


def present_consultation(consultation):
    areas = consultation.area_list
    lines = [_area_line(one) for one in areas]
    if consultation.concern:
        lines.insert(0, _("Concern: %(words)s") % {"words": consultation.concern})
    if consultation.weight_told:
        lines.append(consultation.weight_told)
    return Event(
        day=consultation.consulted_on,
        kind="consultation",
        areas=tuple(one.area for one in areas),
        title=str(_("Consultation")),
        details=tuple(lines),
        who=name_of(consultation.clinician),
        record=consultation,
        in_error=consultation.in_error,
        is_signed=consultation.is_signed and not consultation.came_in_closed,
    )


def _area_line(assessment):
    line = f"{assessment.get_area_display()}: {Outcome(assessment.effective_outcome).label}."
    if assessment.in_error:
        return f"{line} {_('Entered in error.')}"
    if assessment.is_decided_otherwise:
        return f"{line} {_('Verdict overridden')}: {assessment.decision_reason}"
    return f"{line} {assessment.reason}"


def present_referral(referral):
    label = referral.get_status_display()
    if referral.closure:
        label = f"{label}: {referral.closure_in_words}"
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
    )


def present_sending(sending):
    area = sending.referral.assessment
    return Event(
        day=sending.sent_on,
        kind="referral",
        areas=(area.area,),
        title=f"{area.get_area_display()}: {sent_in_words(sending)}",
        details=tuple(line for line in (answer_in_words(sending), sending.words) if line),
        who=name_of(sending.created_by),
        record=sending,
        in_error=sending.in_error,
    )


def present_plan(plan):
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
    )


def present_consent(consent):
    """Show what the patient said; when it was withdrawn stands beside it."""
    area = consent.plan.assessment if consent.plan_id else None
    title = _("Refused: %(what)s") if consent.refused else _("Consent: %(what)s")
    lines = []
    if not consent.refused:
        lines.append(_("Signed by %(name)s.") % {"name": consent.signed_name})
    if consent.kept_at:
        lines.append(_("On paper, kept at %(place)s.") % {"place": consent.kept_at})
    if consent.withdrawn_on:
        lines.append(_("Withdrawn on %(day)s.") % {"day": day_in_words(consent.withdrawn_on)})
    if consent.no_reason:
        lines.append(_("Reason: %(words)s") % {"words": consent.no_reason})
    return Event(
        day=consent.given_on,
        kind="consent",
        areas=(area.area,) if area else (),
        title=title % {"what": _what_consent_is_to(consent, area)},
        details=tuple(lines),
        who=name_of(consent.created_by),
        record=consent,
        in_error=consent.in_error,
        is_signed=not consent.refused,
    )


def _what_consent_is_to(consent, area):
    if area is None:
        return consent.wording.get_kind_display().lower()
    return _("%(area)s, %(laser)s laser, %(count)s sessions") % {
        "area": area.get_area_display().lower(),
        "laser": consent.get_laser_type_display().lower(),
        "count": consent.sessions,
    }


def present_adverse_event(event):
    lines = [event.action_taken]
    if event.resolved_on:
        lines.append(_("Resolved on %(day)s.") % {"day": day_in_words(event.resolved_on)})
    if event.clearance:
        words = _("Cleared by %(name)s: %(note)s")
        lines.append(words % {"name": name_of(event.cleared_by), "note": event.clearance})
    if event.reported_on:
        words = _("Reported on %(day)s: %(whom)s.")
        whom = event.get_reported_to_display()
        lines.append(words % {"day": day_in_words(event.reported_on), "whom": whom})
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
    )


def present_test_patch(patch):
    lines = [_answer_to_wording(patch), patch.note]
    if patch.clearance:
        words = _("Cleared by %(name)s: %(note)s")
        lines.append(words % {"name": name_of(patch.cleared_by), "note": patch.clearance})
    return Event(
        day=patch.done_on,
        kind="test_patch",
        areas=(patch.area,),
        title=_("%(area)s, test patch: %(result)s")
        % {
            "area": patch.get_area_display(),
            "result": patch.get_result_display().lower(),
        },
        details=tuple(line for line in lines if line),
        who=name_of(patch.created_by),
        record=patch,
        in_error=patch.in_error,
    )


def _answer_to_wording(patch):
    """Say what the patient answered to which words; "" where nobody asked."""
    if patch.agreed is None:
        return ""
    words = _("Agreed: %(wording)s.") if patch.agreed else _("Did not agree: %(wording)s.")
    return words % {"wording": patch.wording}


def present_follow_up(follow_up):
    """Show a follow-up once it is done."""
    if not follow_up.done_on:
        return None
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
    )


def present_appointment(appointment):
    """Show an appointment; what was recorded at one is told by its record."""
    kind = appointment.kind
    is_told = kind in AppointmentKind.recorded()
    if appointment.status == AppointmentStatus.DONE and is_told:
        return None
    areas = [one.plan.assessment for one in appointment.course_list if not one.in_error]
    when = date_format(timezone.localtime(appointment.starts_at), "H:i")
    title = _("appointment, %(kind)s: %(status)s") % {
        "kind": appointment.get_kind_display().lower(),
        "status": appointment.get_status_display().lower(),
    }
    named = ", ".join(str(one.get_area_display()) for one in areas)
    lines = (when, appointment.reason, appointment.reason_words, appointment.note)
    return Event(
        day=appointment.day,
        kind="appointment",
        areas=tuple(one.area for one in areas),
        title=f"{named}, {title}" if named else capfirst(title),
        details=tuple(line for line in lines if line),
        who=name_of(appointment.created_by),
        record=appointment,
        in_error=appointment.in_error,
    )


def present_addendum(addendum):
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


def present_document(document):
    """Show what was issued on paper, with what it is about."""
    about = document.plan or document.referral or document.session or document.consent
    plan = getattr(about, "plan", about)  # of a course or a referral, itself
    words = _("To %(whom)s.") % {"whom": document.recipient}
    return Event(
        day=document.issued_on,
        kind="document",
        areas=(plan.assessment.area,) if plan else (),
        title=_("Issued: %(kind)s %(number)s")
        % {"kind": document.get_kind_display(), "number": document.number},
        details=(words,) if document.recipient else (),
        who=name_of(document.created_by),
        record=document,
        in_error=document.in_error,
    )


PRESENTERS = {
    Consultation: present_consultation,
    SurgicalReferral: present_referral,
    ReferralSending: present_sending,
    TreatmentPlan: present_plan,
    Consent: present_consent,
    AdverseEvent: present_adverse_event,
    TestPatch: present_test_patch,
    FollowUp: present_follow_up,
    Appointment: present_appointment,
    Addendum: present_addendum,
    IssuedDocument: present_document,
}


# Presented from something other than one record of the tree


def present_photos(photos):
    """Yield one line for the photos of an area on a day."""
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
        )


def present_transfer(one):
    """Show what came into this record or left it, because it had been in the wrong one."""
    return Event(
        day=one.on,
        kind="record",
        areas=(),
        title=one.title,
        details=(one.reason,) if one.reason else (),
        who=name_of(one.by),
        record=one.record,
    )
