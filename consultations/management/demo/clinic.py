"""The clinic on the day the demo is loaded: its day, its people and its lasers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True)
class Clinic:
    """Days are counted back from `today`: 0 is today, 7 a week ago, -1 tomorrow."""

    today: date
    accounts: dict
    modes: dict
    rooms: dict

    def day(self, ago):
        return self.today - timedelta(days=ago)

    def at(self, ago, clock):
        """A moment by the clinic's clock, "10:30"."""
        return datetime.combine(
            self.day(ago), time.fromisoformat(clock), timezone.get_current_timezone()
        )

    def stamp(self, ago, clock="09:00"):
        """When something was written: as `at`, but never later than now."""
        return min(self.at(ago, clock), timezone.now())
