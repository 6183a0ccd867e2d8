"""What the rules need to know, gathered from the records that hold it."""

from django.utils import timezone

from consultations.models import (
    AdverseEvent,
    AreaAssessment,
    Consultation,
    Patient,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.health import AreaCheck, HealthScreen, answers
from consultations.rules.calendar import in_words
from consultations.rules.facts import AreaFacts
from consultations.rules.readiness import DoneBefore, LaserFacts, SessionFacts
from consultations.rules.readiness.settings import SETTINGS
from consultations.vocabulary import Level, PlanStatus, SessionStatus

STATIC = ("severity", "grade", "radiotherapy", *AreaAssessment.SURGERY_FIELDS)


def area_facts(assessment):
    """The facts of one assessed area on the day of its consultation."""
    consultation = assessment.consultation
    return AreaFacts(
        on=consultation.consulted_on,
        area=assessment.area,
        age=consultation.patient.age_on(consultation.consulted_on),
        **answers(assessment, (*STATIC, *AreaCheck.CHECK_FIELDS)),
        **answers(consultation, HealthScreen.FIELDS),
        **_background(consultation),
    )


def session_facts(session, *, last=None, done=None, events=None):
    """The facts of one session on its day.

    `last` is the done session whose settings count as last time's, `done` the other done sessions
    of the area, `events` what nobody has cleared there; each is looked up where it is not given.
    """
    plan = session.plan
    assessment = plan.assessment
    consultation = assessment.consultation
    on = session.performed_on or timezone.localdate()
    done = done_on_area(session) if done is None else done
    last = last or last_done(session, done)
    today = AreaFacts(
        on=on,
        area=assessment.area,
        age=consultation.patient.age_on(on),
        **answers(assessment, STATIC),
        **answers(session, (*AreaCheck.CHECK_FIELDS, *HealthScreen.FIELDS)),
        **_background(consultation),
    )
    return SessionFacts(
        today=today,
        laser_type=plan.laser_type,
        plan_status=_status_for(session),
        plan_in_error=plan.in_error,
        done=tuple(DoneBefore(other.performed_on, other.plan.laser_type) for other in done),
        accepted=_already_decided(assessment),
        open_events=_in_words(_events_on_area(session) if events is None else events),
        laser=_laser_facts(session.laser_mode),
        settings={name: getattr(session, name) for name in SETTINGS},
        last_settings={name: getattr(last, name) for name in SETTINGS} if last else {},
    )


def _status_for(session):
    """The plan's status; a session that completed it may still be corrected."""
    completed = session.plan.status == PlanStatus.COMPLETED
    return PlanStatus.ACTIVE if completed and session.pk else session.plan.status


def done_on_area(session):
    """The other done sessions on the same area of the same patient, of any plan, latest first."""
    assessment = session.plan.assessment
    others = TreatmentSession.objects.done().of(assessment.consultation.patient_id, assessment.area)
    return list(others.exclude(pk=session.pk).select_related("plan").order_by("-performed_on"))


def last_done(session, done):
    """The latest of `done` that came before this session with the same laser type, or None."""
    on = session.performed_on or timezone.localdate()
    for other in done:
        if other.plan.laser_type == session.plan.laser_type and other.performed_on <= on:
            return other
    return None


def last_done_session(plan, *, but=None):
    """The latest session done here on the plan's area with its laser type, or None."""
    assessment = plan.assessment
    plans = TreatmentPlan.objects.standing().of(assessment.consultation.patient_id, assessment.area)
    # The few plans by key first: left to itself, SQLite would read all done sessions.
    keys = list(plans.filter(laser_type=plan.laser_type).values_list("pk", flat=True))
    sessions = TreatmentSession.objects.done().filter(plan__in=keys, performed_elsewhere="")
    return sessions.exclude(pk=but).order_by("-performed_on", "-pk").first()


def _background(consultation):
    return answers(consultation.patient, Patient.LIFETIME_ANSWERS) | answers(
        consultation, (*Consultation.LIFESTYLE, *Consultation.EXPECTATIONS)
    )


def _already_decided(assessment):
    """What spoke for good against laser when a clinician decided to treat all the same.

    Holds are not among them: a pregnancy or an infection is news whenever it is there.
    """
    if not assessment.is_decided_otherwise:
        return frozenset()
    return frozenset(
        finding["id"]
        for finding in assessment.findings
        if finding.get("accepted") and finding["level"] in {Level.EXCLUDE, Level.REFER}
    )


def _events_on_area(session):
    assessment = session.plan.assessment
    events = AdverseEvent.objects.stopping().of(assessment.consultation.patient_id, assessment.area)
    return events.order_by("onset_on", "pk")


def _in_words(events):
    return tuple(
        f"{event.get_kind_display().lower()} since {in_words(event.onset_on)}" for event in events
    )


def _laser_facts(mode):
    if mode is None:
        return None
    return LaserFacts(
        laser_type=mode.laser_type,
        pulse=mode.pulse,
        in_service=mode.laser.in_service and not mode.laser.in_error and not mode.in_error,
        service_due_on=mode.laser.service_due_on,
        envelope=mode.envelope(),
    )


def is_judged(session):
    """Readiness speaks of sessions done here; booked ones and history from elsewhere are not."""
    return session.status == SessionStatus.DONE and not session.performed_elsewhere
