"""Absences: one's own for those who treat, everybody's for the manager."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.days import EndField, EndInput, StartField, StartInput
from consultations.admin.parts.forms import RecordForm, is_key
from consultations.models import Absence, Appointment
from consultations.permissions import keeps_absences_of_all
from consultations.summaries.timeline import name_of

from .setup import SetupAdmin

LONGEST = timedelta(days=731)  # two years
ENDS = {
    "starts_at": {
        "form_class": StartField,
        "widget": StartInput,
        "label": gettext_lazy("First day"),
        "help_text": gettext_lazy("Without a time: the whole day."),
    },
    "ends_at": {
        "form_class": EndField,
        "widget": EndInput,
        "label": gettext_lazy("Last day"),
        "help_text": gettext_lazy("Without a time: the whole day."),
    },
}


class AbsenceForm(RecordForm):
    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end - start > LONGEST:
            self.add_error("ends_at", _("An absence lasts two years at most."))
        return cleaned


@admin.register(Absence)
class AbsenceAdmin(SetupAdmin):
    form = AbsenceForm
    when_empty = gettext_lazy("Holidays and other times at which somebody cannot be booked.")
    list_display = ["person", "when", "why"]
    list_select_related = ["user"]
    ordering = ["-ends_at", "-starts_at", "-pk"]
    fieldsets = [(None, {"fields": ["user", "starts_at", "ends_at", "why"]})]
    read_as = {"user": "person_name", "starts_at": "when", "ends_at": None}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")

    def may_mark_in_error(self, request, record):
        return super().may_mark_in_error(request, record) and is_kept_by(request.user, record)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or is_kept_by(request.user, obj))

    def get_autocomplete_fields(self, request):
        return ["user"] if keeps_absences_of_all(request.user) else []

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        kwargs |= ENDS.get(db_field.name, {})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "user" and not keeps_absences_of_all(request.user):
            kwargs["queryset"] = get_user_model().objects.filter(pk=request.user.pk)
            kwargs["empty_label"] = None
            kwargs["error_messages"] = {"invalid_choice": _("You enter your own absences only.")}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request):
        if not keeps_absences_of_all(request.user):
            return {"user": request.user.pk}
        asked = request.GET.get("user", "")
        return {"user": asked} if is_key(asked) else {}

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        booked = Appointment.objects.within(obj.starts_at, obj.ends_at)
        self.tell_booked(request, booked.filter(practitioner=obj.user_id))

    @admin.display(description=gettext_lazy("person"))
    def person(self, absence):
        return self.linked(absence, name_of(absence.user))

    @admin.display(description=gettext_lazy("person"))
    def person_name(self, absence):
        return name_of(absence.user)

    @admin.display(description=gettext_lazy("away"))
    def when(self, absence):
        return absence.span_in_words


def is_kept_by(user, absence):
    return keeps_absences_of_all(user) or absence.user_id == user.pk
