"""Consultations: what was asked and found, one card for each area, the verdict in words."""

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.assessments import carried_over, record_assessments
from consultations.actions.courses import keep_decision_in_step
from consultations.actions.patients import keep_lifetime_answers
from consultations.admin.assessment import AreaAssessmentInline
from consultations.admin.base import RecordAdmin
from consultations.admin.pages.live_verdict import live_verdict
from consultations.admin.pages.move import MAY_MOVE, move
from consultations.admin.parts.asked_for import from_query
from consultations.admin.parts.displays import (
    chip,
    chips,
    next_steps,
    resume_steps,
    struck,
    words_paused,
)
from consultations.admin.parts.filters import CONSULTATION_FILTERS, SignedFilter
from consultations.models import (
    AreaAssessment,
    Consultation,
    SurgicalReferral,
)
from consultations.models.text import day_in_words
from consultations.vocabulary import Outcome

from .form import ConsultationForm
from .telling import open_plans, outcome_and_unasked, referrals_of

SHOWN_OF_VERDICT = (
    "outcome",
    "until",
    "reason",
    "rulebook",
    "decision",
    "decision_reason",
    "entered_in_error_reason",
)


FOR_LIFE = (
    gettext_lazy("Medical history"),
    {
        "classes": ["collapse", "asked"],
        "fields": [("phototype", "keloid_history"), ("herpes_history", "gold_therapy")],
    },
)


