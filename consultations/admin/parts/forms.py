"""What every record's form shares: who is writing, no lost updates, messages next to the field."""

from decimal import Decimal
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.text import capfirst

from consultations.models import patient_of

from .answers import as_typed
from .form_checks import refuse_days_before_birth, refuse_far_dates
from .money import AmountField
from .stale import refuse_if_stale

LONGEST_KEY = 18
TYPED = (forms.TextInput, forms.EmailInput, forms.NumberInput, forms.Textarea)


class KnownChoice(forms.ModelChoiceField):
    """A choice of a record that is not read again if it is one of those `known` already."""

    known = ()

    def to_python(self, value):
        for record in self.known:
            if str(value) == str(record.pk):
                return record
        return super().to_python(value)


class RecordForm(forms.ModelForm):
    """The form of one record.

    The admin sets `user`, `asked_for` (the query of the page) and `locked_patient` (whom a posted
    form is about). A changed record is compared with the version the form was made from. A stale
    form is refused with both values side by side, and can then be saved knowingly.
    """

    user = None
    asked_for = {}
    locked_patient = None
    told_later = frozenset()  # fields that are filled in when it is saved, not by the form
    only_looks = False  # shown again with what follows from what is typed, and not saved
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

    def is_valid(self):
        return super().is_valid() and not self.only_looks

    def full_clean(self):
        super().full_clean()
        if self.errors:
            # The page comes back.
            self.offer_last_time()

    @property
    def media(self):
        """Return the scripts of the fields, asking each kind of field once."""
        widgets = [field.widget for field in self.fields.values()]
        # A choice of a record is wrapped, whatever it is drawn as.
        kinds = {(type(one), type(getattr(one, "widget", None))): one for one in widgets}
        return sum((widget.media for widget in kinds.values()), forms.Media())

    def offer_last_time(self):
        """Show earlier answers beside the questions; they are not assumed."""

    def get_initial_for_field(self, field, field_name):
        value = super().get_initial_for_field(field, field_name)
        if isinstance(field, AmountField):
            return value
        return Decimal(as_typed(value)) if isinstance(value, Decimal) else value

    def clean(self):
        cleaned = super().clean()
        refuse_far_dates(self)
        has_version = self.instance.pk and "read_version" in self.fields
        if has_version and self.has_changed() and not self._is_read_locked():
            refuse_if_stale(self)
        return cleaned

    def _is_read_locked(self):
        """Whether the version that was shown is the one that was read with its patient locked."""
        read = self.cleaned_data.get("read_version")
        return self.locked_patient is not None and read == self.initial["read_version"]

    def _post_clean(self):
        super()._post_clean()
        self._refuse_days_before_birth()
        self.complete()
        if self.instance.pk is None or self.has_changed():
            self._refuse_broken_promises()
        if not self.errors:
            self.check_with_others()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | self.told_later

    def _refuse_broken_promises(self):
        """Check every constraint; Django leaves out those about fields that are not on the form."""
        try:
            self.instance.validate_constraints(exclude={*self.errors, *self.told_later})
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
        """Put each message next to its field, or at the top if the form has no such field."""
        for name, messages in error.update_error_dict({}).items():
            known = name in self.fields and not self.fields[name].widget.is_hidden
            place = name if known else None
            told = self.errors.get(place or NON_FIELD_ERRORS, [])
            for message in messages:
                if str(next(iter(message))) not in told:
                    self.add_error(place, message)

    def try_to(self, check, *args):
        """Run a check of the actions, and show its refusal in the form."""
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
        """Return the value that this field has in the database."""
        return self.initial.get(name)


def is_key(text):
    """Whether a text can be the key of a record."""
    return str(text).isdecimal() and len(str(text)) <= LONGEST_KEY


def label_of(model, name):
    return capfirst(model._meta.get_field(name).verbose_name)


def hide_when_known(form, name):
    """Hide the field of what the record belongs to, if the record or the link already says it."""
    if name not in form.fields:
        return
    if form.instance.pk:
        form.fields[name].disabled = True
    if form.instance.pk or form.initial.get(name) or is_as_asked(form, name):
        form.fields[name].widget = forms.HiddenInput()


def is_as_asked(form, name):
    """Whether a form that came back is still about what the link named."""
    named = form.asked_for.get(name)
    return bool(named) and form.data.get(form.add_prefix(name)) == named
