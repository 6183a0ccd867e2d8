"""An active plan of five sessions, four weeks apart, started on the day of the consultation.

The patient agreed to it in time, unless it is not `consented`.
"""

import factory

from consultations.actions.courses import settle_plan
from consultations.models import TreatmentPlan
from consultations.vocabulary import LaserType

from .assessment import AssessmentFactory
from .consent import TreatmentConsentFactory
from .record import RecordFactory, part


class PlanFactory(RecordFactory):
    class Meta:
        model = TreatmentPlan

    assessment = part(AssessmentFactory)
    laser_type = LaserType.NON_ABLATIVE
    interval_days = 28
    started_on = factory.SelfAttribute("assessment.consultation.consulted_on")
    consented = True

    @classmethod
    def _build(cls, model_class, *args, consented, **kwargs):
        return super()._build(model_class, *args, **kwargs)

    @classmethod
    def _create(cls, model_class, *args, by, consented, **kwargs):
        plan = super()._create(model_class, *args, by=by, **kwargs)
        if consented:
            TreatmentConsentFactory(plan=plan, by=by)
        return plan

    @classmethod
    def complete(cls, record):
        given = record.next_due_on
        settle_plan(record)
        record.next_due_on = given or record.next_due_on
