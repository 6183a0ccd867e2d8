"""The form on a session's own page: what it starts from, and what it refuses."""

from django.forms import HiddenInput
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
from consultations.models.text import day_in_words
from consultations.permissions import writes_clinical
from consultations.summaries.chart import earliest_safe
from consultations.summaries.devices import modes_in_service, names_apart, names_on
from consultations.summaries.facts import last_done_session
from consultations.summaries.visit import last_answers
from consultations.vocabulary import SessionStatus

from .checks import CheckedSessionForm, refuse_for_others, refuse_future

PREFILLED = ("laser_mode", "performed_on", *TreatmentSession.SETTINGS)


BY_RECEPTION = (SessionStatus.BOOKED, SessionStatus.MISSED, SessionStatus.CANCELLED)


class SessionForm(CheckedSessionForm):
    """The form on a session's own page.

    The admin sets `is_recording` if a booking is opened to be recorded as done, and
    `plan_asked_for` to the plan whose page led here.
    """

    is_recording = False
    plan_asked_for = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "plan")
        if not self._is_clinical() and "status" in self.fields:
            self.fields["status"].choices = [
                (value, label)
                for value, label in self.fields["status"].choices
                if value in BY_RECEPTION
            ]
        if self._is_of_elsewhere():
            self._ask_for_history()
        elif not self.is_bound:
            self.offer_last_time()
        plan = self._plan_known()
        self._know_what_was_read(plan)
        self._offer_lasers(plan if self._is_clinical() else None)
        if {"status", "performed_on"} & {*self.fields} == {"status"} and not self.instance.pk:
            self._offer_safe_day()
            self._has_status(SessionStatus.BOOKED)
        if self.is_recording and self.instance.status == SessionStatus.BOOKED:
            self.initial |= recorded_now(self.instance.plan, by=self.user)

    def _know_what_was_read(self, plan):
        known = {"plan": plan, "operator": self.user}
        for name, record in known.items():
            if name in self.fields:
                self.fields[name].known = [record] if record else ()

    def _is_of_elsewhere(self):
        return "performed_elsewhere" in self.fields and "operator" not in self.fields

    def _has_status(self, status):
        """Do not ask for the status: the page is about sessions of one status."""
        self.fields["status"].widget = HiddenInput()
        self.fields["status"].choices = [(status, status.label)]

    def _ask_for_history(self):
        self._has_status(SessionStatus.DONE)
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

    def _offer_safe_day(self):
        plan = self._plan_known()
        safe_from = earliest_safe(plan) if plan else None
        if safe_from and "booked_for" in self.fields:
            words = _("Earliest safe day: %(day)s.") % {"day": day_in_words(safe_from)}
            self.fields["booked_for"].help_text = words

    def clean(self):
        cleaned = super().clean()
        day, plan = cleaned.get("performed_on"), cleaned.get("plan")
        refuse_future(self)
        elsewhere = cleaned.get("performed_elsewhere")
        if day and plan and not elsewhere and day < plan.assessment.consultation.consulted_on:
            self.add_error("performed_on", _("This is before the consultation."))
        refuse_contradictions(self, (*HEALTH_DAYS, *AREA_DAYS), day or timezone.localdate())
        self._refuse_past_booking(cleaned)
        self.refuse_wrong_units(cleaned.get("laser_mode"))
        if cleaned.get("status") == SessionStatus.DONE:
            refuse_for_others(self)
        if "_sign" in self.data and cleaned.get("status") == SessionStatus.BOOKED:
            self.add_error("status", _("A booked session is signed once it is done."))
        return cleaned

    def _refuse_past_booking(self, cleaned):
        """Refuse a new or moved booking for a past day."""
        when = cleaned.get("booked_for")
        if cleaned.get("status") != SessionStatus.BOOKED or "booked_for" not in self.changed_data:
            return
        if when and timezone.localdate(when) < timezone.localdate():
            self.add_error("booked_for", _("This day is in the past."))


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
    return values | {"status": SessionStatus.DONE, "operator": by.pk}
