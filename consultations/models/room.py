"""Room: where appointments are held; one at a time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .record import Record
from .spine import STANDING
from .text import no_invisible_characters


class Room(Record):
    name = models.CharField(_("name"), max_length=100, validators=[no_invisible_characters])
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["name"],
                condition=STANDING,
                name="room_one_of_a_name",
                violation_error_code="name",
                violation_error_message=_("There is a room of that name already."),
            ),
        ]

    def __str__(self):
        return self.name
