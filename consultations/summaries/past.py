"""What the record knows of an area from before: surgery, by any assessment or a referral, and test
patches."""

from dataclasses import dataclass

from consultations.models import AreaAssessment, SurgicalReferral, TestPatch
from consultations.vocabulary import Closure

from .patches import patch_facts, patches_in


@dataclass(frozen=True, slots=True)
class Past:
    """All standing assessments, referrals and test patches of a patient.

    Each question is about one area on one day. `own` is the assessment that is judged, as typed.
    """

    assessments: tuple[AreaAssessment, ...]
    referrals: tuple[SurgicalReferral, ...]
    patches: tuple[TestPatch, ...] = ()

    def facts(self, own, on):
        """Return what is known of the area of `own` on a day, by the rules' names."""
        return self._surgery(own, on) | patch_facts(self.patches_on(own.area, own), on)

    def patches_on(self, area, own=None):
        """Return the test patches of an area, latest first: those recorded as such, and what the
        assessments were told until these were records of their own; `own` as it was typed."""
        assessments = [one for one in self.assessments if one.area == area]
        if own is not None:
            assessments = [*(one for one in assessments if one.pk != own.pk), own]
        return patches_in([one for one in self.patches if one.area == area], assessments)

    def _surgery(self, own, on):
        """Return the facts of surgery.

        The latest operation counts. Answers about an earlier one do not apply to it.
        """
        said, referral = self._said(own, on), self.operated(own.area, on)
        typed_on = _latest(said, "surgery_on")
        day = max(filter(None, (typed_on, referral and referral.operated_on)), default=None)
        about = [one for one in said if _is_about(one, day)]
        if referral and referral.operated_on not in (None, day):
            referral = None
        return {
            "surgery_on": day,
            "surgery_kind": _latest(about, "surgery_kind"),
            "recovered_from_surgery": _recovered(about, referral, day, on),
            "surgeon_cleared": _latest(about, "surgeon_cleared"),
            "referral_open": any(self._waiting(own, on)) or None,
        }

    def operated(self, area, on):
        """Return the area's referral that was operated last by this day, or None."""
        known = [
            (one.operated_by, one.pk, one)
            for one in self.referrals
            if one.assessment.area == area and one.operated_by and one.operated_by <= on
        ]
        return max(known, default=(None, None, None))[2]

    def contradictions(self, own, on):
        """Return the fields of `own` that contradict a referral, each with that referral."""
        referral = self.operated(own.area, on)
        if referral is None:
            return {}
        wrong = {}
        if own.surgery_on and referral.operated_on and own.surgery_on < referral.operated_on:
            wrong["surgery_on"] = referral
        if own.recovered_from_surgery and referral.is_open and not _recovered_by(referral, on):
            wrong["recovered_from_surgery"] = referral
        return wrong

    def _said(self, own, on):
        """Return the assessments of this area up to a day, `own` among them, latest first."""
        others = [
            one
            for one in self.assessments
            if one.area == own.area and one.pk != own.pk and one.consultation.consulted_on <= on
        ]
        others.sort(key=lambda one: (one.consultation.consulted_on, one.pk))
        at = len([one for one in others if not _is_after(one, own)])
        return [*others[:at], own, *others[at:]][::-1]

    def _waiting(self, own, on):
        """Yield whether each other assessment's referral of this area waits for a surgeon."""
        for one in self.referrals:
            if one.assessment.area != own.area or one.assessment_id == own.pk:
                continue
            is_later = one.assessment.consultation.consulted_on > on
            was_closed = not one.is_open and one.closed_on <= on
            yield not (is_later or was_closed or (one.operated_by and one.operated_by <= on))


def past_of(*patients):
    """Return what the rules may know from before, of a patient or of two who are one person.

    Three queries, whatever the number of areas.
    """
    answered = AreaAssessment.objects.standing().filter(AreaAssessment.about(patients))
    referrals = SurgicalReferral.objects.standing().filter(SurgicalReferral.about(patients))
    patches = TestPatch.objects.standing().filter(TestPatch.about(patients))
    return Past(
        assessments=tuple(answered.select_related("consultation").defer("findings", "facts")),
        referrals=tuple(referrals.select_related("assessment__consultation")),
        patches=tuple(patches.select_related("laser_mode__laser")),
    )


def _is_after(one, own):
    return one.consultation.consulted_on > own.consultation.consulted_on


def _is_about(assessment, day):
    """Whether what an assessment says of surgery is about the operation of that day."""
    if assessment.surgery_on not in (None, day):
        return False
    return day is None or assessment.consultation.consulted_on >= day


def _latest(assessments, name):
    answers = (getattr(one, name) for one in assessments)
    return next((answer for answer in answers if answer not in (None, "")), None)


def _recovered_by(referral, on):
    return referral.recovered_on is not None and referral.recovered_on <= on


def _recovered(about, referral, day, on):
    """Beside a referral, recovered is what its date says, or an assessment after its return; the
    latest word counts, on one day the more careful one."""
    if referral is None:
        return _latest(about, "recovered_from_surgery")
    is_back = referral.closure == Closure.RETURNED_FOR_TOUCH_UP
    told = [
        (one.consultation.consulted_on, one.recovered_from_surgery)
        for one in about
        if one.recovered_from_surgery is False or (one.recovered_from_surgery and is_back)
    ]
    if _recovered_by(referral, on):
        told.append((referral.recovered_on, True))
    if not told:
        # Without its day, only this answer tells the rules that there was surgery.
        return None if day else False
    return max(told, key=lambda pair: (pair[0], not pair[1]))[1]
