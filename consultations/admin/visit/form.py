"""One visit: the questions of the day asked once, and a card for each area that is treated."""

from datetime import date
from decimal import Decimal
from functools import partial
from uuid import uuid4, uuid5

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.answers import (
    EARLIER_QUESTION,
    as_typed,
    in_words,
    offer_earlier_answer,
)
from consultations.admin.parts.days import DayField, DayInput
from consultations.admin.parts.form_checks import (
    AREA_DAYS,
    HEALTH_DAYS,
    refuse_contradictions,
    refuse_days_before_birth,
)
from consultations.admin.parts.forms import KnownChoice
from consultations.admin.session.checks import (
    CheckedSessionForm,
    refuse_for_others,
    refuse_future,
)
from consultations.admin.session.form import offer_lasers
from consultations.models import LaserMode, TreatmentSession
from consultations.models.health import HealthScreen
from consultations.models.text import day_in_words
from consultations.summaries.timeline import name_of

CARE = ("eyewear_worn", "antiviral_given", "aftercare_given")
RESULT = ("endpoint", "reaction", "pain", "grade", "global_improvement", "satisfaction", "notes")
OF_THE_AREA = (
    *TreatmentSession.CHECK_FIELDS,
    "laser_mode",
    *TreatmentSession.SETTINGS,
    *CARE,
    *RESULT,
    "override_reason",
)
SHARED = ("performed_on", "operator")
# What is stored as an empty word where nothing was chosen.
CHOSEN = ("isotretinoin", "photosensitiser", "weight_loss_medicine")


class VisitForm(forms.ModelForm):
    """What is asked once for all areas: the day, who treats, and the health screen."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, patient, day, answers, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.patient = user, patient
        self.initial |= {"token": uuid4(), "performed_on": day, "operator": user.pk}
        self.fields["performed_on"].required = self.fields["operator"].required = True
        self.fields["operator"].label_from_instance = name_of
        remember_answers(self, answers)
        describe(self)

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("performed_on")
        refuse_future(self)
        refuse_contradictions(self, HEALTH_DAYS, day or timezone.localdate())
        refuse_days_before_birth(self, self.patient)
        refuse_for_others(self)
        return cleaned

    def _post_clean(self):
        """Nothing is checked as a session of its own: each area's form does that."""

    def answers(self):
        answers = {name: self.cleaned_data.get(name) for name in (*SHARED, *HealthScreen.FIELDS)}
        return {
            name: "" if answer is None and name in CHOSEN else answer
            for name, answer in answers.items()
        }


class AreaForm(CheckedSessionForm):
    """One area's session within a visit: what the form `shared` by all was told belongs to it.

    `is_stored` is set where this very card was posted before and is kept already.
    """

    include = forms.BooleanField(required=False, label=gettext_lazy("Treated in this visit"))
    is_stored = False

    def __init__(self, *args, shared, **kwargs):
        super().__init__(*args, **kwargs)
        self.shared = shared
        # Before any card adds what it finds: else the first to find something silences the rest.
        self.shared_is_valid = shared.is_bound and not shared.errors
        # The session is read again as it is saved, its patient held; there is no older one to keep.
        del self.fields["read_version"]

    def _bound(self, names):
        return [self[name] for name in names]

    @property
    def checks(self):
        return self._bound(TreatmentSession.CHECK_FIELDS)

    @property
    def care(self):
        return self._bound((*CARE, *RESULT))

    def _shows(self, name):
        """Settings that last time had, or that came back with a message, stand in sight."""
        known = self.initial.get(name) not in (None, "") or name in self.errors
        return known or not self.initial.get("laser_mode")

    @property
    def settings_shown(self):
        return self._bound(name for name in TreatmentSession.SETTINGS if self._shows(name))

    @property
    def settings_folded(self):
        return self._bound(name for name in TreatmentSession.SETTINGS if not self._shows(name))

    @property
    def is_included(self):
        return bool(self["include"].value())

    @property
    def own_token(self):
        """One token for each area of a visit, so that each is stored once; None without one."""
        token = self.shared.cleaned_data.get("token") if self.shared.is_bound else None
        return uuid5(token, str(self.instance.plan_id)) if token and self.is_included else None

    def full_clean(self):
        """An area that is not treated today is not checked."""
        if self.is_bound and not self.is_included:
            self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
            return
        super().full_clean()

    def clean(self):
        cleaned = super().clean()
        day, plan = self.shared.cleaned_data.get("performed_on"), self.instance.plan
        if day and day < plan.assessment.consultation.consulted_on:
            self.add_error(None, _("This day is before the consultation on this area."))
        refuse_contradictions(self, AREA_DAYS, day)
        self.refuse_wrong_units(cleaned.get("laser_mode"))
        return cleaned

    def complete(self):
        for name, answer in self.shared.answers().items():
            setattr(self.instance, name, answer)
        super().complete()

    def check_with_others(self):
        if self.shared_is_valid:
            super().check_with_others()

    def tell_finding(self, finding):
        if finding.subject not in self.shared.fields:
            super().tell_finding(finding)
            return
        words = f"{finding.message} {finding.hint}"
        if words not in self.shared.errors.get(finding.subject, []):
            self.shared.add_error(finding.subject, words)
        self.add_error(None, finding.message)


