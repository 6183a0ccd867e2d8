"""IssuedDocument: what was handed over or sent, kept to the byte, under a number of its own."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import DocumentKind

from .consent import Consent
from .files import PrivateStorage
from .laser import Laser
from .patient import Patient
from .payment import Payment
from .plan import TreatmentPlan
from .record import Record, RecordQuerySet, SignedRecordError
from .referral import SurgicalReferral
from .session import TreatmentSession
from .text import day_in_words, no_invisible_characters

# What each kind is about beside the patient; the others are about the patient alone. A register is
# of a laser and a month, and about no patient.
ABOUT: dict[DocumentKind, str] = {
    DocumentKind.REFERRAL_LETTER: "referral",
    DocumentKind.PLAN_AND_QUOTE: "plan",
    DocumentKind.AFTERCARE: "plan",
    DocumentKind.SESSION_RECORD: "session",
    DocumentKind.RECEIPT: "payment",
    DocumentKind.CONSENT_COPY: "consent",
    DocumentKind.TREATMENT_REGISTER: "laser",
}
KEYS = ("plan", "referral", "session", "payment", "consent", "laser")
OF_MONTH = Q(kind=DocumentKind.TREATMENT_REGISTER)


def random_name(document, filename):
    """A name that tells nothing and that nobody guesses."""
    name = secrets.token_hex(16)
    return f"documents/{name[:2]}/{name}.pdf"


def _about_what_its_kind_is():
    condition = Q()
    for kind in DocumentKind:
        about = {f"{key}__isnull": key != ABOUT.get(kind) for key in KEYS}
        condition |= Q(kind=kind, **about)
    return condition


class IssuedDocumentQuerySet(RecordQuerySet):
    def latest_first(self):
        return self.order_by("-pk")


class IssuedDocument(Record):
    """Written once: `created_by` issued it. It can only be withdrawn, as entered in error."""

    hangs_on = ("patient",)

    patient = models.ForeignKey(
        Patient,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("patient"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)
    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    plan = models.ForeignKey(
        TreatmentPlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("plan"),
    )
    referral = models.ForeignKey(
        SurgicalReferral,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("referral"),
    )
    session = models.ForeignKey(
        TreatmentSession,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("session"),
    )
    payment = models.ForeignKey(
        Payment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("payment"),
    )
    consent = models.ForeignKey(
        Consent,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("consent"),
    )
    laser = models.ForeignKey(
        Laser,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("laser"),
    )
    # Its first day.
    month = models.DateField(_("month"), null=True, blank=True, editable=False)
    recipient = models.CharField(
        _("to"), max_length=200, blank=True, validators=[no_invisible_characters]
    )
    file = models.FileField(storage=PrivateStorage(), upload_to=random_name, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(editable=False)
    issued_on = models.DateField(_("issued on"), default=timezone.localdate, editable=False)

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [
            ("issue_handouts", "Can issue appointment cards, receipts and aftercare"),
            ("issue_plans", "Can issue plans, quotes, session records and consent copies"),
            ("issue_letters", "Can issue referral and GP letters"),
            ("issue_chart", "Can issue the whole chart"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="issueddocument_about_what_its_kind_is",
                condition=_about_what_its_kind_is(),
                violation_error_code="kind",
                violation_error_message=_("This kind of document is about something else."),
            ),
            models.CheckConstraint(
                name="issueddocument_of_a_patient_or_a_month",
                condition=OF_MONTH & Q(patient__isnull=True, month__isnull=False)
                | ~OF_MONTH & Q(patient__isnull=False, month__isnull=True),
                violation_error_code="patient",
                violation_error_message=_("A document is about a patient, or of a month."),
            ),
            models.CheckConstraint(
                name="issueddocument_has_a_digest",
                condition=~Q(digest="") & ~Q(number="") & Q(size__gt=0),
                violation_error_message=_("An issued document has a number and a file."),
            ),
        ]

    def __str__(self):
        return _("%(kind)s %(number)s, %(day)s") % {
            "kind": self.get_kind_display(),
            "number": self.number,
            "day": day_in_words(self.issued_on),
        }

    def save(self, *args, correcting=False, **kwargs):
        """As Record.save. Raises SignedRecordError once issued, unless `correcting` it as a whole
        (entered in error, or another record of the same person)."""
        if not correcting and not self._state.adding:
            raise SignedRecordError(f"{self} was issued")
        super().save(*args, **kwargs)
