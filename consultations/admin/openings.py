"""Keeping who opened what: called by every page about one patient, before it is shown.

A page whose opening cannot be kept is not shown. Lists, searches and choosers are no openings:
they show many people by name, for one to be opened.
"""

from datetime import timedelta
from ipaddress import ip_address

from django.utils import timezone

from consultations.actions.access import record_access
from consultations.models import AccessRecord
from consultations.vocabulary import AccessKind

LATELY = timedelta(minutes=15)


def opened(request, kind, *, patient, record=None, detail=""):
    """Keep that `patient`'s record is shown to whoever asks: as a page, a picture or a file."""
    record_access(
        by=request.user,
        kind=kind,
        address=where_from(request),
        patient=patient,
        record=record if record is not None else patient,
        detail=detail,
    )


def shown(request, patient, record=None, *, kind=AccessKind.RECORD, on=AccessKind.values):
    """As `opened`, of a piece of a page: kept by itself only where its page, of the kinds `on`,
    was not opened lately."""
    lately = AccessRecord.objects.filter(
        user=request.user, patient=patient, kind__in=on, at__gte=timezone.now() - LATELY
    )
    if not lately.exists():
        opened(request, kind, patient=patient, record=record)


def where_from(request):
    """The address that a request came from, or None where it says none."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
