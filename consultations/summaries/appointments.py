"""Appointments as lists show them: each with the courses it is for."""

from consultations.models import AppointmentPlan

from .progress import READ_FOR_PROGRESS

READ = ("appointment", "plan__assessment__area", *(f"plan__{name}" for name in READ_FOR_PROGRESS))


def with_courses(appointments):
    """Give each appointment its `course_list`, the courses it is for, in one query; return them."""
    appointments = list(appointments)
    by_key = {one.pk: one for one in appointments}
    for one in appointments:
        one.course_list = []
    if by_key:
        courses = AppointmentPlan.objects.standing().filter(appointment__in=by_key)
        for course in courses.select_related("plan__assessment").only(*READ).order_by("pk"):
            by_key[course.appointment_id].course_list.append(course)
    return appointments


def areas_in_words(appointment):
    """The areas of an appointment with its `course_list`: face, neck; "" of none."""
    areas = (one.plan.assessment.get_area_display() for one in appointment.course_list)
    return ", ".join(str(area).lower() for area in areas)
