"""On which days a person had contact with the clinic: the first and the last."""

from django.db.models import Max, Min
from django.utils import timezone

from consultations.models import (
    AdverseEvent,
    Appointment,
    Consent,
    Consultation,
    FollowUp,
    IssuedDocument,
    Payment,
    Photo,
    TestPatch,
    TreatmentSession,
)

# What counts as a contact: the records, and the day of each.
CONTACTS = (
    (Consultation.objects.standing, "consulted_on"),
    (TreatmentSession.objects.done, "performed_on"),
    (Appointment.objects.attended, "starts_at__date"),
    (AdverseEvent.objects.standing, "onset_on"),
    (TestPatch.objects.standing, "done_on"),
    (FollowUp.objects.standing, "done_on"),
    (Photo.objects.standing, "taken_on"),
    (IssuedDocument.objects.standing, "issued_on"),
    (Consent.objects.answers, "given_on"),
    (Consent.objects.answers, "withdrawn_on"),
    (Payment.objects.standing, "paid_on"),
)


def first_contact(patients):
    """Return the first day recorded of one person, or None; registration does not count.

    `patients` are the person's records.
    """
    firsts = [
        found.order_by().aggregate(first=Min(day))["first"]
        for found, day, _path in _contacts_of(patients)
    ]
    return min((day for day in firsts if day), default=None)


def last_contacts(patients):
    """Return each last contact by key, one query for each kind; registration counts."""
    days = {one.pk: timezone.localdate(one.created_at) for one in patients}
    for found, day, path in _contacts_of(list(days)):
        latest = found.exclude(**{day: None}).order_by().values_list(path).annotate(Max(day))
        for key, last in latest:
            days[key] = max(days[key], last)
    return days


def _contacts_of(patients):
    """Yield each kind of contact with these patients, its day and the path to the patient."""
    for records, day in CONTACTS:
        for path in records().model.paths_to_patient():
            yield records().filter(**{f"{path}__in": patients}), day, path
