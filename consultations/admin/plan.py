"""Treatment plans: started from a suitable area, extended, paused or stopped with a reason."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.courses import keep_plan, settle_plan
from consultations.actions.prefilled import prefilled_plan
from consultations.actions.refusals import refuse_against_news, refuse_plan
from consultations.models import Appointment, ClinicSettings, TreatmentPlan
from consultations.models.money import in_words
from consultations.models.text import REASON_LENGTH, readable
from consultations.permissions import MAY_SEE_MONEY, sees_clinical
from consultations.rules.protocol import MINIMUM_GAP_DAYS
from consultations.summaries.consents import standings_of
from consultations.summaries.money import balance_of
from consultations.summaries.progress import READ_FOR_PROGRESS, progress_of
from consultations.vocabulary import LaserType, PlanStatus

from .base import RecordAdmin
from .pages.consents.treatment import takes_consent, treatment_consent
from .pages.ledger import ledger
from .parts.asked_for import is_choosing
from .parts.displays import (
    Step,
    admin_url,
    chip,
    consent_chip,
    dots,
    due_words,
    may_take_consent,
    plan_steps,
    struck,
)
from .parts.figure_filters import BegunFilter, CompletedFilter, GradedFilter, OwingFilter
from .parts.filters import OverdueFilter, PlanAreaFilter, PlanStatusFilter
from .parts.forms import RecordForm, hide_when_known
from .parts.widgets import Words

OPEN = (PlanStatus.ACTIVE, PlanStatus.PAUSED)


def since_verdict(assessment):
    """What became known since the verdict, for which no plan starts; in words."""
    try:
        refuse_against_news(prefilled_plan(assessment))
    except ValidationError as refusal:
        return refusal.messages
    return []


QUOTED = {"quoted_at", "quoted_price", "quoted_sessions"}
PRICES = {"price_per_session", "course_price"}
PREFILLED = ("laser_type", "pace", "planned_sessions", "interval_days", "started_on")


class PlanForm(RecordForm):
    price_reason = forms.CharField(
        label=gettext_lazy("Reason for another price"),
        max_length=REASON_LENGTH,
        required=False,
        validators=[readable],
        help_text=gettext_lazy("The price was quoted: a change needs a reason and a new quote."),
        widget=Words(attrs={"rows": 2, "class": "vLargeTextField"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "assessment")
        status = self.fields.get("status")
        if status is not None and self.instance.status != PlanStatus.COMPLETED:
            # Sessions complete a plan; nobody does so by hand.
            status.choices = [pair for pair in status.choices if pair[0] != PlanStatus.COMPLETED]

    def clean(self):
        cleaned = super().clean()
        assessment, laser = cleaned.get("assessment"), cleaned.get("laser_type")
        if assessment and laser and {"laser_type", "assessment"} & set(self.changed_data):
            self._refuse_laser(assessment, laser)
        gap = MINIMUM_GAP_DAYS.get(laser)
        if gap and (cleaned.get("interval_days") or gap) < gap:
            self.add_error(
                "interval_days",
                _("This laser needs at least %(gap)s days between sessions.") % {"gap": gap},
            )
        started = cleaned.get("started_on")
        if assessment and started and started < assessment.consultation.consulted_on:
            self.add_error("started_on", _("This is before the consultation."))
        if self.instance.pk:
            self._check_length(cleaned.get("planned_sessions"))
            self._check_price()
        return cleaned

    def _check_price(self):
        is_changed = not PRICES.isdisjoint(self.changed_data)
        if is_changed and self.instance.quoted_at and not self.cleaned_data.get("price_reason"):
            self.add_error("price_reason", _("Say why the price changes: it was quoted."))

    def _refuse_laser(self, assessment, laser):
        allowed = assessment.lasers
        if assessment.is_decided_otherwise or laser in allowed or not assessment.is_treatable:
            return
        names = ", ".join(LaserType(name).label.lower() for name in allowed)
        self.add_error(
            "laser_type",
            _("Not allowed for this area now. Allowed: %(lasers)s.") % {"lasers": names},
        )

    def _check_length(self, planned):
        before = self.before("planned_sessions")
        if planned is None or planned == before:
            return
        if planned < before or "extension_reason" in self.changed_data:
            return
        if self.cleaned_data.get("extension_reason"):
            words = _("Give a new reason: this one was for the last extension.")
        else:
            words = _("Say why the course is extended.")
        self.add_error("extension_reason", words)

    def complete(self):
        if not self.errors:
            settle_plan(self.instance)

    def check_with_others(self):
        self.instance.assessment.refresh_from_db()
        self.try_to(refuse_plan, self.instance)


def _shown(price):
    if price is None:
        return None
    return in_words(price, ClinicSettings.objects.current().currency)


@admin.register(TreatmentPlan)
class TreatmentPlanAdmin(RecordAdmin):
    form = PlanForm
    own_pages = {
        "money": ("<path:object_id>/money/", ledger),
        "consent": ("<path:object_id>/consent/", treatment_consent),
    }
    change_form_template = "admin/consultations/plan_form.html"
    when_empty = gettext_lazy("A clinician starts a plan from a consultation.")
    list_display = ["area", "who", "laser", "progress", "state", "due"]
    list_reads = [*READ_FOR_PROGRESS, "laser_type", "assessment__area"]
    list_filter = [
        *(BegunFilter, CompletedFilter, GradedFilter),
        *(PlanStatusFilter, OverdueFilter, PlanAreaFilter),
        OwingFilter,
    ]
    ordering = ["-pk"]
    autocomplete_fields = ["assessment"]

    read_as = {"price_per_session": "price_shown", "course_price": "course_shown"}
    readonly_fields = ["price_shown", "course_shown"]
    COURSE = (
        None,
        {
            "fields": [
                "assessment",
                ("laser_type", "pace"),
                ("planned_sessions", "interval_days", "started_on"),
                "short_course_reason",
                ("price_per_session", "course_price"),
            ]
        },
    )
    STATE = (
        gettext_lazy("Status"),
        {"fields": [("status", "status_reason"), "extension_reason"]},
    )
    NEW_PRICE = (None, {"fields": ["price_reason"]})
    FOR_RECEPTION = (
        None,
        {
            "fields": [
                "assessment",
                ("planned_sessions", "interval_days", "started_on"),
                "status",
                ("price_per_session", "course_price"),
            ]
        },
    )

    def fieldsets_for(self, request, obj):
        if not sees_clinical(request.user):
            return [self.FOR_RECEPTION]
        if obj is None:
            return [self.COURSE]
        return [self.COURSE, *([self.NEW_PRICE] if obj.quoted_at else []), self.STATE]

    def fields_in_history(self, request):
        names = super().fields_in_history(request)
        if sees_clinical(request.user):
            return names | {"next_due_on", "completed_on"} | QUOTED
        return {"planned_sessions", "interval_days", "started_on", "status", "next_due_on"}

    def get_queryset(self, request):
        plans = super().get_queryset(request)
        return plans.standing().filter(status__in=OPEN) if is_choosing(request) else plans

    def get_ordering(self, request):
        # An index holds the open plans in this order. Ordered otherwise, SQLite sorts them all or
        # walks past every closed one, depending on its version.
        return ["status", "-pk"] if is_choosing(request) else super().get_ordering(request)

    def get_changeform_initial_data(self, request):
        area = self.parent_asked_for(request)
        if area is None:
            return {}
        plan = prefilled_plan(area)
        return {"assessment": area.pk} | {name: getattr(plan, name) for name in PREFILLED}

    def more_on_page(self, request, obj):
        if obj is None:
            area = self.parent_asked_for(request)
            return {"area": area, "since_verdict": since_verdict(area) if area else []}
        standing = standings_of([obj])[obj.pk] if takes_consent(obj) else None
        return {
            "area": obj.assessment,
            "progress": progress_of([obj])[obj.pk],
            "consent": consent_chip(standing, request.user) if standing else "",
            "plan": obj,
            "balance": balance_of(obj) if request.user.has_perm(MAY_SEE_MONEY) else None,
            "steps": [] if obj.in_error else self._steps(obj, request.user, standing),
            "sessions": obj.sessions.done().select_related("operator").order_by("-day", "-pk"),
            "appointments": Appointment.objects.holding().of_courses([obj]).order_by("starts_at"),
        }

    def title_of(self, record):
        return _("Treatment plan: %(area)s") % {
            "area": record.assessment.get_area_display().lower()
        }

    def _steps(self, plan, user, standing):
        steps = plan_steps(plan, user, standing)
        if steps and user.has_perm("consultations.override_treatmentsession"):
            url = admin_url("treatmentsession", "add", plan=plan.pk, elsewhere=1)
            steps.append(Step(_("Add session from another clinic"), url, False))
        return steps

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        reason = form.cleaned_data.get("extension_reason", "")
        reasons = [reason] if "planned_sessions" in form.changed_data else []
        if not PRICES.isdisjoint(form.changed_data):
            reasons.append(form.cleaned_data.get("price_reason", ""))
        keep_plan(plan=obj, by=request.user, reason=" ".join(filter(None, reasons)))
        if not change:
            words = _("The plan has started.")
            link = format_html(
                '{} <a class="step" href="{}">{}</a>', words, *self._next_step(request, obj)
            )
            self.message_user(request, link, messages.INFO)

    def _next_step(self, request, plan):
        """What comes after starting a plan: consent, or where that counts already, a session."""
        if may_take_consent(request.user, plan) and not standings_of([plan])[plan.pk].is_given:
            return admin_url("treatmentplan", "consent", plan.pk), _("Take consent")
        visit = admin_url("patient", "visit", plan.patient.pk, plan=plan.pk)
        return visit, _("Record session")

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        clinical = sees_clinical(request.user)
        return columns if clinical else [name for name in columns if name != "laser"]

    def add_columns(self, request, rows):
        progress = progress_of(rows)
        for row in rows:
            row.course = progress[row.pk]

    @admin.display(description=gettext_lazy("price per session"))
    def price_shown(self, plan):
        return _shown(plan.price_per_session)

    @admin.display(description=gettext_lazy("price of the course"))
    def course_shown(self, plan):
        return _shown(plan.course_price)

    @admin.display(description=gettext_lazy("area"))
    def area(self, plan):
        link = format_html(
            '<a href="{}">{}</a>', self.url_of(plan), plan.assessment.get_area_display()
        )
        return struck(plan, link)

    @admin.display(description=gettext_lazy("laser"))
    def laser(self, plan):
        return plan.get_laser_type_display()

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, plan):
        return dots(plan.course)

    @admin.display(description=gettext_lazy("status"))
    def state(self, plan):
        return chip(PlanStatus(plan.status), plan.get_status_display())

    @admin.display(description=gettext_lazy("next due"))
    def due(self, plan):
        return due_words(plan.course)
