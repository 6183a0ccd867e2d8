"""Judge areas: give each its verdict, store the clinician's decision, see to the referral."""

from copy import copy
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.models import AreaAssessment, Consultation, Patient, SignedRecordError
from consultations.models.transactions import atomic
from consultations.rules.candidacy import assess
from consultations.summaries.facts import area_facts
from consultations.summaries.past import past_of
from consultations.vocabulary import Level, Outcome

from .courses import keep_decision_in_step
from .locking import lock_patient_of, refuse_record_that_ended
from .referrals import keep_referral_in_step, standing_plan, was_sent

DISALLOWING = (Level.HOLD, Level.EXCLUDE, Level.REFER)
VERDICT_FIELDS = (
    "outcome",
    "until",
    "lasers",
    "proposed_laser",
    "pace",
    "reason",
    "findings",
    "facts",
    "rulebook",
)


def give_verdict(assessment, *, deciding=False, past=None):
    """Set the rulebook's verdict on an assessment without saving; return whether anything changed.

    `past` is what the record knows from before; it is looked up if not given. `deciding` says that
    the clinician is deciding now, knowing the verdict. An earlier decision lapses if it only
    agreed with a verdict that has changed. A decision to treat also lapses if something new speaks
    against laser and no plan rests on it yet.
    """
    before = [getattr(assessment, name) for name in VERDICT_FIELDS]
    deciding = deciding or not assessment.outcome
    agreed = assessment.decision == assessment.outcome and not assessment.decision_reason
    accepted = {finding["id"] for finding in assessment.findings if finding.get("accepted")}
    facts = area_facts(assessment, past=past)
    judged, verdict = assessment.judged or (None, None)
    if facts != judged:
        verdict = assess(facts)
        assessment.judged = facts, verdict
    write_verdict(assessment, facts, verdict)
    if agreed and not deciding and assessment.decision != assessment.outcome:
        _clear_decision(assessment)
    if assessment.is_decided_otherwise:
        _keep_what_was_accepted(assessment, accepted, deciding)
    if not assessment.decision:
        _clear_decision(assessment)
    return before != [getattr(assessment, name) for name in VERDICT_FIELDS]


def write_verdict(assessment, facts, verdict):
    """Set what the rules say of these facts on an assessment, without saving it."""
    assessment.outcome = verdict.outcome.value
    assessment.until = verdict.until
    assessment.lasers = [laser.value for laser in verdict.lasers]
    assessment.proposed_laser = verdict.proposed_laser.value if verdict.proposed_laser else ""
    assessment.pace = verdict.pace.value if verdict.pace else ""
    assessment.reason = verdict.reason
    assessment.findings = [finding.as_json() for finding in verdict.findings]
    assessment.facts = facts.as_json()
    assessment.rulebook = verdict.rulebook


def _keep_what_was_accepted(assessment, accepted, deciding):
    """Mark the findings against laser that the clinician knew when deciding otherwise."""
    against = {finding["id"] for finding in assessment.findings if finding["level"] in DISALLOWING}
    if deciding:
        accepted = against
    elif (
        assessment.decision in Outcome.treatable()
        and against - accepted
        and not (assessment.pk and standing_plan(assessment))
    ):
        _clear_decision(assessment)
        return
    for finding in assessment.findings:
        if finding["id"] in accepted:
            finding["accepted"] = True


def _clear_decision(assessment):
    assessment.decision = assessment.decision_reason = ""
    assessment.decided_by = assessment.decided_at = None


def effective_outcome(assessment):
    """Return what the generated column will say once this assessment is saved."""
    return assessment.decision or assessment.outcome


def refuse_referral_beside_plan(assessment):
    """Raise ValidationError if the area is to be referred although it has a standing plan."""
    if effective_outcome(assessment) != Outcome.REFER_TO_SURGERY or not assessment.pk:
        return
    if standing_plan(assessment):
        raise ValidationError(
            {"decision": _("This area already has a plan. Record a new consultation to refer it.")}
        )


def is_fixed(assessment):
    """Whether treatment or a sent referral rests on what was assessed."""
    return bool(
        standing_plan(assessment)
        or any(was_sent(referral) for referral in assessment.referrals.all())
    )


@atomic()
def record_assessments(*, consultation, by, changed=(), past=None):
    """Save `changed` assessments, and judge all areas of the consultation again.

    `past` is what the record knows from before; it is read if not given.

    Returns the assessments, each with its verdict, and in `paused` the plans that a decision
    paused. A severe area gets its referral in the same transaction. Raises ValidationError if a
    plan stands in the way of a referral, and SignedRecordError if the consultation is signed.
    """
    refuse_record_that_ended(lock_patient_of(consultation))
    _refuse_closed(consultation)
    edited = {assessment.pk: assessment for assessment in changed if assessment.pk}
    kept = consultation.assessments.prefetch_related("plans", "referrals").order_by("pk")
    pairs = [(edited.get(stored.pk, stored), stored) for stored in kept]
    pairs += [(assessment, None) for assessment in changed if not assessment.pk]
    past = past or past_of(consultation.patient)
    for assessment, stored in pairs:
        assessment.consultation = consultation
        if not assessment.in_error:
            _judge(assessment, stored, past=past, by=by)
    return [assessment for assessment, _stored in pairs]


