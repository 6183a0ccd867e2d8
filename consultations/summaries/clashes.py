"""All records of two patients, or those of one consultation, and what would clash if they were one
person's."""

from dataclasses import dataclass
from hashlib import sha256
from itertools import product

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import (
    AreaAssessment,
    Consent,
    Consultation,
    FollowUp,
    Patient,
    Photo,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.text import day_in_words
from consultations.vocabulary import Outcome, PlanStatus

from .joined import joined

HANGING = ("plans", "sessions", "referrals", "events", "follow_ups", "consents")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why it cannot be done, and the records where that is dealt with."""

    words: str
    records: tuple = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One line of what goes along: an area and what hangs on it, or records of one kind."""

    label: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """All records of one or two patients, each tied to those it hangs on."""

    patients: list
    consultations: list
    assessments: list
    plans: list
    referrals: list
    sessions: list
    events: list
    follow_ups: list
    consents: list
    photos: list

    def of(self, belongs):
        """Those of them that hang on a consultation, or a patient, that `belongs` accepts."""
        kept = {
            name: [one for one in getattr(self, name) if belongs(_root(one))]
            for name in self.__slots__
        }
        return Records(**kept)

    def stamp(self):
        """The versions of all of it: another stamp, and something was changed."""
        seen = sorted(
            f"{one._meta.model_name} {one.pk} {one.version}"
            for name in self.__slots__
            for one in getattr(self, name)
        )
        return sha256("\n".join(seen).encode()).hexdigest()[:32]


def records_of(*patients):
    """Everything that two patients' records hold, in five queries."""
    keys = [patient.pk for patient in patients]
    consultations, assessments, plans, referrals = joined(
        Consultation.objects.filter(patient__in=keys),
        "assessments",
        "assessments__plans",
        "assessments__referrals",
    )
    sessions, events = joined(
        TreatmentSession.objects.filter(plan__in=list(plans)), "adverse_events"
    )
    follow_ups = FollowUp.objects.filter(patient__in=keys)
    consents = Consent.objects.filter(Q(patient__in=keys) | Q(plan__in=list(plans)))
    photos = Photo.objects.filter(patient__in=keys)
    own = {patient.pk: patient for patient in patients}
    found = Records(
        patients=list(patients),
        consultations=_tied(consultations.values(), patient=own),
        assessments=_tied(assessments.values(), consultation=consultations),
        plans=_tied(plans.values(), assessment=assessments),
        referrals=_tied(referrals.values(), assessment=assessments),
        sessions=_tied(sessions.values(), plan=plans),
        events=_tied(events.values(), session=sessions),
        follow_ups=_tied(follow_ups, patient=own, session=sessions, plan=plans, referral=referrals),
        consents=_tied(consents.select_related("wording"), patient=own, plan=plans),
        photos=_tied(photos, patient=own),
    )
    for assessment in found.assessments:
        assessment._prefetched_objects_cache = {
            "plans": [one for one in found.plans if one.assessment_id == assessment.pk],
            "referrals": [one for one in found.referrals if one.assessment_id == assessment.pk],
        }
    return found


def _tied(records, **parents):
    """The records by key; what they hang on is found in memory."""
    records = sorted(records, key=lambda one: one.pk)
    for record in records:
        for name, found in parents.items():
            if parent := found.get(getattr(record, f"{name}_id")):
                setattr(record, name, parent)
    return records


def _root(record):
    """What a record hangs on in the end: its consultation, else its patient."""
    match record:
        case Patient() | Consultation():
            return record
        case AreaAssessment():
            return record.consultation
        case TreatmentPlan() | SurgicalReferral():
            return record.assessment.consultation
        case FollowUp():
            followed = record.plan or (record.session and record.session.plan) or record.referral
            return followed.assessment.consultation if followed else record.patient
        case Consent():
            return _root(record.plan) if record.plan_id else record.patient
        case Photo():
            return record.patient
        case TreatmentSession():
            return _root(record.plan)
    return _root(record.session)


def stands(record):
    """Neither it nor anything it hangs on was entered in error."""
    match record:
        case TreatmentPlan() | SurgicalReferral():
            return not record.in_error and stands(record.assessment)
        case AreaAssessment():
            return not record.in_error and not record.consultation.in_error
        case TreatmentSession():
            return not record.in_error and stands(record.plan)
    return not record.in_error


def open_plans(records):
    closed = {PlanStatus.COMPLETED, PlanStatus.STOPPED}
    return [plan for plan in records.plans if stands(plan) and plan.status not in closed]


def open_referrals(records):
    return [one for one in records.referrals if stands(one) and one.is_open]


def stopping_events(records):
    return [event for event in records.events if event.is_stopping and stands(event.session)]


# In words


def parts_of_areas(records):
    """What hangs on each area, in words; in error or not, it goes along."""
    for assessment in records.assessments:

        def on_it(record, assessment=assessment):
            return _area_of(record) is assessment

        yield Part(
            str(assessment.get_area_display()),
            tuple(counted({name: filter(on_it, getattr(records, name)) for name in HANGING})),
        )


def _area_of(record):
    """The assessed area that a record hangs on, or None."""
    match record:
        case TreatmentPlan() | SurgicalReferral():
            return record.assessment
        case TreatmentSession():
            return record.plan.assessment
        case FollowUp():
            return record.assessment
        case Consent():
            return record.plan.assessment if record.plan_id else None
    return record.session.plan.assessment


def counted(found):
    """How many there are of each kind, in words; nothing of what there is none of."""
    words = {
        "consultations": lambda n: ngettext("%(n)s consultation", "%(n)s consultations", n),
        "plans": lambda n: ngettext("%(n)s plan", "%(n)s plans", n),
        "sessions": lambda n: ngettext("%(n)s session", "%(n)s sessions", n),
        "referrals": lambda n: ngettext("%(n)s referral", "%(n)s referrals", n),
        "events": lambda n: ngettext("%(n)s adverse event", "%(n)s adverse events", n),
        "follow_ups": lambda n: ngettext("%(n)s follow-up", "%(n)s follow-ups", n),
        "consents": lambda n: ngettext("%(n)s consent", "%(n)s consents", n),
        "photos": lambda n: ngettext("%(n)s photo", "%(n)s photos", n),
    }
    for name, records in found.items():
        if count := len(list(records)):
            yield words[name](count) % {"n": count}


# What would clash


def clashes(these, those):
    """What would stand twice for one area afterwards, or a plan beside a referral."""
    plans = (open_plans(these), open_plans(those))
    referrals = (open_referrals(these), open_referrals(those))
    for one, other in _of_one_area(*plans):
        words = _("%(area)s: each has an open plan. Complete or stop one of them first.")
        yield Obstacle(about(one.assessment, words), (one, other))
    crossed = [*_of_one_area(plans[0], referrals[1]), *_of_one_area(plans[1], referrals[0])]
    for plan, referral in crossed:
        # A paused plan may wait beside a referral.
        if plan.status == PlanStatus.ACTIVE:
            words = _(
                "%(area)s: one has an active plan, the other an open referral. Pause or stop the "
                "plan, or close the referral, first."
            )
            yield Obstacle(about(plan.assessment, words), (plan, referral))
    for one, other in _of_one_area(*referrals):
        words = _("%(area)s: each has an open referral. Close one of them first.")
        yield Obstacle(about(one.assessment, words), (one, other))


def _of_one_area(these, those):
    pairs = product(these, those)
    return [(one, other) for one, other in pairs if one.assessment.area == other.assessment.area]


def about(assessment, words):
    return words % {"area": assessment.get_area_display()}


def pauses(these, those):
    """Plans that will wait where both are one record: the other side has an adverse event of the
    area, or decided against laser there since."""
    for ours, theirs in ((these, those), (those, these)):
        for plan in open_plans(ours):
            events = [one for one in stopping_events(theirs) if one.area == plan.area]
            if events and plan.status == PlanStatus.ACTIVE:
                yield _("%(area)s: the plan is paused until this is cleared: %(event)s.") % {
                    "area": plan.assessment.get_area_display(),
                    "event": events[0],
                }
            elif not events:
                yield from pauses_as_decided(plan, [*ours.assessments, *theirs.assessments])


def pauses_as_decided(plan, assessments):
    """That an active plan will wait, where the latest of these assessments of its area is decided
    against laser."""
    on_area = [one for one in assessments if one.area == plan.area and stands(one)]
    latest = max(on_area, key=lambda one: (one.consultation.consulted_on, one.pk), default=None)
    if latest is None or latest.decision not in Outcome.refusing():
        return
    if plan.status != PlanStatus.ACTIVE:
        return
    yield _("%(area)s: the plan is paused: %(outcome)s, as decided on %(day)s.") % {
        "area": plan.assessment.get_area_display(),
        "outcome": latest.get_decision_display().lower(),
        "day": day_in_words(timezone.localdate(latest.decided_at)),
    }
