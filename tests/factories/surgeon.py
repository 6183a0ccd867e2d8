"""A surgeon who takes referrals, each with a name of its own."""

import factory

from consultations.models import Surgeon

from .record import RecordFactory


class SurgeonFactory(RecordFactory):
    class Meta:
        model = Surgeon

    name = factory.Sequence("Surgeon {}".format)
    practice = "Practice"
