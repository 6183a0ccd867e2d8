"""The form of a session: what it starts from, and what it refuses."""

from functools import partial

from django.forms import HiddenInput
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.courses import plan_as_it_stands
from consultations.actions.judging import judge_session
from consultations.actions.prefilled import prefilled_session
from consultations.actions.refusals import (
    refuse_beside_events,
    refuse_session_beyond_plan,
    refuse_unlike_history,
)
from consultations.admin.parts.forms import (
    RecordForm,
    hide_when_known,
    is_key,
    offer_last_answers,
    refuse_contradictions_about_health,
)
from consultations.admin.parts.half_filled import typed
from consultations.models import TreatmentPlan, TreatmentSession
from consultations.models.text import day_in_words
from consultations.permissions import writes_clinical
from consultations.rules.readiness.settings import SETTINGS, looks_like_wrong_unit, plain
from consultations.summaries.chart import earliest_safe
from consultations.summaries.devices import devices_on, modes_in_service, names_apart, names_on
from consultations.summaries.facts import last_done_session
from consultations.summaries.visit import last_answers
from consultations.vocabulary import Level, SessionStatus

PREFILLED = ("laser_mode", "performed_on", *TreatmentSession.SETTINGS)


BY_RECEPTION = (SessionStatus.BOOKED, SessionStatus.MISSED, SessionStatus.CANCELLED)


class SessionForm(RecordForm):
    """The admin sets `is_recording` where a booking is opened to be recorded as done, and
    `plan_asked_for` to the plan whose page led here."""

    is_recording = False
    plan_asked_for = None
    known_of_area = {}  # what `session_facts` need not read again

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.overridden = self.instance.findings
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
        """The page is about sessions of one status: it is not asked."""
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

    def _day(self):
        """The day of the session: as typed, as stored, or today."""
        day = typed(TreatmentSession, ["performed_on"], self.data).get("performed_on")
        return day or self.instance.performed_on or timezone.localdate()

    def offer_last_time(self):
        asks = self._is_clinical() and not self._is_of_elsewhere()
        if not asks or (plan := self._plan_known()) is None:
            return
        before = self._day()
        for name, (day, record) in last_answers(plan.patient, before=before).items():
            offer_last_answers(self, record, day, [name])
        if last := last_done_session(plan, before=before):
            names = (*TreatmentSession.CHECK_FIELDS, *TreatmentSession.SETTINGS)
            offer_last_answers(self, last, last.performed_on, names)

    def _offer_lasers(self, plan):
        if "laser_mode" in self.fields:
            offer_lasers(self, plan, modes_in_service(self._day()))
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
        refuse_contradictions_about_health(self, day or timezone.localdate())
        self._refuse_past_booking(cleaned)
        self._refuse_wrong_units(cleaned.get("laser_mode"))
        if cleaned.get("status") == SessionStatus.DONE:
            refuse_for_others(self)
        if "_sign" in self.data and cleaned.get("status") == SessionStatus.BOOKED:
            self.add_error("status", _("A booked session is signed once it is done."))
        return cleaned

    def _refuse_past_booking(self, cleaned):
        """A new or moved booking is for a day to come."""
        when = cleaned.get("booked_for")
        if cleaned.get("status") != SessionStatus.BOOKED or "booked_for" not in self.changed_data:
            return
        if when and timezone.localdate(when) < timezone.localdate():
            self.add_error("booked_for", _("This day is in the past."))

    def _refuse_wrong_units(self, mode):
        values = {name: self.cleaned_data.get(name) for name in SETTINGS}
        for name, words in wrong_units(mode, self._day(), values).items():
            self.add_error(name, words)

    def check_with_others(self):
        self.instance.plan = plan_as_it_stands(self.instance)
        self.try_to(refuse_session_beyond_plan, self.instance)
        self.try_to(refuse_beside_events, self.instance)
        self.try_to(partial(refuse_unlike_history, self.instance, by=self.user))
        if not self.errors:
            self._judge()

    def _is_overridden(self, blocking):
        """Whether the reason was given for what stops the session now, not for less."""
        if not self.instance.override_reason:
            return False
        known = {finding["id"] for finding in self.overridden if finding["level"] == Level.BLOCK}
        return "override_reason" in self.changed_data or {one.id for one in blocking} <= known

    def complete(self):
        """Who overrides, and when, follows from there being a reason."""
        session = self.instance
        if session.status == SessionStatus.BOOKED:
            session.performed_on = None
        if "override_reason" in self.changed_data:
            session.overridden_by = self.user if session.override_reason else None
            session.overridden_at = timezone.now() if session.override_reason else None

    def _judge(self):
        """What stops the session is told next to its field, unless a clinician gives a reason."""
        findings = judge_session(self.instance, **self.known_of_area)
        blocking = [finding for finding in findings if finding.level == Level.BLOCK]
        may_override = self.user.has_perm("consultations.override_treatmentsession")
        if "override_reason" in self.changed_data and not may_override:
            self.add_error("override_reason", _("Only a clinician can override."))
        elif not blocking or self._is_overridden(blocking):
            return
        for finding in blocking:
            self.tell_finding(finding)
        if all(finding.id == "screen.required" for finding in blocking):
            return
        if "override_reason" in self.fields and "override_reason" not in self.errors:
            self.add_error(
                "override_reason",
                _("To treat anyway, give a reason.")
                if may_override
                else _("To treat anyway, ask a clinician to give a reason."),
            )

    def tell_finding(self, finding):
        """Put what stops the session next to the field it is about."""
        known = finding.subject in self.fields and finding.subject != "plan"
        self.add_error(finding.subject if known else None, f"{finding.message} {finding.hint}")


