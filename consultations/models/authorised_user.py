"""AuthorisedUser: who may use a laser, since when, until when, and who says so."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .laser import Laser
from .record import Record
from .spine import STANDING
from .text import day_in_words, no_invisible_characters


class AuthorisedUser(Record):
    laser = models.ForeignKey(
        Laser, on_delete=models.PROTECT, related_name="authorised_users", verbose_name=_("laser")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    trained_on = models.DateField(_("trained on"))
    authorised_until = models.DateField(
        _("authorised until"), null=True, blank=True, help_text=_("That day included.")
    )
    authorised_by = models.CharField(
        _("who says so"), max_length=200, validators=[no_invisible_characters]
    )

    class Meta(Record.Meta):
        verbose_name = _("authorised user")
        verbose_name_plural = _("authorised users")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["laser", "user", "trained_on"],
                condition=STANDING,
                name="authoriseduser_once_per_training",
                violation_error_code="trained_on",
                violation_error_message=_("This person and day are already on the list."),
            ),
            models.CheckConstraint(
                name="authoriseduser_until_after_training",
                condition=Q(authorised_until__isnull=True)
                | Q(authorised_until__gte=F("trained_on")),
                violation_error_code="authorised_until",
                violation_error_message=_("This is before the training."),
            ),
        ]

    def __str__(self):
        return _("%(person)s, trained on %(day)s") % {
            "person": self.user.get_full_name() or self.user.get_username(),
            "day": day_in_words(self.trained_on),
        }
