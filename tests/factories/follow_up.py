"""A recall that is due today and waits."""

import factory
from django.utils import timezone

from consultations.models import FollowUp

from .patient import PatientFactory
from .record import RecordFactory, part


class FollowUpFactory(RecordFactory):
    class Meta:
        model = FollowUp

    patient = part(PatientFactory)
    due_on = factory.LazyFunction(timezone.localdate)
