"""The patient's chart: what staff read before they treat, on one page, in a fixed number of
queries whatever the length of the history."""

from dataclasses import dataclass
from datetime import date, timedelta

from consultations.models import (
    AreaAssessment,
    Consultation,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.rules.protocol import MINIMUM_GAP_DAYS
from consultations.vocabulary import Area, PlanStatus, ReferralStatus

from .alerts import Alert, alerts_of
from .progress import Progress, progress_of
from .timeline import Event, timeline_of


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
        alerts=tuple(alerts_of(patient, consultations, sessions)),
        courses=tuple(_courses(assessments, plans, referrals, sessions)),
        events=tuple(timeline_of(consultations, referrals, plans, sessions)),
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


def earliest_safe(plan):
    """As on the chart, for one plan by itself; None where nothing was done on its area yet."""
    area = TreatmentSession.objects.done().of(plan.patient.pk, plan.area)
    return _safe_from(plan, list(area.order_by("-performed_on")[:1]))
