"""What every record's form shares: who is writing, no lost updates, messages next to the field."""

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.models import patient_of
from consultations.models.days import EARLIEST_BIRTH, FURTHEST_YEARS
from consultations.models.text import day_in_words, moment_in_words, yes_or_no
from consultations.vocabulary import Isotretinoin

LONGEST_KEY = 18
TYPED = (forms.TextInput, forms.EmailInput, forms.NumberInput, forms.Textarea)


class KnownChoice(forms.ModelChoiceField):
    """A choice of a record; where it is among those that are `known` already, it is not read
    again."""

    known = ()

    def to_python(self, value):
        for record in self.known:
            if str(value) == str(record.pk):
                return record
        return super().to_python(value)


class RecordForm(forms.ModelForm):
    """The form of one record.

    `user`, `asked_for`, the query of the page, and `locked_patient`, whom a posted form is about,
    are set by the admin. A changed record is
    compared with the version the form was made from; a stale form is refused with both values
    side by side and can then be saved knowingly.
    """

    user = None
    asked_for = {}
    locked_patient = None
    read_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    HIDDEN = ("read_version", "token")
    HIDDEN_INLINE = ("read_version",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs | {"label_suffix": ""})
        self.initial["read_version"] = self.instance.version if self.instance.pk else None
        for field in self.fields.values():
            # Changed is what differs from what is stored, not from what the page once showed.
            field.show_hidden_initial = False
            if isinstance(field.widget, TYPED):
                # Browsers offer a clerk's own contacts, and keep what is typed about patients.
                field.widget.attrs["autocomplete"] = "off"
        if self.prefix:
            # A card on another record's page: that page's token stands for it.
            del self.fields["token"]
        else:
            self.initial["token"] = None if self.instance.pk else uuid4()

    def full_clean(self):
        super().full_clean()
        if self.errors:
            # The page comes back.
            self.offer_last_time()

    @property
    def media(self):
        """The scripts of its fields, asked once of each kind of field."""
        widgets = [field.widget for field in self.fields.values()]
        # A choice of a record is wrapped, whatever it is drawn as.
        kinds = {(type(one), type(getattr(one, "widget", None))): one for one in widgets}
        return sum((widget.media for widget in kinds.values()), forms.Media())

    def offer_last_time(self):
        """Show earlier answers beside the questions; they are not assumed."""

    def get_initial_for_field(self, field, field_name):
        value = super().get_initial_for_field(field, field_name)
        return Decimal(as_typed(value)) if isinstance(value, Decimal) else value

    def clean(self):
        cleaned = super().clean()
        self._refuse_far_dates(cleaned)
        if self.instance.pk and self.has_changed() and not self._is_read_locked():
            self._refuse_if_stale()
        return cleaned

    def _refuse_far_dates(self, cleaned):
        """A year nobody means is a slip, and the calendar's end cannot be reckoned with."""
        last = timezone.localdate().year + FURTHEST_YEARS
        for name, value in list(cleaned.items()):
            if isinstance(value, date) and not EARLIEST_BIRTH.year <= value.year <= last:
                self.add_error(
                    name, _("The year must be between 1900 and %(last)s.") % {"last": last}
                )

    def _is_read_locked(self):
        """Whether the version that was shown is the one that was read with its patient locked."""
        read = self.cleaned_data.get("read_version")
        return self.locked_patient is not None and read == self.initial["read_version"]

    def _refuse_if_stale(self):
        kept = type(self.instance)._base_manager.select_for_update(of=("self",))
        current = kept.select_related("changed_by").get(pk=self.instance.pk)
        read = self.cleaned_data.get("read_version")
        if read == current.version:
            return
        if read is None:
            raise ValidationError(_("This form is incomplete. Reload the page and try again."))
        own = {field.name for field in current._meta.concrete_fields if not field.primary_key}
        names = [name for name in self.cleaned_data if name in own]
        differing = [name for name in names if getattr(current, name) != self.cleaned_data[name]]
        if not differing and "_sign" not in self.data:
            # What is asked for is there already, most likely by this very form posted twice.
            self.changed_data = []
            return
        when = {
            "name": current.changed_by.get_full_name() or current.changed_by.get_username(),
            "time": moment_in_words(current.changed_at),
        }
        for name in differing:
            self.add_error(name, _("Now: %(theirs)s") % {"theirs": shown(current, name)})
        self.add_error(
            None,
            _(
                "%(name)s changed this on %(time)s while you were editing. Nothing was saved. "
                "What you typed is still here; what differs is marked. Save again to keep yours."
            )
            % when,
        )
        # The reader has now been shown the newer version.
        self.data = self.data.copy()
        self.data[self.add_prefix("read_version")] = current.version

    def _post_clean(self):
        super()._post_clean()
        self._refuse_days_before_birth()
        self.complete()
        if self.instance.pk is None or self.has_changed():
            self._refuse_broken_promises()
        if not self.errors:
            self.check_with_others()

    def _refuse_broken_promises(self):
        """Django leaves out promises about fields that are not on the form; here all count."""
        try:
            self.instance.validate_constraints(exclude=set(self.errors))
        except ValidationError as error:
            self.tell(error)

    def _refuse_days_before_birth(self):
        patient = patient_of(self.instance)
        if patient is not None and patient.date_of_birth:
            refuse_days_before_birth(self, patient)

    def complete(self):
        """Fill in what follows from the form, before the record's promises are checked."""

    def check_with_others(self):
        """Check what spans records, once the record by itself is right."""

    def tell(self, error):
        """Put each message next to its field, or at the top where the form has no such field."""
        for name, messages in error.update_error_dict({}).items():
            known = name in self.fields and not self.fields[name].widget.is_hidden
            place = name if known else None
            told = self.errors.get(place or NON_FIELD_ERRORS, [])
            for message in messages:
                if str(next(iter(message))) not in told:
                    self.add_error(place, message)

    def try_to(self, check, *args):
        """Run a check of the actions and tell its refusal in the form."""
        try:
            return check(*args)
        except ValidationError as error:
            self.tell(error)

    def save(self, commit=True):
        record = super().save(commit=commit)
        if record.pk is None:
            record.form_token = self.cleaned_data.get("token")
        return record

    def before(self, name):
        """The value this field has in the database, before the form's."""
        return self.initial.get(name)


