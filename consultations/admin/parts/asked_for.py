"""What a request is about: which page, which record, whose."""

from django.core.exceptions import BadRequest

from consultations.admin.parts.forms import is_key
from consultations.models import Patient, patient_of


def refuse_buttons(request, *others):
    """Raise BadRequest for a button that no form of ours has: Django would make a second record of
    it, or nobody knows what."""
    if not request.POST.keys().isdisjoint({"_saveasnew", *others}):
        raise BadRequest("a button that is not on the form")


def is_closed(record):
    """Whether a stored record is only read: in error, signed, or of an erased person."""
    if record is None:
        return False
    patient = patient_of(record)
    erased = patient is not None and patient.erased_at
    return bool(record.in_error or getattr(record, "is_signed", False) or erased)


def is_choosing(request):
    """Whether a form's field is looking for a record, rather than somebody reading a list."""
    return request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"


def is_listing(request):
    """Whether somebody reads a list, or takes it out, rather than opening a record."""
    return _page_name(request).endswith(("_changelist", "_list_out"))


def is_charting(request):
    """Whether somebody opens a patient's chart."""
    return _page_name(request).endswith("_chart")


def _page_name(request):
    return (request.resolver_match and request.resolver_match.url_name) or ""


def by_key(text, queryset):
    """The record whose key was sent, or None where that is missing, wrong or out of reach."""
    return queryset.filter(pk=text).first() if is_key(text) else None


def patient_from_query(request):
    """The patient that `?patient=` points to, or the record that went on for that person; None
    where nothing may be added to it."""
    patient = from_query(request, "patient", Patient.objects.all())
    kept = patient.kept_record if patient is not None else None
    return kept if kept is not None and not kept.in_error else None


def from_query(request, name, queryset):
    """The record that `?name=` points to, or None."""
    return by_key(request.GET.get(name, ""), queryset)
