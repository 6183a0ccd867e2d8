"""One visit: the questions of the day asked once, and a card for each area that is treated."""

from functools import partial
from uuid import NAMESPACE_OID, uuid4, uuid5

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import LaserMode, TreatmentSession
from consultations.models.health import HealthScreen
from consultations.summaries.timeline import name_of
from consultations.vocabulary import SessionStatus

from .forms import DateInput, offer_last_answers, refuse_contradictions_about_health, shown
from .session import SessionForm

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


class VisitForm(forms.ModelForm):
    """What is asked once for all areas: the day, who treats, and the health screen.

    `last` is the session or consultation that asked before, `day` when that was.
    """

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, last, last_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial.setdefault("token", uuid4())
        self.initial |= {"performed_on": timezone.localdate(), "operator": user.pk}
        self.fields["performed_on"].required = self.fields["operator"].required = True
        self.fields["operator"].label_from_instance = name_of
        if last is not None:
            offer_last_answers(self, last, last_on, HealthScreen.FIELDS)
            remember_last(self, last, HealthScreen.FIELDS)

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("performed_on")
        if day and day > timezone.localdate():
            self.add_error("performed_on", _("A session cannot be done in the future."))
        refuse_contradictions_about_health(self, day or timezone.localdate())
        may_for_others = self.user.has_perm("consultations.override_treatmentsession")
        if cleaned.get("operator") not in (None, self.user) and not may_for_others:
            self.add_error("operator", _("You can record your own sessions only."))
        return cleaned

    def _post_clean(self):
        """Nothing is checked as a session of its own: each area's form does that."""

    def answers(self):
        blank = {"isotretinoin": ""}
        names = (*SHARED, *HealthScreen.FIELDS)
        return {name: self.cleaned_data.get(name, blank.get(name)) for name in names}


class AreaForm(SessionForm):
    """One area's session within a visit: what `visit` was told belongs to it as well."""

    include = forms.BooleanField(required=False, label=gettext_lazy("Treated in this visit"))

    def __init__(self, *args, visit, **kwargs):
        super().__init__(*args, **kwargs)
        self.visit = visit

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

    def _offer_last_time(self, plan):
        """Last time's values stand in a column of their own, not under each field."""

    def full_clean(self):
        """An area that is not treated today is not checked."""
        if self.is_bound and not self.is_included:
            self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
            return
        super().full_clean()

    def clean(self):
        cleaned = super(SessionForm, self).clean()
        day, plan = self.visit.cleaned_data.get("performed_on"), self.instance.plan
        if day and day < plan.assessment.consultation.consulted_on:
            self.add_error(None, _("This day is before the consultation on this area."))
        self._refuse_wrong_units(cleaned.get("laser_mode"))
        return cleaned

    def complete(self):
        self.instance.status = SessionStatus.DONE
        for name, answer in self.visit.answers().items():
            setattr(
                self.instance, name, "" if answer is None and name == "isotretinoin" else answer
            )
        super().complete()

    def check_with_others(self):
        if not self.visit.errors:
            super().check_with_others()

    def tell_finding(self, finding):
        if finding.subject not in self.visit.fields:
            super().tell_finding(finding)
            return
        words = f"{finding.message} {finding.hint}"
        if words not in self.visit.errors.get(finding.subject, []):
            self.visit.add_error(finding.subject, words)
        self.add_error(None, finding.message)

    def token_of(self, token):
        """One token for each area of a visit, so that each is stored once."""
        return uuid5(token or NAMESPACE_OID, str(self.instance.plan_id)) if token else None


def remember_last(form, last, names):
    """Let the page know each answer of last time, as the form would post it."""
    for name in names:
        if name not in form.fields:
            continue
        value = getattr(last, name)
        if value in (None, ""):
            continue
        posted = {True: "true", False: "false"}.get(value, value)
        form.fields[name].last_posted = posted
        form.fields[name].last_shown = shown(last, name)


def visit_form(model_admin, request, data, **options):
    """The visit's own form, with the admin's widgets."""
    fields = (*SHARED, *HealthScreen.FIELDS)
    made = partial(_field, model_admin, request)
    form = forms.modelform_factory(
        TreatmentSession, form=VisitForm, fields=fields, formfield_callback=made
    )
    return form(data, user=request.user, label_suffix="", **options)


def area_form(model_admin, request, data, *, visit, session, last, include, modes):
    """The form of one area's session, filled with last time's laser and settings."""
    made = partial(_field, model_admin, request)
    form = forms.modelform_factory(
        TreatmentSession, form=AreaForm, fields=OF_THE_AREA, formfield_callback=made
    )
    form.user = request.user
    initial = {"include": include}
    if last is not None and not session.laser_mode_id:
        names = ("laser_mode", *TreatmentSession.SETTINGS)
        initial |= {name: getattr(last, name) for name in names}
    filled = form(
        data,
        instance=session,
        initial=initial,
        prefix=f"plan-{session.plan_id}",
        label_suffix="",
        visit=visit,
    )
    _offer_modes(filled, session.plan, modes)
    if last is not None:
        remember_last(filled, last, (*TreatmentSession.CHECK_FIELDS, *TreatmentSession.SETTINGS))
    return filled


def _offer_modes(form, plan, modes):
    """The modes that the plan's laser type allows, all in sight; no search for a handful."""
    right = [mode for mode in modes if mode.laser_type == plan.laser_type]
    choices = [("", "–"), *((mode.pk, str(mode)) for mode in right)]
    form.fields["laser_mode"].choices = choices


def _field(model_admin, request, db_field, **kwargs):
    if db_field.name == "performed_on":
        return db_field.formfield(widget=DateInput)
    if db_field.name == "laser_mode":
        return db_field.formfield(queryset=LaserMode.objects.standing())
    if db_field.name == "operator":
        staff = get_user_model().objects.filter(is_active=True, is_staff=True)
        return db_field.formfield(queryset=staff.order_by("last_name", "username"))
    return model_admin.formfield_for_dbfield(db_field, request, **kwargs)
