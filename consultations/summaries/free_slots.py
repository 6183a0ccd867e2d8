"""The next free times for an appointment, and for the rest of a course."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import combinations_with_replacement

from django.db.models import Max
from django.utils import timezone

from consultations.models import (
    Absence,
    Appointment,
    ClinicSettings,
    ClosedDay,
    LaserMode,
    OpeningHours,
    TreatmentSession,
)
from consultations.models.appointment import LONGEST, start_of
from consultations.rules.readiness.course import gap_days
from consultations.vocabulary import AppointmentKind

from . import bookable
from .authorised_users import AuthorisedUsers
from .chart import earliest_safe
from .free_time import DAY, Calendar, Needs, Slot, Taken, course, offers, slot_at
from .lengths import minutes_for

WEEKS = (6, 26)  # looked through first, and then where nothing was free in them
COURSE_WEEKS = 104  # absences and hours are not known further ahead
OFFERS = 6
WITH_LASER = (AppointmentKind.TREATMENT, AppointmentKind.TEST_PATCH)


@dataclass(frozen=True)
class Wanted:
    """What is to be booked: `plans` come with their assessments; `patient` is None for a new one.

    `minutes` are the clinic's for it where not given. A practitioner, a room or a laser that is
    given is the only one that will do. `moving` is the appointment that gives up its own time.
    """

    kind: str
    patient: object
    plans: tuple = ()
    minutes: int | None = None
    practitioner: object = None
    room: object = None
    laser: object = None
    moving: Appointment | None = None


def free_slots(wanted, *, day=None, count=OFFERS):
    """Return so many free slots at most, the nearest first: from `day` on, or else from the day the
    course is due.

    Never in the past, nor before the skin is safe to be treated again. Looks 6 weeks ahead, and 26
    if nothing is free in these.
    """
    search, first, found = Search(wanted), first_day(wanted, day), []
    for weeks in WEEKS:
        until = first + timedelta(weeks=weeks)
        calendar = search.calendar(first, until)
        found = offers(calendar, search.needs, first=first, until=until, count=count)
        if found:
            break
    return found


def slot_starting(wanted, starts_at):
    """The free slot that starts at a moment; None where nothing is free, or the clinic closed."""
    search, day = Search(wanted), timezone.localdate(starts_at)
    calendar = search.calendar(day, day + DAY)
    if not calendar.is_open(day, starts_at, starts_at + search.needs.length):
        return None
    return slot_at(calendar, search.needs, day, starts_at)


def other_times(appointment, plans, *, count, without=()):
    """Where an appointment that cannot stay may go: the slot at its own time with whoever is free
    then (None where nobody is, or the clinic is closed), and the next so many others. None of them
    needs what the slots in `without` need. Looks 6 weeks ahead."""
    laser = appointment.laser if appointment.laser and appointment.laser.in_service else None
    wanted = Wanted(
        kind=appointment.kind,
        patient=appointment.patient,
        plans=tuple(plans),
        minutes=appointment.minutes,
        laser=laser,
        moving=appointment,
    )
    search, day = Search(wanted), appointment.day
    first = first_day(wanted, day)
    until = first + timedelta(weeks=WEEKS[0])
    calendar = search.calendar(min(first, day), until).without(without)
    same = None
    is_to_come = appointment.starts_at > search.now
    if is_to_come and calendar.is_open(day, appointment.starts_at, appointment.ends_at):
        same = slot_at(calendar, search.needs, day, appointment.starts_at)
    others = offers(calendar, search.needs, first=first, until=until, count=count + 1)
    return same, [one for one in others if one.starts_at != appointment.starts_at][:count]


def course_of_slots(wanted, *, count, day=None, time=None):
    """Return the next so many slots of a course, each its interval after the one before.

    The first is at the day due, or from `day` on. All are with the same practitioner at about the
    same time, that of `time` or of the first, where that is free. Fewer than asked for if two years
    from now hold no more.
    """
    search, step = Search(wanted), step_of(wanted.plans)
    first = first_day(wanted, day)
    like = None
    if time is not None:
        start = timezone.make_aware(datetime.combine(first, time))
        like = Slot(start, start, wanted.practitioner)
    weeks = min(COURSE_WEEKS, WEEKS[0] + (step * count) // 7)
    until = first + timedelta(weeks=weeks)
    calendar = search.calendar(first, until)
    return course(
        calendar, search.needs, first=first, until=until, step=step, count=count, like=like
    )


def step_of(plans):
    """The days from one session of these courses to the next: the longest interval of them, and
    never less than the lasers need."""
    types = [plan.laser_type for plan in plans]
    gaps = [gap_days(*two) for two in combinations_with_replacement(types, 2)]
    return max([plan.interval_days for plan in plans] + gaps, default=1)


def first_day(wanted, day=None):
    """The first day to offer: `day` if given, else the day due; today or later, and safe."""
    days: list[date] = [timezone.localdate(), day or _due_on(wanted) or date.min]
    if wanted.kind == AppointmentKind.TREATMENT:
        days += filter(None, map(earliest_safe, wanted.plans))
    return max(days)


def _due_on(wanted):
    """The day the courses are due: after what is booked for them already, where something is."""
    if wanted.moving is not None:
        return wanted.moving.day
    due = [plan.next_due_on for plan in wanted.plans if plan.next_due_on]
    if wanted.kind == AppointmentKind.TREATMENT and wanted.plans:
        booked = Appointment.objects.holding().of_courses(wanted.plans).filter(kind=wanted.kind)
        if last := booked.aggregate(last=Max("starts_at"))["last"]:
            due.append(timezone.localdate(last) + step_of(wanted.plans) * DAY)
    return max(due, default=None)


def practitioners(kind, plans=()):
    """Those who may hold an appointment of this kind, whoever knows the course first."""
    known = usual_practitioner(plans)
    return tuple(sorted(bookable.practitioners(kind), key=lambda user: user.pk != known))


def usual_practitioner(plans):
    """The key of who held the last session of these courses, else the last appointment; or None."""
    if not plans:
        return None
    sessions = TreatmentSession.objects.done().filter(plan__in=plans, operator__isnull=False)
    last = sessions.order_by("-performed_on", "-pk").values_list("operator", flat=True).first()
    if last is not None:
        return last
    booked = Appointment.objects.standing().of_courses(plans).filter(practitioner__isnull=False)
    return booked.order_by("-starts_at", "-pk").values_list("practitioner", flat=True).first()


def lasers_for(plans):
    """The lasers in service with a mode of each type that these courses need."""
    types = {plan.laser_type for plan in plans}
    has = defaultdict(set)
    modes = LaserMode.objects.standing().filter(laser_type__in=types)
    for laser, laser_type in modes.values_list("laser", "laser_type"):
        has[laser].add(laser_type)
    return tuple(laser for laser in bookable.lasers() if has[laser.pk] >= types)


class Search:
    """What one search reads: once what is needed, and for each span what is taken."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.now = timezone.now()

    @cached_property
    def needs(self):
        wanted, plans = self.wanted, list(self.wanted.plans)
        lists = AuthorisedUsers()
        return Needs(
            minutes=wanted.minutes or minutes_for(wanted.kind, plans),
            patient=wanted.patient,
            practitioners=_only(wanted.practitioner) or practitioners(wanted.kind, plans),
            # Of a clinic that has no rooms, none is needed.
            rooms=_only(wanted.room) or tuple(bookable.rooms()) or None,
            lasers=_only(wanted.laser) or self._lasers(),
            may_use=lambda laser, user, day: lists.may_use(laser.pk, user.pk, day) is not False,
        )

    def _lasers(self):
        wanted = self.wanted
        needs_one = wanted.plans and wanted.kind in WITH_LASER
        # Where no single laser can treat all of it, times are found without one.
        return (lasers_for(wanted.plans) or None) if needs_one else None

    @cached_property
    def _settings(self):
        return ClinicSettings.objects.current().grid_minutes, OpeningHours.objects.by_weekday()

    def calendar(self, first, until):
        """What is open and taken from one day up to, and without, another. Three queries, two more
        the first time."""
        grid_minutes, hours = self._settings
        closed = ClosedDay.objects.standing().filter(day__gte=first, day__lt=until)
        return Calendar(
            hours=hours,
            grid_minutes=grid_minutes,
            now=self.now,
            closed=frozenset(closed.values_list("day", flat=True)),
            taken=self._taken(start_of(first), start_of(until)),
        )

    def _taken(self, start, end):
        needs, spans = self.needs, defaultdict(list)
        resources = {
            "practitioner": needs.practitioners,
            "room": needs.rooms or (),
            "laser": needs.lasers or (),
            "patient": (needs.patient,) if needs.patient else (),
        }
        known = {name: {one.pk: one for one in found} for name, found in resources.items()}
        for starts_at, ends_at, *keys in self._appointments(start, end):
            for name, key in zip(resources, keys, strict=True):
                if key in known[name]:
                    spans[known[name][key]].append((starts_at, ends_at))
        absences = Absence.objects.within(start, end).filter(user__in=needs.practitioners)
        for user, *span in absences.values_list("user", "starts_at", "ends_at"):
            spans[known["practitioner"][user]].append(tuple(span))
        return {one: Taken(found) for one, found in spans.items()}

    def _appointments(self, start, end):
        """None lasts longer than LONGEST; so the index finds those under way at the start too."""
        held = Appointment.objects.within(start, end).filter(starts_at__gt=start - LONGEST)
        if self.wanted.moving is not None:
            held = held.exclude(pk=self.wanted.moving.pk)
        return held.values_list(
            "starts_at", "ends_at", "practitioner", "room", "laser", "patient"
        ).order_by("starts_at")


def _only(resource):
    return (resource,) if resource is not None else None
