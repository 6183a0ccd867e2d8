"""How long a record is kept: the clinic's period after the last contact, a child's longer."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from consultations.models import ClinicSettings, Patient
from consultations.models.imports import was_undone
from consultations.rules.calendar import age_on
from consultations.rules.protocol import ADULT_AGE
from consultations.summaries.contacts import CONTACTS, last_contacts

AT_ONCE = 50
# A child's record is kept until the 25th birthday, or the 26th if they were 17 at the last
# contact (clinical reference, 8.1).
CHILD_UNTIL, SEVENTEEN_UNTIL = 25, 26


@dataclass(frozen=True, slots=True)
class Retention:
    """`ends_on` is the first day on which the record need not be kept."""

    patient: Patient
    last_contact: date
    ends_on: date

    @property
    def is_over(self):
        return self.ends_on <= timezone.localdate()


def retention_of(person):
    """Return the Retention of one person; `person` is the result of `person_of`."""
    days = last_contacts(person)
    if all(was_undone(one) for one in person):
        # Nobody was ever here: the import that brought them was undone.
        return Retention(person[0], max(days.values()), timezone.localdate())
    return _retention(person, days, retention_years())


def _retention(person, days, years):
    """Return the Retention of one person; `days` are the last contacts, by key of the record."""
    last = max(days[one.pk] for one in person)
    born = person[0].date_of_birth
    ends = max(years_after(last, years), _grown_up_on(born, last) or last)
    return Retention(person[0], last, ends)


def _grown_up_on(born, last):
    """Return the day until which the record of a child at the last contact is kept.

    None for an adult.
    """
    age = age_on(last, born)
    if age >= ADULT_AGE:
        return None
    return years_after(born, SEVENTEEN_UNTIL if age == ADULT_AGE - 1 else CHILD_UNTIL)


def retention_years():
    """Return the clinic's period in years, at least RETENTION_FLOOR_YEARS."""
    years = ClinicSettings.objects.current().retention_years
    return max(years, settings.RETENTION_FLOOR_YEARS)


def years_after(day, years):
    """Return the same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def due_for_erasure(*, after=0):
    """Return the retentions that are over, by key above `after`, and the next `after`.

    The latter is None at the end. A merged record goes with the record it was merged into.
    """
    years = retention_years()
    last_day = _latest_contact_that_is_over(years)
    patients = Patient.objects.filter(
        erased_at__isnull=True,
        merged_into__isnull=True,
        pk__gt=after,
        created_at__date__lte=last_day,
    )
    for records, day in CONTACTS:
        for path in records().model.paths_to_patient():
            since = records().filter(**{path: OuterRef("pk"), f"{day}__gt": last_day})
            patients = patients.filter(~Exists(since))
    found = list(patients.order_by("pk")[: AT_ONCE + 1])
    shown = found[:AT_ONCE]
    together = {one.pk: [one] for one in shown}
    for one in Patient.objects.filter(merged_into__in=shown):
        together[one.merged_into_id].append(one)
    days = last_contacts([one for person in together.values() for one in person])
    due = [_retention(person, days, years) for person in together.values()]
    go_on = shown[-1].pk if len(found) > AT_ONCE else None
    return [one for one in due if one.is_over], go_on


def _latest_contact_that_is_over(years):
    """Return the latest day of a last contact whose retention is over today."""
    today = timezone.localdate()
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return date(today.year - years, 2, 28)
