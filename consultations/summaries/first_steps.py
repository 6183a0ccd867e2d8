"""The first steps of a new clinic, in order, and which of them are done."""

from django.contrib.auth import get_user_model
from django.db.models import Exists

from consultations.models import ClinicSettings, ConsentWording, Laser, LaserMode, Patient


def first_steps():
    """Return conditions that tell whether each step is done, by its name."""
    colleagues = get_user_model().objects.filter(is_active=True, is_staff=True)
    done = {
        "settings": ClinicSettings.objects.all(),
        # Nothing can be assessed without somebody who may sign it.
        "staff": colleagues.filter(groups__permissions__codename="sign_consultation"),
        "lasers": Laser.objects.standing().filter(in_service=True),
        "modes": LaserMode.objects.standing().filter(laser__in_service=True),
        "wordings": ConsentWording.objects.standing(),
        "patient": Patient.objects.filter(pk__gt=0),  # by the key: no index is walked from its end
    }
    return {name: Exists(rows.order_by()) for name, rows in done.items()}
