"""A mild face, suitable for laser: the rulebook gives the verdict unless `outcome` is given."""

import factory

from consultations.actions.assessments import give_verdict
from consultations.models import AreaAssessment
from consultations.vocabulary import Area, Severity

from .consultation import ConsultationFactory
from .record import RecordFactory, part


class AssessmentFactory(RecordFactory):
    class Meta:
        model = AreaAssessment

    class Params:
        mild = factory.Trait(severity=Severity.MILD)
        severe = factory.Trait(severity=Severity.SEVERE)

    consultation = part(ConsultationFactory)
    area = Area.FACE
    severity = Severity.MILD

    @classmethod
    def complete(cls, record):
        if not record.outcome:
            give_verdict(record)
