"""The one row of the clinic's settings."""

from consultations.models import ClinicSettings

from .record import RecordFactory


class ClinicSettingsFactory(RecordFactory):
    class Meta:
        model = ClinicSettings

    pk = 1
    name = "Clinic at the park"
