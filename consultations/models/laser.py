"""Laser and LaserMode: the devices, what each mode is, and the range its settings must keep to."""

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from consultations.rules.readiness.settings import SETTINGS
from consultations.vocabulary import LaserType, Pulse

from .record import Record, RecordQuerySet
from .spine import STANDING
from .text import no_invisible_characters

# Digits before and after the point for each setting, and the bounds beyond which no laser in use
# goes (clinical reference 3.2); the mode's own envelope is narrower.
SETTING_LIMITS = {
    "fluence_j_cm2": (7, 3, "0.01", "400"),
    "pulse_energy_mj": (8, 3, "0.01", "5000"),
    "power_w": (7, 3, "0.01", "200"),
    "pulse_duration_us": (13, 6, "0.000001", "1000000"),
    "spot_size_mm": (6, 3, "0.01", "30"),
    "density_percent": (5, 2, "0", "100"),
    "repetition_rate_hz": (9, 2, "0.01", "100000"),
}
SETTING_LABELS = {
    "fluence_j_cm2": _("fluence, J/cm²"),
    "pulse_energy_mj": _("pulse energy, mJ"),
    "power_w": _("power, W"),
    "pulse_duration_us": _("pulse duration, µs"),
    "spot_size_mm": _("spot size, mm"),
    "density_percent": _("density, %"),
    "passes": _("passes"),
    "repetition_rate_hz": _("repetition rate, Hz"),
}
MOST_PASSES = 20
DUE = ("service_due_on", "local_rules_review_due_on")


def setting_field(name, label=None):
    """A laser setting; its unit is in its name."""
    label = label or SETTING_LABELS[name]
    if name == "passes":
        return models.PositiveSmallIntegerField(
            label,
            null=True,
            blank=True,
            validators=[MinValueValidator(1), MaxValueValidator(MOST_PASSES)],
        )
    digits, places, low, high = SETTING_LIMITS[name]
    return models.DecimalField(
        label,
        max_digits=digits,
        decimal_places=places,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(low)), MaxValueValidator(Decimal(high))],
    )


class LaserQuerySet(RecordQuerySet):
    def due_by(self, day):
        """Those in service whose next service or review of local rules is due by this day."""
        due = Q(*(Q(**{f"{name}__lte": day}) for name in DUE), _connector=Q.OR)
        return self.standing().filter(due, in_service=True).order_by("name", "pk")

    def earliest_first(self):
        """By the first of those days."""
        return self.order_by(Least(*(Coalesce(name, date.max) for name in DUE)), "name", "pk")


class Laser(Record):
    name = models.CharField(_("name"), max_length=100, validators=[no_invisible_characters])
    manufacturer = models.CharField(_("manufacturer"), max_length=100, blank=True)
    serial_number = models.CharField(_("serial number"), max_length=100, blank=True)
    in_service = models.BooleanField(_("in service"), default=True)
    # Of the latest service that names the next one, where there is such a service.
    service_due_on = models.DateField(_("service due on"), null=True, blank=True)
    protection_adviser = models.CharField(
        _("laser protection adviser"),
        max_length=200,
        blank=True,
        validators=[no_invisible_characters],
    )
    local_rules_reviewed_on = models.DateField(_("local rules reviewed on"), null=True, blank=True)
    local_rules_review_due_on = models.DateField(_("next review due on"), null=True, blank=True)

    objects = LaserQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("laser")
        verbose_name_plural = _("lasers")
        indexes = [models.Index(fields=["name", "id"], name="laser_by_name")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="laser_next_review_comes_after",
                condition=Q(local_rules_reviewed_on__isnull=True)
                | Q(local_rules_review_due_on__isnull=True)
                | Q(local_rules_review_due_on__gt=F("local_rules_reviewed_on")),
                violation_error_code="local_rules_review_due_on",
                violation_error_message=_("The next review comes after this one."),
            ),
        ]

    def __str__(self):
        return self.name


class LaserMode(Record):
    laser = models.ForeignKey(
        Laser, on_delete=models.PROTECT, related_name="modes", verbose_name=_("laser")
    )
    name = models.CharField(_("mode"), max_length=100, validators=[no_invisible_characters])
    laser_type = models.CharField(
        _("type"),
        max_length=30,
        choices=LaserType,
        help_text=_("The mode decides what a treatment is, not the wavelength."),
    )
    wavelength_nm = models.PositiveIntegerField(
        _("wavelength, nm"), validators=[MinValueValidator(400), MaxValueValidator(12_000)]
    )
    pulse = models.CharField(_("pulse"), max_length=12, choices=Pulse)
    fluence_j_cm2_min = setting_field("fluence_j_cm2", _("lowest fluence, J/cm²"))
    fluence_j_cm2_max = setting_field("fluence_j_cm2", _("highest fluence, J/cm²"))
    pulse_energy_mj_min = setting_field("pulse_energy_mj", _("lowest pulse energy, mJ"))
    pulse_energy_mj_max = setting_field("pulse_energy_mj", _("highest pulse energy, mJ"))
    power_w_min = setting_field("power_w", _("lowest power, W"))
    power_w_max = setting_field("power_w", _("highest power, W"))
    pulse_duration_us_min = setting_field("pulse_duration_us", _("lowest pulse duration, µs"))
    pulse_duration_us_max = setting_field("pulse_duration_us", _("highest pulse duration, µs"))
    spot_size_mm_min = setting_field("spot_size_mm", _("lowest spot size, mm"))
    spot_size_mm_max = setting_field("spot_size_mm", _("highest spot size, mm"))
    density_percent_min = setting_field("density_percent", _("lowest density, %"))
    density_percent_max = setting_field("density_percent", _("highest density, %"))
    passes_min = setting_field("passes", _("fewest passes"))
    passes_max = setting_field("passes", _("most passes"))
    repetition_rate_hz_min = setting_field("repetition_rate_hz", _("lowest repetition rate, Hz"))
    repetition_rate_hz_max = setting_field("repetition_rate_hz", _("highest repetition rate, Hz"))

    class Meta(Record.Meta):
        verbose_name = _("laser mode")
        verbose_name_plural = _("laser modes")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["laser", "name"],
                condition=STANDING,
                name="lasermode_one_name_per_laser",
                violation_error_code="name",
                violation_error_message=_("This laser already has a mode of that name."),
            ),
            *(
                models.CheckConstraint(
                    name=f"lasermode_{setting}_range",
                    condition=Q(**{f"{setting}_min__isnull": True})
                    | Q(**{f"{setting}_max__isnull": True})
                    | Q(**{f"{setting}_min__lte": F(f"{setting}_max")}),
                    violation_error_code=f"{setting}_max",
                    violation_error_message=_("The highest value is below the lowest."),
                )
                for setting in SETTINGS
            ),
        ]

    def __str__(self):
        return f"{self.laser.name}: {self.name}"

    def envelope(self):
        """Lowest and highest value per setting, for the settings that have either."""
        ranges = {
            name: (getattr(self, f"{name}_min"), getattr(self, f"{name}_max")) for name in SETTINGS
        }
        return {name: ends for name, ends in ranges.items() if ends != (None, None)}
