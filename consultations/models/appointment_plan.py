"""AppointmentPlan: one course that an appointment is for, and the session that came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .appointment import Appointment
from .plan import HOLDS, TreatmentPlan
from .record import Record, RecordQuerySet
from .session import TreatmentSession
from .spine import STANDING


class AppointmentPlanQuerySet(RecordQuerySet):
    def holding(self):
        """Of appointments that hold their slot."""
        return self.filter(STANDING, appointment__holds=1)

    def treating(self):
        """Of appointments that hold their slot for a treatment."""
        return self.filter(STANDING, HOLDS)


class AppointmentPlan(Record):
    hangs_on = ("plan",)
    stands_with = ("appointment",)

    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        related_name="courses",
        verbose_name=_("appointment"),
    )
    plan = models.ForeignKey(
        TreatmentPlan,
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("plan"),
    )
    # What was done at it; of what was booked before the diary, the session it was booked as.
    session = models.ForeignKey(
        TreatmentSession,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("session"),
    )

    objects = AppointmentPlanQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("course of an appointment")
        verbose_name_plural = _("courses of appointments")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["appointment", "plan"],
                condition=STANDING,
                name="appointmentplan_once",
                violation_error_code="plan",
                violation_error_message=_("The appointment is already for this course."),
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=STANDING & Q(session__isnull=False),
                name="appointmentplan_one_per_session",
                violation_error_code="session",
                violation_error_message=_("This session came of another appointment."),
            ),
        ]

    def __str__(self):
        return _("%(appointment)s: %(area)s") % {
            "appointment": self.appointment,
            "area": self.plan.assessment.get_area_display().lower(),
        }
