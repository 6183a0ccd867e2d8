"""Clinic settings: what one clinic decides for itself, in one row."""

import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .files import PrivateStorage
from .phone import countries
from .record import Record, RecordQuerySet
from .text import no_invisible_characters, some_digits

RETENTION_YEARS = 10
ONLY = 1
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
        ]

    def __str__(self):
        return str(self.name or _("Clinic settings"))
