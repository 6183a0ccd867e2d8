"""Consent to treatment: what a patient said about each course, and where that leaves it."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import AreaAssessment, ClinicSettings, Consent, TreatmentSession
from consultations.models.text import day_in_words
from consultations.rules.calendar import days_after
from consultations.rules.readiness import Answer, ConsentFacts, Said
from consultations.rules.readiness.consent import NONE_SIGNED, judge, since_the_last_no
from consultations.vocabulary import AppointmentKind, ConsentState

NEVER = date.max  # nothing is due against a no
# The columns that an answer is read from, in the order of the table.
READ_OF_ANSWER = {
    *("id", "plan", "refused", "given_on", "created_at", "withdrawn_on", "withdrawn_at"),
    *("entered_in_error_at", "laser_type", "severity", "sessions"),
}
ANSWER = [one.attname for one in Consent._meta.concrete_fields if one.name in READ_OF_ANSWER]


def answers_in(consents, *, session=None):
    """Return what the patient said by these consents, in the order in which it was said.

    A no that was recorded after `session` was saved, and counts from its day or before, is not part
    of it: the session keeps its verdict as long as it keeps its day.
    """
    said = []
    for one in consents:
        if one.plan_id is None or one.in_error:
            continue
        first = Said.REFUSED if one.refused else Said.YES
        said.append((_answer(one, one.given_on, first), one.created_at))
        if one.withdrawn_on:
            no = _answer(one, one.withdrawn_on, Said.WITHDRAWN)
            said.append((no, one.withdrawn_at or one.created_at))
    said.sort(key=lambda row: (row[0].on, row[1]))
    return tuple(answer for answer, at in said if not _came_later(answer, at, session))


def _answer(consent, on, said):
    return Answer(
        on=on,
        said=said,
        laser_type=consent.laser_type,
        severity=consent.severity,
        sessions=consent.sessions,
    )


def _came_later(answer, at, session):
    is_stored = session is not None and session.pk is not None
    return (
        is_stored
        and answer.said != Said.YES
        and answer.on <= session.performed_on
        and at > session.created_at
        and TreatmentSession.objects.filter(pk=session.pk, day=session.performed_on).exists()
    )


def consents_to(plans):
    """Return the consents to these plans, by plan id, in one query."""
    found = {plan.pk: [] for plan in plans}
    for one in Consent.objects.answers().filter(plan__in=found).order_by("pk") if found else ():
        found[one.plan_id].append(one)
    return found


def refused_today(consents):
    """Return the keys of those plans to which the patient's latest answer is a no, refused or
    withdrawn, by the consents to each."""
    today, found = timezone.localdate(), set()
    for key, said in consents.items():
        answers = [one for one in answers_in(said) if one.on <= today]
        if answers and answers[-1].said != Said.YES:
            found.add(key)
    return found


def consent_joined(values):
    """Return the consent whose `ANSWER` columns were read along with something else; None where
    there is none."""
    known = dict(zip(ANSWER, values, strict=True))
    return Consent.from_db(None, ANSWER, values) if known["plan_id"] else None


def consent_facts(session, number, *, consents=None, clinic=None):
    """Return what is known of consent to a session, the `number` of its course.

    None where that is not judged: on a day before consent was recorded here.
    """
    plan, on = session.plan, session.performed_on or timezone.localdate()
    clinic = clinic or ClinicSettings.objects.current()
    if clinic.consent_from and on < clinic.consent_from:
        return None
    if consents is None:
        consents = consents_to([plan])[plan.pk] if plan.pk else ()
    return ConsentFacts(
        answers=answers_in(consents, session=session),
        number=number,
        reflection_days=clinic.reflection_before(plan.laser_type),
        began_before=began_before(plan, clinic),
    )


def began_before(plan, clinic):
    """Whether a course began before consent was recorded here, and was written down then: a start
    typed in later asks for consent like any other."""
    first = clinic.consent_from
    if not first or plan.created_at is None:
        return False
    return max(plan.started_on, timezone.localdate(plan.created_at)) < first


@dataclass(frozen=True, slots=True)
class Standing:
    """Where consent leaves a course today. `may_treat_from` is the day on which the time to reflect
    ends, where it is not over; `why` says what is missing."""

    state: str
    may_treat_from: date | None = None
    why: str = ""

    @property
    def words(self):
        if self.may_treat_from:
            return _("may be treated from %(day)s") % {"day": day_in_words(self.may_treat_from)}
        return str(ConsentState(self.state).label)

    @property
    def is_given(self):
        return self.state == ConsentState.GIVEN


def standings_of(plans, *, whose=None):
    """Return where consent leaves each of these plans today, by plan id, in four queries.

    `whose` are the keys of their patients by plan id, where those are known.
    """
    plans = list(plans)
    if not plans:
        return {}
    whose = whose or {plan.pk: plan.patient.pk for plan in plans}
    clinic, consents = ClinicSettings.objects.current(), consents_to(plans)
    done, severities = _done_by_plan(plans), _severities(set(whose.values()))
    return {
        plan.pk: standing_of(
            plan,
            consents[plan.pk],
            severity=severities.get((whose[plan.pk], plan.area), plan.assessment.severity),
            number=done.get(plan.pk, 0) + 1,
            clinic=clinic,
        )
        for plan in plans
    }


def standings_at(appointments):
    """Return where consent leaves the courses under way of these appointments with their
    `course_list`, by plan id, in four queries."""
    courses = [
        (one.patient_id, course.plan)
        for one in appointments
        if one.kind == AppointmentKind.TREATMENT
        for course in one.course_list
        if course.plan.is_open
    ]
    whose = {plan.pk: patient for patient, plan in courses}
    return standings_of({plan.pk: plan for _patient, plan in courses}.values(), whose=whose)


def standing_of(plan, consents, *, severity, number, clinic):
    """Return where consent leaves a course today, its next session being `number`."""
    facts = ConsentFacts(
        answers=answers_in(consents),
        number=number,
        reflection_days=clinic.reflection_before(plan.laser_type),
        began_before=began_before(plan, clinic),
    )
    judged = judge(facts, timezone.localdate(), plan.laser_type, severity)
    if judged.no is not None:
        refused = judged.no.said == Said.REFUSED
        return Standing(ConsentState.REFUSED if refused else ConsentState.WITHDRAWN)
    if judged.signed is None:
        return Standing(ConsentState.MISSING, why="" if judged.why == NONE_SIGNED else judged.why)
    if judged.free_on is not None:
        return Standing(ConsentState.REFLECTING, may_treat_from=judged.free_on)
    return Standing(ConsentState.GIVEN)


def reflections_of(plans, *, begun=False):
    """Return the day on which the time to reflect on each course ends, by plan id, in two queries.

    NEVER where the patient's last word is no. None where no consent stands, or the course began
    before consent was recorded here, or something of it is done: `begun`.
    """
    plans = [plan for plan in plans if plan.pk is not None]
    answers = {key: answers_in(consents) for key, consents in consents_to(plans).items()}
    against = {key: NEVER for key, said in answers.items() if said and said[-1].said != Said.YES}
    asks_clinic = not begun and any(answers.values())
    clinic = ClinicSettings.objects.current() if asks_clinic else None
    return {
        plan.pk: against.get(plan.pk)
        or (clinic and _reflection_ends(plan, answers[plan.pk], clinic))
        for plan in plans
    }


def _reflection_ends(plan, answers, clinic):
    given = since_the_last_no(answers)
    fits = [one for one in given if one.laser_type == plan.laser_type]
    if not fits or began_before(plan, clinic):
        return None
    return days_after(fits[0].on, clinic.reflection_before(plan.laser_type))


def _done_by_plan(plans):
    counts = {}
    done = TreatmentSession.objects.done().filter(plan__in=plans)
    for plan_id in done.values_list("plan_id", flat=True):
        counts[plan_id] = counts.get(plan_id, 0) + 1
    return counts


def _severities(patients):
    """The severity of each area as last graded, by patient and area."""
    graded = AreaAssessment.objects.standing().filter(consultation__patient__in=patients)
    rows = graded.order_by("consultation__consulted_on", "pk")
    rows = rows.values_list("consultation__patient_id", "area", "severity")
    return {(patient, area): severity for patient, area, severity in rows}
