"""Booking all that is left of a course at once, at the times that were shown."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.actions.booking import book_all
from consultations.admin.parts.asked_for import by_key
from consultations.admin.parts.displays import admin_url
from consultations.models import Appointment, Patient
from consultations.permissions import sees_clinical
from consultations.summaries.bookable import courses_of, left_to_book
from consultations.summaries.lengths import minutes_for
from consultations.vocabulary import AppointmentKind

from .offers import read_offer, resources_of

MOST = 60  # sessions of one course


def book_course(model_admin, request):
    """Book the times posted, for those who may; nothing is booked if one of them is taken."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    patient = by_key(request.POST.get("patient", ""), Patient.objects.standing())
    if patient is None:
        model_admin.message_user(request, _("Choose a patient."), messages.ERROR)
        return HttpResponseRedirect(admin_url("appointment", "add"))
    back = admin_url("appointment", "add", patient=patient.pk)
    return model_admin.once_more(request, lambda: _book(model_admin, request, patient), back)


def _book(model_admin, request, patient):
    patient = Patient.objects.locked(patient.pk)
    pairs = list(_appointments(request, patient))
    book_all(appointments=pairs, by=request.user)
    words = ngettext(
        "%(n)s appointment is booked: %(days)s.",
        "%(n)s appointments are booked: %(days)s.",
        len(pairs),
    )
    days = ", ".join(
        date_format(timezone.localtime(appointment.starts_at), "D j M H:i")
        for appointment, _plans in pairs
    )
    model_admin.message_user(request, words % {"n": len(pairs), "days": days}, messages.SUCCESS)
    page = "chart" if sees_clinical(request.user) else "change"
    return HttpResponseRedirect(admin_url("patient", page, patient.pk))


def _appointments(request, patient):
    """Each time posted with the courses that still need it, unsaved."""
    chosen = request.POST.getlist("plans")
    plans = [one for one in courses_of(patient) if str(one.pk) in chosen]
    left = {plan.pk: left_to_book(plan, done=plan.progress.done) for plan in plans}
    for number, value in enumerate(request.POST.getlist("course")[:MOST]):
        read = read_offer(value)
        own = [plan for plan in plans if left[plan.pk] > number]
        if read is None or not own:
            words = _("The course has fewer sessions left to book. Nothing was booked: look again.")
            raise ValidationError(words)
        moment, keys = read
        minutes = minutes_for(AppointmentKind.TREATMENT, own)
        appointment = Appointment(
            patient=patient,
            kind=AppointmentKind.TREATMENT,
            starts_at=moment,
            ends_at=moment + timedelta(minutes=minutes),
            **resources_of(keys),
        )
        yield appointment, own
