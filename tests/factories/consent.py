"""A patient's consent to photos, and the words it was given in."""

from datetime import date, timedelta

import factory

from consultations.models import Consent, ConsentWording
from consultations.vocabulary import ConsentKind

from .patient import PatientFactory
from .record import RecordFactory, part


class ConsentWordingFactory(RecordFactory):
    class Meta:
        model = ConsentWording

    kind = ConsentKind.PHOTO
    edition = factory.Sequence(lambda number: number + 1)
    text = "I agree."


class ConsentFactory(RecordFactory):
    class Meta:
        model = Consent

    patient = part(PatientFactory)
    wording = part(ConsentWordingFactory)
    given_on = date(2025, 3, 3)
    signed_name = "Given Family"


class TreatmentConsentFactory(ConsentFactory):
    """A yes to the course of a plan as it stands, in time for its first session."""

    patient = None
    plan = part("tests.factories.plan.PlanFactory")
    wording = part(ConsentWordingFactory, kind=ConsentKind.TREATMENT)
    given_on = factory.LazyAttribute(lambda one: one.plan.started_on - timedelta(days=14))
    laser_type = factory.SelfAttribute("plan.laser_type")
    severity = factory.SelfAttribute("plan.assessment.severity")
    sessions = 60
