"""What is told of the areas that a consultation assessed."""

from django.utils.translation import gettext as _

from consultations.models import (
    SurgicalReferral,
    TreatmentPlan,
)

# What is read of the assessment that a referral stands on.
TO_WHOM = ("assessment__area", "assessment__consultation__consulted_on")


def open_plans(areas):
    """The open plans of the patient whose areas were assessed, by area."""
    if not any(one.is_treatable for one in areas):
        return {}
    plans = TreatmentPlan.objects.open().of(areas[0].patient).select_related("assessment")
    plans = plans.only("status", "paused_for", "assessment__area")
    return {plan.area: plan for plan in plans}


def outcome_and_unasked(assessment):
    """An outcome never stands without how much its verdict does not know."""
    outcome = assessment.get_effective_outcome_display()
    if not assessment.number_unasked:
        return outcome
    unasked = _("%(number)s not asked") % {"number": assessment.number_unasked}
    return f"{outcome}, {unasked}"


def referrals_of(patient, areas):
    """All referrals of a patient, each known to its area."""
    own = (field.name for field in SurgicalReferral._meta.concrete_fields)
    referrals = SurgicalReferral.objects.of(patient).select_related("assessment__consultation")
    referrals = list(referrals.only(*own, *TO_WHOM).order_by("pk"))
    for referral in referrals:
        referral.assessment.consultation.patient = patient
    for area in areas:
        own = [one for one in referrals if one.assessment_id == area.pk]
        area._prefetched_objects_cache["referrals"] = own
    return referrals
