"""AppointmentReason and AppointmentLength: what the clinic calls off for, and how long it takes."""

from dataclasses import dataclass

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import AppointmentKind, Area, LaserType, ReasonOf

from .record import Record, RecordQuerySet
from .spine import STANDING
from .text import no_invisible_characters


@dataclass(frozen=True)
class Reason:
    """One reason to choose: its words, and whose it is."""

    words: str
    of: str


# Of a clinic that has saved none.
USUAL_REASONS = (
    (_("Did not come"), ReasonOf.PATIENT),
    (_("Patient asked for another time"), ReasonOf.PATIENT),
    (_("Patient cannot come"), ReasonOf.PATIENT),
    (_("Patient unwell"), ReasonOf.MEDICAL),
    (_("On clinical advice"), ReasonOf.MEDICAL),
    (_("Practitioner away"), ReasonOf.CLINIC),
    (_("Equipment not working"), ReasonOf.CLINIC),
    (_("Clinic closed"), ReasonOf.CLINIC),
)


class AppointmentReasonQuerySet(RecordQuerySet):
    def offered(self):
        """The reasons to choose from."""
        rows = self.standing().filter(in_use=True).order_by("pk").values_list("words", "reason_of")
        return [Reason(str(words), of) for words, of in list(rows) or USUAL_REASONS]


class AppointmentReason(Record):
    """Why appointments are missed or cancelled, in the clinic's words."""

    words = models.CharField(
        _("reason"),
        max_length=100,
        validators=[no_invisible_characters],
        help_text=_("No health details here: reception reads this."),
    )
    reason_of = models.CharField(_("whose reason"), max_length=10, choices=ReasonOf)
    in_use = models.BooleanField(_("in use"), default=True)

    objects = AppointmentReasonQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("reason for calling off")
        verbose_name_plural = _("reasons for calling off")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["words"],
                condition=STANDING,
                name="appointmentreason_once",
                violation_error_code="words",
                violation_error_message=_("This reason is already there."),
            ),
        ]

    def __str__(self):
        return self.words


# Minutes, of a clinic that has saved none: by kind, and of treatments by area.
USUAL_MINUTES = {
    AppointmentKind.CONSULTATION: 30,
    AppointmentKind.TEST_PATCH: 15,
    AppointmentKind.REVIEW: 15,
    AppointmentKind.OTHER: 15,
}
USUAL_MINUTES_OF_AREA = {
    Area.FACE: 25,
    Area.NECK: 15,
    Area.STOMACH: 30,
    Area.ARMS: 30,
    Area.LEGS: 40,
}


class AppointmentLengthQuerySet(RecordQuerySet):
    def by_what(self):
        """The minutes saved, by kind, area and laser type (blank where any)."""
        rows = self.standing().values_list("kind", "area", "laser_type", "minutes")
        return {(kind, area, laser_type): minutes for kind, area, laser_type, minutes in rows}


class AppointmentLength(Record):
    """How long an appointment of a kind takes; a treatment for each of its areas."""

    kind = models.CharField(_("kind"), max_length=20, choices=AppointmentKind)
    area = models.CharField(
        _("area"), max_length=10, choices=Area, blank=True, help_text=_("Blank for any area.")
    )
    laser_type = models.CharField(
        _("laser"),
        max_length=30,
        choices=LaserType,
        blank=True,
        help_text=_("Blank for any laser."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(5), MaxValueValidator(480)]
    )

    objects = AppointmentLengthQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("length of appointments")
        verbose_name_plural = _("lengths of appointments")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "area", "laser_type"],
                condition=STANDING,
                name="appointmentlength_once",
                violation_error_code="kind",
                violation_error_message=_("This length is already there. Change it there."),
            ),
            models.CheckConstraint(
                name="appointmentlength_5_minutes_to_8_hours",
                condition=Q(minutes__gte=5, minutes__lte=480),
                violation_error_code="minutes",
                violation_error_message=_("Between 5 and 480 minutes."),
            ),
        ]

    def __str__(self):
        what = [self.get_kind_display()]
        what += [self.get_area_display()] if self.area else []
        what += [self.get_laser_type_display()] if self.laser_type else []
        return _("%(what)s: %(minutes)s min") % {
            "what": ", ".join(map(str, what)),
            "minutes": self.minutes,
        }
