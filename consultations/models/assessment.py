"""AreaAssessment, the pivot: one area on one day, its verdict and the clinician's decision."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from consultations.rules.candidacy.screen import unasked
from consultations.rules.protocol import HIGHEST_GRADE, LOWEST_GRADE
from consultations.vocabulary import (
    Area,
    LaserType,
    Outcome,
    Pace,
    Severity,
    SurgeryKind,
    TestPatchResult,
)

from .consultation import Consultation
from .health import AreaCheck, yes_no
from .record import Record, RecordQuerySet, SignedRecordError, user_key
from .spine import STANDING
from .text import NOTE_LENGTH, day_in_words

HALF_STEPS = [Decimal(halves) / 2 for halves in range(9)]


def grade_field(label, **options):
    """Laxity, 0 to 4 in half steps, one scale for all areas (Alexiades-Armenakas)."""
    return models.DecimalField(
        label,
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[
            MinValueValidator(Decimal(0)),
            MaxValueValidator(HIGHEST_GRADE),
            StepValueValidator(Decimal("0.5")),
        ],
        **options,
    )


class AreaAssessmentQuerySet(RecordQuerySet):
    def treatable(self):
        return self.standing().filter(effective_outcome__in=Outcome.treatable())

    def newest(self, patient, area):
        """The latest standing assessment of an area of a patient, or None."""
        areas = self.standing().of(patient, area).select_related("consultation")
        return areas.order_by("-consultation__consulted_on", "-pk").first()


class AreaAssessment(AreaCheck, Record):
    hangs_on = ("consultation",)
    stands_with = ("consultation",)

    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("consultation"),
    )
    area = models.CharField(_("area"), max_length=10, choices=Area)
    severity = models.CharField(_("laxity"), max_length=10, choices=Severity)
    grade = grade_field(
        _("grade"),
        help_text=_("0–4 in half steps: 1–1.5 mild, 2–2.5 moderate, 3–4 severe."),
    )
    radiotherapy = yes_no(_("radiotherapy here"))
    surgery_on = models.DateField(_("surgery here on"), null=True, blank=True)
    surgery_kind = models.CharField(
        _("kind of surgery"), max_length=12, choices=SurgeryKind, blank=True
    )
    recovered_from_surgery = yes_no(_("recovered from surgery"))
    surgeon_cleared = yes_no(_("cleared by the surgeon in writing"))
    test_patch_on = models.DateField(_("test patch on"), null=True, blank=True)
    test_patch_result = models.CharField(
        _("test patch result"), max_length=10, choices=TestPatchResult, blank=True
    )
    follows_referral = models.ForeignKey(
        "SurgicalReferral",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows referral"),
    )

    outcome = models.CharField(_("verdict"), max_length=20, choices=Outcome, editable=False)
    until = models.DateField(_("until"), null=True, blank=True, editable=False)
    lasers = models.JSONField(_("lasers allowed"), default=list, editable=False)
    proposed_laser = models.CharField(
        _("proposed laser"), max_length=30, choices=LaserType, blank=True, editable=False
    )
    pace = models.CharField(_("pace"), max_length=10, choices=Pace, blank=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False)
    findings = models.JSONField(_("findings"), default=list, editable=False)
    facts = models.JSONField(_("facts"), default=dict, editable=False)
    rulebook = models.CharField(_("rulebook"), max_length=20, editable=False)

    decision = models.CharField(
        _("decision"),
        max_length=20,
        choices=Outcome,
        blank=True,
        help_text=_("Leave blank to agree with the verdict."),
    )
    decision_reason = models.TextField(
        _("reason for the decision"), blank=True, max_length=NOTE_LENGTH
    )
    decided_by = user_key(verbose_name=_("decided by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    effective_outcome = models.GeneratedField(
        expression=Case(When(decision="", then=F("outcome")), default=F("decision")),
        output_field=models.CharField(max_length=20),
        db_persist=True,
        choices=Outcome,
        verbose_name=_("outcome"),
    )

    objects = AreaAssessmentQuerySet.as_manager()

    # The facts that it was judged by, and the verdict, since it was read.
    judged = None

    SURGERY_FIELDS = ("surgery_on", "surgery_kind", "recovered_from_surgery", "surgeon_cleared")
    # What is fixed once treatment or a referral stands on it.
    ASSESSED_FIELDS = (
        "area",
        "severity",
        "grade",
        *AreaCheck.CHECK_FIELDS,
        "radiotherapy",
        *SURGERY_FIELDS,
    )

    class Meta(Record.Meta):
        verbose_name = _("assessed area")
        verbose_name_plural = _("assessed areas")
        permissions = [("view_rulebook", "Can read the rulebook and try a case")]
        indexes = [
            models.Index(fields=["effective_outcome", "-id"], name="assessment_by_outcome"),
            models.Index(fields=["severity", "-id"], name="assessment_by_severity"),
            models.Index(fields=["area", "-id"], name="assessment_by_area"),
            # Holds all that outcomes are counted by; else PostgreSQL reads the whole table.
            models.Index(
                fields=["consultation", "entered_in_error_at", "effective_outcome", "outcome"],
                name="assessment_outcomes",
            ),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["consultation", "area"],
                condition=STANDING,
                name="assessment_one_per_area",
                violation_error_code="area",
                violation_error_message=_("This area is already assessed in this consultation."),
            ),
            models.CheckConstraint(
                name="assessment_grade_in_half_steps",
                condition=Q(grade__isnull=True) | Q(grade__in=HALF_STEPS),
                violation_error_code="grade",
                violation_error_message=_("The grade goes from 0 to 4 in half steps."),
            ),
            models.CheckConstraint(
                name="assessment_grade_agrees_with_severity",
                condition=Q(grade__isnull=True)
                | Q(severity=Severity.MILD, grade__lt=LOWEST_GRADE[Severity.MODERATE])
                | Q(
                    severity=Severity.MODERATE,
                    grade__gte=LOWEST_GRADE[Severity.MODERATE],
                    grade__lt=LOWEST_GRADE[Severity.SEVERE],
                )
                | Q(severity=Severity.SEVERE, grade__gte=LOWEST_GRADE[Severity.SEVERE]),
                violation_error_code="grade",
                violation_error_message=_(
                    "The grade and the laxity disagree: up to 1.5 is mild, 2 and 2.5 moderate, "
                    "3 and more severe."
                ),
            ),
            models.CheckConstraint(
                name="assessment_departing_decision_is_explained",
                condition=Q(decision="")
                | Q(decision=F("outcome"))
                | (~Q(decision_reason="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                violation_error_code="decision_reason",
                violation_error_message=_("Say why you decide otherwise than the verdict."),
            ),
        ]

    def __str__(self):
        return _("%(patient)s, %(area)s on %(date)s") % {
            "patient": self.patient,
            "area": self.get_area_display().lower(),
            "date": day_in_words(self.consultation.consulted_on),
        }

    def save(self, *args, correcting=False, **kwargs):
        """As Record.save. Raises SignedRecordError where its consultation is signed, unless
        `correcting` it as a whole (entered in error)."""
        if not (correcting or self.consultation.is_open):
            # The one it belonged to as well as the one it belongs to.
            own = {self.consultation_id}
            if not self._state.adding:
                stored = AreaAssessment.objects.filter(pk=self.pk)
                own |= {*stored.values_list("consultation", flat=True)}
            if Consultation.objects.filter(pk__in=own, signed_at__isnull=False).exists():
                raise SignedRecordError(f"{self.consultation} is signed")
        super().save(*args, **kwargs)

    @property
    def is_treatable(self):
        return self.effective_outcome in Outcome.treatable()

    @property
    def number_unasked(self):
        """How many questions its verdict was given without."""
        return len(unasked(self.facts))

    @property
    def is_decided_otherwise(self):
        """Whether a clinician's decision departs from the verdict."""
        return bool(self.decision) and self.decision != self.outcome
