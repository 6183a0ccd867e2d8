"""The patient's chart: what staff read before they treat, on one page, in a fixed number of
queries whatever the length of the history."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from consultations.models import (
    AreaAssessment,
    Consultation,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.rules.protocol import ADULT_AGE, MINIMUM_GAP_DAYS
from consultations.vocabulary import (
    Area,
    Isotretinoin,
    Outcome,
    PlanStatus,
    ReferralStatus,
    SessionStatus,
)

from .progress import Progress, progress_of


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to know before touching the patient; `since` is when it was answered, if not for
    life."""

    text: str
    tone: str = "stop"
    since: date | None = None


@dataclass(frozen=True, slots=True)
class AreaCourse:
    """One area as it stands: the latest assessment, its plan and referral, and the way ahead."""

    area: str
    label: str
    assessment: AreaAssessment
    plan: TreatmentPlan | None
    progress: Progress | None
    referral: SurgicalReferral | None
    done: tuple[TreatmentSession, ...]
    safe_from: date | None


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


@dataclass(frozen=True, slots=True)
class Chart:
    patient: object
    alerts: tuple[Alert, ...]
    courses: tuple[AreaCourse, ...]
    events: tuple[Event, ...]


def chart_of(patient):
    """Everything on the chart of one patient, in six queries."""
    consultations = list(
        Consultation.objects.filter(patient=patient)
        .select_related("clinician", "created_by")
        .order_by("-consulted_on", "-pk")
    )
    assessments = list(
        AreaAssessment.objects.filter(consultation__patient=patient)
        .select_related("decided_by")
        .order_by("-consultation__consulted_on", "-pk")
    )
    referrals = list(
        SurgicalReferral.objects.filter(assessment__consultation__patient=patient)
        .select_related("created_by")
        .order_by("-pk")
    )
    plans = list(
        TreatmentPlan.objects.filter(assessment__consultation__patient=patient)
        .select_related("created_by")
        .order_by("-pk")
    )
    sessions = list(
        TreatmentSession.objects.filter(plan__assessment__consultation__patient=patient)
        .select_related("operator", "created_by", "laser_mode__laser")
        .order_by("-day", "-pk")
    )
    _tie_together(patient, consultations, assessments, referrals, plans, sessions)
    return Chart(
        patient=patient,
        alerts=tuple(_alerts(patient, consultations, sessions)),
        courses=tuple(_courses(assessments, plans, referrals, sessions)),
        events=tuple(_timeline(consultations, referrals, plans, sessions)),
    )


def _tie_together(patient, consultations, assessments, referrals, plans, sessions):
    """Let every record find its parent in memory, so that no line of the page asks again."""
    by_pk = {consultation.pk: consultation for consultation in consultations}
    for consultation in consultations:
        consultation.patient, consultation.area_list = patient, []
    areas = {}
    for assessment in reversed(assessments):
        assessment.consultation = by_pk[assessment.consultation_id]
        assessment.consultation.area_list.append(assessment)
        assessment._prefetched_objects_cache = {"plans": [], "referrals": []}
        areas[assessment.pk] = assessment
    for name, records in (("plans", plans), ("referrals", referrals)):
        for record in records:
            record.assessment = areas[record.assessment_id]
            record.assessment._prefetched_objects_cache[name].append(record)
    by_plan = {plan.pk: plan for plan in plans}
    for session in sessions:
        session.plan = by_plan[session.plan_id]


# Alerts

FOR_LIFE = ("keloid_history", "herpes_history", "gold_therapy")
AT_LAST_VISIT = (
    "pregnant_or_breastfeeding",
    "immunosuppressed",
    "uncontrolled_diabetes",
    "anticoagulants",
    "photosensitising_drug",
)


def alert_texts():
    """What each answer of yes means to whoever is about to treat, by field."""
    return {
        "keloid_history": _("Keloid or hypertrophic scars"),
        "herpes_history": _("Herpes: antiviral cover needed"),
        "gold_therapy": _("Gold therapy: no Q-switched or picosecond laser"),
        "pregnant_or_breastfeeding": _("Pregnant or breastfeeding"),
        "immunosuppressed": _("Immunosuppressed"),
        "uncontrolled_diabetes": _("Uncontrolled diabetes"),
        "anticoagulants": _("Takes anticoagulants"),
        "photosensitising_drug": _("Photosensitising drug"),
    }


def lifetime_alerts(patient):
    """What holds for life, from the patient's own record."""
    words = alert_texts()
    if patient.allergies:
        yield Alert(_("Allergies: %(text)s") % {"text": patient.allergies})
    for name in FOR_LIFE:
        if getattr(patient, name):
            yield Alert(words[name])
    if patient.age < ADULT_AGE:
        yield Alert(_("Under 18"))
    if patient.interpreter_needed:
        yield Alert(_("Interpreter needed"), "info")


