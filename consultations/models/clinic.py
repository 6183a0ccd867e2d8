"""Clinic settings: what one clinic decides for itself, in one row."""

import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import ABLATIVE, Worth

from .files import PrivateStorage
from .money import CURRENCIES, DEFAULT_CURRENCY
from .phone import countries
from .record import Record, RecordQuerySet
from .text import no_invisible_characters, some_digits

RETENTION_YEARS = 10
REPLY_DAYS = 28
ONLY = 1
LONGEST_REFLECTION = 90  # days
GRIDS = (5, 10, 15, 20, 30, 60)  # minutes


def logo_name(clinic, filename):
    """A new name for each logo: one that history names is still there."""
    return f"clinic/{secrets.token_hex(16)}.png"


class ClinicSettingsQuerySet(RecordQuerySet):
    def current(self):
        """The clinic's settings, or the defaults while nobody has saved any."""
        return self.filter(pk=ONLY).first() or self.model(pk=ONLY)


class ClinicSettings(Record):
    name = models.CharField(_("name of the clinic"), max_length=200, blank=True)
    retention_years = models.PositiveSmallIntegerField(
        _("keep records for, years"),
        default=RETENTION_YEARS,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_(
            "After a patient's last visit. Before that, erasing needs an explicit legal reason."
        ),
    )

    country = models.CharField(
        _("country"),
        max_length=2,
        choices=countries,
        default="GB",
        help_text=_("Used only to read phone numbers that are written without a country code."),
    )

    grid_minutes = models.PositiveSmallIntegerField(
        _("lines of the diary, minutes apart"),
        default=15,
        choices=[(minutes, str(minutes)) for minutes in GRIDS],
    )
    late_cancellation_hours = models.PositiveSmallIntegerField(
        _("cancelled late, hours before"),
        default=24,
        validators=[MaxValueValidator(240)],
        help_text=_("A patient who cancels later than this has cancelled late."),
    )

    phone = models.CharField(
        _("phone of the clinic"),
        max_length=40,
        blank=True,
        validators=[no_invisible_characters, some_digits],
        help_text=_("Messages tell patients to ring here to change an appointment."),
    )
    address = models.TextField(_("address of the clinic"), blank=True, max_length=500)
    reminder_hours = models.PositiveSmallIntegerField(
        _("remind patients, hours before"),
        default=48,
        validators=[MaxValueValidator(336)],
        help_text=_("0 for no reminders. None goes out between 20:00 and 8:00."),
    )
    texts_on = models.BooleanField(
        _("send text messages"),
        default=False,
        help_text=_("To patients who said yes, once a gateway is set up on the server."),
    )

    reflection_days_ablative = models.PositiveSmallIntegerField(
        _("time to reflect before ablative laser, days"),
        default=14,
        validators=[MaxValueValidator(LONGEST_REFLECTION)],
        help_text=_("Counted from the day the consent was signed. 0 for none."),
    )
    reflection_days = models.PositiveSmallIntegerField(
        _("before other lasers, days"),
        default=2,
        validators=[MaxValueValidator(LONGEST_REFLECTION)],
    )
    # The day on which consent began to be recorded here, for a clinic that was there before; set
    # by the migration. Courses that began earlier are not stopped for want of one.
    consent_from = models.DateField(null=True, blank=True, editable=False)
    referral_reply_days = models.PositiveSmallIntegerField(
        _("surgeons reply within, days"),
        default=REPLY_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Today asks about a referral that has no reply by then."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        choices=CURRENCIES,
        default=DEFAULT_CURRENCY,
        help_text=_("Cannot be changed once a payment, a discount or a quote was made in it."),
    )
    vat_rate = models.DecimalField(
        _("VAT, percent"),
        max_digits=6,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Shown on quotes; prices include it. 0 for none."),
    )
    worth_of_done = models.CharField(
        _("what is owed for a course that is stopped"),
        max_length=10,
        choices=Worth,
        default=Worth.SINGLE,
        help_text=_("Each course keeps the rule that stood when it was quoted."),
    )
    # What stands on every document, beside the name, the address and the phone.
    logo = models.FileField(
        _("logo"), storage=PrivateStorage(), upload_to=logo_name, blank=True, editable=False
    )
    registration = models.CharField(
        _("registration"),
        max_length=200,
        blank=True,
        validators=[no_invisible_characters],
        help_text=_("Of the clinic: its number, its web address, or what else is to be printed."),
    )
    signature_block = models.TextField(
        _("signature block"),
        blank=True,
        max_length=500,
        help_text=_("Printed under the name of whoever signs a letter."),
    )

    objects = ClinicSettingsQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("clinic settings")
        verbose_name_plural = _("clinic settings")
        permissions = [
            ("view_figures", "Can read the figures of the clinic"),
            ("export_clinic", "Can export the whole clinic"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="clinicsettings_one_row",
                condition=Q(pk=ONLY),
                violation_error_message=_("A clinic has one row of settings."),
            ),
            models.CheckConstraint(
                name="clinicsettings_retention_1_to_100_years",
                condition=Q(retention_years__gte=1, retention_years__lte=100),
                violation_error_code="retention_years",
                violation_error_message=_("Between 1 and 100 years."),
            ),
            models.CheckConstraint(
                name="clinicsettings_grid_of_the_diary",
                condition=Q(grid_minutes__in=GRIDS),
                violation_error_code="grid_minutes",
                violation_error_message=_("Choose one of these."),
            ),
            models.CheckConstraint(
                name="clinicsettings_late_within_ten_days",
                condition=Q(late_cancellation_hours__lte=240),
                violation_error_code="late_cancellation_hours",
                violation_error_message=_("At most 240 hours."),
            ),
            models.CheckConstraint(
                name="clinicsettings_reminder_within_two_weeks",
                condition=Q(reminder_hours__lte=336),
                violation_error_code="reminder_hours",
                violation_error_message=_("At most 336 hours."),
            ),
            models.CheckConstraint(
                name="clinicsettings_reflection_within_90_days",
                condition=Q(reflection_days_ablative__lte=LONGEST_REFLECTION)
                & Q(reflection_days__lte=LONGEST_REFLECTION),
                violation_error_code="reflection_days",
                violation_error_message=_("At most 90 days."),
            ),
            models.CheckConstraint(
                name="clinicsettings_reply_within_a_year",
                condition=Q(referral_reply_days__gte=1, referral_reply_days__lte=365),
                violation_error_code="referral_reply_days",
                violation_error_message=_("Between 1 and 365 days."),
            ),
            models.CheckConstraint(
                name="clinicsettings_vat_0_to_100_percent",
                condition=Q(vat_rate__gte=0, vat_rate__lte=100),
                violation_error_code="vat_rate",
                violation_error_message=_("Between 0 and 100 percent."),
            ),
        ]

    def reflection_before(self, laser_type):
        """The days that must lie between signing a consent and treating with this laser type."""
        if laser_type in ABLATIVE:
            return self.reflection_days_ablative
        return self.reflection_days

    def __str__(self):
        return str(self.name or _("Clinic settings"))
