"""Follow-ups: what is due, what was missed, and what came of each."""

from datetime import datetime

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.forms import HiddenInput
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import FollowUp
from consultations.vocabulary import FollowUpKind

from .base import RecordAdmin
from .pages.follow_up_done import follow_up_done, follow_up_no_answer
from .parts.displays import chips, due_in_words, due_state, struck, unreached
from .parts.filters import FollowUpStateFilter
from .parts.form_checks import refuse_record_that_ended
from .parts.forms import RecordForm, hide_when_known

FOLLOWS = ("session", "plan", "referral")
UNREACHED = ("no_answer_on", "handed_to")


class FollowUpForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "patient")
        for name in {*FOLLOWS} & {*self.fields}:
            # What it follows comes with the link that led here.
            self.fields[name].widget = HiddenInput()
            self.fields[name].disabled = bool(self.instance.pk)
        if "kind" in self.fields and not self.instance.pk:
            self._offer_what_is_made_by_hand()

    def _offer_what_is_made_by_hand(self):
        kind = FollowUpKind.RECALL
        if self.initial.get("referral") or self.data.get("referral"):
            kind = FollowUpKind.REFERRAL_REPLY
        self.fields["kind"].choices = [(kind.value, kind.label)]
        self.initial["kind"] = kind

    def clean(self):
        cleaned = super().clean()
        due = cleaned.get("due_on")
        if due and "due_on" in self.changed_data and due < timezone.localdate():
            self.add_error("due_on", _("This day is in the past."))
        self._refuse_time_that_is_none(due, cleaned.get("due_time"))
        self._refuse_another_patients(cleaned)
        refuse_record_that_ended(self, cleaned.get("patient"))
        return cleaned

    def _refuse_time_that_is_none(self, day, time):
        """Where the clocks change, an hour is left out or comes twice."""
        if day and time:
            try:
                from_current_timezone(datetime.combine(day, time))
            except ValidationError:
                self.add_error("due_time", _("The clocks change then. Choose another time."))

    def _refuse_another_patients(self, cleaned):
        for name in FOLLOWS:
            followed = cleaned.get(name)
            if followed and cleaned.get("patient") and followed.patient != cleaned["patient"]:
                self.add_error(None, _("This follow-up belongs to another patient."))

    def complete(self):
        """Who did it, and when, follows from there being an outcome."""
        follow_up = self.instance
        if "outcome" in self.changed_data:
            follow_up.done_by = self.user if follow_up.outcome else None
            follow_up.done_on = timezone.localdate() if follow_up.outcome else None


@admin.register(FollowUp)
class FollowUpAdmin(RecordAdmin):
    form = FollowUpForm
    when_empty = gettext_lazy("Sessions and completed courses schedule their follow-ups.")
    own_pages = {
        "done": ("<path:object_id>/done/", follow_up_done),
        "no_answer": ("<path:object_id>/no-answer/", follow_up_no_answer),
    }
    list_display = ["what", "who", "due", "state", "came_of_it"]
    in_files = {"due": lambda follow_up: follow_up.due_at or follow_up.due_on}
    list_select_related = ["done_by", "handed_to"]
    list_filter = [FollowUpStateFilter]
    ordering = ["-due_on", "-pk"]
    autocomplete_fields = ["patient", "handed_to"]
    readonly_fields = ["no_answer_on"]

    def fieldsets_for(self, request, obj):
        fields = ["patient", *FOLLOWS, "kind", ("due_on", "due_time")]
        more = ["handed_to"] if obj is None else [*UNREACHED, "outcome"]
        return [(None, {"fields": [*fields, *more]})]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "handed_to":
            kwargs["queryset"] = get_user_model().objects.with_perm(
                "consultations.change_followup",
                backend="django.contrib.auth.backends.ModelBackend",
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("done_by", "handed_to")

    def asked_for_by(self):
        """Without the session: what follows one is scheduled by the program."""
        return ("plan", "referral", "patient")

    def get_changeform_initial_data(self, request):
        patient = self.patient_on_page(request, None)
        known = {"patient": patient.pk} if patient is not None else {}
        return super().get_changeform_initial_data(request) | known

    def title_of(self, record):
        return _("%(kind)s, due %(day)s") % {
            "kind": record.get_kind_display(),
            "day": due_in_words(record),
        }

    @admin.display(description=gettext_lazy("follow-up"))
    def what(self, follow_up):
        link = format_html(
            '<a href="{}">{}</a>', self.url_of(follow_up), follow_up.get_kind_display()
        )
        return struck(follow_up, link)

    @admin.display(description=gettext_lazy("due"))
    def due(self, follow_up):
        return due_in_words(follow_up)

    @admin.display(description=gettext_lazy("state"))
    def state(self, follow_up):
        return chips([due_state(follow_up), *unreached(follow_up)])

    @admin.display(description=gettext_lazy("outcome"), empty_value="–")
    def came_of_it(self, follow_up):
        return follow_up.outcome or None
