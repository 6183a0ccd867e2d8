"""Appointment: who comes when, to whom, and what became of it."""

from consultations.models import Appointment
from consultations.vocabulary import AppointmentKind, AppointmentStatus, ReasonOf

from .codes import concept, hl7
from .elements import moment, reference, resource, subject

STATUS = {
    AppointmentStatus.BOOKED: "booked",
    AppointmentStatus.ARRIVED: "arrived",
    AppointmentStatus.IN_ROOM: "checked-in",
    AppointmentStatus.DONE: "fulfilled",
    AppointmentStatus.MISSED: "noshow",
    AppointmentStatus.CANCELLED: "cancelled",
}
REASON_OF = {
    ReasonOf.PATIENT: ("pat", "Patient"),
    ReasonOf.CLINIC: ("prov", "Provider"),
    ReasonOf.MEDICAL: ("other", "Other"),
}


def appointments(tree, around):
    for one in tree[Appointment]:
        actors = [subject(one), around(one.practitioner), around(one.room), around(one.laser)]
        yield resource(
            "Appointment",
            one,
            status=STATUS[AppointmentStatus(one.status)] if one.stands else "entered-in-error",
            cancelationReason=_why(one) if one.stands else None,
            appointmentType=concept(AppointmentKind, one.kind),
            supportingInformation=[
                reference("CarePlan", course.plan) for course in one.course_list if course.stands
            ],
            start=moment(one.starts_at),
            end=moment(one.ends_at),
            minutesDuration=one.minutes,
            created=moment(one.created_at),
            comment=one.note,
            participant=[{"actor": actor, "status": "accepted"} for actor in actors if actor],
        )


def _why(appointment):
    """The reason in its words, and whose it was where that is known."""
    if not appointment.is_called_off:
        return None
    whose = REASON_OF.get(appointment.reason_of)
    codes = [hl7("appointment-cancellation-reason", *whose)] if whose else []
    words = [one for one in (appointment.reason, appointment.reason_words) if one]
    return {"coding": codes, "text": ". ".join(words)}
