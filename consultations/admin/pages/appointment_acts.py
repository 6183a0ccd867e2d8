"""Writing what became of an appointment, from wherever it is shown."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations.actions import appointments
from consultations.admin.parts.asked_for import by_key
from consultations.models import Appointment
from consultations.models.text import moment_in_words
from consultations.summaries.waiting import who_would_come
from consultations.vocabulary import AppointmentStatus

from .quick_actions import act

SAID = {
    AppointmentStatus.MISSED: gettext_lazy("%(who)s: the appointment of %(when)s was missed."),
    AppointmentStatus.CANCELLED: gettext_lazy("%(who)s: the appointment of %(when)s is cancelled."),
}


def arrive(model_admin, request, object_id):
    """The patient is here; for those who may change appointments."""
    return _press(model_admin, request, object_id, appointments.arrive, _("%(who)s has arrived."))


def enter(model_admin, request, object_id):
    """The patient is in the room."""
    do = partial(appointments.arrive, in_room=True)
    return _press(model_admin, request, object_id, do, _("%(who)s is in the room."))


def finish(model_admin, request, object_id):
    """An appointment that no record makes done is done."""
    said = _("%(who)s: the appointment of %(when)s is done.")
    return _press(model_admin, request, object_id, appointments.finish, said)


def put_back(model_admin, request, object_id):
    """What was pressed by mistake is taken back."""
    said = _("%(who)s: booked as before, %(when)s.")
    return _press(model_admin, request, object_id, appointments.put_back, said)


def call_off(model_admin, request, object_id, status):
    """The appointment was missed or cancelled, with the reason posted."""
    if status not in SAID:
        raise Http404
    appointment = _may_change(model_admin, request, object_id)

    def do(words):
        appointments.call_off(appointment=appointment, status=status, reason=words, by=request.user)

    answer = act(model_admin, request, appointment, do, _said(SAID[status], appointment))
    if appointment.status == AppointmentStatus.CANCELLED:
        _tell_who_would_come(model_admin, request, appointment)
    return answer


def _tell_who_would_come(model_admin, request, appointment):
    """The way to those who would take the time that became free."""
    if found := who_would_come(appointment):
        words = ngettext(
            "%(n)s patient would come earlier.", "%(n)s patients would come earlier.", len(found)
        )
        link = format_html(
            '{} <a class="step" href="{}">{}</a>',
            words % {"n": len(found)},
            model_admin.url_of(appointment),
            _("Fill this time"),
        )
        model_admin.message_user(request, link, messages.INFO)


def fill(model_admin, request, object_id):
    """Somebody who would come earlier takes the time of a cancelled appointment."""
    slot = _may_change(model_admin, request, object_id)
    key = request.POST.get("appointment", "")
    appointment = by_key(key, Appointment.objects.waiting().select_related("patient"))
    if request.method == "POST" and appointment is None:
        raise Http404

    def do(words):
        appointments.fill(slot=slot, appointment=appointment, by=request.user)

    said = _said(_("%(who)s comes at %(when)s."), slot, appointment)
    return act(model_admin, request, appointment or slot, do, said)


def decline(model_admin, request, object_id):
    """A missed or cancelled appointment is not booked again, with the reason posted."""
    appointment = _may_change(model_admin, request, object_id)

    def do(words):
        appointments.decline(appointment=appointment, reason=words, by=request.user)

    said = _said(_("%(who)s is not booked again."), appointment)
    return act(model_admin, request, appointment, do, said)


def _press(model_admin, request, object_id, do, said):
    appointment = _may_change(model_admin, request, object_id)
    return act(
        model_admin,
        request,
        appointment,
        lambda words: do(appointment=appointment, by=request.user),
        _said(said, appointment),
    )


def _said(words, appointment, who=None):
    when = moment_in_words(appointment.starts_at)
    return words % {"who": (who or appointment).patient, "when": when}


def _may_change(model_admin, request, object_id):
    appointment = model_admin.record_or_404(request, object_id)
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    return appointment
