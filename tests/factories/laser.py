"""A laser in service, and one mode of it that allows 10 to 50 J/cm²."""

from decimal import Decimal

import factory

from consultations.models import Laser, LaserMode
from consultations.vocabulary import LaserType, Pulse

from .record import RecordFactory, part


class LaserFactory(RecordFactory):
    class Meta:
        model = Laser

    name = factory.Sequence("Laser {}".format)


class LaserModeFactory(RecordFactory):
    class Meta:
        model = LaserMode

    laser = part(LaserFactory)
    name = "Long pulse"
    laser_type = LaserType.NON_ABLATIVE
    wavelength_nm = 1064
    pulse = Pulse.LONG
    fluence_j_cm2_min = Decimal(10)
    fluence_j_cm2_max = Decimal(50)