def remember(form, name, record, on):
    """Let the page know the answer of last time as people read it, and as the form posts it."""
    if name in form.fields and getattr(record, name) not in (None, ""):
        field = form.fields[name]
        field.last_posted = as_posted(getattr(record, name))
        field.last_shown = in_words(record, name)
        field.last_on = day_in_words(on)


def remember_answers(form, answers):
    for name, earlier in EARLIER_QUESTION.items():
        if name not in answers and earlier in answers:
            on, record = answers[earlier]
            offer_earlier_answer(form, name, record, on)
    for name, (on, record) in answers.items():
        remember(form, name, record, on)


def as_posted(value):
    """A value as its field posts it, whatever the language."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, date):
        return DayInput().format_value(value)
    return as_typed(value) if isinstance(value, Decimal) else str(value)


def describe(form):
    """Point each field to what stands under it: last time's answer, and what is found live."""
    for name, field in form.fields.items():
        if not field.widget.is_hidden:
            own = form[name].auto_id
            field.widget.attrs["aria-describedby"] = f"{own}_helptext {own}_live {own}_error"


def visit_form(model_admin, request, data, **options):
    """The visit's own form, with the admin's widgets."""
    fields = (*SHARED, *HealthScreen.FIELDS)
    made = partial(_field, model_admin, request)
    form = forms.modelform_factory(
        TreatmentSession, form=VisitForm, fields=fields, formfield_callback=made
    )
    return form(data, user=request.user, label_suffix="", **options)


def area_form(model_admin, request, data, *, shared, area, include, modes, visit):
    """The form of one area's session, filled with last time's laser and settings."""
    made = partial(_field, model_admin, request)
    form = forms.modelform_factory(
        TreatmentSession, form=AreaForm, fields=OF_THE_AREA, formfield_callback=made
    )
    form.user = request.user
    initial = {"include": include}
    names = ("laser_mode", *TreatmentSession.SETTINGS)
    if area.last is not None and not area.session.laser_mode_id:
        initial |= {name: getattr(area.last, name) for name in names}
    filled = form(
        data,
        instance=area.session,
        initial=initial,
        prefix=f"plan-{area.plan.pk}",
        label_suffix="",
        shared=shared,
    )
    offer_lasers(filled, area.plan, modes)
    known = {name: getattr(visit, name) for name in ("told", "past", "authorised", "clinic")}
    filled.known_of_area = {"events": area.events, "consents": area.consents} | known
    remember_answers(filled, area.answers)
    for name in TreatmentSession.SETTINGS if area.last is not None else ():
        remember(filled, name, area.last, area.last.performed_on)
    describe(filled)
    return filled


def operators():
    """Those who treat: whoever may sign a session."""
    return get_user_model().objects.with_perm(
        "consultations.sign_treatmentsession",
        backend="django.contrib.auth.backends.ModelBackend",
    )


def _field(model_admin, request, db_field, **kwargs):
    if db_field.name == "performed_on":
        return db_field.formfield(form_class=DayField)
    if db_field.name == "laser_mode":
        return db_field.formfield(
            queryset=LaserMode.objects.standing().select_related("laser"), form_class=KnownChoice
        )
    if db_field.name == "operator":
        return db_field.formfield(queryset=operators().order_by("last_name", "username"))
    return model_admin.formfield_for_dbfield(db_field, request, **kwargs)
