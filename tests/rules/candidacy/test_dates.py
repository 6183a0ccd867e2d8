"""Every line of the rulebook that ends on a day, by the whole rulebook: the day before its end it
still stands, on the day itself the laser is free of it, and so it is on the day after."""

from datetime import date, timedelta

import pytest

from consultations.rules.calendar import age_on
from consultations.rules.candidacy import assess
from consultations.rules.registry import candidacy
from consultations.vocabulary import Area, Isotretinoin, RecentProcedure, SurgeryKind

from ..builders import AB, AF, CAUTION, EVERY, EXCLUDE, HOLD, INFO, NA, NF, facts

DAY = timedelta(days=1)
RECOVERED = {"surgery_kind": SurgeryKind.LIFT, "recovered_from_surgery": True}
CLEARED = {**RECOVERED, "surgeon_cleared": True}
OF_FAT = {"surgery_kind": SurgeryKind.LIPOSUCTION, "recovered_from_surgery": True}
PAST = {"isotretinoin": Isotretinoin.PAST}
STOMACH = {"area": Area.STOMACH}

# Where the day counted to does not exist, the month's last day stands for it.
ONE_MONTH = [
    (date(2026, 3, 16), date(2026, 4, 16)),
    (date(2025, 12, 31), date(2026, 1, 31)),
    (date(2026, 1, 31), date(2026, 2, 28)),
    (date(2024, 1, 29), date(2024, 2, 29)),
    (date(2024, 1, 31), date(2024, 2, 29)),
    (date(2024, 2, 29), date(2024, 3, 29)),
    (date(2026, 3, 31), date(2026, 4, 30)),
]
THREE_MONTHS = [
    (date(2026, 3, 16), date(2026, 6, 16)),
    (date(2025, 11, 30), date(2026, 2, 28)),
    (date(2023, 11, 30), date(2024, 2, 29)),
    (date(2024, 2, 29), date(2024, 5, 29)),
]
SIX_MONTHS = [
    (date(2026, 3, 16), date(2026, 9, 16)),
    (date(2025, 8, 31), date(2026, 2, 28)),
    (date(2023, 8, 31), date(2024, 2, 29)),
    (date(2024, 2, 29), date(2024, 8, 29)),
    (date(2026, 3, 31), date(2026, 9, 30)),
]
TWELVE_MONTHS = [
    (date(2026, 3, 16), date(2027, 3, 16)),
    (date(2024, 2, 29), date(2025, 2, 28)),
    (date(2023, 2, 28), date(2024, 2, 28)),
    (date(2025, 12, 31), date(2026, 12, 31)),
]
# Across a year's end, and across February with and without its leap day.
STARTS = (date(2026, 3, 16), date(2025, 12, 20), date(2025, 2, 25), date(2024, 2, 25))


def after(days):
    return [(start, start + timedelta(days=days)) for start in STARTS]


PROCEDURES = {
    (RecentProcedure.BOTULINUM_TOXIN, RecentProcedure.THREAD_LIFT): [
        (INFO, (NA, NF), after(14)),
        (CAUTION, (AF, AB), after(14)),
    ],
    (RecentProcedure.RADIOFREQUENCY, RecentProcedure.ULTRASOUND, RecentProcedure.MICRONEEDLING): [
        (CAUTION, (NA, NF), after(14)),
        (CAUTION, (AF, AB), after(28)),
    ],
    (RecentProcedure.PEEL, RecentProcedure.LASER): [
        (HOLD, (NA, NF), after(14)),
        (HOLD, (AF, AB), after(28)),
    ],
    (RecentProcedure.DEEP_PEEL, RecentProcedure.DERMABRASION, RecentProcedure.FULL_ABLATION): [
        (HOLD, (NA, NF), after(36)),
        (HOLD, (AF, AB), SIX_MONTHS),
    ],
}
# id, the day that counts, what else is known, level, laser types, and from which day to which.
LINES = [
    ("surgery.recent", "surgery_on", RECOVERED, HOLD, EVERY, ONE_MONTH),
    ("surgery.early", "surgery_on", RECOVERED, HOLD, EVERY, THREE_MONTHS),
    ("surgery.early", "surgery_on", CLEARED, CAUTION, EVERY, THREE_MONTHS),
    ("surgery.ablative_wait", "surgery_on", RECOVERED, HOLD, (AF, AB), SIX_MONTHS),
    ("surgery.liposuction", "surgery_on", OF_FAT, HOLD, EVERY, TWELVE_MONTHS),
    ("isotretinoin", "isotretinoin_last_dose_on", PAST, INFO, (NA, NF), SIX_MONTHS),
    ("isotretinoin", "isotretinoin_last_dose_on", PAST, CAUTION, (AF,), SIX_MONTHS),
    ("isotretinoin", "isotretinoin_last_dose_on", PAST, HOLD, (AB,), SIX_MONTHS),
    ("delivery", "delivered_on", STOMACH, CAUTION, (NA, NF), TWELVE_MONTHS),
    ("delivery", "delivered_on", STOMACH, HOLD, (AF, AB), TWELVE_MONTHS),
    ("retinoid", "topical_retinoid_on", {}, INFO, (NA,), after(7)),
    ("retinoid", "topical_retinoid_on", {}, CAUTION, (NF, AF, AB), after(7)),
    ("tan", "tanned_on", {"tanned": True}, HOLD, (NA, NF), after(14)),
    ("tan", "tanned_on", {"tanned": True}, HOLD, (AF, AB), after(28)),
    ("tan", "tanned_on", {"tanned": None}, HOLD, (NA, NF), after(14)),
    ("tan", "tanned_on", {"tanned": None}, HOLD, (AF, AB), after(28)),
    ("filler", "filler_on", {}, CAUTION, (NA, NF), after(14)),
    ("filler", "filler_on", {}, HOLD, (AF, AB), after(14)),
    *(
        ("recent.procedure", "recent_procedure_on", {"recent_procedure": done}, *line)
        for procedures, lines in PROCEDURES.items()
        for done in procedures
        for line in lines
    ),
]
DATED = [
    pytest.param(id, {**known, name: day}, level, lasers, free_on, id=f"{id}-{line}-{day}")
    for line, (id, name, known, level, lasers, days) in enumerate(LINES)
    for day, free_on in days
]


