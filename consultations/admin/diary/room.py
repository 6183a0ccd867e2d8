"""Rooms: where appointments are held."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from consultations.models import Room

from .setup import SetupAdmin, use_chip


@admin.register(Room)
class RoomAdmin(SetupAdmin):
    when_empty = _("Without rooms, appointments are booked without one.")
    list_display = ["room", "use"]
    search_fields = ["name__istartswith"]
    ordering = ["name", "pk"]
    fieldsets = [(None, {"fields": [("name", "in_use")]})]

    @admin.display(description=_("room"))
    def room(self, room):
        return self.linked(room, room.name)

    @admin.display(description=_("use"))
    def use(self, room):
        return use_chip(room)
