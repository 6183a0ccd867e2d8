"""An adult of whom no clinical question was asked yet."""

from datetime import date

import factory

from consultations.models import Patient

from .record import RecordFactory


class PatientFactory(RecordFactory):
    class Meta:
        model = Patient

    family_name = factory.Sequence("Family{}".format)
    given_name = "Given"
    date_of_birth = date(1980, 5, 17)
