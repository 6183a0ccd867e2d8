"""A laser in service, one mode of it that allows 10 to 50 J/cm², and its safety file."""

from datetime import date
from decimal import Decimal

import factory

from consultations.models import AuthorisedUser, Laser, LaserIncident, LaserMode, LaserService
from consultations.vocabulary import LaserType, Pulse

from .record import RecordFactory, part
from .user import UserFactory


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


class AuthorisedUserFactory(RecordFactory):
    class Meta:
        model = AuthorisedUser

    laser = part(LaserFactory)
    user = factory.SubFactory(UserFactory)
    trained_on = date(2025, 1, 15)
    authorised_by = "The laser protection adviser"


class LaserServiceFactory(RecordFactory):
    class Meta:
        model = LaserService

    laser = part(LaserFactory)
    serviced_on = date(2025, 2, 3)
    serviced_by = "The maker"
    work = "Output checked."


class LaserIncidentFactory(RecordFactory):
    class Meta:
        model = LaserIncident

    laser = part(LaserFactory)
    happened_on = date(2025, 3, 4)
    what = "The footswitch stuck."
