"""What the diary is set up with: rooms, hours, closed days, absences, reasons and lengths."""

from . import absence, hours, room, words  # noqa: F401
