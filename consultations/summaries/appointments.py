"""Appointments as lists show them: each with the courses it is for."""

from consultations.models import Appointment, AppointmentPlan
from consultations.vocabulary import Area, PlanStatus

from .progress import READ_FOR_PROGRESS

READ_FOR_CONSENT = ("laser_type", "started_on", "assessment__severity")
READ = (
    *("appointment", "plan__assessment__area"),
    *(f"plan__{name}" for name in (*READ_FOR_PROGRESS, *READ_FOR_CONSENT)),
)


def with_courses(appointments):
    """Give each appointment its `course_list`, the courses it is for, in one query; return them."""
    appointments = list(appointments)
    found = {one.pk: [] for one in appointments}
    if found:
        courses = AppointmentPlan.objects.standing().filter(appointment__in=found)
        for course in courses.select_related("plan__assessment").only(*READ).order_by("pk"):
            found[course.appointment_id].append(course)
    # One may stand in several lists.
    for one in appointments:
        one.course_list = found[one.pk]
    return appointments


def booked_of(patient, count=None):
    """What a patient has booked, the next one first, each with its `course_list`; so many at
    most."""
    held = Appointment.objects.holding().filter(patient=patient).select_related("practitioner")
    return with_courses(held.order_by("starts_at", "pk")[:count])


def areas_in_words(appointment):
    """The areas of an appointment with its `course_list`: face, neck (paused); "" of none."""
    return ", ".join(
        area_in_words(one.plan.assessment.area, one.plan.status, is_held=appointment.is_holding)
        for one in appointment.course_list
    )


def what_is_booked(appointment):
    """The kind of an appointment with its `course_list`, and its areas."""
    areas, kind = areas_in_words(appointment), str(appointment.get_kind_display())
    return f"{kind}: {areas}" if areas else kind


def area_in_words(area, plan_status, *, is_held):
    """An area that an appointment is for; of one still held, that its course does not go on."""
    words = str(Area(area).label).lower()
    if not is_held or plan_status == PlanStatus.ACTIVE:
        return words
    return f"{words} ({str(PlanStatus(plan_status).label).lower()})"
