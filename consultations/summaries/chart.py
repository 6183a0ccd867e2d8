"""The patient's chart: what staff read before they treat, on one page.

The number of queries is fixed, whatever the length of the history.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from consultations.models import (
    AdverseEvent,
    Appointment,
    AppointmentPlan,
    AreaAssessment,
    ClinicSettings,
    Consent,
    Consultation,
    FollowUp,
    IssuedDocument,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.rules.findings import Finding
from consultations.rules.readiness import DoneBefore
from consultations.rules.readiness.course import free_from
from consultations.vocabulary import AppointmentStatus, Area, PlanStatus, Rebook, ReferralStatus

from .alerts import Alert, alerts_of
from .consents import Standing, standing_of
from .facts import known_against
from .past import Past
from .patches import Patch
from .progress import Progress, progress_in
from .record_tree import RecordTree
from .timeline import Event, timeline_of
from .told import Told
from .transfers import changed_hands


@dataclass(frozen=True, slots=True)
class Booking:
    appointment: Appointment
    is_past: bool


@dataclass(frozen=True, slots=True)
class Attendance:
    """How often a patient came, did not come, and cancelled too late."""

    came: int
    missed: int
    cancelled_late: int


@dataclass(frozen=True, slots=True)
class Due:
    follow_up: FollowUp
    is_due: bool
    is_missed: bool


@dataclass(frozen=True, slots=True)
class AreaCourse:
    """One area: the latest assessment, its plan and referral, and the way ahead.

    `done` are all sessions on the area, `numbered` those of the plan in order. `adverse_events` and
    `follow_ups` are the open ones. `against` is what the record knows today against the laser of an
    active plan, `consent` where consent leaves an open one.
    """

    area: str
    label: str
    assessment: AreaAssessment
    plan: TreatmentPlan | None
    progress: Progress | None
    referral: SurgicalReferral | None
    done: tuple[TreatmentSession, ...]
    numbered: tuple[TreatmentSession, ...]
    bookings: tuple[Booking, ...]
    adverse_events: tuple[AdverseEvent, ...]
    follow_ups: tuple[Due, ...]
    patches: tuple[Patch, ...]
    safe_from: date | None
    against: tuple[Finding, ...]
    consent: Standing | None

    @property
    def to_come(self):
        """Return one item for each planned session that is not done yet."""
        return range(max(self.progress.planned - self.progress.done, 0))


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything on the chart; `follow_ups` are the open ones that belong to no area on it, and
    `appointments` those to come for no course. `clinic` are the settings it was drawn up by."""

    patient: object
    clinic: ClinicSettings
    alerts: tuple[Alert, ...]
    courses: tuple[AreaCourse, ...]
    follow_ups: tuple[Due, ...]
    appointments: tuple[Booking, ...]
    attendance: Attendance
    events: tuple[Event, ...]


def chart_of(patient, photos=()):
    """Return everything on the chart of one patient, in eleven queries.

    `photos` are those that may be shown, as returned by `photos_of`.
    """
    tree = RecordTree(patient)
    follow_ups = sorted(tree[FollowUp], key=lambda one: (one.due_on, one.pk))
    patches, _consents, _documents = tree[TestPatch], tree[Consent], tree[IssuedDocument]
    tree.name_people()
    clinic = ClinicSettings.objects.current()
    courses = tuple(_courses(tree, follow_ups, patches, clinic))
    placed = {due.follow_up.pk for course in courses for due in course.follow_ups}
    return Chart(
        patient=patient,
        clinic=clinic,
        alerts=tuple(
            alerts_of(
                patient,
                tree.latest_first(Consultation),
                tree.latest_first(TreatmentSession),
                tree.latest_first(AdverseEvent),
            )
        ),
        courses=courses,
        follow_ups=tuple(due for due in _dues(follow_ups) if due.follow_up.pk not in placed),
        appointments=_without_course(tree[Appointment]),
        attendance=attendance_of(tree[Appointment]),
        events=tuple(timeline_of(tree, photos, changed_hands(patient))),
    )


def _courses(tree, follow_ups, patches, clinic):
    past = Past(
        assessments=tuple(one for one in tree.latest_first(AreaAssessment) if one.stands),
        referrals=tuple(one for one in tree.latest_first(SurgicalReferral) if one.stands),
        patches=tuple(one for one in patches if one.stands),
    )
    told = Told(
        consultations=tuple(one for one in tree.latest_first(Consultation) if one.stands),
        assessments=past.assessments,
        sessions=tuple(
            one for one in tree.latest_first(TreatmentSession) if one.is_done and one.plan.stands
        ),
    )
    for area in Area:
        standing = [one for one in past.assessments if one.area == area]
        if standing:
            yield _course(tree, follow_ups, standing[0], past, told, clinic)


