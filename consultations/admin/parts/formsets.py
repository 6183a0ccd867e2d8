"""Cards of several rows on their record's page."""

from django import forms
from django.utils.functional import cached_property

from .forms import KnownChoice


class KnownRows(forms.BaseInlineFormSet):
    """Cards that are made, and their rows read, once."""

    @cached_property
    def empty_form(self):
        """The card that a script copies; cached, as Django makes a new one for each call."""
        return super().empty_form

    def add_fields(self, form, index):
        """Do not read again the row that a card is about."""
        super().add_fields(form, index)
        key = self.model._meta.pk.name
        if form.instance.pk and key in form.fields:
            choice = KnownChoice(
                form.fields[key].queryset,
                initial=form.instance.pk,
                required=False,
                widget=forms.HiddenInput,
            )
            choice.known = [form.instance]
            form.fields[key] = choice


class LatestRows(KnownRows):
    """Only the first so many rows are shown, in the order of the page; `has_more` where there are
    others. What was posted is found among all."""

    shown = 12
    has_more = False

    def get_queryset(self):
        if not hasattr(self, "_queryset") and not self.is_bound:
            rows = list(super().get_queryset()[: self.shown + 1])
            self.has_more = len(rows) > self.shown
            self._queryset = rows[: self.shown]
        return super().get_queryset()


class OneRowEach(KnownRows):
    """At most one row for each value of the field `each`, also counting rows stored meanwhile."""

    each = ""
    already = ""

    def clean(self):
        super().clean()
        own = [form.instance.pk for form in self.forms if form.instance.pk]
        seen = set()
        if self.instance.pk and any(self.each in form.changed_data for form in self.forms):
            stored = self.model._default_manager.filter(
                entered_in_error_at=None, **{self.fk.name: self.instance.pk}
            )
            seen |= set(stored.exclude(pk__in=own).values_list(self.each, flat=True))
        for form in self.forms:
            value = getattr(form, "cleaned_data", {}).get(self.each)
            if form.instance.in_error or not value:
                continue
            if value in seen:
                form.add_error(self.each, self.already)
            seen.add(value)
