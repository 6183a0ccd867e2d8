"""What a visit starts from: the areas under treatment, what is due, and last time's answers."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from consultations.models import (
    AdverseEvent,
    AppointmentPlan,
    ClinicSettings,
    Consent,
    Consultation,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.days import ends_of
from consultations.models.health import AreaCheck, HealthScreen
from consultations.vocabulary import Area, PlanStatus

from .alerts import Alert, alerts_of, last_answers_in, screens_of
from .authorised_users import AuthorisedUsers
from .chart import safe_from
from .consents import Standing, consents_to, standing_of
from .past import Past, past_of
from .patches import Patch
from .progress import Progress, progress_of
from .told import Told, told_of

AREAS = list(Area)
SOON = 3  # days before it is due that a session is offered as due


@dataclass(frozen=True, slots=True)
class AreaVisit:
    """One area on a visit's page.

    `session` is a new unsaved one; `last` is the last session done here with the same laser type;
    `events` are those not cleared there; `standing` is where `consents` leave the course today;
    `answers` has the last answer to each question about the area, with its day.
    """

    plan: TreatmentPlan
    progress: Progress
    last: TreatmentSession | None
    session: TreatmentSession
    events: tuple[AdverseEvent, ...]
    consents: tuple[Consent, ...]
    standing: Standing
    answers: dict
    patches: tuple[Patch, ...]
    safe_from: date | None
    is_booked: bool
    is_due: bool

    @property
    def place(self):
        return AREAS.index(self.plan.area)

    @property
    def number(self):
        """Return the number that this session will have in its course."""
        return self.progress.done + 1


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit: its areas, alerts and last answers.

    `answers` has the last answer to each question about health, by field: its day, and the record
    that has it. `asked_on` is the latest of those days.
    """

    areas: tuple[AreaVisit, ...]
    alerts: tuple[Alert, ...]
    answers: dict
    asked_on: date | None
    past: Past
    told: Told
    authorised: AuthorisedUsers
    clinic: ClinicSettings


def visit_of(patient, day, *, asked_for=None):
    """Return what can be treated on `day`, areas that are booked or due first. Eleven queries.

    That is each area with an active plan, and each one booked for that day or asked for (the key
    of a plan).
    """
    plans, booked = _plans_on(patient, day, asked_for)
    progress = progress_of(plans)
    done = done_of(patient)
    consultations = list(Consultation.objects.standing().filter(patient=patient))
    events = AdverseEvent.objects.open().of(patient).select_related("session__plan__assessment")
    events = list(events.order_by("onset_on", "pk"))
    past = past_of(patient)
    told = told_of(patient, past=past, done=done, consultations=consultations)
    consents, clinic = consents_to(plans), ClinicSettings.objects.current()
    areas = [
        _area(
            plan,
            progress[plan.pk],
            plan.pk in booked,
            told,
            past,
            events,
            consents[plan.pk],
            clinic,
            day,
        )
        for plan in plans
    ]
    # What one came for, then what is due, then as they stand on the chart.
    areas.sort(key=lambda one: (one.plan.pk != asked_for, not one.is_due, one.place))
    answers = _last_health(consultations, done, day)
    return Visit(
        areas=tuple(areas),
        alerts=tuple(alerts_of(patient, consultations, done, events)),
        answers=answers,
        asked_on=max((on for on, _record in answers.values()), default=None),
        past=past,
        told=told,
        authorised=AuthorisedUsers(),
        clinic=clinic,
    )


def _plans_on(patient, day, asked_for):
    """Return the plans that can be treated on `day`, and the keys of those booked for it."""
    plans = TreatmentPlan.objects.open().of(patient).select_related("assessment__consultation")
    plans = list(plans.order_by("pk"))
    start, end = ends_of(day)
    held = AppointmentPlan.objects.holding().filter(
        plan__in=plans, appointment__starts_at__gte=start, appointment__starts_at__lt=end
    )
    booked = set(held.values_list("plan_id", flat=True))
    for plan in plans:
        plan.assessment.consultation.patient = patient
    plans = [
        plan
        for plan in plans
        if plan.status == PlanStatus.ACTIVE or plan.pk in booked or plan.pk == asked_for
    ]
    return plans, booked


def done_of(patient):
    """Return the done sessions of a patient, latest first."""
    return list(
        TreatmentSession.objects.done()
        .of(patient)
        .select_related("plan__assessment", "laser_mode__laser")
        .order_by("-performed_on", "-pk")
    )


def last_answers(patient, *, before):
    """Return by field the last answer to each health question before a session of that day.

    Each comes with its day and its record. A consultation of the same day came before it.
    """
    consultations = Consultation.objects.standing().filter(patient=patient)
    return _last_health(consultations, done_of(patient), before)


def _last_health(consultations, done, before):
    consultations = [one for one in consultations if one.consulted_on <= before]
    done = [one for one in done if one.performed_on < before]
    return last_answers_in(screens_of(consultations, done), HealthScreen.ANSWERS)


def _area(plan, progress, is_booked, told, past, events, consents, clinic, day):
    on_area = told.done_on(plan.area)
    before = [one for one in on_area if one.performed_on < day and not one.performed_elsewhere]
    asked = [(one.performed_on, one) for one in before]
    asked += [(on, one) for on, one in told.assessed(plan.area) if on <= day]
    asked.sort(key=lambda pair: (pair[0], pair[1].pk), reverse=True)
    due_on = plan.next_due_on
    return AreaVisit(
        plan=plan,
        progress=progress,
        last=next((one for one in before if one.plan.laser_type == plan.laser_type), None),
        session=TreatmentSession(plan=plan),
        events=tuple(one for one in events if one.is_stopping and one.area == plan.area),
        consents=tuple(consents),
        standing=standing_of(
            plan,
            consents,
            severity=told.newest(plan.assessment, timezone.localdate()).severity,
            number=progress.done + 1,
            clinic=clinic,
        ),
        answers=last_answers_in(asked, AreaCheck.CHECK_FIELDS),
        patches=tuple(past.patches_on(plan.area)),
        safe_from=safe_from(plan, on_area),
        is_booked=is_booked,
        is_due=is_booked or bool(due_on and (due_on - day).days <= SOON),
    )
