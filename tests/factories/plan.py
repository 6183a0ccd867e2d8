"""An active plan of five sessions, four weeks apart, started on the day of the consultation."""

import factory

from consultations.actions.courses import settle_plan
from consultations.models import TreatmentPlan
from consultations.vocabulary import LaserType

from .assessment import AssessmentFactory
from .record import RecordFactory, part


class PlanFactory(RecordFactory):
    class Meta:
        model = TreatmentPlan

    assessment = part(AssessmentFactory)
    laser_type = LaserType.NON_ABLATIVE
    interval_days = 28
    started_on = factory.SelfAttribute("assessment.consultation.consulted_on")

    @classmethod
    def complete(cls, record):
        given = record.next_due_on
        settle_plan(record)
        record.next_due_on = given or record.next_due_on
