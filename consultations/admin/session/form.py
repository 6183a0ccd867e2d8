"""The form on a session's own page: what it starts from, and what it refuses."""

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.prefilled import prefilled_session
from consultations.admin.parts.answers import (
    EARLIER_QUESTION,
    offer_earlier_answer,
    offer_last_answers,
)
from consultations.admin.parts.form_checks import (
    AREA_DAYS,
    HEALTH_DAYS,
    refuse_contradictions,
)
from consultations.admin.parts.forms import hide_when_known, is_key
from consultations.models import TreatmentPlan, TreatmentSession
from consultations.permissions import writes_clinical
from consultations.summaries.devices import modes_in_service, names_apart, names_on
from consultations.summaries.facts import last_done_session
from consultations.summaries.visit import last_answers

from .checks import CheckedSessionForm, refuse_for_others, refuse_future

PREFILLED = ("laser_mode", "performed_on", *TreatmentSession.SETTINGS)


class SessionForm(CheckedSessionForm):
    """The form on a session's own page.

    The admin sets `plan_asked_for` to the plan whose page led here.
    """

    plan_asked_for = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "plan")
        if self._is_of_elsewhere():
            self._ask_for_history()
        elif not self.is_bound:
            self.offer_last_time()
        plan = self._plan_known()
        self._know_what_was_read(plan)
        self._offer_lasers(plan if self._is_clinical() else None)

    def _know_what_was_read(self, plan):
        known = {"plan": plan, "operator": self.user}
        for name, record in known.items():
            if name in self.fields:
                self.fields[name].known = [record] if record else ()

    def _is_of_elsewhere(self):
        return "performed_elsewhere" in self.fields and "operator" not in self.fields

    def _ask_for_history(self):
        clinic = self.fields["performed_elsewhere"]
        clinic.required = self.fields["performed_on"].required = True
        clinic.label, clinic.help_text = _("Name of the other clinic"), ""
        clinic.widget.attrs["aria-label"] = clinic.label

    def _is_clinical(self):
        return writes_clinical(self.user)

    def _plan_known(self):
        if self.instance.plan_id:
            return self.instance.plan
        key = self.initial.get("plan") or self.data.get("plan") or ""
        if self.plan_asked_for and str(self.plan_asked_for.pk) == str(key):
            return self.plan_asked_for
        plans = TreatmentPlan.objects.with_patient()
        return plans.filter(pk=key).first() if is_key(key) else None

    def offer_last_time(self):
        asks = self._is_clinical() and not self._is_of_elsewhere()
        if not asks or (plan := self._plan_known()) is None:
            return
        before = self.day()
        answered = last_answers(plan.patient, before=before)
        for name, (day, record) in answered.items():
            offer_last_answers(self, record, day, [name])
        for name, earlier in EARLIER_QUESTION.items():
            if name not in answered and earlier in answered:
                offer_earlier_answer(self, name, *reversed(answered[earlier]))
        if last := last_done_session(plan, before=before):
            names = (*TreatmentSession.CHECK_FIELDS, *TreatmentSession.SETTINGS)
            offer_last_answers(self, last, last.performed_on, names)

    def _offer_lasers(self, plan):
        if "laser_mode" in self.fields:
            offer_lasers(self, plan, modes_in_service(self.day()))
            if named := names_on([self.instance] if self.instance.is_done else []):
                words = _("On that day it was called %(name)s.")
                name = named[self.instance.pk]
                self.fields["laser_mode"].help_text = words % {"name": name}

    def clean(self):
        cleaned = super().clean()
        day, plan = cleaned.get("performed_on"), cleaned.get("plan")
        refuse_future(self)
        elsewhere = cleaned.get("performed_elsewhere")
        if day and plan and not elsewhere and day < plan.assessment.consultation.consulted_on:
            self.add_error("performed_on", _("This is before the consultation."))
        refuse_contradictions(self, (*HEALTH_DAYS, *AREA_DAYS), day or timezone.localdate())
        self.refuse_wrong_units(cleaned.get("laser_mode"))
        refuse_for_others(self)
        return cleaned


def offer_lasers(form, plan, modes):
    """Offer those of these modes that fit the plan (all, if it is not known), and the stored one.

    Say so if none fits.
    """
    field = form.fields["laser_mode"]
    right = [mode for mode in modes if plan is None or mode.laser_type == plan.laser_type]
    kept = form.instance.laser_mode
    offered = [kept, *right] if kept and kept not in right else right
    field.known = offered
    field.choices = [("", "–"), *names_apart(offered).items()]
    if not right and plan is not None:
        words = _("No %(laser)s laser is in service.")
        field.help_text = words % {"laser": plan.get_laser_type_display().lower()}


def recorded_now(plan, *, by):
    """Return what a session done today starts from: last time's laser and settings."""
    session = prefilled_session(plan)
    values = {name: getattr(session, name) for name in PREFILLED}
    return values | {"operator": by.pk}