def _course(tree, follow_ups, latest, past, told, clinic):
    def on_area(records):
        return [one for one in records if one.nearest(AreaAssessment).area == latest.area]

    plan = _current(on_area(one for one in tree.latest_first(TreatmentPlan) if one.stands))
    done = on_area(one for one in tree[TreatmentSession] if one.is_done and not one.plan.in_error)
    done.sort(key=lambda one: (one.performed_on, one.pk))
    events = on_area(tree.latest_first(AdverseEvent))
    return AreaCourse(
        area=latest.area,
        label=str(latest.get_area_display()),
        assessment=latest,
        plan=plan,
        progress=progress_in(plan, tree[TreatmentSession], tree[AppointmentPlan]) if plan else None,
        referral=_current(on_area(past.referrals)),
        done=tuple(done),
        numbered=tuple(one for one in done if plan and one.plan_id == plan.pk),
        bookings=_bookings(plan, tree[AppointmentPlan]),
        adverse_events=tuple(one for one in events if one.is_open and not one.session.in_error),
        patches=tuple(past.patches_on(latest.area)),
        follow_ups=_dues(on_area(one for one in follow_ups if one.assessment)),
        safe_from=safe_from(plan, done),
        against=_against(plan, told, past, clinic),
        consent=_consent(tree, plan, latest, clinic),
    )


def _against(plan, told, past, clinic):
    if plan is None or plan.status != PlanStatus.ACTIVE:
        return ()
    return tuple(known_against(plan, told=told, past=past, clinic=clinic))


def _consent(tree, plan, latest, clinic):
    if plan is None or not plan.is_open:
        return None
    done = sum(one.plan_id == plan.pk and one.is_done for one in tree[TreatmentSession])
    own = [one for one in tree[Consent] if one.plan_id == plan.pk]
    return standing_of(plan, own, severity=latest.severity, number=done + 1, clinic=clinic)


def _bookings(plan, courses):
    """Return the open appointments of a plan, also past ones whose outcome nobody recorded, and
    those that are to be booked again."""
    today = timezone.localdate()
    own = [
        one.appointment
        for one in courses
        if plan and one.plan_id == plan.pk and not one.in_error and not one.appointment.in_error
    ]
    booked = [one for one in own if one.is_holding or one.rebook == Rebook.OPEN]
    booked.sort(key=lambda one: (one.starts_at, one.pk))
    return tuple(Booking(one, one.is_holding and one.day < today) for one in booked)


def _without_course(appointments):
    today = timezone.localdate()
    found = [
        one
        for one in appointments
        if not any(not course.in_error for course in one.course_list)
        and (one.is_holding or one.rebook == Rebook.OPEN)
        and not one.in_error
    ]
    found.sort(key=lambda one: (one.starts_at, one.pk))
    return tuple(Booking(one, one.is_holding and one.day < today) for one in found)


def attendance_of(appointments):
    """Count what became of a patient's appointments."""
    standing = [one for one in appointments if not one.in_error]
    return Attendance(
        came=sum(one.status == AppointmentStatus.DONE for one in standing),
        missed=sum(one.status == AppointmentStatus.MISSED for one in standing),
        cancelled_late=sum(one.cancelled_late for one in standing),
    )


def _dues(follow_ups):
    today = timezone.localdate()
    return tuple(
        Due(one, is_due=one.due_on <= today, is_missed=one.due_on < today)
        for one in follow_ups
        if one.is_waiting
    )


def _current(records):
    """Return the open one, or else the latest; None if there is none."""
    closed = {PlanStatus.COMPLETED, PlanStatus.STOPPED, ReferralStatus.CLOSED}
    still_open = [one for one in records if one.status not in closed]
    return next(iter([*still_open, *records]), None)


def safe_from(plan, done):
    """Return the first day on which the plan's laser is safe again on this area, by what was done
    there; None if nothing was, or the plan is not active."""
    if plan is None or plan.status != PlanStatus.ACTIVE:
        return None
    before = tuple(DoneBefore(one.performed_on, one.plan.laser_type) for one in done)
    return free_from(plan.laser_type, before)


def earliest_safe(plan):
    """Return the earliest safe day for one plan; None if nothing was done on its area yet."""
    area = TreatmentSession.objects.done().of(plan.patient.pk, plan.area)
    return safe_from(plan, area.select_related("plan").only("performed_on", "plan__laser_type"))
