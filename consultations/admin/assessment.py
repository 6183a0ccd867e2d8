"""Assessed areas: entered as cards on their consultation's page, and a list to look through."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.assessments import (
    give_verdict,
    is_fixed,
    refuse_referral_beside_plan,
)
from consultations.models import AreaAssessment, SurgicalReferral
from consultations.models.text import day_in_words
from consultations.summaries.past import past_of
from consultations.vocabulary import Outcome

from .base import RecordAdmin, RecordInline
from .parts.asked_for import is_choosing, is_closed
from .parts.displays import chip, struck
from .parts.figure_filters import AreaDaysFilter, DecidedFilter
from .parts.filters import AreaFilter, OutcomeFilter, SeverityFilter
from .parts.form_checks import AREA_DAYS, refuse_contradictions
from .parts.forms import RecordForm
from .parts.formsets import OneRowEach


class AreaAssessmentForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "follows_referral" in self.fields:
            self.fields["follows_referral"].widget = forms.HiddenInput()
        if self.instance.in_error:
            for field in self.fields.values():
                field.disabled = True

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and is_fixed(self.instance):
            for name in set(self.changed_data) & set(AreaAssessment.ASSESSED_FIELDS):
                self.add_error(
                    name,
                    _("Locked by a plan or a sent referral. Record a new consultation."),
                )
        return cleaned

    def complete(self):
        """The verdict is needed to know whether a decision departs from it."""
        assessment = self.instance
        if self.errors or assessment.in_error:
            return
        try:
            consultation = assessment.consultation
            day, _known = consultation.consulted_on, consultation.patient
        except ObjectDoesNotExist:
            return
        if day is None:
            return
        refuse_contradictions(self, AREA_DAYS, day)
        self._check_followed_referral(consultation)
        past = self.past()
        self._refuse_against_referral(past, day)
        deciding = bool({"decision", "decision_reason"} & set(self.changed_data))
        if deciding:
            assessment.decided_by, assessment.decided_at = self.user, timezone.now()
        give_verdict(assessment, deciding=deciding, past=past)
        self.try_to(refuse_referral_beside_plan, assessment)

    def past(self):
        """What the record knows from before."""
        return past_of(self.instance.patient)

    def _refuse_against_referral(self, past, day):
        """What is known of surgery is not typed away; what is fixed cannot be typed any more."""
        if self.instance.pk and is_fixed(self.instance):
            return
        for name, referral in past.contradictions(self.instance, day).items():
            self.add_error(name, against_referral(name, referral))

    def _check_followed_referral(self, consultation):
        referral = self.cleaned_data.get("follows_referral")
        if referral is None:
            return
        former = referral.assessment
        same = (former.area, former.consultation.patient_id)
        if same != (self.instance.area, consultation.patient_id):
            self.add_error("area", _("The referral this follows was for another area."))


def against_referral(name, referral):
    """What a referral says against the answer `name`, with the way to it."""
    if name == "surgery_on":
        words = _("The referral of this area says it was operated on %(day)s.")
        words %= {"day": day_in_words(referral.operated_on)}
    else:
        words = _("The referral of this area does not say recovered. Give the day there.")
    url = reverse("admin:consultations_surgicalreferral_change", args=[referral.pk])
    return format_html('{} <a href="{}">{}</a>', words, url, _("Open referral"))


class AreaAssessmentFormSet(OneRowEach):
    each = "area"
    already = gettext_lazy("This area is already assessed in this consultation.")

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.past = self.past
        return form

    @cached_property
    def _past(self):
        return past_of(self.instance.patient)

    def past(self):
        """What the record knows from before, read once for all areas."""
        return self._past


class AreaAssessmentInline(RecordInline):
    model = AreaAssessment
    form = AreaAssessmentForm
    formset = AreaAssessmentFormSet
    verbose_name = gettext_lazy("area")
    verbose_name_plural = gettext_lazy("Areas")
    max_num = 12
    segmented = ["severity"]
    fieldsets = [
        (
            None,
            {
                "classes": ["asked"],
                "fields": [
                    ("area", "severity", "grade"),
                    ("skin_problem", "infection"),
                    ("suspicious_lesion", "tattoo"),
                    ("melasma", "radiotherapy"),
                    ("recent_procedure", "recent_procedure_on"),
                ],
            },
        ),
        (
            gettext_lazy("Surgery here"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("surgery_on", "surgery_kind"),
                    ("recovered_from_surgery", "surgeon_cleared"),
                ],
            },
        ),
        (
            gettext_lazy("Override the verdict"),
            {
                "classes": ["collapse"],
                "fields": [("decision", "decision_reason"), "follows_referral"],
            },
        ),
    ]

    def title_of(self, record):
        return record.get_area_display()

    def get_queryset(self, request):
        areas = super().get_queryset(request).order_by("pk")
        return areas.with_patient().prefetch_related("plans", "referrals")

    def get_extra(self, request, obj=None, **kwargs):
        return 1 if obj is None else 0

    def may_write(self, request, obj):
        return not is_closed(obj) and super().may_write(request, obj)

    def has_add_permission(self, request, obj=None):
        return not is_closed(obj) and super().has_add_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "follows_referral":
            kwargs["queryset"] = SurgicalReferral.objects.select_related("assessment__consultation")
            kwargs["widget"] = forms.HiddenInput
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(AreaAssessment)
class AreaAssessmentAdmin(RecordAdmin):
    when_empty = gettext_lazy("Areas are assessed in a consultation.")
    list_display = ["area_and_date", "who", "laxity", "verdict"]
    list_reads = [
        *("area", "severity", "outcome", "decision", "effective_outcome", "entered_in_error_at"),
        *("consultation__consulted_on", "consultation__entered_in_error_at"),
    ]
    list_filter = [AreaDaysFilter, DecidedFilter, OutcomeFilter, SeverityFilter, AreaFilter]
    ordering = ["-pk"]
    fields = ["consultation", "area", "severity"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        areas = super().get_queryset(request)
        return areas.standing() if is_choosing(request) else areas

    def title_of(self, record):
        return _("%(area)s, assessed on %(day)s") % {
            "area": record.get_area_display(),
            "day": day_in_words(record.consultation.consulted_on),
        }

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """An area is read on its consultation's page."""
        area = self.get_object(request, object_id)
        if area is None or not self.has_view_permission(request, area):
            return super().change_view(request, object_id, form_url, extra_context)
        url = reverse("admin:consultations_consultation_change", args=[area.consultation_id])
        return HttpResponseRedirect(url)

    @admin.display(description=gettext_lazy("area"))
    def area_and_date(self, area):
        day = day_in_words(area.consultation.consulted_on)
        link = format_html(
            '<a href="{}">{}, {}</a>', self.url_of(area), area.get_area_display(), day
        )
        return struck(area, link)

    @admin.display(description=gettext_lazy("laxity"))
    def laxity(self, area):
        return area.get_severity_display()

    @admin.display(description=gettext_lazy("outcome"))
    def verdict(self, area):
        return chip(Outcome(area.effective_outcome), area.get_effective_outcome_display())
