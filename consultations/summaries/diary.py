"""The diary: the appointments and calls of one day or of several, and the columns that they stand
in."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from consultations.models import (
    Absence,
    Appointment,
    AppointmentPlan,
    ClinicSettings,
    ClosedDay,
    FollowUp,
    OpeningHours,
)
from consultations.models.appointment import HOLDING, LONGEST, ends_of
from consultations.models.patient import full_name
from consultations.vocabulary import AppointmentKind, PlanStatus

from .bookable import RESOURCES, lasers, practitioners, rooms
from .consents import ANSWER, consent_joined, refused_today
from .timeline import name_of

BY = tuple(RESOURCES)
DAYS_OF_A_WEEK = 7
PERSON = ("first_name", "last_name", "username")
GOES_ON = (PlanStatus.ACTIVE, PlanStatus.PAUSED)
CALL = "call"
CALL_TAKES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment as the diary shows it, or a call: of that, `pk` is the follow-up's, and its
    `status` is "". `start` and `end` are its times by the clinic's clock; `names` are of its
    practitioner, room and laser, "" for none. `is_refused`: it is to treat what the patient said no
    to since."""

    pk: int
    version: int
    kind: str
    status: str
    starts_at: object
    ends_at: object
    start: object
    end: object
    arrived_at: object
    is_overbooked: bool
    patient: str
    keys: dict
    names: dict
    areas: tuple = ()
    is_refused: bool = False
    patient_pk: int | None = None

    @property
    def is_call(self):
        return self.kind == CALL

    @property
    def is_holding(self):
        return self.status in HOLDING

    @property
    def minutes(self):
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Column:
    """One practitioner, room or laser on one day; `key` is None for what is to be assigned."""

    key: int | None
    name: str
    day: date
    absences: tuple = ()


@dataclass(frozen=True, slots=True)
class Day:
    """When the clinic is open on a day; `why_closed` is None on a day that it is not closed on."""

    day: date
    hours: tuple
    why_closed: str | None = None

    @property
    def spans(self):
        return () if self.why_closed is not None else self.hours


@dataclass(frozen=True, slots=True)
class Diary:
    by: str
    days: tuple
    columns: tuple
    entries: tuple
    clinic: ClinicSettings


def day_of(day, by):
    """The diary of one day, its columns by practitioner, room or laser."""
    entries = entries_of(day)
    if by == "practitioner":
        entries += calls_of(day)
    absences = _absences(day) if by == "practitioner" else {}
    columns = [
        Column(key, name, day, absences.get(key, ()))
        for key, name in _with_those_booked(COLUMNS[by](), entries, by).items()
    ]
    return Diary(by, days_of(day), tuple(columns), tuple(entries), ClinicSettings.objects.current())


def week_of(monday, practitioner):
    """The diary of one practitioner in the week that begins on this day: the days that have hours
    or appointments, or all seven where none has."""
    entries = entries_of(monday, DAYS_OF_A_WEEK, practitioner=practitioner.pk)
    entries += calls_of(monday, DAYS_OF_A_WEEK, handed_to=practitioner.pk)
    absences = _absences(monday, DAYS_OF_A_WEEK).get(practitioner.pk, ())
    held = {day_within(entry, monday) for entry in entries}
    every = days_of(monday, DAYS_OF_A_WEEK)
    days = [one for one in every if one.hours or one.day in held] or every
    columns = [Column(practitioner.pk, name_of(practitioner), one.day, absences) for one in days]
    return Diary(
        "practitioner",
        tuple(days),
        tuple(columns),
        tuple(entries),
        ClinicSettings.objects.current(),
    )


def day_within(entry, first):
    """The day that an entry stands on in a diary that begins with this one."""
    return max(entry.start.date(), first)


def days_of(first, days=1):
    """When the clinic is open on so many days from this one on."""
    hours = OpeningHours.objects.by_weekday()
    every = [date.fromordinal(first.toordinal() + number) for number in range(days)]
    closed = dict(ClosedDay.objects.standing().filter(day__in=every).values_list("day", "why"))
    return tuple(Day(one, hours.get(one.weekday(), ()), closed.get(one)) for one in every)


def _absences(day, days=1):
    """The absences that touch these days, by the key of who is away: from and until when by the
    clinic's clock, and why."""
    found, zone = {}, timezone.get_current_timezone()
    rows = Absence.objects.within(*ends_of(day, days)).order_by("starts_at", "pk")
    for user, start, end, why in rows.values_list("user", "starts_at", "ends_at", "why"):
        absence = (start.astimezone(zone), end.astimezone(zone), why)
        found[user] = (*found.get(user, ()), absence)
    return found


# Columns, by what they are of: their names by key, in order


def _practitioners():
    return {one.pk: name_of(one) for one in practitioners().only(*PERSON)}


