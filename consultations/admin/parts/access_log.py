"""Logging who opened what: called by every page about one patient, before it is shown.

A page whose opening cannot be logged is not shown. Lists, searches and choosers are no openings:
they show many people by name, for one to be opened.
"""

from datetime import timedelta
from ipaddress import ip_address

from django.forms import ModelChoiceField
from django.utils import timezone

from consultations.models import AccessRecord, Patient, kinds
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind

from .forms import is_key

LATELY = timedelta(minutes=15)


def opened(request, kind, *, patient, record=None, detail=""):
    """Log that `patient`'s record is shown to whoever asks: as a page, a picture or a file."""
    record_access(
        by=request.user,
        kind=kind,
        address=where_from(request),
        patient=patient,
        record=record if record is not None else patient,
        detail=detail,
    )


def shown(request, patient, record=None, *, kind=AccessKind.RECORD, on=AccessKind.values):
    """As `opened`, for a piece of a page: logged only where its page, one of the kinds `on`, was
    not opened in the last 15 minutes."""
    lately = AccessRecord.objects.filter(
        user=request.user, patient=patient, kind__in=on, at__gte=timezone.now() - LATELY
    )
    if not lately.exists():
        opened(request, kind, patient=patient, record=record)


def patients_chosen(forms):
    """The keys of the patients that the choosers of these forms lead to, by what each chooser
    shows: that may have come from a link, from what was posted, or from the record."""
    return {patient for form in forms for patient in _chosen(form)} - {None}


def _chosen(form):
    for name, field in form.fields.items():
        is_chooser = isinstance(field, ModelChoiceField) and name != form._meta.model._meta.pk.name
        if not is_chooser or field.queryset.model not in kinds():
            continue
        key = form[name].value() or ""
        if form.instance.pk and str(key) == str(form.initial.get(name)):
            continue  # as stored: the page is about that patient anyway
        if is_key(key) and field.queryset.model is Patient:
            yield int(key)
        elif is_key(key):
            found = field.queryset.model._default_manager.filter(pk=key)
            for patients in found.values_list(*field.queryset.model.paths_to_patient()):
                yield from patients


def where_from(request):
    """The address that a request came from, or None if unknown."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
