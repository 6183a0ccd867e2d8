"""Lasers and their modes: what they are, and the range their settings keep to."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consultations.models import Laser, LaserMode
from consultations.models.text import day_in_words
from consultations.rules.readiness.settings import SETTINGS

from .base import RecordAdmin, RecordInline
from .parts.asked_for import is_choosing
from .parts.displays import chip, struck
from .parts.formsets import OneRowEach

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


class ClosedWithParent(RecordInline):
    """An inline that is read-only once its parent is."""

    def may_write(self, request, obj):
        return not (obj is not None and obj.in_error) and super().may_write(request, obj)


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


@admin.register(Laser)
class LaserAdmin(RecordAdmin):
    inlines = [LaserModeInline]
    search_fields = ["name__istartswith"]
    list_display = ["device", "manufacturer", "modes", "service"]
    ordering = ["name", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "manufacturer", "serial_number"),
                    ("in_service", "service_due_on"),
                ]
            },
        ),
    ]

    def records_in_history(self, request, record):
        names = {field.name for field in LaserMode._meta.concrete_fields if field.editable}
        modes = record.modes.select_related("laser").order_by("pk")
        return [*super().records_in_history(request, record), *((mode, names) for mode in modes)]

    def save_formset(self, request, form, formset, change):
        for mode in formset.save(commit=False):
            mode.save(by=request.user)

    def add_columns(self, request, rows):
        names = {row.pk: [] for row in rows}
        for mode in LaserMode.objects.standing().filter(laser__in=rows).order_by("name"):
            names[mode.laser_id].append(mode.name)
        for row in rows:
            row.mode_names = ", ".join(names[row.pk])

    @admin.display(description=_("laser"))
    def device(self, laser):
        return struck(laser, format_html('<a href="{}">{}</a>', self.url_of(laser), laser.name))

    @admin.display(description=_("modes"))
    def modes(self, laser):
        return laser.mode_names or None

    @admin.display(description=_("service"))
    def service(self, laser):
        if not laser.in_service:
            return chip("", _("out of service"), "stop")
        if laser.service_due_on and laser.service_due_on < timezone.localdate():
            words = _("service overdue since %(day)s")
            return chip("", words % {"day": day_in_words(laser.service_due_on)}, "stop")
        if laser.service_due_on is None:
            return chip("", _("in service"), "good")
        return format_html(
            "{} {} {}",
            chip("", _("in service"), "good"),
            _("service due"),
            day_in_words(laser.service_due_on),
        )


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
