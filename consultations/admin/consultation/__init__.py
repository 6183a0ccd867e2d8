"""Consultations: what was asked and found, one card for each area, the verdict in words."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.assessments import carried_over
from consultations.admin.assessment import AreaAssessmentInline
from consultations.admin.base import RecordAdmin
from consultations.admin.pages.live_verdict import live_verdict
from consultations.admin.pages.move import MAY_MOVE, move
from consultations.admin.parts.asked_for import from_query
from consultations.admin.parts.displays import (
    next_steps,
)
from consultations.admin.parts.earlier_answers import EarlierAnswers
from consultations.admin.parts.patches import patch_steps
from consultations.models import (
    AreaAssessment,
    Consultation,
    SurgicalReferral,
)
from consultations.models.text import day_in_words

from .columns import ConsultationColumns
from .form import ConsultationForm
from .saved import SavedConsultation
from .telling import referrals_of

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
        "fields": [
            ("phototype", "keloid_history"),
            ("herpes_history", "gold_therapy"),
            "connective_tissue_disease",
        ],
    },
)


@admin.register(Consultation)
class ConsultationAdmin(ConsultationColumns, EarlierAnswers, SavedConsultation, RecordAdmin):
    form = ConsultationForm
    change_form_template = "admin/consultations/consultation_form.html"
    inlines = [AreaAssessmentInline]
    when_empty = gettext_lazy("A consultation starts from the patient’s chart, or here.")
    is_signed_here = True
    autocomplete_fields = ["patient", "clinician"]
    segmented = ["isotretinoin", "weight_loss_medicine", "preferred_pace", "bdd_screen"]
    read_as = {"clinician": "clinician_name"}
    own_pages = {
        "verdict": ("verdict/", live_verdict),
        "move": ("<path:object_id>/move/", move),
    }
    # The first stands above the areas, the others below them.
    fieldsets = [
        (None, {"fields": ["patient", ("consulted_on", "clinician"), "concern"]}),
        (
            gettext_lazy("Health today"),
            {
                "classes": ["collapse", "open", "asked"],
                "fields": [
                    ("pregnant", "breastfeeding"),
                    ("immunosuppressed", "uncontrolled_diabetes"),
                    ("anticoagulants", "koebner_disease"),
                    ("weight_changing", "weight_loss_medicine"),
                    ("photosensitiser", "topical_retinoid_on"),
                    ("isotretinoin", "isotretinoin_last_dose_on"),
                    ("tanned", "tanned_on"),
                    ("filler_on", "delivered_on"),
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

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = {"instance": obj, "prefix": prefix, "queryset": inline.get_queryset(request)}
        if request.method == "POST":  # read and never changed, so not copied as the admin does
            kwargs |= {"data": request.POST, "files": request.FILES}
        given_back = SurgicalReferral.objects.given_back()
        if not obj.pk and (referral := from_query(request, "follows", given_back)):
            area = carried_over(referral)
            names = ("area", "radiotherapy", "tattoo", "surgery_on", "recovered_from_surgery")
            values = {name: getattr(area, name) for name in names}
            kwargs["initial"] = [{**values, "follows_referral": referral.pk}]
        return kwargs

    def title_of(self, record):
        return _("Consultation of %(day)s") % {"day": day_in_words(record.consulted_on)}

    def more_on_page(self, request, obj):
        if obj is None:
            return {"areas": []}
        areas = obj.assessments.with_patient().select_related("decided_by")
        areas = list(areas.prefetch_related("plans").order_by("pk"))
        referrals = referrals_of(obj.patient, areas)
        may_move = request.user.has_perm(MAY_MOVE) and not (obj.is_signed or obj.in_error)
        return {
            "areas": [
                (
                    area,
                    [*next_steps(area, request.user, referrals), *patch_steps(area, request.user)],
                )
                for area in areas
            ],
            "move_url": self.url_of(obj, "move") if may_move else "",
        }
