"""Modes of lasers: what each is, and the range that its settings keep to."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consultations.admin.base import RecordAdmin
from consultations.admin.parts.asked_for import is_choosing
from consultations.admin.parts.displays import struck
from consultations.admin.parts.formsets import OneRowEach
from consultations.models import LaserMode
from consultations.rules.readiness.settings import SETTINGS

from .inlines import ClosedWithParent

MODE_FIELDSETS = [
    (None, {"fields": [("name", "laser_type"), ("wavelength_nm", "pulse")]}),
    (
        _("Range of settings"),
        {
            "classes": ["collapse"],
            "fields": [(f"{name}_min", f"{name}_max") for name in SETTINGS],
        },
    ),
]


class LaserModeFormSet(OneRowEach):
    each = "name"
    already = _("This laser already has a mode of that name.")


class LaserModeInline(ClosedWithParent):
    model = LaserMode
    formset = LaserModeFormSet
    fieldsets = MODE_FIELDSETS

    def title_of(self, record):
        return record.name

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("laser")

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj is None else 0


@admin.register(LaserMode)
class LaserModeAdmin(RecordAdmin):
    list_display = ["mode", "laser_name", "kind", "wavelength_nm"]
    list_select_related = ["laser"]
    ordering = ["pk"]
    search_fields = ["laser__name__istartswith", "name__istartswith"]
    autocomplete_fields = ["laser"]
    fieldsets = [
        (None, {"fields": ["laser", ("name", "laser_type"), ("wavelength_nm", "pulse")]}),
        MODE_FIELDSETS[1],
    ]

    def get_readonly_fields(self, request, obj=None):
        """A mode stays with its laser: what was done with it is in that laser's register."""
        own = super().get_readonly_fields(request, obj)
        return own if obj is None else (*own, "laser")

    def get_queryset(self, request):
        modes = super().get_queryset(request).select_related("laser")
        if not is_choosing(request):
            return modes
        return modes.standing().filter(laser__in_service=True, laser__entered_in_error_at=None)

    @admin.display(description=_("mode"))
    def mode(self, mode):
        return struck(mode, format_html('<a href="{}">{}</a>', self.url_of(mode), mode.name))

    @admin.display(description=_("laser"))
    def laser_name(self, mode):
        return mode.laser.name

    @admin.display(description=_("type"))
    def kind(self, mode):
        return mode.get_laser_type_display()
