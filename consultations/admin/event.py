"""Adverse events: entered from a session in a moment, followed until healed and cleared."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.events import keep_event
from consultations.models import AdverseEvent
from consultations.models.text import day_in_words
from consultations.rules.follow_up import last_onset
from consultations.vocabulary import EventSeverity

from .base import RecordAdmin
from .parts.displays import chip, event_state, struck
from .parts.figure_filters import EventDaysFilter, EventLaserFilter, EventTypeFilter
from .parts.filters import EventStateFilter
from .parts.forms import RecordForm, hide_when_known

MAY_CLEAR = "consultations.clear_adverseevent"


class EventForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "session")

    def clean(self):
        cleaned = super().clean()
        session, onset = cleaned.get("session"), cleaned.get("onset_on")
        today = timezone.localdate()
        for name in ("onset_on", "resolved_on", "reported_on"):
            if cleaned.get(name) and cleaned[name] > today:
                self.add_error(name, _("This date is in the future."))
        if session and (session.is_former or session.in_error):
            self.add_error(None, _("An adverse event belongs to a session that was done."))
        elif session and onset and onset < session.day:
            self.add_error("onset_on", _("This is before the session."))
        elif session and onset and onset > last_onset(session.day):
            self.add_error("onset_on", _("This is more than 24 months after the session."))
        self._refuse_lowering(cleaned)
        self._refuse_half_a_report(cleaned)
        return cleaned

    def _refuse_lowering(self, cleaned):
        """What keeps the laser off an area is cleared with a note, not called mild."""
        stops = bool(self.instance.pk) and self.instance.is_stopping
        if stops and cleaned.get("severity") == EventSeverity.MILD and not cleaned.get("clearance"):
            self.add_error("severity", _("A clinician clears the area first, with a note."))
        was_to_report = bool(self.instance.pk) and self.instance.is_to_report
        is_said = cleaned.get("reported_to") or cleaned.get("not_reportable_reason")
        if was_to_report and cleaned.get("severity") != EventSeverity.SEVERE and not is_said:
            self.add_error("severity", _("Say first where it was reported, or why it need not be."))

    def _refuse_half_a_report(self, cleaned):
        """Ask for whom a report went to, or for its day, beside the field that is blank."""
        whom, day = cleaned.get("reported_to"), cleaned.get("reported_on")
        if whom and not day and "reported_on" not in self.errors:
            self.add_error("reported_on", _("Say when it was reported."))
        if not whom and (day or cleaned.get("report_reference")):
            self.add_error("reported_to", _("Say whom it was reported to."))

    def complete(self):
        """Who clears, and when, follows from there being a note."""
        event = self.instance
        if "clearance" in self.changed_data:
            event.cleared_by = self.user if event.clearance else None
            event.cleared_at = timezone.now() if event.clearance else None


@admin.register(AdverseEvent)
class AdverseEventAdmin(RecordAdmin):
    form = EventForm
    change_form_template = "admin/consultations/event_form.html"
    when_empty = gettext_lazy("An adverse event is recorded from the patient’s chart.")
    list_display = ["what", "who", "area", "severity_name", "began", "state"]
    in_files = {"began": "onset_on"}
    list_reads = [
        *("kind", "severity", "onset_on", "resolved_on", "cleared_at", "entered_in_error_at"),
        *("session__day", "session__plan__assessment__area"),
    ]
    list_filter = [EventDaysFilter, EventStateFilter, EventLaserFilter, EventTypeFilter]
    ordering = ["-onset_on", "-pk"]
    autocomplete_fields = ["session"]
    segmented = ["kind", "severity"]

    REPORT = [("reported_to", "reported_on"), "report_reference", "not_reportable_reason"]
    WHAT = (None, {"fields": ["session", "kind", "severity", "onset_on", "action_taken"]})

    def fieldsets_for(self, request, obj):
        if obj is None:
            return [self.WHAT]
        after = (
            ["resolved_on", "clearance"] if request.user.has_perm(MAY_CLEAR) else ["resolved_on"]
        )
        folded = ["collapse", *(["open"] if obj.severity == EventSeverity.SEVERE else [])]
        return [
            self.WHAT,
            (gettext_lazy("Outcome"), {"fields": after}),
            (gettext_lazy("Report"), {"fields": self.REPORT, "classes": folded}),
        ]

    def fields_in_history(self, request):
        return super().fields_in_history(request) | {"cleared_by"}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("cleared_by")

    def may_hang_on(self, parent):
        return parent.is_done and parent.stands

    def more_on_page(self, request, obj):
        return {"session": obj.session if obj is not None else self.parent_asked_for(request)}

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        keep_event(event=obj, by=request.user)
        if obj.is_stopping:
            words = _("Open plans for this area are on hold until a clinician clears it.")
            self.message_user(request, words, messages.WARNING)

    @admin.display(description=gettext_lazy("adverse event"))
    def what(self, event):
        link = format_html('<a href="{}">{}</a>', self.url_of(event), event.get_kind_display())
        return struck(event, link)

    @admin.display(description=gettext_lazy("area"))
    def area(self, event):
        return _("%(area)s, session of %(day)s") % {
            "area": event.session.plan.assessment.get_area_display(),
            "day": day_in_words(event.session.day),
        }

    @admin.display(description=gettext_lazy("severity"))
    def severity_name(self, event):
        return chip(event.severity, event.severity_word)

    @admin.display(description=gettext_lazy("began"))
    def began(self, event):
        return day_in_words(event.onset_on)

    @admin.display(description=gettext_lazy("state"))
    def state(self, event):
        return event_state(event)