def said_of(laser, id, given):
    """What the rulebook says of one laser type under an id: level and day."""
    return [
        (each.level, each.until)
        for each in assess(given).findings
        if each.id == id and laser in each.lasers
    ]


@pytest.mark.parametrize(("id", "changes", "level", "lasers", "free_on"), DATED)
def test_line_stands_to_the_day_before_it_ends(id, changes, level, lasers, free_on):
    for laser in lasers:
        assert said_of(laser, id, facts(on=free_on - DAY, **changes)) == [(level, free_on)]
        assert said_of(laser, id, facts(on=free_on, **changes)) == []
        assert said_of(laser, id, facts(on=free_on + DAY, **changes)) == []


HELD = [
    param
    for param in DATED
    if param.values[2] == HOLD and param.values[0] not in {"surgery.recent", "surgery.early"}
]


@pytest.mark.parametrize(("id", "changes", "level", "lasers", "free_on"), HELD)
def test_held_lasers_are_allowed_on_the_day_the_hold_ends(id, changes, level, lasers, free_on):
    """But for surgery in its first months, where the next wait takes over."""
    excluded = {AB} if changes.get("area") == Area.STOMACH else set()
    before, then = (assess(facts(on=day, **changes)).lasers for day in (free_on - DAY, free_on))
    assert {*before} & {*lasers} == set()
    assert {*then} >= {*lasers} - excluded


def test_every_line_that_ends_on_a_day_is_among_these():
    ends = {
        id
        for id, message in candidacy.messages.items()
        if any("after" in line.until for line in message.lines)
    }
    assert ends == {line[0] for line in LINES}


@pytest.mark.parametrize(("surgery_on", "begins_on"), ONE_MONTH)
def test_early_months_begin_where_the_first_month_ends(surgery_on, begins_on):
    operated = {**RECOVERED, "surgery_on": surgery_on}
    ids = ("surgery.recent", "surgery.early")
    spoken = [
        [id for id in ids if said_of(NA, id, facts(on=day, **operated))]
        for day in (begins_on - DAY, begins_on, begins_on + DAY)
    ]
    assert spoken == [["surgery.recent"], ["surgery.early"], ["surgery.early"]]


@pytest.mark.parametrize(
    ("born_on", "birthday"),
    [
        (date(2008, 3, 16), date(2026, 3, 16)),
        (date(2007, 12, 31), date(2025, 12, 31)),
        (date(2008, 2, 29), date(2026, 3, 1)),
    ],
)
def test_adult_on_the_eighteenth_birthday(born_on, birthday):
    days = (birthday - DAY, birthday, birthday + DAY)
    given = [facts(on=day, age=age_on(day, born_on)) for day in days]
    assert [each.age for each in given] == [17, 18, 18]
    found = [said_of(NA, "age.minor", each) for each in given]
    assert found == [[(EXCLUDE, None)], [], []]


@pytest.mark.parametrize(
    ("born_on", "birthday"),
    [
        (date(1950, 3, 16), date(2026, 3, 16)),
        (date(1948, 2, 29), date(2024, 2, 29)),
        (date(1952, 2, 29), date(2028, 2, 29)),
    ],
)
def test_old_from_the_seventy_sixth_birthday(born_on, birthday):
    days = (birthday - DAY, birthday, birthday + DAY)
    given = [facts(on=day, age=age_on(day, born_on)) for day in days]
    assert [each.age for each in given] == [75, 76, 76]
    found = [said_of(AB, "age.old", each) for each in given]
    assert found == [[], [(INFO, None)], [(INFO, None)]]
