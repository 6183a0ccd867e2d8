"""A consultation of which nothing was asked yet, by the user who writes it."""

from datetime import date

import factory

from consultations.models import Consultation

from .patient import PatientFactory
from .record import RecordFactory, part


class ConsultationFactory(RecordFactory):
    class Meta:
        model = Consultation

    patient = part(PatientFactory)
    clinician = factory.SelfAttribute("by")
    consulted_on = date(2025, 3, 3)
