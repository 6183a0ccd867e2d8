"""What the rules need to know, read from the records that hold it."""

from dataclasses import replace

from django.utils import timezone

from consultations.models import (
    AdverseEvent,
    Consultation,
    Patient,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.health import AreaCheck, HealthScreen, answers
from consultations.rules.calendar import days_after, in_words
from consultations.rules.candidacy.recent import weightiest_procedure
from consultations.rules.candidacy.screen import UNREMARKABLE
from consultations.rules.facts import AreaFacts
from consultations.rules.protocol import TAN_DAYS
from consultations.rules.readiness import DoneBefore, SessionFacts, check, speaks_against
from consultations.rules.readiness.screen import REQUIRED_QUESTIONS
from consultations.rules.readiness.settings import SETTINGS
from consultations.vocabulary import (
    Isotretinoin,
    LaserType,
    Level,
    PlanStatus,
    RecentProcedure,
    SessionStatus,
)

from .authorised_users import AuthorisedUsers
from .consents import consent_facts
from .devices import devices_on
from .past import past_of
from .told import last_said, procedures_said, told_of

STATIC = ("severity", "grade", "radiotherapy")
BACKGROUND = (*Consultation.LIFESTYLE, *Consultation.EXPECTATIONS)
# A "yes" to these counts until they are asked again; a "no" holds for its own day. The others are
# asked at every session.
ASKED_EACH_TIME = {*REQUIRED_QUESTIONS, "pregnant_or_breastfeeding"}
PROCEDURE = ("recent_procedure", "recent_procedure_on")  # of which several may count
OF_THE_AREA = tuple(
    one for one in AreaCheck.CHECK_FIELDS if one not in {*ASKED_EACH_TIME, *PROCEDURE}
)
OF_THE_PERSON = tuple(one for one in HealthScreen.ANSWERS if one not in ASKED_EACH_TIME)


def area_facts(assessment, *, on=None, past=None):
    """Return the facts of one assessed area on the day of its consultation, or later.

    `past` is what the record knows from before; it is looked up if not given.
    """
    consultation = assessment.consultation
    on = on or consultation.consulted_on
    return AreaFacts(
        on=on,
        area=assessment.area,
        age=consultation.patient.age_on(on),
        **answers(assessment, (*STATIC, *AreaCheck.CHECK_FIELDS)),
        **answers(consultation, HealthScreen.ANSWERS),
        **answers(consultation.patient, Patient.LIFETIME_ANSWERS),
        **answers(consultation, BACKGROUND),
        **(past or past_of(consultation.patient)).facts(assessment, on),
    )


def session_facts(
    session,
    *,
    last=None,
    told=None,
    events=None,
    past=None,
    authorised=None,
    consents=None,
    clinic=None,
):
    """Return the facts of one session on its day.

    The area's last assessment by that day counts, whichever assessment the plan rests on, and so
    does the last answer to each question. These are looked up if not given: `last`, the done
    session whose settings count as last time's; `told`, what the patient said at all visits;
    `events`, those that nobody has cleared on the area; `past`, what the record knows from before;
    `authorised`, who may use which laser; `consents`, those to the plan; `clinic`, its settings.
    """
    plan, patient = session.plan, session.plan.assessment.consultation.patient
    on = session.performed_on or timezone.localdate()
    past = past or past_of(patient)
    told = _without(session, told or told_of(patient, past=past))
    done = told.done_on(plan.area)
    last = last or last_done(session, done)
    assessment = told.newest(plan.assessment, on)
    facts = SessionFacts(
        today=_area_today(session, assessment, told, past, on),
        laser_type=plan.laser_type,
        plan_status=_status_for(session),
        plan_in_error=plan.in_error,
        done=tuple(DoneBefore(other.performed_on, other.plan.laser_type) for other in done),
        accepted=_already_decided(assessment),
        open_events=_in_words(_events_on_area(session) if events is None else events),
        settings={name: getattr(session, name) for name in SETTINGS},
        last_settings={name: getattr(last, name) for name in SETTINGS} if last else {},
        eyewear_worn=session.eyewear_worn,
        antiviral_given=session.antiviral_given,
        consent=consent_facts(session, _number(session, done), consents=consents, clinic=clinic),
    )
    return _with_laser(facts, session, authorised or AuthorisedUsers())


def _area_today(session, assessment, told, past, on):
    """Return the facts of the area as they are on the day of the session."""
    plan, patient = session.plan, session.plan.assessment.consultation.patient
    return AreaFacts(
        on=on,
        area=plan.area,
        severity=assessment.severity,
        grade=assessment.grade,
        age=patient.age_on(on),
        **_answers_today(session, told, on),
        **answers(patient, Patient.LIFETIME_ANSWERS),
        **last_said(told.consulted(), BACKGROUND, on),
        **past.facts(plan.assessment, on),
    )


def known_against(plan, *, told=None, past=None, clinic=None):
    """Return what the record knows today against the laser of a plan; consent is told apart.

    `told`, `past` and `clinic` as for `session_facts`.
    """
    today = TreatmentSession(plan=plan, performed_on=timezone.localdate())
    known = {"told": told, "past": past, "clinic": clinic}
    return speaks_against(session_facts(today, events=(), consents=(), **known))


def _number(session, done):
    """Return the place of a session in its course; `done` are the others on its area."""
    on = session.performed_on or timezone.localdate()
    before = (one for one in done if one.plan_id == session.plan_id and one.performed_on <= on)
    return sum(1 for _one in before) + 1


def _without(session, told):
    """Return what was told elsewhere than in this session."""
    return replace(told, sessions=tuple(one for one in told.sessions if one.pk != session.pk))


def _status_for(session):
    """Return the plan's status; a session that completed the plan may still be corrected."""
    completed = session.plan.status == PlanStatus.COMPLETED
    return PlanStatus.ACTIVE if completed and session.pk else session.plan.status


def last_done(session, done):
    """Return the last of `done` before this session with the same laser type, or None."""
    on = session.performed_on or timezone.localdate()
    for other in done:
        if other.plan.laser_type == session.plan.laser_type and other.performed_on < on:
            return other
    return None


def last_done_session(plan, *, before):
    """Return the last session done here before a day on the plan's area, or None.

    Only sessions with the plan's laser type count: settings are compared within one type.
    """
    assessment = plan.assessment
    plans = TreatmentPlan.objects.standing().of(assessment.consultation.patient_id, assessment.area)
    # The few plans by key first: left to itself, SQLite would read all done sessions.
    keys = list(plans.filter(laser_type=plan.laser_type).values_list("pk", flat=True))
    sessions = TreatmentSession.objects.done().filter(plan__in=keys, performed_elsewhere="")
    return sessions.filter(performed_on__lt=before).order_by("-performed_on", "-pk").first()


def _answers_today(session, told, on):
    """Return the session's own answers; if not asked, what was said last but for a "no"."""
    said = answers(session, (*AreaCheck.CHECK_FIELDS, *HealthScreen.ANSWERS))
    area = session.plan.area
    of_the_area = [*told.assessed(area), *told.treated(area)]
    of_the_person = [*told.consulted(), *told.treated()]
    before = last_said(of_the_area, OF_THE_AREA, on) | last_said(of_the_person, OF_THE_PERSON, on)
    _drop_what_is_over(before, said, on)
    carried = {
        name: answer
        for name, answer in before.items()
        if said.get(name) is None and answer not in (None, UNREMARKABLE.get(name))
    }
    done = _procedure(session, of_the_area, on)
    return said | carried | last_said(told.assessed(area), ["radiotherapy"], on) | done


def _drop_what_is_over(before, said, on):
    """Take out of what was said before what today's answers replace, and a tan that is over."""
    if said["tanned"] is not None:  # the day of an earlier answer is not that of this one
        before["tanned_on"] = None
    if said["isotretinoin"] == Isotretinoin.NEVER:
        before["isotretinoin_last_dose_on"] = None
    if said["photosensitiser"] is not None or before["photosensitiser"] is not None:
        before["photosensitising_drug"] = None
    if before["tanned_on"] and on >= days_after(before["tanned_on"], max(TAN_DAYS.values())):
        before["tanned"] = before["tanned_on"] = None  # asked again before it counts


def _procedure(session, of_the_area, on):
    """Return the procedure elsewhere that weighs most today of all that were told; {} if none is
    waited for."""
    own = session.recent_procedure
    told = {} if own == RecentProcedure.NONE else procedures_said(of_the_area, on)
    if own and own != RecentProcedure.NONE:
        told[RecentProcedure(own)] = session.recent_procedure_on
    counts = weightiest_procedure(told, LaserType(session.plan.laser_type), on)
    return dict(zip(PROCEDURE, counts, strict=True)) if counts else {}


def _already_decided(assessment):
    """Return the permanent findings that a clinician knew when deciding to treat anyway.

    Holds are not among them: a pregnancy or an infection is news whenever it is there.
    """
    if not assessment.is_decided_otherwise or not assessment.is_treatable:
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


def _with_laser(facts, session, authorised):
    """Add the laser as it was on the day; if it changed that day, at its most suitable."""
    mode = session.laser_mode
    if mode is None:
        return facts
    may_use = authorised.may_use(mode.laser_id, session.operator_id, facts.on)
    devices = [device.facts() for device in devices_on(mode, facts.on)]
    tried = [replace(facts, laser=replace(one, authorised=may_use)) for one in devices]
    return tried[0] if len(tried) == 1 else min(tried, key=_number_blocking)


def _number_blocking(facts):
    return sum(finding.level == Level.BLOCK for finding in check(facts))


def is_judged(session):
    """Whether readiness applies: not to booked sessions, nor to history from elsewhere."""
    return session.status == SessionStatus.DONE and not session.performed_elsewhere