@admin.register(Consultation)
class ConsultationAdmin(RecordAdmin):
    form = ConsultationForm
    change_form_template = "admin/consultations/consultation_form.html"
    inlines = [AreaAssessmentInline]
    when_empty = gettext_lazy("A consultation starts from the patient’s chart, or here.")
    is_signed_here = True
    list_display = ["date", "who", "areas", "clinician_name", "signature"]
    list_select_related = ["clinician"]
    list_reads = [
        *("consulted_on", "signed_at", "entered_in_error_at", "clinician__first_name"),
        *("clinician__last_name", "clinician__username"),
    ]
    list_filter = [*CONSULTATION_FILTERS, SignedFilter]
    ordering = ["-consulted_on", "-pk"]
    autocomplete_fields = ["patient", "clinician"]
    segmented = ["isotretinoin", "preferred_pace", "bdd_screen"]
    read_as = {"clinician": "clinician_name"}
    # The first stands above the areas, the others below them.
    fieldsets = [
        (None, {"fields": ["patient", ("consulted_on", "clinician"), "concern"]}),
        (
            gettext_lazy("Health today"),
            {
                "classes": ["collapse", "open", "asked"],
                "fields": [
                    ("pregnant_or_breastfeeding", "immunosuppressed", "uncontrolled_diabetes"),
                    ("photosensitising_drug", "anticoagulants"),
                    ("isotretinoin", "isotretinoin_last_dose_on"),
                    ("tanned_on", "filler_on"),
                ],
            },
        ),
        FOR_LIFE,
        (
            gettext_lazy("Expectations"),
            {
                "classes": ["collapse", "asked"],
                "fields": [
                    ("wants_instant_result", "wants_inexpensive_fix", "accepts_five_sessions"),
                    ("preferred_pace", "worried_about_side_effects", "max_downtime_days"),
                    "bdd_screen",
                ],
            },
        ),
        (
            gettext_lazy("Lifestyle"),
            {
                "classes": ["collapse", "asked"],
                "fields": [
                    ("smoker", "drinks_alcohol", "sun_exposure", "chemical_exposure"),
                ],
            },
        ),
        (
            gettext_lazy("Measurements and notes"),
            {
                "classes": ["collapse"],
                "fields": [("height_cm", "weight_kg"), "chaperone", "notes"],
            },
        ),
    ]

    def fieldsets_for(self, request, obj):
        # Answers for life belong to the patient; a read-only page shows them in the banner.
        if self.may_write(request, obj):
            return self.fieldsets
        return [pair for pair in self.fieldsets if pair is not FOR_LIFE]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("clinician", "signed_by")

    def get_changeform_initial_data(self, request):
        initial = {"clinician": request.user.pk, "consulted_on": timezone.localdate()}
        return super().get_changeform_initial_data(request) | initial

    def records_in_history(self, request, record):
        areas = record.assessments.select_related("consultation").order_by("pk")
        shown_of_areas = {*AreaAssessment.ASSESSED_FIELDS, *SHOWN_OF_VERDICT}
        return [
            *super().records_in_history(request, record),
            *((area, shown_of_areas) for area in areas),
        ]

    def get_urls(self):
        live = path(
            "verdict/",
            self.admin_site.admin_view(self.live_verdict_view),
            name="consultations_consultation_verdict",
        )
        moving = path(
            "<path:object_id>/move/",
            self.admin_site.admin_view(self.move_view),
            name="consultations_consultation_move",
        )
        return [live, moving, *super().get_urls()]

    def move_view(self, request, object_id):
        return move(self, request, object_id)

    def live_verdict_view(self, request):
        return live_verdict(self, request)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        given_back = SurgicalReferral.objects.given_back()
        if not obj.pk and (referral := from_query(request, "follows", given_back)):
            area = carried_over(referral)
            names = ("area", "radiotherapy", "tattoo", "surgery_on", "recovered_from_surgery")
            values = {name: getattr(area, name) for name in names}
            kwargs["initial"] = [{**values, "follows_referral": referral.pk}]
        return kwargs

    def title_of(self, record):
        return _("Consultation of %(day)s") % {"day": day_in_words(record.consulted_on)}

    def save_model(self, request, obj, form, change):
        keep_lifetime_answers(consultation=obj, answers=form.lifetime_answers(), by=request.user)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        changed = formset.save(commit=False)
        areas = record_assessments(
            consultation=form.instance, changed=changed, by=request.user, past=formset.past()
        )
        referrals = referrals_of(form.instance.patient, areas)
        plans = open_plans(areas)
        for assessment in areas:
            if not assessment.in_error:
                plan = plans.get(assessment.area) if assessment.is_treatable else None
                resuming = resume_steps(plan, assessment, request.user) if plan else []
                steps = resuming or next_steps(assessment, request.user, referrals)
                self._tell_verdict(request, assessment, steps)
        paused = [plan for one in areas for plan in getattr(one, "paused", ())]
        if change:
            paused += self._paused_by_correcting(request, form, formset)
        for plan in paused:
            self.message_user(request, words_paused(plan), messages.WARNING)

    def _paused_by_correcting(self, request, form, formset):
        """Plans of areas whose latest assessment is another, now that a day or an area is
        corrected."""
        cards = formset.initial_forms
        corrected = [one for one in cards if "area" in one.changed_data]
        if "consulted_on" in form.changed_data:
            corrected = cards
        areas = {area for one in corrected for area in (one.before("area"), one.instance.area)}
        return [
            plan
            for area in sorted(areas)
            for plan in keep_decision_in_step(
                patient=form.instance.patient_id, area=area, by=request.user
            )
        ]

    def _tell_verdict(self, request, assessment, steps):
        is_clear = assessment.is_treatable and not assessment.number_unasked
        level = messages.SUCCESS if is_clear else messages.WARNING
        words = format_html(
            "<strong>{}: {}.</strong> {} {}",
            assessment.get_area_display(),
            outcome_and_unasked(assessment),
            self._why(assessment),
            format_html_join(
                " ", '<a class="step" href="{}">{}</a>', ((s.url, s.label) for s in steps[:1])
            ),
        )
        self.message_user(request, words, level)

    def _why(self, assessment):
        if assessment.is_decided_otherwise:
            return _("Verdict (%(verdict)s) overridden: %(reason)s") % {
                "verdict": assessment.get_outcome_display(),
                "reason": assessment.decision_reason,
            }
        if assessment.until:
            until = _("Can be treated from %(day)s.") % {"day": day_in_words(assessment.until)}
            return f"{assessment.reason} {until}"
        return assessment.reason

    def more_on_page(self, request, obj):
        if obj is None:
            return {"areas": []}
        areas = obj.assessments.with_patient().select_related("decided_by")
        areas = list(areas.prefetch_related("plans").order_by("pk"))
        referrals = referrals_of(obj.patient, areas)
        may_move = request.user.has_perm(MAY_MOVE) and not (obj.is_signed or obj.in_error)
        return {
            "areas": [(area, next_steps(area, request.user, referrals)) for area in areas],
            "move_url": self.url_of(obj, "move") if may_move else "",
        }

    def add_columns(self, request, rows):
        by_consultation = {row.pk: [] for row in rows}
        areas = AreaAssessment.objects.filter(consultation__in=rows).order_by("pk")
        areas = areas.only("area", "effective_outcome", "entered_in_error_at", "consultation")
        referrals = SurgicalReferral.objects.only("status", "entered_in_error_at", "assessment")
        own = {row.pk: row for row in rows}
        for area in areas.prefetch_related(Prefetch("referrals", referrals)):
            area.consultation = own[area.consultation_id]
            by_consultation[area.consultation_id].append(area)
        for row in rows:
            row.area_list = by_consultation[row.pk]

    @admin.display(description=gettext_lazy("date"))
    def date(self, consultation):
        url = self.url_of(consultation)
        day = day_in_words(consultation.consulted_on)
        return struck(consultation, format_html('<a href="{}">{}</a>', url, day))

    @admin.display(description=gettext_lazy("areas and verdicts"))
    def areas(self, consultation):
        pieces = []
        for area in consultation.area_list:
            label = format_html(
                "{}: {}", area.get_area_display(), area.get_effective_outcome_display()
            )
            pieces.append(struck(area, chip(Outcome(area.effective_outcome), label)))
            pieces += [
                chip(
                    referral.status,
                    _("referral %(s)s") % {"s": referral.get_status_display().lower()},
                )
                for referral in area.referrals.all()
                if not referral.in_error
            ]
        return chips(pieces) if pieces else None

    @admin.display(description=gettext_lazy("clinician"))
    def clinician_name(self, consultation):
        return consultation.clinician.get_full_name() or consultation.clinician.get_username()

    @admin.display(description=gettext_lazy("signed"))
    def signature(self, consultation):
        return _("Signed") if consultation.is_signed else _("Not signed")