def offer_lasers(form, plan, modes):
    """Offer, of these modes, those of the plan's type (all, while no plan is known), and what the
    record has already; say so where there is none."""
    field = form.fields["laser_mode"]
    right = [mode for mode in modes if plan is None or mode.laser_type == plan.laser_type]
    kept = form.instance.laser_mode
    offered = [kept, *right] if kept and kept not in right else right
    field.known = offered
    field.choices = [("", "–"), *names_apart(offered).items()]
    if not right and plan is not None:
        words = _("No %(laser)s laser is in service.")
        field.help_text = words % {"laser": plan.get_laser_type_display().lower()}


def refuse_for_others(form):
    """Those who may not override record their own sessions only."""
    is_others = form.cleaned_data.get("operator") not in (None, form.user)
    if is_others and not form.user.has_perm("consultations.override_treatmentsession"):
        form.add_error("operator", _("You can record your own sessions only."))


def refuse_future(form):
    day = form.cleaned_data.get("performed_on")
    if day and day > timezone.localdate():
        form.add_error("performed_on", _("A session cannot be done in the future."))


def wrong_units(mode, day, values):
    """What to say beside each setting that is far outside all that the mode allowed on a day."""
    if mode is None:
        return {}
    wrong = [_far_outside(device.envelope(), values) for device in devices_on(mode, day)]
    return {name: words for name, words in wrong[0].items() if all(name in one for one in wrong)}


def _far_outside(envelope, values):
    return {
        name: wrong_unit_words(ends)
        for name, ends in envelope.items()
        if values.get(name) is not None and looks_like_wrong_unit(values[name], ends)
    }


def wrong_unit_words(envelope):
    return _("Ten times outside this mode's range (%(low)s to %(high)s): wrong unit?") % {
        "low": plain(envelope[0]),
        "high": plain(envelope[1]),
    }


def recorded_now(plan, *, by):
    """What a session that is done today starts from: last time's laser and settings."""
    session = prefilled_session(plan)
    values = {name: getattr(session, name) for name in PREFILLED}
    return values | {"status": SessionStatus.DONE, "operator": by.pk}
