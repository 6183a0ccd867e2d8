"""Command: plans agree with their sessions, and the proof costs few queries."""

import io
from datetime import date

import pytest
from django.core.management import call_command

from consultations.actions.courses import settle_plan
from consultations.models import AppointmentPlan, TreatmentPlan
from tests.factories import PlanFactory, SessionFactory, appointment_for

pytestmark = pytest.mark.django_db


def check_courses():
    out, code = io.StringIO(), 0
    try:
        call_command("check_courses", stdout=out)
    except SystemExit as exit:
        code = exit.code
    return code, out.getvalue()


def settled(plan):
    settle_plan(plan)
    plan.save(by=plan.changed_by)
    return plan


def test_no_plans_agree():
    assert check_courses() == (0, "0 plans agree.\n")


def test_plans_in_step_agree():
    PlanFactory()
    for number in range(2):
        plan = PlanFactory()
        SessionFactory.create_batch(number, plan=plan)
        settled(TreatmentPlan.objects.get(pk=plan.pk))
    assert check_courses() == (0, "3 plans agree.\n")


def test_plan_out_of_step_is_named_and_left_as_it_is():
    plan = PlanFactory(started_on=date(2026, 1, 1), interval_days=28)
    PlanFactory()
    TreatmentPlan.objects.filter(pk=plan.pk).update(next_due_on=date(2026, 2, 1))
    line = (
        f"Plan {plan.pk} of {plan.patient.record_number}: "
        "status active, completed_on none, next_due_on 2026-02-01; "
        "expected status active, completed_on none, next_due_on 2026-01-01.\n"
    )
    assert check_courses() == (1, line)
    assert check_courses() == (1, line)


def test_plan_in_error_is_not_asked_about():
    plan = PlanFactory()
    TreatmentPlan.objects.filter(pk=plan.pk).update(
        next_due_on=date(2000, 1, 1),
        entered_in_error_at=plan.created_at,
        entered_in_error_by=plan.created_by,
        entered_in_error_reason="Twice",
    )
    assert check_courses() == (0, "0 plans agree.\n")


def test_queries_do_not_grow_with_the_plans(django_assert_num_queries):
    for _ in range(3):
        PlanFactory()
    # The count; plans and sessions; and that there are no more plans.
    with django_assert_num_queries(7):
        check_courses()


def test_plans_are_read_in_chunks(monkeypatch):
    monkeypatch.setattr("consultations.management.commands.check_courses.AT_ONCE", 2)
    PlanFactory.create_batch(3)
    assert check_courses() == (0, "3 plans agree.\n")


def test_an_appointment_for_somebody_elses_course_is_named(clinician):
    appointment = appointment_for()
    other = PlanFactory()
    AppointmentPlan(appointment=appointment, plan=other).save(by=clinician)
    number = other.patient.record_number
    words = f"Appointment {appointment.pk}: plan {other.pk} is a course of {number}."
    assert check_courses() == (1, f"{words}\n")