def _refuse_closed(consultation):
    """Raise SignedRecordError if it is signed, ValidationError if it was entered in error.

    Within this transaction nobody needs to ask again.
    """
    if consultation.is_open:
        return
    states = Consultation.objects.values_list("signed_at", "entered_in_error_at")
    signed_at, in_error_at = states.get(pk=consultation.pk)
    if signed_at:
        raise SignedRecordError(f"{consultation} is signed")
    if in_error_at:
        raise ValidationError(_("This consultation was entered in error."))
    consultation.is_open = True


def _judge(assessment, stored, *, past, by, reason=""):
    """Judge and save one area; `stored` is its row before, or the same object if not edited."""
    if stored is not assessment:
        hanging = getattr(stored, "_prefetched_objects_cache", {"plans": [], "referrals": []})
        assessment._prefetched_objects_cache = hanging
    former = stored.effective_outcome if stored else None
    former_decision = stored.decision if stored else ""
    deciding = _decision_of(assessment) != _decision_of(stored)
    news = give_verdict(assessment, deciding=deciding, past=past)
    refuse_referral_beside_plan(assessment)
    if news or assessment is not stored:
        assessment.save(by=by, reason=reason)
        assessment.effective_outcome = effective_outcome(assessment)
    keep_referral_in_step(assessment=assessment, by=by, former_outcome=former)
    if stored is None or assessment.decision != former_decision:
        assessment.paused = _keep_decision(assessment, by)


def _keep_decision(assessment, by):
    """Pause and return the plans that a decision against laser pauses.

    A decision of an earlier visit than the latest pauses none.
    """
    if assessment.decision not in Outcome.refusing():
        return []
    return keep_decision_in_step(patient=assessment.patient.pk, area=assessment.area, by=by)


def _decision_of(assessment):
    return (assessment.decision, assessment.decision_reason) if assessment else ("", "")


@atomic()
def reassess_unsigned(*, patient, by, but=None):
    """Judge again each unsigned consultation of a patient whose lifetime answers changed.

    One that is judged anyway is left out.
    """
    Patient.objects.locked(patient.pk)
    unsigned = Consultation.objects.unsigned().filter(patient=patient)
    for consultation in unsigned.exclude(pk=but.pk if but else None):
        consultation.patient = patient
        record_assessments(consultation=consultation, by=by)


@atomic()
def judge_for_other_facts(*, consultation, by, reason):
    """Judge again the areas of an unsigned consultation that has other facts now.

    Its patient is another, or more is known of them. What a plan rests on stays as it was judged.
    """
    areas = consultation.assessments.standing().prefetch_related("plans", "referrals")
    past = past_of(consultation.patient)
    for assessment in areas.order_by("pk"):
        assessment.consultation = consultation
        if not standing_plan(assessment):
            _judge(assessment, assessment, past=past, by=by, reason=reason)


@atomic()
def judge_after_referral(*, referral, by):
    """Judge again the unsigned consultations that assessed the same area.

    They now know what the referral says of surgery. The one that the referral came from is left
    out.
    """
    judge_area_again(
        patient=referral.patient,
        area=referral.assessment.area,
        but=referral.assessment.consultation_id,
        by=by,
        reason=_("The referral of this area was changed."),
    )


def judge_area_again(*, patient, area, by, reason, but=None):
    """Judge again the unsigned consultations that assessed this area, one (`but`) left out."""
    areas = AreaAssessment.objects.standing().of(patient, area)
    unsigned = Consultation.objects.unsigned().filter(pk__in=areas.values("consultation"))
    for consultation in unsigned.exclude(pk=but):
        consultation.patient = patient
        judge_for_other_facts(consultation=consultation, by=by, reason=reason)


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """The verdict on an area now, and the one it would get with other facts about the person."""

    assessment: AreaAssessment
    after: AreaAssessment

    @property
    def is_news(self):
        return _verdict_in_short(self.assessment) != _verdict_in_short(self.after)


def verdicts_with(patient, assessments, *, past):
    """Preview the verdicts on unsigned areas if they were this patient's; write nothing.

    Areas on which a plan rests are left out. `past` is what would be known from before. This is
    what `judge_for_other_facts` would do.
    """
    for assessment in assessments:
        if standing_plan(assessment):
            continue
        after = copy(assessment)
        after.consultation = copy(assessment.consultation)
        after.consultation.patient = patient
        give_verdict(after, past=past)
        after.effective_outcome = effective_outcome(after)
        yield NewVerdict(assessment, after)


def _verdict_in_short(assessment):
    return assessment.effective_outcome, assessment.until, assessment.lasers, assessment.reason


def carried_over(referral):
    """Return a new, unsaved assessment of an area given back by the surgeon, surgery filled in."""
    former = referral.assessment
    return AreaAssessment(
        area=former.area,
        follows_referral=referral,
        radiotherapy=former.radiotherapy,
        tattoo=former.tattoo,
        surgery_on=referral.operated_on,
        recovered_from_surgery=True if referral.recovered_on else None,
    )
