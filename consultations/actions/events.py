"""Adverse events: a moderate or severe one pauses the area's plan until it is cleared."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.actions.refusals import refuse_plan
from consultations.models import AdverseEvent, TreatmentPlan
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic
from consultations.vocabulary import PlanStatus

from .courses import settle_plan, wait_instead
from .locking import lock_patient_of


@atomic()
def keep_event(*, event, by, reason=""):
    """Save an adverse event, and pause or resume the plan of its area accordingly."""
    lock_patient_of(event)
    event.save(by=by, reason=reason)
    keep_plan_in_step(event=event, by=by)
    return event


def keep_plan_in_step(*, event, by):
    keep_area_in_step(patient=event.patient.pk, area=event.area, by=by)


def keep_area_in_step(*, patient, area, by):
    """Pause the area's open plan while an event is not cleared; then resume it."""
    first = AdverseEvent.objects.stopping().of(patient, area).order_by("pk").first()
    for plan in TreatmentPlan.objects.open().of(patient, area):
        waits_for_another = plan.paused_for_id not in {None, first and first.pk}
        if first and (plan.status == PlanStatus.ACTIVE or waits_for_another):
            _pause(plan, first, by)
        elif first is None and plan.paused_for_id:
            _resume(plan, by)


def _pause(plan, event, by):
    plan.status, plan.paused_for = PlanStatus.PAUSED, event
    plan.status_reason = _("%(kind)s since %(day)s, not cleared yet.") % {
        "kind": event.get_kind_display(),
        "day": day_in_words(event.onset_on),
    }
    settle_plan(plan)
    plan.save(by=by, reason=plan.status_reason)


def _resume(plan, by):
    """Resume a plan; if something else stands against it, it waits for that instead."""
    plan.status, plan.status_reason = PlanStatus.ACTIVE, ""
    try:
        settle_plan(plan)
        refuse_plan(plan)
    except ValidationError as refusal:
        wait_instead(plan, refusal)
    plan.save(by=by, reason=_("The adverse event is cleared."))
