"""Consent: what somebody agreed to, in which words; and the wordings, kept as they were signed."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import ConsentKind, LaserType, Severity

from .patient import Patient
from .plan import TreatmentPlan
from .record import Record, RecordQuerySet
from .spine import STANDING
from .text import (
    NOTE_LENGTH,
    REASON_LENGTH,
    day_in_words,
    no_invisible_characters,
    some_letter_or_digit,
)
from .transactions import atomic

DIGEST_VERSION = 2


class ConsentWordingQuerySet(RecordQuerySet):
    def current(self, kind, laser_type=""):
        """The wording to be signed today, the latest edition; None where there is none yet.

        One for all laser types counts where a type has none of its own.
        """
        editions = self.standing().filter(kind=kind, laser_type__in={laser_type, ""})
        return editions.order_by("-laser_type", "-edition").first()

    def lock(self, kind):
        """Keep the wordings of a kind as they are until the transaction ends: while one is signed,
        nobody changes it."""
        list(self.select_for_update().filter(kind=kind).order_by("pk").values_list("pk"))

    def by_laser_type(self):
        """The wordings to be signed today before treatment, by laser type, None where there is none
        yet; in one query."""
        latest = dict.fromkeys(["", *LaserType])
        for one in self.standing().filter(kind=ConsentKind.TREATMENT).order_by("edition"):
            latest[one.laser_type] = one
        return {one: latest[one] or latest[""] for one in LaserType}

    def next_edition(self, kind, laser_type=""):
        editions = self.filter(kind=kind, laser_type=laser_type)
        return (editions.aggregate(last=Max("edition"))["last"] or 0) + 1


class ConsentWording(Record):
    kind = models.CharField(_("kind"), max_length=10, choices=ConsentKind)
    laser_type = models.CharField(
        _("laser type"),
        max_length=30,
        choices=LaserType,
        blank=True,
        help_text=_("For treatment only; blank for all types."),
    )
    # Not `version`: that counts the saves of every record.
    edition = models.PositiveSmallIntegerField(_("edition"), editable=False)
    text = models.TextField(_("text"), max_length=NOTE_LENGTH)

    objects = ConsentWordingQuerySet.as_manager()

    SIGNED = ("kind", "laser_type", "edition", "text")

    class Meta(Record.Meta):
        verbose_name = _("consent wording")
        verbose_name_plural = _("consent wordings")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "laser_type", "edition"],
                condition=STANDING,
                name="consentwording_one_per_edition",
                violation_error_code="kind",
                violation_error_message=_("Somebody added this edition a moment ago."),
            ),
            models.CheckConstraint(
                name="consentwording_laser_type_for_treatment",
                condition=Q(kind=ConsentKind.TREATMENT) | Q(laser_type=""),
                violation_error_code="laser_type",
                violation_error_message=_("Only a consent to treatment is for a laser type."),
            ),
        ]

    def __str__(self):
        parts = [self.get_kind_display(), self.laser_type and self.get_laser_type_display()]
        return _("%(what)s, edition %(edition)s") % {
            "what": ", ".join(str(part) for part in parts if part),
            "edition": self.edition,
        }

    @property
    def is_used(self):
        """Whether somebody answered these words."""
        return self.consents.exists() or self.test_patches.exists()

    @atomic()
    def save(self, *args, **kwargs):
        """As Record.save. Raises ValidationError for a change of words that somebody signed."""
        type(self).objects.lock(self.kind)
        self.refuse_change_once_used()
        super().save(*args, **kwargs)

    def refuse_change_once_used(self):
        if self._state.adding or not self.is_used:
            return
        stored = type(self)._base_manager.get(pk=self.pk)
        if any(getattr(self, name) != getattr(stored, name) for name in self.SIGNED):
            raise ValidationError(
                {
                    "text": _(
                        "Consents were given in these words, so they stay as they are. Add a new "
                        "wording: it becomes the next edition."
                    )
                }
            )


class ConsentQuerySet(RecordQuerySet):
    def standing(self):
        """What counts today: given, and neither entered in error nor withdrawn."""
        return self.given().filter(withdrawn_on__isnull=True)

    def given(self):
        """What was agreed to, withdrawn since or not."""
        return self.answers().filter(refused=False)

    def on(self, day):
        """What had been given by a day and was not withdrawn before it."""
        return self.filter(given_on__lte=day).exclude(withdrawn_on__lt=day)

    def answers(self):
        """Every answer that was not entered in error, also a no."""
        return super().standing()

    def to_photos(self):
        return self.to(ConsentKind.PHOTO)

    def to(self, kind):
        """Those of a patient to one kind of thing; to treatment they are given plan by plan."""
        return self.filter(patient__isnull=False, wording__kind=kind)


class Consent(Record):
    hangs_on = ("patient", "plan")

    SEALED = (
        *("by_guardian", "refused", "laser_type", "severity", "sessions"),
        *("read_as", "points", "kept_at"),
    )

    patient = models.ForeignKey(
        Patient,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("patient"),
    )
    plan = models.ForeignKey(
        TreatmentPlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("plan"),
    )
    wording = models.ForeignKey(
        ConsentWording,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("wording"),
    )
    given_on = models.DateField(_("given on"), default=timezone.localdate)
    signed_name = models.CharField(
        _("signed by"),
        max_length=200,
        validators=[no_invisible_characters, some_letter_or_digit],
        help_text=_("The patient's name as signed; for a patient under 18, the guardian's."),
    )
    by_guardian = models.BooleanField(_("signed by the guardian"), default=False)
    refused = models.BooleanField(_("refused"), default=False, editable=False)
    # What was agreed to, by which it is told whether to ask anew; blank unless to treatment.
    laser_type = models.CharField(
        _("laser type"), max_length=30, choices=LaserType, blank=True, editable=False
    )
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity, blank=True, editable=False
    )
    sessions = models.PositiveSmallIntegerField(
        _("sessions agreed"), null=True, blank=True, editable=False
    )
    # What was read beside the wording: {"language": "en", "parts": [{"title", "lines"}]}.
    read_as = models.JSONField(_("what was read"), default=dict, blank=True, editable=False)
    # The drawn signature: strokes, each a list of [x, y, milliseconds]; see `signature`.
    points = models.JSONField(_("signature"), default=list, blank=True, editable=False)
    kept_at = models.CharField(
        _("paper kept at"),
        max_length=200,
        blank=True,
        help_text=_("Where the signed paper is kept."),
    )
    digest = models.CharField(max_length=64, editable=False)
    digest_version = models.PositiveSmallIntegerField(default=1, editable=False)
    withdrawn_on = models.DateField(
        _("withdrawn on"),
        null=True,
        blank=True,
        help_text=_("From then on nothing is done that rests on this consent, photos included."),
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawal recorded at"), null=True, blank=True, editable=False
    )
    no_reason = models.TextField(
        _("reason for the no"),
        blank=True,
        max_length=REASON_LENGTH,
        help_text=_("Why it was refused or withdrawn, in the patient's words."),
    )

    objects = ConsentQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="consent_of_patient_or_plan",
                condition=Q(patient__isnull=False, plan__isnull=True)
                | Q(patient__isnull=True, plan__isnull=False),
                violation_error_code="patient",
                violation_error_message=_("A consent is about a patient or about a plan."),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                violation_error_code="withdrawn_on",
                violation_error_message=_("This is before the consent was given."),
            ),
            models.CheckConstraint(
                name="consent_to_treatment_says_to_what",
                condition=Q(plan__isnull=True)
                | (
                    ~Q(laser_type="") & ~Q(severity="") & Q(sessions__isnull=False, sessions__gte=1)
                ),
                violation_error_code="plan",
                violation_error_message=_(
                    "A consent to treatment names laser, severity and number of sessions."
                ),
            ),
            models.CheckConstraint(
                name="consent_refused_is_not_withdrawn",
                condition=Q(refused=False) | Q(withdrawn_on__isnull=True),
                violation_error_code="withdrawn_on",
                violation_error_message=_("What was refused cannot be withdrawn."),
            ),
            models.CheckConstraint(
                name="consent_reason_belongs_to_a_no",
                condition=Q(no_reason="") | Q(refused=True) | Q(withdrawn_on__isnull=False),
                violation_error_code="no_reason",
                violation_error_message=_("A reason belongs to a no."),
            ),
        ]
        permissions = [
            ("take_any_consent", "Can take consent to any laser treatment"),
            ("withdraw_consent", "Can record that a consent was withdrawn"),
        ]

    def __str__(self):
        words = _("Refused: %(wording)s, on %(day)s") if self.refused else None
        return (words or _("Consent: %(wording)s, given on %(day)s")) % {
            "wording": self.wording,
            "day": day_in_words(self.given_on),
        }

    def save(self, *args, **kwargs):
        """As Record.save; a new consent is sealed with all that was read and signed."""
        if self._state.adding:
            self.digest_version = DIGEST_VERSION
            self.digest = self.digest_of_words()
        super().save(*args, **kwargs)

    def digest_of_words(self):
        """A fingerprint of what was signed, by the version that this consent was sealed with.

        The first covers the words, their edition, the name and the day; the second also all that
        was read beside them, what was agreed to, and the signature.
        """
        wording = self.wording
        signed = [wording.text, wording.edition, self.signed_name, self.given_on.isoformat()]
        if self.digest_version > 1:
            signed += [getattr(self, name) for name in self.SEALED]
        return hashlib.sha256(json.dumps(signed, sort_keys=True).encode()).hexdigest()

    @property
    def is_given(self):
        """Whether this counts today, as `standing()` does: agreed to, and not withdrawn."""
        return not (self.in_error or self.refused or self.withdrawn_on)

    @property
    def is_as_signed(self):
        return self.digest == self.digest_of_words()
