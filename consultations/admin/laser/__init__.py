"""Lasers: what they are, their modes and their safety file."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consultations.actions.lasers import keep_services
from consultations.admin.base import RecordAdmin
from consultations.admin.pages.treatment_register import (
    may_read_register,
    treatment_register,
    treatment_register_export,
    treatment_register_pdf,
)
from consultations.admin.parts.displays import chip, struck
from consultations.models import Laser, LaserMode, LaserService
from consultations.models.text import day_in_words

from .modes import LaserModeInline
from .safety import AuthorisedUserInline, LaserIncidentInline, LaserServiceInline, PastDays


class LaserForm(PastDays):
    past_days = ("local_rules_reviewed_on",)


@admin.register(Laser)
class LaserAdmin(RecordAdmin):
    form = LaserForm
    change_form_template = "admin/consultations/laser_form.html"
    own_pages = {
        "register": ("<path:object_id>/register/", treatment_register),
        "register_pdf": ("<path:object_id>/register/pdf/", treatment_register_pdf),
        "register_export": ("<path:object_id>/register/export/", treatment_register_export),
    }
    inlines = [LaserModeInline, AuthorisedUserInline, LaserServiceInline, LaserIncidentInline]
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
        (
            _("Local rules"),
            {
                "fields": [
                    "protection_adviser",
                    ("local_rules_reviewed_on", "local_rules_review_due_on"),
                ]
            },
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        """The day of the next service is typed until the service record names one."""
        if obj is None:
            return super().get_readonly_fields(request, obj)
        if not hasattr(obj, "names_next_service"):
            obj.names_next_service = obj.services.with_next().exists()
        return ["service_due_on"] if obj.names_next_service else []

    def more_on_page(self, request, obj):
        reads = obj is not None and may_read_register(request.user)
        return {"register_url": self.url_of(obj, "register") if reads else ""}

    def records_in_history(self, request, record):
        names = {field.name for field in LaserMode._meta.concrete_fields if field.editable}
        modes = record.modes.select_related("laser").order_by("pk")
        return [*super().records_in_history(request, record), *((mode, names) for mode in modes)]

    def save_formset(self, request, form, formset, change):
        rows = formset.save(commit=False)
        if formset.model is LaserService:
            keep_services(laser=form.instance, services=rows, by=request.user)
            return
        for row in rows:
            row.save(by=request.user)

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
