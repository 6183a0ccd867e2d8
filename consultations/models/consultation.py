"""Consultation: what the patient wants, and the health screen, on one day."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import BddScreen, Pace

from .health import HealthScreen, yes_no
from .patient import Patient
from .record import RecordQuerySet, SignedRecord
from .text import NOTE_LENGTH, day_in_words

# Below these nobody of 12 or over is measured: it was inches, feet or stone.
GROWING_UNTIL = 12
LEAST_HEIGHT_CM, LEAST_WEIGHT_KG = 100, 25


class ConsultationQuerySet(RecordQuerySet):
    def unsigned(self):
        """Still to be signed: not those of somebody erased."""
        return self.standing().filter(signed_at__isnull=True).not_erased()

    def latest_before(self, patient, day):
        """The standing consultation that came last before or on `day`, or None."""
        earlier = self.standing().filter(patient=patient, consulted_on__lte=day)
        return earlier.order_by("-consulted_on", "-pk").first()


class Consultation(HealthScreen, SignedRecord):
    hangs_on = ("patient",)

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="consultations", verbose_name=_("patient")
    )
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="consultations",
        verbose_name=_("clinician"),
    )
    consulted_on = models.DateField(_("date"), default=timezone.localdate)
    concern = models.TextField(
        _("concern"), blank=True, max_length=NOTE_LENGTH, help_text=_("In the patient's words.")
    )

    smoker = yes_no(_("smokes, vapes or uses nicotine"))
    drinks_alcohol = yes_no(_("drinks alcohol"))
    sun_exposure = yes_no(_("much sun"))
    chemical_exposure = yes_no(_("chemicals at work or home"))

    wants_instant_result = yes_no(_("wants an instant result"))
    wants_inexpensive_fix = yes_no(_("wants an inexpensive fix"))
    accepts_five_sessions = yes_no(_("accepts five or more sessions"))
    preferred_pace = models.CharField(_("preferred pace"), max_length=10, choices=Pace, blank=True)
    worried_about_side_effects = yes_no(_("worried about side effects"))
    max_downtime_days = models.PositiveSmallIntegerField(
        _("longest downtime, days"), null=True, blank=True, validators=[MaxValueValidator(365)]
    )
    bdd_screen = models.CharField(
        _("body image screen"),
        max_length=10,
        choices=BddScreen,
        blank=True,
        help_text=_("Screening for body dysmorphic disorder."),
    )

    height_cm = models.PositiveSmallIntegerField(
        _("height, cm"),
        null=True,
        blank=True,
        validators=[MinValueValidator(50), MaxValueValidator(260)],
    )
    weight_kg = models.DecimalField(
        _("weight, kg"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(400)],
    )
    chaperone = models.CharField(_("chaperone"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True, max_length=NOTE_LENGTH)

    objects = ConsultationQuerySet.as_manager()

    LIFESTYLE = ("smoker", "drinks_alcohol", "sun_exposure", "chemical_exposure")
    EXPECTATIONS = (
        "wants_instant_result",
        "wants_inexpensive_fix",
        "accepts_five_sessions",
        "preferred_pace",
        "worried_about_side_effects",
        "max_downtime_days",
        "bdd_screen",
    )

    class Meta(SignedRecord.Meta):
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        indexes = [
            models.Index(fields=["-consulted_on", "-id"], name="consultation_latest"),
            # Days are counted without reading the wide rows.
            models.Index(
                fields=["consulted_on", "entered_in_error_at"], name="consultation_by_day"
            ),
            models.Index(
                fields=["patient", "-consulted_on", "-id"], name="consultation_of_patient"
            ),
            models.Index(
                fields=["clinician", "consulted_on", "id"],
                condition=Q(signed_at__isnull=True, entered_in_error_at__isnull=True),
                name="consultation_to_sign",
            ),
            # With the patient, whose erasure is asked after.
            models.Index(
                fields=["-consulted_on", "-id", "patient"],
                condition=Q(signed_at__isnull=True, entered_in_error_at__isnull=True),
                name="consultation_unsigned",
            ),
        ]
        permissions = [
            ("sign_consultation", "Can sign consultations"),
            ("move_consultation", "Can move a consultation to another patient"),
        ]

    def __str__(self):
        return _("%(patient)s, consultation of %(date)s") % {
            "patient": self.patient,
            "date": day_in_words(self.consulted_on),
        }

    def clean(self):
        super().clean()
        if self.patient_id is None or self.consulted_on is None:
            return
        if self.patient.age_on(self.consulted_on) < GROWING_UNTIL:
            return
        told = {}
        if self.height_cm is not None and self.height_cm < LEAST_HEIGHT_CM:
            told["height_cm"] = _("Height is in centimetres: 69 inches are 175 cm.")
        if self.weight_kg is not None and self.weight_kg < LEAST_WEIGHT_KG:
            told["weight_kg"] = _("Weight is in kilograms: 11 stone are 70 kg.")
        if told:
            raise ValidationError(told)

    @property
    def bmi(self):
        """Body mass index, kg/m², to one decimal; None unless both were measured."""
        if not (self.height_cm and self.weight_kg):
            return None
        return round(self.weight_kg / (Decimal(self.height_cm) / 100) ** 2, 1)

    @property
    def gave_answers(self):
        """The reason, in the patient's history, of answers for life that were given here."""
        day = day_in_words(self.consulted_on)
        return str(_("Answered in the consultation of %(day)s.") % {"day": day})
