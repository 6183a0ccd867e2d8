"""Rows of lasers: a mode each, of a laser that is there or comes with its first row."""

from django.utils.translation import gettext as _

from consultations.exchange.imports.records import Target
from consultations.models import Laser, LaserMode
from consultations.models.text import folded


class Lasers(Target):
    model = LaserMode

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.lasers = {}
        for laser in Laser.objects.standing().prefetch_related("modes").order_by("pk"):
            self.lasers.setdefault(_known_by(laser), laser)

    def build(self, given, *, checks=True):
        """Put the laser of a row and its mode together."""
        laser = Laser(created_by=self.by, changed_by=self.by)
        given.fill(laser, "laser")
        laser = self.lasers.get(_known_by(laser), laser)
        mode = LaserMode(laser=laser, created_by=self.by, changed_by=self.by)
        given.fill(mode, "mode")
        given.laser, given.record = laser, mode
        if not checks:
            return
        if laser.pk is None:
            given.check(laser, "laser")
        elif any(folded(one.name) == folded(mode.name) for one in _standing(laser)):
            given.refuse("mode", _("This laser already has a mode of that name."))
        given.check(mode, "mode", leaves_out=("laser",))

    def same(self, given):
        return (*_known_by(given.laser), folded(given.record.name))

    def keep(self, givens, keeper):
        new = {}
        for given in givens:
            laser = self.lasers.setdefault(_known_by(given.laser), given.laser)
            if laser.pk is None:
                new[_known_by(laser)] = laser
            given.record.laser = laser
        keeper.keep(Laser, list(new.values()))
        for given in givens:
            given.record.laser_id = given.record.laser.pk
        keeper.keep(LaserMode, [given.record for given in givens])


def _known_by(laser):
    """Two of one name are told apart by their serial numbers."""
    return folded(laser.name), folded(laser.serial_number)


def _standing(laser):
    return [one for one in laser.modes.all() if not one.in_error]
