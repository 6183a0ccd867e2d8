"""Who and what can be booked: those who treat or consult, rooms in use, lasers in service."""

from django.contrib.auth import get_user_model

from consultations.models import AppointmentPlan, Laser, Room, TreatmentPlan
from consultations.vocabulary import AppointmentKind

from .progress import progress_of

MAY_TREAT = "consultations.sign_treatmentsession"
MAY_CONSULT = "consultations.add_consultation"
SOON = 3  # days between which the courses of a patient are due together


def practitioners(kind=None):
    """The active members of staff who can be booked for this kind, by name."""
    needed = MAY_CONSULT if kind == AppointmentKind.CONSULTATION else MAY_TREAT
    users = get_user_model().objects.with_perm(
        needed, backend="django.contrib.auth.backends.ModelBackend", include_superusers=False
    )
    return users.filter(is_staff=True).order_by("last_name", "first_name", "username")


def rooms():
    """The rooms in use, by name."""
    return Room.objects.standing().filter(in_use=True).order_by("name", "pk")


def lasers():
    """The lasers in service, by name."""
    return Laser.objects.standing().filter(in_service=True).order_by("name", "pk")


# Of whom or what an appointment takes one, by its field.
RESOURCES = {"practitioner": practitioners, "room": rooms, "laser": lasers}


def courses_of(patient):
    """The open courses of a patient, each with its `progress`."""
    return with_progress(TreatmentPlan.objects.open().of(patient).with_patient().order_by("pk"))


def with_progress(plans):
    """Give each course its `progress`; return them."""
    plans = list(plans)
    progress = progress_of(plans)
    for plan in plans:
        plan.progress = progress[plan.pk]
    return plans


def left_to_book(plan, *, done, but=None):
    """How many treatments of a course, of which so many are `done`, are not booked yet; less than 0
    where more is booked than planned. `but` is an appointment that does not count."""
    booked = AppointmentPlan.objects.treating().filter(plan=plan)
    if but is not None and but.pk:
        booked = booked.exclude(appointment=but)
    return plan.planned_sessions - done - booked.count()


def due_together(plans, plan=None):
    """Of a patient's courses, those that one appointment is for: the one asked for, else the one
    due first, and what is due within three days of it. None that is booked already."""
    open_ones = [one for one in plans if one.next_due_on and one.progress.booked_for is None]
    first = plan or min(open_ones, key=lambda one: (one.next_due_on, one.pk), default=None)
    if first is None:
        return []
    due = first.next_due_on
    together = [
        one for one in open_ones if due is None or abs((one.next_due_on - due).days) <= SOON
    ]
    return [first, *(one for one in together if one.pk != first.pk)]
