"""Appointments as lists show them: each with the courses it is for."""

from consultations.models import AppointmentPlan

from .progress import READ_FOR_PROGRESS

READ = ("appointment", "plan__assessment__area", *(f"plan__{name}" for name in READ_FOR_PROGRESS))


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


def areas_in_words(appointment):
    """The areas of an appointment with its `course_list`: face, neck; "" of none."""
    areas = (one.plan.assessment.get_area_display() for one in appointment.course_list)
    return ", ".join(str(area).lower() for area in areas)
