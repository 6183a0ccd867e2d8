"""Write the demo's appointments: those of sessions done, those missed or cancelled, and those to
come."""

from datetime import timedelta

from consultations.models import Appointment, AppointmentPlan
from consultations.summaries.lengths import minutes_for
from consultations.vocabulary import AppointmentKind, AppointmentStatus, Rebook

from .lasers import usual_mode
from .schedule import days_of
from .words import laser_of

BOOKED_AHEAD = 14
CLOCKS = ("09:30", "10:30", "11:15", "14:00", "15:30")
ROOMS = {"practitioner": "Room 1", "clinician": "Room 2"}


def keep(diary, plan, starts_at, *, written, **state):
    """Write an appointment for a course, on the day that it was booked; a second course of the
    patient at the same time joins it."""
    by = diary.account("reception")
    found = Appointment.objects.filter(patient=diary.patient, starts_at=starts_at).first()
    minutes = timedelta(minutes=minutes_for(AppointmentKind.TREATMENT, [plan]))
    if found is None:
        found = Appointment(
            patient=diary.patient,
            starts_at=starts_at,
            ends_at=starts_at + minutes,
            created_at=written,
            **state,
        )
    else:
        found.ends_at += minutes
    found.save(by=by)
    AppointmentPlan(appointment=found, plan=plan, created_at=written).save(by=by)
    return found


def attend(diary, assessed, session):
    """The appointment at which a session was done."""
    ago = (diary.clinic.today - session.performed_on).days
    clock = diary.chance.choice(CLOCKS)
    # What is done today was done this morning.
    starts_at = diary.clinic.at(ago, clock if ago else CLOCKS[0])
    kept = keep(
        diary,
        diary.plans[assessed],
        starts_at,
        written=diary.clinic.stamp(ago + BOOKED_AHEAD),
        status=AppointmentStatus.DONE,
        practitioner=session.operator,
        laser=session.laser_mode.laser,
    )
    course = kept.courses.get(plan=session.plan)
    course.session = session
    course.save(by=session.operator, reason="Treated.")


def call_off(diary, ago, assessed, status, reason):
    """One that was missed or cancelled, and what came of it."""
    words, of = reason
    came_later = days_of(assessed, diary.number)[-1] < ago
    keep(
        diary,
        diary.plans[assessed],
        diary.clinic.at(ago, diary.chance.choice(CLOCKS)),
        written=diary.clinic.stamp(ago + BOOKED_AHEAD),
        status=status,
        reason=words,
        reason_of=of,
        rebook="" if came_later else Rebook.OPEN,
    )


def book(diary, ago, assessed):
    """One that is to come, with whom, where and with which laser."""
    days, clock = assessed.course.booked
    who = "practitioner" if diary.number % 2 else "clinician"
    mode = assessed.course.mode or usual_mode(laser_of(assessed), assessed.area)
    keep(
        diary,
        diary.plans[assessed],
        diary.clinic.at(-days, clock),
        written=diary.clinic.stamp(ago, "16:00"),
        practitioner=diary.account(who),
        room=diary.clinic.rooms[who],
        laser=diary.clinic.modes[mode].laser,
    )
