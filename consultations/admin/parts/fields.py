"""What ModelAdmins and inlines of records share: their fields and widgets."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.admin.parts.days import (
    DayAndTimeField,
    DayAndTimeInput,
    DayField,
    DayInput,
    TimeField,
    TimeInput,
)
from consultations.admin.parts.forms import KnownChoice, RecordForm, is_key
from consultations.admin.parts.mail import MailField
from consultations.admin.parts.money import AmountField, AmountInput
from consultations.admin.parts.numbers import NumberInput
from consultations.admin.parts.widgets import Segments, Words, YesNo, unanswered
from consultations.models.money import MoneyField
from consultations.rules.candidacy.screen import QUESTIONS
from consultations.summaries.timeline import name_of

WIDGETS = {
    models.DateTimeField: {"form_class": DayAndTimeField, "widget": DayAndTimeInput},
    models.DateField: {"form_class": DayField, "widget": DayInput},
    models.TimeField: {"form_class": TimeField, "widget": TimeInput},
    models.EmailField: {"form_class": MailField},
    models.IntegerField: {"widget": NumberInput},
    MoneyField: {"form_class": AmountField, "widget": AmountInput},
    models.DecimalField: {"widget": NumberInput},
    models.TextField: {"widget": Words(attrs={"rows": 2, "class": "vLargeTextField"})},
}


def without_links(field):
    """A chooser without the links that would add, change or view what it chooses."""
    widget = field.widget
    widget.can_add_related = widget.can_change_related = False
    widget.can_view_related = widget.can_delete_related = False
    return field


class RecordSelect(AutocompleteSelect):
    """A chooser that shows nothing where something was posted that cannot be a key."""

    @property
    def media(self):
        """Its shape only: its colours are the theme's."""
        shape = "admin/css/vendor/select2/select2.min.css"
        return forms.Media(js=super().media._js, css={"screen": [shape]})

    def build_attrs(self, base_attrs, extra_attrs=None):
        """What somebody types to find a choice is posted, so that no address holds it."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-ajax--type": "POST"}

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if not one or is_key(one)], attr)


def _replaced(fieldsets, others):
    """Fieldsets with some fields exchanged for others; for None they are left out."""

    def of(fields):
        for field in fields:
            if not isinstance(field, str):
                yield tuple(of(field))
            elif others.get(field, field):
                yield others.get(field, field)

    return [
        (name, options | {"fields": list(of(options["fields"]))}) for name, options in fieldsets
    ]


class RecordFields:
    """What ModelAdmins and inlines of records share."""

    form = RecordForm
    formfield_overrides = WIDGETS
    hidden_fields = RecordForm.HIDDEN
    segmented = ()  # the names of fields whose choices all stand side by side
    read_as = {}  # what stands for a field on a read-only page

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.BooleanField) and db_field.null:
            kwargs["widget"] = YesNo(blank=unanswered(db_field.name))
        if db_field.choices and db_field.name in {*self.segmented, *QUESTIONS}:
            blank = [("", _("Not asked"))]
            kwargs["choices"] = db_field.get_choices(db_field.blank, blank_choice=blank)
        if db_field.name in self.segmented:
            kwargs["widget"] = Segments.of(kwargs["choices"])
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        field.widget.attrs.setdefault("aria-label", capfirst(field.label or db_field.name))
        if db_field.related_model is get_user_model():
            field.label_from_instance = name_of
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # The record behind a field is opened from its own page, not from a pop-up.
            return without_links(field)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("form_class", KnownChoice)
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = RecordSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        fieldsets = self.fieldsets_for(request, obj)
        if not self.may_write(request, obj):
            return _replaced(fieldsets, self.read_as)
        fields = _replaced(fieldsets, dict.fromkeys(RecordForm.HIDDEN))
        return [*fields, (None, {"fields": self.hidden_fields, "classes": ["hidden"]})]

    def fieldsets_for(self, request, obj):
        """The fieldsets this person sees of this record."""
        return super().get_fieldsets(request, obj)

    def may_write(self, request, obj):
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False
