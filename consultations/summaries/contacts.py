"""On which days the clinic had to do with a person: the first and the last of them."""

from django.db.models import Max, Min
from django.utils import timezone

from consultations.models import (
    AdverseEvent,
    Consent,
    Consultation,
    FollowUp,
    Photo,
    TreatmentSession,
)

# What counts as a contact: the records, and the day of each.
CONTACTS = (
    (Consultation.objects.standing, "consulted_on"),
    (TreatmentSession.objects.done, "performed_on"),
    (AdverseEvent.objects.standing, "onset_on"),
    (FollowUp.objects.standing, "done_on"),
    (Photo.objects.standing, "taken_on"),
    (Consent.objects.standing, "given_on"),
)


def first_contact(patients):
    """The first day recorded of one person, whose records are `patients`; None where there is
    none yet. Registration is no day of the person's."""
    firsts = [
        found.order_by().aggregate(first=Min(day))["first"]
        for found, day, _path in _contacts_of(patients)
    ]
    return min((day for day in firsts if day), default=None)


def last_contacts(patients):
    """The last contact by key: registration is one too. One query a kind, for any number."""
    days = {one.pk: timezone.localdate(one.created_at) for one in patients}
    for found, day, path in _contacts_of(list(days)):
        latest = found.exclude(**{day: None}).order_by().values_list(path).annotate(Max(day))
        for key, last in latest:
            days[key] = max(days[key], last)
    return days


def _contacts_of(patients):
    """Each kind of contact with these patients, its day and the path to whose it is."""
    for records, day in CONTACTS:
        path = records().model.paths_to_patient()[0]
        yield records().filter(**{f"{path}__in": patients}), day, path
