"""Command: check that what plans store is what their sessions add up to."""

import sys

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F

from consultations.actions.courses import settle_plan
from consultations.management.running import progress
from consultations.models import AppointmentPlan, Patient, TreatmentPlan, TreatmentSession
from consultations.summaries.consents import reflections_of

AT_ONCE = 500
PATIENT_OF_PLAN = "plan__assessment__consultation__patient"
SETTLED = ("status", "completed_on", "next_due_on")


class Command(BaseCommand):
    help = (
        "Compare the status, completion and next due date of every plan with what its sessions "
        "say, and each appointment's courses with its patient. Changes nothing; exit 1 on a "
        "difference."
    )

    def handle(self, **options):
        plans = TreatmentPlan.objects.standing().annotate(
            record_number=F("assessment__consultation__patient__record_number"),
            patient_id=F("assessment__consultation__patient"),
        )
        count = plans.count()
        differences = 0
        with progress(count, "plans") as shown:
            for some in in_chunks(plans):
                for difference in differences_among(some):
                    differences += 1
                    self.stdout.write(difference)
                shown.update(len(some))
        for difference in misplaced_appointments():
            differences += 1
            self.stdout.write(difference)
        if differences:
            sys.exit(1)
        self.stdout.write("1 plan agrees." if count == 1 else f"{count} plans agree.")


def in_chunks(plans):
    """The plans in lists of at most AT_ONCE, so that memory does not grow with their number."""
    last = 0
    while some := list(plans.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield some
        last = some[-1].pk


def differences_among(plans):
    days = {plan.pk: [] for plan in plans}
    sessions = TreatmentSession.objects.done().filter(plan__in=days).order_by("performed_on")
    for plan_id, day in sessions.values_list("plan", "performed_on"):
        days[plan_id].append(day)
    begun = [plan for plan in plans if days[plan.pk]]
    reflections = reflections_of([plan for plan in plans if plan not in begun])
    reflections |= reflections_of(begun, begun=True)
    for plan in plans:
        settled = settle_plan(plan, days=days[plan.pk], reflections=reflections)
        # Somebody may have written between the two reads: what differs is read again, locked.
        if settled and (difference := locked_difference(plan)):
            yield difference


def misplaced_appointments():
    """Appointments for a course of somebody else."""
    courses = AppointmentPlan.objects.standing().annotate(whose=F(PATIENT_OF_PLAN))
    wrong = courses.exclude(whose=F("appointment__patient")).order_by("pk")
    columns = ("appointment", "plan", f"{PATIENT_OF_PLAN}__record_number")
    for appointment, plan, number in wrong.values_list(*columns):
        yield f"Appointment {appointment}: plan {plan} is a course of {number}."


@transaction.atomic
def locked_difference(plan):
    Patient.objects.locked(plan.patient_id)
    fresh = TreatmentPlan.objects.get(pk=plan.pk)
    stored = as_words(fresh)
    if not settle_plan(fresh):
        return ""
    return f"Plan {plan.pk} of {plan.record_number}: {stored}; expected {as_words(fresh)}."


def as_words(plan):
    values = {name: getattr(plan, name) for name in SETTLED}
    return ", ".join(f"{name} {value or 'none'!s}" for name, value in values.items())