def _rooms():
    return dict(rooms().values_list("pk", "name"))


def _lasers():
    return dict(lasers().values_list("pk", "name"))


COLUMNS = {"practitioner": _practitioners, "room": _rooms, "laser": _lasers}


def _with_those_booked(names, entries, by):
    """Whoever else is booked that day stands behind the others, and what is not assigned last."""
    others = {entry.keys[by]: entry.names[by] for entry in entries}
    unassigned = {None: ""} if others.pop(None, None) is not None else {}
    later = sorted(others.items() - names.items(), key=lambda one: one[1].casefold())
    return names | dict(later) | unassigned


# Entries

READ = (
    "pk",
    "version",
    "kind",
    "status",
    "starts_at",
    "ends_at",
    "arrived_at",
    "overbooked_reason",
    "patient__family_name",
    "patient__given_name",
    "practitioner",
    *(f"practitioner__{name}" for name in PERSON),
    "room",
    "room__name",
    "laser",
    "laser__name",
)


def entries_of(day, days=1, **narrowed):
    """The appointments that hold a part of these days, by the clock. Two queries."""
    start, end = ends_of(day, days)
    rows = (
        Appointment.objects.standing()
        .filter(starts_at__gte=start - LONGEST, starts_at__lt=end, ends_at__gt=start, **narrowed)
        .order_by("starts_at", "pk")
        .values_list(*READ, named=True)
    )
    rows = list(rows)
    courses = _courses([row.pk for row in rows])
    zone = timezone.get_current_timezone()
    return [_entry(row, courses.get(row.pk, ()), zone) for row in rows]


@dataclass(frozen=True, slots=True)
class _Course:
    """What an appointment is for; `is_refused`: the patient's latest answer to it is a no."""

    area: str
    status: str
    is_refused: bool


def _courses(keys):
    """The courses that each of these appointments is for, in one query."""
    rows = AppointmentPlan.objects.standing().filter(appointment__in=keys)
    read = ("appointment", "plan", "plan__assessment__area", "plan__status")
    consents = [f"plan__consents__{name}" for name in ANSWER]
    held, said = {}, {}
    for key, plan, area, status, *values in rows.order_by("plan").values_list(*read, *consents):
        held.setdefault(key, {})[plan] = (area, status)
        if consent := consent_joined(values):
            said.setdefault(plan, {})[consent.pk] = consent
    refused = refused_today({plan: list(found.values()) for plan, found in said.items()})
    return {
        key: tuple(_Course(*about, plan in refused) for plan, about in plans.items())
        for key, plans in held.items()
    }


CALL_READ = (
    *("pk", "version", "due_on", "due_time", "handed_to"),
    *(f"handed_to__{name}" for name in PERSON),
    *("patient", "patient__family_name", "patient__given_name"),
)


def calls_of(day, days=1, **narrowed):
    """The calls to be made at a time on these days, by the clock. They hold nobody's time."""
    rows = FollowUp.objects.calls(day, days).filter(**narrowed).order_by("due_on", "pk")
    calls = rows.select_related("patient", "handed_to").only(*CALL_READ)
    return sorted(map(_call, calls), key=lambda one: (one.starts_at, one.pk))


def _call(follow_up):
    start, zone = follow_up.due_at, timezone.get_current_timezone()
    who = follow_up.handed_to
    return Entry(
        pk=follow_up.pk,
        version=follow_up.version,
        kind=CALL,
        status="",
        starts_at=start,
        ends_at=start + CALL_TAKES,
        start=start.astimezone(zone),
        end=(start + CALL_TAKES).astimezone(zone),
        arrived_at=None,
        is_overbooked=False,
        patient=follow_up.patient.full_name,
        patient_pk=follow_up.patient_id,
        keys={"practitioner": follow_up.handed_to_id},
        names={"practitioner": name_of(who) if who else ""},
    )


def _entry(row, courses, zone):
    person = f"{row.practitioner__first_name or ''} {row.practitioner__last_name or ''}".strip()
    return Entry(
        pk=row.pk,
        version=row.version,
        kind=row.kind,
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        start=row.starts_at.astimezone(zone),
        end=row.ends_at.astimezone(zone),
        arrived_at=row.arrived_at,
        is_overbooked=bool(row.overbooked_reason),
        patient=full_name(row.patient__family_name, row.patient__given_name),
        keys={"practitioner": row.practitioner, "room": row.room, "laser": row.laser},
        names={
            "practitioner": person or row.practitioner__username or "",
            "room": row.room__name or "",
            "laser": row.laser__name or "",
        },
        areas=tuple((one.area, one.status) for one in courses),
        is_refused=_is_to_treat(row)
        and any(one.is_refused and one.status in GOES_ON for one in courses),
    )


def _is_to_treat(row):
    return row.kind == AppointmentKind.TREATMENT and row.status in HOLDING
