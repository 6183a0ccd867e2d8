"""Addresses of bookings from before there was a diary: they lead to their appointments."""

from django.http import Http404, HttpResponseRedirect

from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.forms import is_key
from consultations.models import AppointmentPlan
from consultations.vocabulary import SessionStatus


def former_course(object_id):
    """The course of the appointment that an unsigned former booking has become, or None."""
    if not is_key(object_id):
        return None
    courses = AppointmentPlan.objects.filter(session=object_id, session__signed_at__isnull=True)
    return courses.exclude(session__status=SessionStatus.DONE).first()


def former_call_off(model_admin, request, object_id, status):
    """Where a booking was called off before; nothing is done, its appointment is shown."""
    model_admin.record_or_404(request, object_id)
    if (course := former_course(object_id)) is None:
        raise Http404
    return HttpResponseRedirect(admin_url("appointment", "change", course.appointment_id))
