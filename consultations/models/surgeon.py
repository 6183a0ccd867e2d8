"""Surgeon: whom referrals are sent to. Kept once, and chosen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .record import Record, RecordQuerySet
from .spine import STANDING
from .text import no_invisible_characters, some_digits


class SurgeonQuerySet(RecordQuerySet):
    def active(self):
        """Those whom a referral may be sent to."""
        return self.standing().filter(is_active=True)


class Surgeon(Record):
    name = models.CharField(_("name"), max_length=200, validators=[no_invisible_characters])
    practice = models.CharField(
        _("practice"), max_length=200, blank=True, validators=[no_invisible_characters]
    )
    speciality = models.CharField(
        _("speciality"), max_length=200, blank=True, validators=[no_invisible_characters]
    )
    address = models.TextField(_("address"), blank=True, max_length=500)
    phone = models.CharField(
        _("phone"), max_length=40, blank=True, validators=[no_invisible_characters, some_digits]
    )
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(
        _("takes referrals"),
        default=True,
        help_text=_("Take out the tick when no more referrals are to be sent there."),
    )

    objects = SurgeonQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("surgeon")
        verbose_name_plural = _("surgeons")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["name", "practice"],
                condition=STANDING,
                name="surgeon_one_of_a_name_and_practice",
                violation_error_code="name",
                violation_error_message=_("There is a surgeon of that name and practice already."),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.practice}" if self.practice else self.name
