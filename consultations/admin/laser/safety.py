"""The safety file of a laser: who may use it, its services, its incidents."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consultations.actions.lasers import keep_services
from consultations.admin.base import RecordAdmin
from consultations.admin.parts.displays import struck
from consultations.admin.parts.forms import RecordForm, hide_when_known
from consultations.admin.parts.formsets import LatestRows
from consultations.models import AuthorisedUser, LaserIncident, LaserService
from consultations.models.text import day_in_words
from consultations.summaries.timeline import name_of

from .inlines import SafetyInline


class PastDays(RecordForm):
    """A form in which some days cannot be in the future."""

    past_days = ()

    def clean(self):
        cleaned = super().clean()
        for name in self.past_days:
            if cleaned.get(name) and cleaned[name] > timezone.localdate():
                self.add_error(name, _("This date is in the future."))
        return cleaned


class AuthorisedUserForm(PastDays):
    past_days = ("trained_on",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "user" in self.fields:
            hide_when_known(self, "user")
            self.fields["user"].known = [self.instance.user]


class ServiceForm(PastDays):
    past_days = ("serviced_on",)


class IncidentForm(PastDays):
    past_days = ("happened_on",)


class AuthorisedUserFormSet(LatestRows):
    """Two new cards about one training are told beside the second."""

    shown = 40

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            told = getattr(form, "cleaned_data", {})
            training = (told.get("user"), told.get("trained_on"))
            if form.instance.in_error or None in training:
                continue
            if training in seen:
                form.add_error("trained_on", _("This person and day are already on the list."))
            seen.add(training)


class AuthorisedUserInline(SafetyInline):
    model = AuthorisedUser
    form = AuthorisedUserForm
    formset = AuthorisedUserFormSet
    ordering = ["-trained_on", "-pk"]
    autocomplete_fields = ["user"]
    read_as = {"user": None}  # the card is named after them
    fieldsets = [
        (None, {"fields": ["user", ("trained_on", "authorised_until"), "authorised_by"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")


class LaserServiceInline(SafetyInline):
    model = LaserService
    form = ServiceForm
    ordering = ["-serviced_on", "-pk"]
    fieldsets = [
        (None, {"fields": [("serviced_on", "serviced_by"), "work", "next_due_on"]}),
    ]


class LaserIncidentInline(SafetyInline):
    model = LaserIncident
    form = IncidentForm
    ordering = ["-happened_on", "-pk"]
    fieldsets = [
        (
            None,
            {"fields": ["happened_on", "what", "action_taken", ("reported_to", "reference")]},
        ),
    ]


class SafetyAdmin(RecordAdmin):
    """A part of the safety file on its own page; of which laser it is does not change."""

    list_select_related = ["laser"]
    search_fields = ["laser__name__istartswith"]
    autocomplete_fields = ["laser"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_readonly_fields(self, request, obj=None):
        return ["laser"] if obj is not None else []

    def linked(self, record, words):
        return struck(record, format_html('<a href="{}">{}</a>', self.url_of(record), words))

    @admin.display(description=_("laser"))
    def laser_name(self, record):
        return record.laser.name


@admin.register(AuthorisedUser)
class AuthorisedUserAdmin(SafetyAdmin):
    form = AuthorisedUserForm
    when_empty = _("Authorised users are kept on the page of their laser.")
    list_display = ["person", "laser_name", "trained", "until", "authorised_by"]
    in_files = {"trained": "trained_on", "until": "authorised_until"}
    list_select_related = ["laser", "user"]
    ordering = ["-trained_on", "-pk"]
    autocomplete_fields = ["laser", "user"]

    def fieldsets_for(self, request, obj):
        person = "person_name" if obj is not None else "user"
        days = ("trained_on", "authorised_until")
        return [(None, {"fields": ["laser", person, days, "authorised_by"]})]

    def get_readonly_fields(self, request, obj=None):
        return ["laser", "person_name"] if obj is not None else []

    @admin.display(description=_("person"))
    def person(self, row):
        return self.linked(row, name_of(row.user))

    @admin.display(description=_("person"))
    def person_name(self, row):
        return name_of(row.user)

    @admin.display(description=_("trained on"))
    def trained(self, row):
        return day_in_words(row.trained_on)

    @admin.display(description=_("authorised until"))
    def until(self, row):
        return day_in_words(row.authorised_until) if row.authorised_until else None


@admin.register(LaserService)
class LaserServiceAdmin(SafetyAdmin):
    form = ServiceForm
    when_empty = _("Services are kept on the page of their laser.")
    list_display = ["day", "laser_name", "serviced_by", "due"]
    in_files = {"day": "serviced_on", "due": "next_due_on"}
    ordering = ["-serviced_on", "-pk"]
    fieldsets = [
        (None, {"fields": ["laser", ("serviced_on", "serviced_by"), "work", "next_due_on"]}),
    ]

    def save_model(self, request, obj, form, change):
        if form.changed_data or not change:
            keep_services(laser=obj.laser, services=[obj], by=request.user)

    @admin.display(description=_("serviced on"))
    def day(self, service):
        return self.linked(service, day_in_words(service.serviced_on))

    @admin.display(description=_("next service due on"))
    def due(self, service):
        return day_in_words(service.next_due_on) if service.next_due_on else None


@admin.register(LaserIncident)
class LaserIncidentAdmin(SafetyAdmin):
    form = IncidentForm
    when_empty = _("Incidents are kept on the page of their laser.")
    list_display = ["day", "laser_name", "what", "reported_to"]
    in_files = {"day": "happened_on"}
    ordering = ["-happened_on", "-pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    *("laser", "happened_on", "what", "action_taken"),
                    ("reported_to", "reference"),
                ]
            },
        ),
    ]

    @admin.display(description=_("happened on"))
    def day(self, incident):
        return self.linked(incident, day_in_words(incident.happened_on))
