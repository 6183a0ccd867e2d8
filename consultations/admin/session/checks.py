"""What every form of a session refuses, on its own page or as a card of a visit."""

from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.courses import never_overridden, plan_as_it_stands
from consultations.actions.judging import judge_session
from consultations.actions.refusals import (
    refuse_beside_events,
    refuse_session_beyond_plan,
    refuse_unlike_history,
)
from consultations.admin.parts.forms import RecordForm
from consultations.admin.parts.half_filled import typed
from consultations.models import TreatmentSession
from consultations.rules.readiness.settings import SETTINGS, looks_like_wrong_unit, plain
from consultations.summaries.devices import devices_on
from consultations.vocabulary import Level


class CheckedSessionForm(RecordForm):
    """The form of a session that is judged by the rules; what stops it can be overridden."""

    known_of_area = {}  # what `session_facts` need not read again

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.overridden = self.instance.findings

    def day(self):
        """Return the day of the session: as typed, as stored, or today."""
        day = typed(TreatmentSession, ["performed_on"], self.data).get("performed_on")
        return day or self.instance.performed_on or timezone.localdate()

    def refuse_wrong_units(self, mode):
        values = {name: self.cleaned_data.get(name) for name in SETTINGS}
        for name, words in wrong_units(mode, self.day(), values).items():
            self.add_error(name, words)

    def complete(self):
        """Fill in who overrides, and when, if there is a reason."""
        session = self.instance
        if "override_reason" in self.changed_data:
            session.overridden_by = self.user if session.override_reason else None
            session.overridden_at = timezone.now() if session.override_reason else None

    def check_with_others(self):
        self.instance.plan = plan_as_it_stands(self.instance)
        self.try_to(refuse_session_beyond_plan, self.instance)
        self.try_to(refuse_beside_events, self.instance)
        self.try_to(partial(refuse_unlike_history, self.instance, by=self.user))
        if not self.errors:
            self._judge()

    def _is_overridden(self, blocking):
        """Whether the reason was given for what stops the session now, not for less."""
        if not self.instance.override_reason or never_overridden(blocking):
            return False
        known = {finding["id"] for finding in self.overridden if finding["level"] == Level.BLOCK}
        return "override_reason" in self.changed_data or {one.id for one in blocking} <= known

    def _judge(self):
        """Show what stops the session next to its field, unless a clinician gives a reason."""
        findings = judge_session(self.instance, **self.known_of_area)
        blocking = [finding for finding in findings if finding.level == Level.BLOCK]
        may_override = self.user.has_perm("consultations.override_treatmentsession")
        if "override_reason" in self.changed_data and not may_override:
            self.add_error("override_reason", _("Only a clinician can override."))
        elif not blocking or self._is_overridden(blocking):
            return
        for finding in blocking:
            self.tell_finding(finding)
        is_only_to_ask = all(finding.id == "screen.required" for finding in blocking)
        if is_only_to_ask or never_overridden(blocking):
            return
        if "override_reason" in self.fields and "override_reason" not in self.errors:
            self.add_error(
                "override_reason",
                _("To treat anyway, give a reason.")
                if may_override
                else _("To treat anyway, ask a clinician to give a reason."),
            )

    def tell_finding(self, finding):
        """Show a finding next to the field it is about."""
        known = finding.subject in self.fields and finding.subject != "plan"
        self.add_error(finding.subject if known else None, f"{finding.message} {finding.hint}")


def refuse_for_others(form):
    """Refuse others' sessions to those who may not override."""
    is_others = form.cleaned_data.get("operator") not in (None, form.user)
    if is_others and not form.user.has_perm("consultations.override_treatmentsession"):
        form.add_error("operator", _("You can record your own sessions only."))


def refuse_future(form):
    day = form.cleaned_data.get("performed_on")
    if day and day > timezone.localdate():
        form.add_error("performed_on", _("A session cannot be done in the future."))


def wrong_units(mode, day, values):
    """Return a message for each setting that is far outside all that the mode allowed on a day."""
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
