"""Rows of lasers: a mode each, of a laser that is there or comes with its first row."""

from django.utils.translation import gettext as _

from consultations.exchange.imports.records import Target, Together
from consultations.models import Laser, LaserMode
from consultations.models.text import folded


class Lasers(Target):
    model = LaserMode

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.lasers = {}
        for laser in Laser.objects.standing().prefetch_related("modes").order_by("pk"):
            self.lasers.setdefault(_known_by(laser), laser)
        self.together = Together("lasers", "laser")
        self.modes, self.serials = [], {}
        for name, serial in self.lasers:
            # One without a number here says nothing of another that has one.
            if serial:
                self.serials.setdefault(name, set()).add(serial)

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

    def compared(self, givens):
        found = super().compared(givens)
        for given in givens:
            if not given.problems and given.laser.pk is None:
                self._refuse_half_named(given)
                self.together.compare(given, _known_by(given.laser))
        return found

    def _refuse_half_named(self, given):
        """With its serial number in some rows alone, one laser would become two."""
        name, serial = _known_by(given.laser)
        others = self.serials.setdefault(name, set())
        if others and serial not in others and (not serial or "" in others):
            words = _("Give the serial number in all rows of this laser, or in none.")
            given.refuse("serial_number", words)
        others.add(serial)

    def keep(self, givens, keeper):
        """The modes wait for their lasers, of which a later row may tell more."""
        for given in givens:
            laser = self.lasers.setdefault(_known_by(given.laser), given.laser)
            if laser.pk is None:
                given.fill(laser, "laser")
            given.record.laser = laser
            self.modes.append(given.record)

    def finish(self, keeper):
        """Write the new lasers, then all modes."""
        keeper.keep(Laser, [one for one in self.lasers.values() if one.pk is None])
        for mode in self.modes:
            mode.laser_id = mode.laser.pk
        keeper.keep(LaserMode, self.modes)


def _known_by(laser):
    """Two of one name are told apart by their serial numbers."""
    return folded(laser.name), folded(laser.serial_number)


def _standing(laser):
    return [one for one in laser.modes.all() if not one.in_error]