def _alerts(patient, consultations, sessions):
    yield from lifetime_alerts(patient)
    if latest := _latest_screen(consultations, sessions):
        since = getattr(latest, "consulted_on", None) or latest.performed_on
        words = alert_texts()
        for name in AT_LAST_VISIT:
            if getattr(latest, name):
                yield Alert(words[name], "wait", since)
        if latest.isotretinoin == Isotretinoin.TAKING:
            yield Alert(_("Takes isotretinoin"), "wait", since)
        elif latest.isotretinoin_last_dose_on:
            day = formats.date_format(latest.isotretinoin_last_dose_on, "j M Y")
            yield Alert(_("Isotretinoin until %(day)s") % {"day": day}, "wait", since)


def _latest_screen(consultations, sessions):
    """The record that holds the latest answers about health."""
    asked = [one for one in consultations if not one.in_error]
    done = [one for one in sessions if one.is_done and not one.performed_elsewhere]
    latest = [*asked[:1], *done[:1]]
    return max(
        latest,
        key=lambda one: getattr(one, "consulted_on", None) or one.performed_on,
        default=None,
    )


# Courses


def _courses(assessments, plans, referrals, sessions):
    progress = progress_of(plans)
    for area in Area:
        standing = [one for one in assessments if one.area == area and _stands(one)]
        if not standing:
            continue
        latest = standing[0]
        plan = _current([one for one in plans if one.area == area and _plan_stands(one)])
        on_area = [one for one in referrals if one.assessment.area == area]
        referral = _current(
            [one for one in on_area if not one.in_error and _stands(one.assessment)]
        )
        done = [one for one in sessions if one.is_done and one.plan.area == area]
        done = [one for one in done if not one.plan.in_error]
        yield AreaCourse(
            area=area.value,
            label=str(area.label),
            assessment=latest,
            plan=plan,
            progress=progress[plan.pk] if plan else None,
            referral=referral,
            done=tuple(sorted(done, key=lambda one: one.performed_on)),
            safe_from=_safe_from(plan, done),
        )


def _stands(assessment):
    return not assessment.in_error and not assessment.consultation.in_error


def _plan_stands(plan):
    return not plan.in_error and _stands(plan.assessment)


def _current(records):
    """The open one, else the latest; None where there is none."""
    closed = {PlanStatus.COMPLETED, PlanStatus.STOPPED, ReferralStatus.CLOSED}
    still_open = [one for one in records if one.status not in closed]
    return next(iter([*still_open, *records]), None)


def _safe_from(plan, done):
    """The first day on which the plan's laser is safe again on this area."""
    if plan is None or not done or plan.status != PlanStatus.ACTIVE:
        return None
    last = max(one.performed_on for one in done)
    return last + timedelta(days=MINIMUM_GAP_DAYS[plan.laser_type])


# Timeline


def _timeline(consultations, referrals, plans, sessions):
    events = [
        *map(_consultation_event, consultations),
        *map(_referral_event, referrals),
        *map(_plan_event, plans),
        *_session_events(sessions),
    ]
    order = {"session": 3, "plan": 2, "referral": 1, "consultation": 0}
    return sorted(events, key=lambda one: (one.day, order[one.kind], one.record.pk), reverse=True)


def name_of(user):
    return (user.get_full_name() or user.get_username()) if user else ""


def _consultation_event(consultation):
    areas = consultation.area_list
    lines = [
        f"{one.get_area_display()}: {Outcome(one.effective_outcome).label}. {one.reason}"
        + (f" {_('Decided otherwise')}: {one.decision_reason}" if one.is_decided_otherwise else "")
        for one in areas
        if not one.in_error
    ]
    if consultation.concern:
        lines.insert(0, f"“{consultation.concern}”")
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


def _referral_event(referral):
    label = referral.get_status_display()
    if referral.closure:
        label = f"{label}: {referral.get_closure_display().lower()}"
    steps = [
        f"{referral._meta.get_field(name).verbose_name} {formats.date_format(day, 'j M Y')}"
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
        parts.append(_("%(count)s passes") % {"count": session.passes})
    return ", ".join(parts)


def _session_events(sessions):
    numbers, counts = {}, {}
    for session in sorted(sessions, key=lambda one: (one.day, one.pk)):
        if session.is_done:
            counts[session.plan_id] = counts.get(session.plan_id, 0) + 1
            numbers[session.pk] = counts[session.plan_id]
    for session in sessions:
        yield _session_event(session, numbers.get(session.pk))


def _session_event(session, number):
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
        str(session.laser_mode or ""),
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
