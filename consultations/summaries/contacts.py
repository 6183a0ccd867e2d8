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

# What counts as a contact: the records, the day of each, and the way to the patient.
CONTACTS = (
    (Consultation.objects.standing, "consulted_on", "patient"),
    (TreatmentSession.objects.done, "performed_on", "plan__assessment__consultation__patient"),
    (
        AdverseEvent.objects.standing,
        "onset_on",
        "session__plan__assessment__consultation__patient",
    ),
    (FollowUp.objects.standing, "done_on", "patient"),
    (Photo.objects.standing, "taken_on", "patient"),
    (Consent.objects.standing, "given_on", "patient"),
)


def first_contact(patients):
    """The first day recorded of one person, whose records are `patients`; None where there is
    none yet. Registration is no day of the person's."""
    firsts = [
        records().filter(**{f"{way}__in": patients}).order_by().aggregate(first=Min(day))["first"]
        for records, day, way in CONTACTS
    ]
    return min((day for day in firsts if day), default=None)


def last_contacts(patients):
    """The last contact by key: registration is one too. One query a kind, for any number."""
    days = {one.pk: timezone.localdate(one.created_at) for one in patients}
    for records, day, way in CONTACTS:
        latest = (
            records()
            .filter(**{f"{way}__in": list(days), f"{day}__isnull": False})
            .order_by()
            .values_list(way)
            .annotate(Max(day))
        )
        for key, last in latest:
            days[key] = max(days[key], last)
    return days