class OneRowEach(forms.BaseInlineFormSet):
    """One row for each value of the field `each`, on this page or stored by somebody meanwhile."""

    each = ""
    already = ""

    @cached_property
    def empty_form(self):
        """The card that a script copies: Django makes it anew whenever it is asked for."""
        return super().empty_form

    def add_fields(self, form, index):
        """The row that a card is about was read with the others."""
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


def shown(record, name):
    """A field's value as people read it; a dash where it is blank."""
    field = record._meta.get_field(name)
    value = getattr(record, name)
    if value in (None, ""):
        return "–"
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    if value is True or value is False:
        return yes_or_no(value)
    return as_typed(value) if isinstance(value, Decimal) else str(formats.localize(value))


def is_key(text):
    """Whether a text can be the key of a record."""
    return str(text).isdecimal() and len(str(text)) <= LONGEST_KEY


def as_typed(number):
    """A number as people write it: 12.50 is 12.5."""
    return f"{number.normalize():f}"


def refuse_record_that_ended(form, patient):
    """Refuse a form about a patient to whose record nothing may be added any more; where another
    record went on for the person, saving again is about that one."""
    if patient is None or not patient.why_ended:
        return
    words, kept = str(patient.why_ended), patient.kept_record
    if kept != patient and not kept.in_error and form.instance.pk is None:
        form.data = form.data.copy()
        form.data[form.add_prefix("patient")] = kept.pk
        words = f"{words} {_('Save again to record this there.')}"
    form.add_error(None, words)


def offer_last_answers(form, previous, day, names):
    """Show what was answered last time beside each question, without answering it."""
    for name in names:
        if name in form.fields and getattr(previous, name) not in (None, ""):
            words = _("Last time (%(day)s): %(answer)s")
            told = words % {"day": day_in_words(day), "answer": shown(previous, name)}
            form.fields[name].help_text = told
            if form.is_bound:
                # A form that was checked has its fields laid out already.
                form[name].help_text = told


def label_of(model, name):
    return capfirst(model._meta.get_field(name).verbose_name)


def hide_when_known(form, name):
    """What the record belongs to is chosen once: by the link that led here, or long ago."""
    if name not in form.fields:
        return
    if form.instance.pk:
        form.fields[name].disabled = True
    if form.instance.pk or form.initial.get(name) or is_as_asked(form, name):
        form.fields[name].widget = forms.HiddenInput()


def is_as_asked(form, name):
    """Whether a form that came back is still about what the link to it named."""
    named = form.asked_for.get(name)
    return bool(named) and form.data.get(form.add_prefix(name)) == named


def refuse_days_before_birth(form, patient):
    """Nothing happened to a patient before they were born."""
    for name, day in list(form.cleaned_data.items()):
        is_day = isinstance(day, date) and not isinstance(day, datetime)
        if is_day and day < patient.date_of_birth:
            form.add_error(name, _("This is before the patient was born."))


DATES_OF_HEALTH = ("isotretinoin_last_dose_on", "tanned_on", "filler_on")


def refuse_contradictions_about_health(form, day):
    """Dates after the day itself, and "never" beside a date."""
    for name in DATES_OF_HEALTH:
        answered = form.cleaned_data.get(name)
        if answered and day and answered > day:
            form.add_error(name, _("This date is after the visit."))
    never = form.cleaned_data.get("isotretinoin") == Isotretinoin.NEVER
    if never and form.cleaned_data.get("isotretinoin_last_dose_on"):
        form.add_error("isotretinoin_last_dose_on", _("“Never” is chosen, but a dose is given."))
