"""The next free times for an appointment, and for the rest of a course."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
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
    Room,
    TreatmentSession,
)
from consultations.models.appointment import LONGEST, start_of
from consultations.rules.readiness.course import gap_days
from consultations.vocabulary import AppointmentKind

from . import bookable
from .authorised_users import AuthorisedUsers
from .chart import earliest_safe
from .free_time import DAY, Calendar, Needs, Taken, course, offers, slot_at
from .lengths import minutes_for

WEEKS = (6, 26)  # looked through first, and then where nothing was free in them
COURSE_WEEKS = 104  # absences and hours are not known further ahead
OFFERS = 6
WITH_LASER = (AppointmentKind.TREATMENT, AppointmentKind.TEST_PATCH)


@dataclass(frozen=True)
class Wanted:
    """What is to be booked: `plans` come with their assessments.

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


def same_time(appointment, plans):
    """The slot at an appointment's own time with whoever is free then; None where nobody is, or the
    clinic is closed."""
    wanted = _moving(appointment, plans)
    search, day = Search(wanted), appointment.day
    calendar = search.calendar(day, day + DAY)
    if not calendar.is_open(day, appointment.starts_at, appointment.ends_at):
        return None
    return slot_at(calendar, search.needs, day, appointment.starts_at)


def other_times(appointment, plans, *, count):
    """The next so many free slots for an appointment that cannot stay, from its day on."""
    return free_slots(_moving(appointment, plans), day=appointment.day, count=count)


def _moving(appointment, plans):
    return Wanted(
        kind=appointment.kind,
        patient=appointment.patient,
        plans=tuple(plans),
        minutes=appointment.minutes,
        moving=appointment,
    )


def course_of_slots(wanted, *, count, after=None):
    """Return the next so many slots of a course, each its interval after the one before.

    The first is at the day due, or its interval after `after`, which is a slot or an appointment.
    All are with the same practitioner at about the same time, where that is free. Fewer than asked
    for if two years from now hold no more.
    """
    search, step = Search(wanted), step_of(wanted.plans)
    day = timezone.localdate(after.starts_at) + step * DAY if after is not None else None
    first = first_day(wanted, day)
    weeks = min(COURSE_WEEKS, WEEKS[0] + (step * count) // 7)
    until = first + timedelta(weeks=weeks)
    calendar = search.calendar(first, until)
    return course(
        calendar, search.needs, first=first, until=until, step=step, count=count, like=after
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
            rooms=_only(wanted.room) or _rooms(),
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
            "patient": (needs.patient,),
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


def _rooms():
    """The rooms in use; None where the clinic has none, so that none is needed."""
    return tuple(Room.objects.standing().filter(in_use=True).order_by("name", "pk")) or None
