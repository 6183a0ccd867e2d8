"""Lasers and their modes as they were on a day, read from their history."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from consultations.models import LaserMode
from consultations.rules.readiness import LaserFacts


@dataclass(frozen=True, slots=True)
class Device:
    """A laser and its mode at one moment: their rows, or rows of their history."""

    laser: object
    mode: object

    @property
    def is_in_service(self):
        return self.laser.in_service and not self.laser.entered_in_error_at

    def envelope(self):
        return LaserMode.envelope(self.mode)

    def facts(self):
        return LaserFacts(
            laser_type=self.mode.laser_type,
            pulse=self.mode.pulse,
            in_service=self.is_in_service and not self.mode.entered_in_error_at,
            service_due_on=self.laser.service_due_on,
            envelope=self.envelope(),
        )


def modes_in_service(day):
    """Return the modes of lasers that are in service, or were at some time of that day."""
    modes = LaserMode.objects.standing().filter(laser__entered_in_error_at__isnull=True)
    return [
        mode
        for mode in modes.select_related("laser").order_by("laser__name", "name")
        if mode.laser.in_service or any(one.is_in_service for one in devices_on(mode, day))
    ]


def names_apart(modes):
    """Return what each of these modes is called, by its key.

    If another of these lasers has the same name, the serial number or the record's number is added.
    """
    lasers = {mode.laser_id: mode.laser for mode in modes}
    alike = Counter(laser.name for laser in lasers.values())
    numbers = Counter((laser.name, laser.serial_number) for laser in lasers.values())
    names = {}
    for mode in modes:
        laser, name = mode.laser, str(mode)
        if numbers[laser.name, laser.serial_number] > 1:
            name = f"{mode} (#{laser.pk})"
        elif alike[laser.name] > 1 and laser.serial_number:
            name = f"{mode} ({laser.serial_number})"
        names[mode.pk] = name
    return names


def names_on(sessions):
    """Return what the laser and mode of each session were called that day, by session key.

    Only those that are called otherwise now. Two queries for any number of sessions, and only if a
    laser or a mode was changed at all.
    """
    called = {
        session: f"{laser.name}: {mode.name}" for session, laser, mode in _of_the_day(sessions)
    }
    return {one.pk: name for one, name in called.items() if name != str(one.laser_mode)}


def modes_on(sessions):
    """Return what the mode of each session was called that day, by session key; as `names_on`."""
    return {session.pk: mode.name for session, _laser, mode in _of_the_day(sessions)}


def _of_the_day(sessions):
    """Yield each session that used a laser, and the rows of its laser and mode of that day."""
    used = {one.laser_mode for one in sessions if one.laser_mode_id}
    modes = _histories({mode for mode in used if mode.version > 1})
    lasers = _histories({mode.laser for mode in used if mode.laser.version > 1})
    for session in sessions:
        if (mode := session.laser_mode) is not None:
            ends = _moment(session.day_of_session(), time.max)
            laser = _at(lasers.get(mode.laser_id) or [mode.laser], ends)
            yield session, laser, _at(modes.get(mode.pk) or [mode], ends)


def _histories(records):
    """Return the history of each of these records of one kind, in order, by key."""
    found = {}
    if records:
        history = type(next(iter(records))).history
        rows = history.filter(id__in=[one.pk for one in records])
        for row in rows.order_by("history_date", "history_id"):
            found.setdefault(row.id, []).append(row)
    return found


def devices_on(mode, day):
    """Return what a mode and its laser were on a day, latest first.

    One for each change of that day, and what held before it. Days are those of the clinic's time
    zone.

    Before its history begins, a device was as the first row says. What was entered in error was
    never fit for use. One query for each of the two that was changed on that day or since.
    """
    if mode.in_error or mode.laser.in_error:
        return [Device(mode.laser, mode)]
    lasers, modes = _rows_on(mode.laser, day), _rows_on(mode, day)
    moments = sorted({row.history_date for row in (*lasers, *modes) if _is_row(row)}, reverse=True)
    return list(
        dict.fromkeys(Device(_at(lasers, moment), _at(modes, moment)) for moment in moments)
    ) or [Device(mode.laser, mode)]


def _rows_on(record, day):
    """Return the rows of a record that held at some time of a day, in order."""
    begins, ends = _moment(day, time.min), _moment(day, time.max)
    if record.version == 1 or record.changed_at < begins:
        return [record]
    if not hasattr(record, "rows_in_order"):  # one page asks several times
        record.rows_in_order = list(record.history.order_by("history_date", "history_id"))
    history = record.rows_in_order
    rows = [row for row in history if row.history_date <= ends] or history[:1]
    before = [row for row in rows if row.history_date < begins][-1:]
    return [*before, *(row for row in rows if row.history_date >= begins)]


def _moment(day, clock):
    return timezone.make_aware(datetime.combine(day, clock))


def _is_row(row):
    return hasattr(row, "history_date")


def _at(rows, moment):
    """Return the row that held at a moment, or the first row if none did yet."""
    held = [row for row in rows if not _is_row(row) or row.history_date <= moment]
    return (held or rows)[-1 if held else 0]
