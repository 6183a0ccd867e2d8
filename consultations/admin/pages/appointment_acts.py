"""Writing what became of an appointment, from wherever it is shown."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions import appointments
from consultations.models.text import moment_in_words
from consultations.vocabulary import AppointmentStatus

from .quick_actions import act

CALLED_OFF = {
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
    if status not in CALLED_OFF:
        raise Http404
    appointment = _may_change(model_admin, request, object_id)

    def do(words):
        appointments.call_off(appointment=appointment, status=status, reason=words, by=request.user)

    return act(model_admin, request, appointment, do, _said(CALLED_OFF[status], appointment))


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


def _said(words, appointment):
    when = moment_in_words(appointment.starts_at)
    return words % {"who": appointment.patient, "when": when}


def _may_change(model_admin, request, object_id):
    appointment = model_admin.record_or_404(request, object_id)
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    return appointment
