"""Free time planned from lists: hours, breaks, who is taken, the clock that changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from consultations.summaries.free_time import (
    Calendar,
    Needs,
    Slot,
    Taken,
    course,
    offers,
    slots_on,
)

MONDAY = date(2026, 6, 1)
DAY = timedelta(days=1)
NINE_TO_SIX = dict.fromkeys(range(5), ((time(9), time(18)),))
WITH_LUNCH = dict.fromkeys(range(5), ((time(9), time(10)), (time(13), time(14))))
ANY_DAY = dict.fromkeys(range(7), ((time(9), time(18)),))


def at(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def span(day, start, end):
    return at(day, start), at(day, end)


def calendar(hours=NINE_TO_SIX, taken=None, **others):
    taken = {name: Taken(spans) for name, spans in (taken or {}).items()}
    others = {"grid_minutes": 30, "now": at(MONDAY, 0)} | others
    return Calendar(hours=hours, taken=taken, **others)


def needs(minutes=30, practitioners=("ada",), **others):
    return Needs(minutes=minutes, patient="eva", practitioners=practitioners, **others)


def local(moment):
    return f"{timezone.localtime(moment):%a %d %H:%M}"


def starts(slots):
    return [local(one.starts_at) for one in slots]


def offered(calendar, needs, *, first=MONDAY, days=14, count=6):
    return offers(calendar, needs, first=first, until=first + days * DAY, count=count)


def test_what_touches_is_free_and_what_overlaps_is_not():
    taken = Taken([(5, 7), (1, 3), (2, 4)])
    assert [taken.is_free(*one) for one in ((4, 5), (0, 1), (7, 9), (3, 5), (6, 7), (0, 9))] == [
        *(True, True, True),
        *(False, False, False),
    ]


def test_nothing_runs_into_the_break_or_beyond_the_hours():
    found = slots_on(calendar(WITH_LUNCH), needs(45), MONDAY)
    assert starts(found) == ["Mon 01 09:00", "Mon 01 13:00"]


def test_starts_are_on_the_grid_also_where_the_hours_are_not():
    hours = {0: ((time(9, 5), time(10, 10)),)}
    found = slots_on(calendar(hours, grid_minutes=15), needs(30), MONDAY)
    assert starts(found) == ["Mon 01 09:15", "Mon 01 09:30"]


def test_nothing_is_offered_in_the_past():
    found = slots_on(calendar(WITH_LUNCH, now=at(MONDAY, 9, 10)), needs(), MONDAY)
    assert starts(found) == ["Mon 01 09:30", "Mon 01 13:00", "Mon 01 13:30"]


def test_closed_days_and_weekends_are_left_out():
    closed = frozenset({MONDAY, MONDAY + DAY})
    found = offered(calendar(closed=closed), needs(), count=8)
    assert [f"{one.day:%a %d}" for one in found][::2] == ["Wed 03", "Thu 04", "Fri 05", "Mon 08"]


def test_offers_are_the_first_of_each_morning_and_afternoon():
    assert starts(offered(calendar(), needs(), count=3)) == [
        "Mon 01 09:00",
        "Mon 01 13:00",
        "Tue 02 09:00",
    ]


@pytest.mark.parametrize("busy", ["ada", "eva", "room", "laser"])
def test_whoever_and_whatever_is_needed_has_to_be_free(busy):
    taken = {busy: [span(MONDAY, 9, 11)]}
    wanted = needs(rooms=("room",), lasers=("laser",))
    [first] = offered(calendar(taken=taken), wanted, count=1)
    assert first == Slot(at(MONDAY, 11), at(MONDAY, 11, 30), "ada", "room", "laser")


def test_the_next_room_laser_and_practitioner_stand_in():
    taken = {name: [span(MONDAY, 9, 18)] for name in ("ada", "room", "laser")}
    wanted = needs(
        practitioners=("ada", "ben"), rooms=("room", "other"), lasers=("laser", "second")
    )
    [first] = offered(calendar(taken=taken), wanted, count=1)
    assert first == Slot(at(MONDAY, 9), at(MONDAY, 9, 30), "ben", "other", "second")


def test_the_first_practitioner_is_offered_where_they_are_free_that_half_day():
    taken = {"ada": [span(MONDAY, 9, 11), span(MONDAY, 13, 18)]}
    found = offered(calendar(taken=taken), needs(practitioners=("ada", "ben")), count=2)
    assert [(local(one.starts_at), one.practitioner) for one in found] == [
        ("Mon 01 11:00", "ada"),
        ("Mon 01 13:00", "ben"),
    ]


def test_nobody_gets_a_laser_they_may_not_use():
    wanted = needs(
        practitioners=("ada", "ben"),
        lasers=("old", "new"),
        may_use=lambda laser, person, day: (laser, person) == ("new", "ben"),
    )
    [first] = offered(calendar(), wanted, count=1)
    assert (first.practitioner, first.laser) == ("ben", "new")


@pytest.mark.parametrize(
    "wanted",
    [
        needs(practitioners=()),
        needs(rooms=()),
        needs(lasers=()),
        needs(lasers=("laser",), may_use=lambda *one: False),
        needs(minutes=600),
    ],
)
def test_none_is_free_at_all(wanted):
    assert offered(calendar(), wanted) == []


@pytest.mark.parametrize(
    ("sunday", "utc"), [(date(2026, 3, 29), 8), (date(2026, 10, 25), 9)], ids=["spring", "autumn"]
)
def test_nine_is_nine_by_the_clock_on_the_wall(sunday, utc):
    now = at(sunday, 0)
    found = offers(calendar(ANY_DAY, now=now), needs(), first=sunday, until=sunday + DAY, count=1)
    assert starts(found) == [f"{sunday:%a %d} 09:00"]
    assert found[0].starts_at == datetime.combine(sunday, time(utc), UTC)


@pytest.mark.parametrize(
    ("sunday", "hours"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5)], ids=["spring", "autumn"]
)
def test_a_night_has_as_many_hours_as_it_has(sunday, hours):
    nights = {6: ((time(0), time(4)),)}
    free = calendar(nights, now=at(sunday, 0), grid_minutes=60)
    found = list(slots_on(free, needs(60), sunday))
    assert len(found) == hours
    assert found[-1].ends_at == at(sunday, 4)


def test_absence_of_whole_days_across_the_change_ends_at_midnight():
    saturday = date(2026, 10, 24)
    taken = {"ada": [(at(saturday, 0), at(saturday + 2 * DAY, 0))]}
    free = calendar(ANY_DAY, taken, now=at(saturday, 0))
    assert starts(offered(free, needs(), first=saturday, count=1)) == ["Mon 26 09:00"]


def rest(calendar, needs, *, first=MONDAY, days=120, step=28, count=3, like=None):
    until = first + days * DAY
    return course(calendar, needs, first=first, until=until, step=step, count=count, like=like)


def test_a_course_keeps_its_interval_time_and_practitioner():
    like = Slot(at(MONDAY - 28 * DAY, 14), at(MONDAY - 28 * DAY, 15), "ben")
    found = rest(calendar(), needs(practitioners=("ada", "ben")), like=like)
    assert [(local(one.starts_at), one.practitioner) for one in found] == [
        ("Mon 01 14:00", "ben"),
        ("Mon 29 14:00", "ben"),
        ("Mon 27 14:00", "ben"),
    ]


def test_a_course_keeps_its_time_on_the_wall_across_both_changes():
    first = date(2026, 3, 2)
    found = rest(calendar(now=at(first, 0)), needs(), first=first, days=365, step=91)
    assert starts(found) == ["Mon 02 09:00", "Mon 01 09:00", "Mon 31 09:00"]
    found = rest(calendar(now=at(first, 0)), needs(), first=date(2026, 10, 12), count=2)
    assert [one.starts_at.hour for one in found] == [8, 9]


def test_a_course_waits_some_days_for_its_own_practitioner():
    like = Slot(at(MONDAY - DAY, 10), at(MONDAY - DAY, 11), "ada")
    taken = {"ada": [(at(MONDAY, 0), at(MONDAY + 2 * DAY, 0))]}
    found = rest(calendar(taken=taken), needs(practitioners=("ben", "ada")), count=1, like=like)
    assert [(local(one.starts_at), one.practitioner) for one in found] == [("Wed 03 10:00", "ada")]


def test_a_course_takes_the_nearest_where_its_practitioner_is_away_for_long():
    like = Slot(at(MONDAY - DAY, 10), at(MONDAY - DAY, 11), "ada")
    taken = {"ada": [(at(MONDAY, 0), at(MONDAY + 60 * DAY, 0))], "ben": [span(MONDAY, 9, 12)]}
    found = rest(calendar(taken=taken), needs(practitioners=("ada", "ben")), count=1, like=like)
    assert [(local(one.starts_at), one.practitioner) for one in found] == [("Mon 01 12:00", "ben")]


def test_a_course_is_as_long_as_there_is_time():
    assert starts(rest(calendar(), needs(), days=35, count=5)) == ["Mon 01 09:00", "Mon 29 09:00"]
    assert rest(calendar(), needs(practitioners=())) == []
