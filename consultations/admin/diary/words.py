"""The clinic's reasons for calling off, and how long its appointments take."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from consultations.models import AppointmentLength, AppointmentReason

from .setup import SetupAdmin, use_chip


@admin.register(AppointmentReason)
class AppointmentReasonAdmin(SetupAdmin):
    when_empty = _("Until some are saved, the usual reasons are offered.")
    list_display = ["reason", "whose", "use"]
    ordering = ["pk"]
    segmented = ["reason_of"]
    fieldsets = [(None, {"fields": ["words", "reason_of", "in_use"]})]

    @admin.display(description=_("reason"))
    def reason(self, reason):
        return self.linked(reason, reason.words)

    @admin.display(description=_("whose reason"))
    def whose(self, reason):
        return reason.get_reason_of_display()

    @admin.display(description=_("use"))
    def use(self, reason):
        return use_chip(reason)


@admin.register(AppointmentLength)
class AppointmentLengthAdmin(SetupAdmin):
    when_empty = _("Until some are saved, the usual lengths are offered.")
    list_display = ["what", "area_name", "laser", "minutes"]
    ordering = ["kind", "area", "laser_type", "pk"]
    fieldsets = [(None, {"fields": ["kind", ("area", "laser_type"), "minutes"]})]

    @admin.display(description=_("kind"))
    def what(self, length):
        return self.linked(length, length.get_kind_display())

    @admin.display(description=_("area"))
    def area_name(self, length):
        return length.get_area_display() or _("any")

    @admin.display(description=_("laser"))
    def laser(self, length):
        return length.get_laser_type_display() or _("any")
