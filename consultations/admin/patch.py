"""Test patches: recorded from an area, read a while later, a reaction cleared by a clinician."""

from dataclasses import dataclass

from django.contrib import admin
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.consents import CHANGED
from consultations.actions.patches import NO_LASER, keep_patch, keeps_its_wording
from consultations.models import ConsentWording, TestPatch
from consultations.models.first_wordings import first_wording
from consultations.models.text import day_in_words
from consultations.summaries.devices import modes_in_service, names_apart
from consultations.vocabulary import ConsentKind, LaserType, TestPatchResult

from .base import RecordAdmin
from .parts.displays import struck
from .parts.form_checks import refuse_record_that_ended
from .parts.forms import RecordForm, hide_when_known
from .parts.half_filled import typed
from .parts.patches import patch_state

TREATMENT = ConsentKind.TREATMENT
MAY_CLEAR = "consultations.clear_testpatch"


@dataclass(frozen=True)
class Shown:
    """The wording of a laser type as it is read today."""

    kind: LaserType
    wording: ConsentWording | None

    @property
    def text(self):
        return self.wording.text if self.wording else first_wording(TREATMENT, self.kind)

    @property
    def stamp(self):
        return f"{self.kind} {self.wording.pk if self.wording else ''}"


class PatchForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "patient")
        if "laser_mode" in self.fields:
            self._offer_lasers()

    def _offer_lasers(self):
        field, kept = self.fields["laser_mode"], self.instance.laser_mode
        typed_on = typed(TestPatch, ["done_on"], self.data).get("done_on")
        offered = modes_in_service(typed_on or self.instance.done_on or timezone.localdate())
        offered = [kept, *offered] if kept and kept not in offered else offered
        field.known = offered
        self.laser_types = {mode.laser_type for mode in offered}
        field.choices = [("", _("Not known")), *names_apart(offered).items()]

    def clean(self):
        cleaned = super().clean()
        for name in ("done_on", "read_on"):
            if cleaned.get(name) and cleaned[name] > timezone.localdate():
                self.add_error(name, _("This date is in the future."))
        if cleaned.get("read_on") and cleaned.get("result") == TestPatchResult.AWAITED:
            self.add_error("result", _("Say what it showed on the day it was read."))
        if cleaned.get("clearance") and cleaned.get("result") != TestPatchResult.REACTION:
            self.add_error("clearance", _("Only a reaction is cleared."))
        self._refuse_lifting()
        refuse_record_that_ended(self, cleaned.get("patient"))
        return cleaned

    @cached_property
    def wordings(self):
        """What is read before a test patch, by the laser types that are offered."""
        current = ConsentWording.objects.by_laser_type()
        return [Shown(kind, current[kind]) for kind in LaserType if kind in self.laser_types]

    @property
    def wordings_shown(self):
        """What tells, posted back, which editions were on the page."""
        return ",".join(one.stamp for one in self.wordings)

    def check_with_others(self):
        """What is answered is the wording that was shown, of the laser that is chosen."""
        patch = self.instance
        if patch.agreed is None or keeps_its_wording(patch, self.before("agreed")):
            return
        if patch.laser_mode is None:
            self.add_error("agreed", NO_LASER)
            return
        read = self.data.get("wordings_shown", "").split(",")
        kind = patch.laser_mode.laser_type
        if not any(one.kind == kind and one.stamp in read for one in self.wordings):
            self.add_error("agreed", CHANGED)

    def _refuse_lifting(self):
        """What a reaction holds is cleared with a reason, not called otherwise."""
        if not self.instance.pk or self.user.has_perm(MAY_CLEAR):
            return
        stored = TestPatch.objects.get(pk=self.instance.pk)
        if stored.result != TestPatchResult.REACTION or stored.is_cleared:
            return
        for name in {"result", "area", "done_on"} & {*self.changed_data}:
            self.add_error(name, _("A clinician clears the reaction first, with a reason."))

    def complete(self):
        """Who clears, and when, follows from there being a reason; read is what has a result."""
        patch = self.instance
        if patch.agreed is None:
            patch.wording = None
        if bool(patch.clearance) != bool(patch.cleared_at):
            patch.cleared_by = self.user if patch.clearance else None
            patch.cleared_at = timezone.now() if patch.clearance else None
        if patch.result != TestPatchResult.AWAITED and patch.read_on is None and patch.done_on:
            patch.read_on = max(patch.done_on, timezone.localdate())


@admin.register(TestPatch)
class TestPatchAdmin(RecordAdmin):
    form = PatchForm
    change_form_template = "admin/consultations/patch_form.html"
    when_empty = gettext_lazy("A test patch is recorded from the patient’s chart.")
    list_display = ["what", "who", "done", "state"]
    in_files = {"done": "done_on"}
    list_reads = ["area", "done_on", "result", "cleared_at", "entered_in_error_at"]
    ordering = ["-done_on", "-pk"]
    autocomplete_fields = ["patient"]
    segmented = ["area", "result"]
    WHAT = (
        None,
        {"fields": ["patient", "area", ("done_on", "laser_mode"), ("result", "read_on"), "note"]},
    )
    AGREED = (gettext_lazy("Consent"), {"fields": ["agreed"]})

    def fieldsets_for(self, request, obj):
        reacted = obj is not None and obj.result == TestPatchResult.REACTION
        if not reacted or not request.user.has_perm(MAY_CLEAR):
            return [self.WHAT, self.AGREED]
        return [self.WHAT, self.AGREED, (gettext_lazy("Clearance"), {"fields": ["clearance"]})]

    def fields_in_history(self, request):
        return super().fields_in_history(request) | {"cleared_by", "wording"}

    def get_queryset(self, request):
        along = ("laser_mode__laser", "cleared_by", "wording")
        return super().get_queryset(request).select_related(*along)

    def get_changeform_initial_data(self, request):
        known = typed(TestPatch, ["area", "done_on", "result"], request.GET)
        return super().get_changeform_initial_data(request) | known

    def title_of(self, record):
        return _("Test patch, %(area)s, %(day)s") % {
            "area": record.get_area_display().lower(),
            "day": day_in_words(record.done_on),
        }

    def save_model(self, request, obj, form, change):
        if not change or form.changed_data:
            keep_patch(patch=obj, by=request.user)

    @admin.display(description=gettext_lazy("test patch"))
    def what(self, patch):
        link = format_html('<a href="{}">{}</a>', self.url_of(patch), patch.get_area_display())
        return struck(patch, link)

    @admin.display(description=gettext_lazy("done"))
    def done(self, patch):
        return day_in_words(patch.done_on)

    @admin.display(description=gettext_lazy("result"))
    def state(self, patch):
        return patch_state(patch)
