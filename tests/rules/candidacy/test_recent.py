"""A tan, a filler and what was done elsewhere each need their days."""

from datetime import date, timedelta

import pytest

from consultations.rules.candidacy.recent import (
    LINE_OF,
    filler,
    procedure,
    procedure_free_on,
    tan,
    weightiest_procedure,
)
from consultations.vocabulary import RecentProcedure

from ..builders import AB, AF, CAUTION, EVERY, HOLD, INFO, NA, NF, ON, facts, messages, said

DAY = timedelta(days=1)

INJECTED = [RecentProcedure.BOTULINUM_TOXIN, RecentProcedure.THREAD_LIFT]
BY_DEVICE = [
    RecentProcedure.RADIOFREQUENCY,
    RecentProcedure.ULTRASOUND,
    RecentProcedure.MICRONEEDLING,
]
SURFACE = [RecentProcedure.PEEL, RecentProcedure.LASER]
RESURFACED = [
    RecentProcedure.DEEP_PEEL,
    RecentProcedure.DERMABRASION,
    RecentProcedure.FULL_ABLATION,
]
SIX_MONTHS = [
    (date(2026, 3, 10), date(2026, 9, 10)),
    (date(2025, 8, 31), date(2026, 2, 28)),
    (date(2023, 8, 31), date(2024, 2, 29)),
    (date(2024, 2, 29), date(2024, 8, 29)),
]


def days_ago(days):
    return ON - timedelta(days=days)


# Tan


@pytest.mark.parametrize("day", [None, days_ago(28), days_ago(29), days_ago(400)])
def test_tan_silent_without_one_or_after_four_weeks(day):
    assert tan(facts(tanned=None, tanned_on=day)) == []


def test_tan_silent_on_a_plain_no():
    assert tan(facts(tanned=False)) == []


@pytest.mark.parametrize("answer", [True, None])
@pytest.mark.parametrize("days", [0, 1, 13])
def test_tan_holds_every_laser_within_two_weeks(answer, days):
    assert said(tan(facts(tanned=answer, tanned_on=days_ago(days)))) == [
        ("tan", HOLD, (NA, NF), days_ago(days - 14)),
        ("tan", HOLD, (AF, AB), days_ago(days - 28)),
    ]


@pytest.mark.parametrize("answer", [True, None])
@pytest.mark.parametrize("days", [14, 15, 27])
def test_tan_holds_ablative_lasers_for_two_weeks_more(answer, days):
    assert said(tan(facts(tanned=answer, tanned_on=days_ago(days)))) == [
        ("tan", HOLD, (AF, AB), days_ago(days - 28))
    ]


@pytest.mark.parametrize("days", [28, 29])
def test_tan_is_over_after_four_weeks(days):
    assert tan(facts(tanned=True, tanned_on=days_ago(days))) == []


def test_tan_on_a_day_not_known_has_no_known_end():
    assert said(tan(facts(tanned=True))) == [("tan", HOLD, EVERY, None)]


# Filler


@pytest.mark.parametrize("filler_on", [None, days_ago(14), days_ago(15)])
def test_filler_silent_without_one_or_after_two_weeks(filler_on):
    assert filler(facts(filler_on=filler_on)) == []


@pytest.mark.parametrize("days", [0, 1, 13])
def test_filler_holds_ablative_lasers_for_two_weeks(days):
    assert said(filler(facts(filler_on=days_ago(days)))) == [
        ("filler", CAUTION, (NA, NF), days_ago(days - 14)),
        ("filler", HOLD, (AF, AB), days_ago(days - 14)),
    ]


# Done elsewhere


@pytest.mark.parametrize("answer", [None, RecentProcedure.NONE])
@pytest.mark.parametrize("day", [None, ON])
def test_procedure_silent_without_one(answer, day):
    assert procedure(facts(recent_procedure=answer, recent_procedure_on=day)) == []


def test_every_procedure_has_its_line():
    assert {*LINE_OF} == {*INJECTED, *BY_DEVICE, *SURFACE, *RESURFACED}
    assert {*RecentProcedure} - {*LINE_OF} == {RecentProcedure.NONE}


def done(what, days):
    """What is said so many days after a procedure."""
    return said(procedure(facts(recent_procedure=what, recent_procedure_on=days_ago(days))))


@pytest.mark.parametrize("what", INJECTED)
def test_injection_cautions_ablative_lasers_for_two_weeks(what):
    for days in (0, 13):
        assert done(what, days) == [
            ("recent.procedure", INFO, (NA, NF), days_ago(days - 14)),
            ("recent.procedure", CAUTION, (AF, AB), days_ago(days - 14)),
        ]
    assert done(what, 14) == done(what, 15) == []


@pytest.mark.parametrize(
    ("what", "level"),
    [*((what, CAUTION) for what in BY_DEVICE), *((what, HOLD) for what in SURFACE)],
)
def test_device_peel_or_laser_counts_two_weeks_and_four_before_ablation(what, level):
    for days in (0, 13):
        assert done(what, days) == [
            ("recent.procedure", level, (NA, NF), days_ago(days - 14)),
            ("recent.procedure", level, (AF, AB), days_ago(days - 28)),
        ]
    for days in (14, 15, 27):
        assert done(what, days) == [("recent.procedure", level, (AF, AB), days_ago(days - 28))]
    assert done(what, 28) == done(what, 29) == []


@pytest.mark.parametrize("what", RESURFACED)
def test_resurfacing_holds_gentle_lasers_for_thirty_six_days(what):
    for days in (0, 35):
        assert done(what, days) == [
            ("recent.procedure", HOLD, (NA, NF), days_ago(days - 36)),
            ("recent.procedure", HOLD, (AF, AB), procedure_free_on(what, days_ago(days))[AF]),
        ]
    for days in (36, 37):
        assert done(what, days) == [
            ("recent.procedure", HOLD, (AF, AB), procedure_free_on(what, days_ago(days))[AF])
        ]


@pytest.mark.parametrize("what", RESURFACED)
@pytest.mark.parametrize(("done_on", "free_on"), SIX_MONTHS)
def test_resurfacing_holds_ablative_lasers_for_six_months(what, done_on, free_on):
    resurfaced = {"recent_procedure": what, "recent_procedure_on": done_on}
    last = procedure(facts(on=free_on - DAY, **resurfaced))
    assert said(last) == [("recent.procedure", HOLD, (AF, AB), free_on)]
    assert procedure(facts(on=free_on, **resurfaced)) == []
    assert procedure(facts(on=free_on + DAY, **resurfaced)) == []


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        *(
            (
                what,
                [
                    ("recent.procedure", INFO, (NA, NF), None),
                    ("recent.procedure", CAUTION, (AF, AB), None),
                ],
            )
            for what in INJECTED
        ),
        *((what, [("recent.procedure", CAUTION, EVERY, None)]) for what in BY_DEVICE),
        *((what, [("recent.procedure", HOLD, EVERY, None)]) for what in [*SURFACE, *RESURFACED]),
    ],
)
def test_procedure_on_a_day_not_known_has_no_known_end(what, expected):
    assert said(procedure(facts(recent_procedure=what))) == expected


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (RecentProcedure.DEEP_PEEL, "deep peel"),
        (RecentProcedure.LASER, "laser"),
        (RecentProcedure.BOTULINUM_TOXIN, "botulinum toxin"),
    ],
)
def test_procedure_is_named(what, words):
    findings = procedure(facts(recent_procedure=what))
    assert {*messages(findings)} == {f"Recently in this area, elsewhere: {words}."}


# The calendar


def test_recent_days_count_across_a_leap_day():
    after = facts(
        on=date(2024, 3, 1),
        tanned=True,
        tanned_on=date(2024, 2, 16),
        filler_on=date(2024, 2, 17),
        recent_procedure=RecentProcedure.PEEL,
        recent_procedure_on=date(2024, 2, 3),
    )
    assert said([*tan(after), *filler(after), *procedure(after)]) == [
        ("tan", HOLD, (AF, AB), date(2024, 3, 15)),
        ("filler", CAUTION, (NA, NF), date(2024, 3, 2)),
        ("filler", HOLD, (AF, AB), date(2024, 3, 2)),
        ("recent.procedure", HOLD, (AF, AB), date(2024, 3, 2)),
    ]


@pytest.mark.parametrize("day", [date(9999, 12, 18), date(9999, 12, 31)])
def test_recent_days_end_with_the_calendar(day):
    after = facts(
        tanned=True,
        tanned_on=day,
        filler_on=day,
        recent_procedure=RecentProcedure.FULL_ABLATION,
        recent_procedure_on=day,
    )
    assert said([*tan(after), *filler(after), *procedure(after)]) == [
        ("tan", HOLD, EVERY, date.max),
        ("filler", CAUTION, (NA, NF), date.max),
        ("filler", HOLD, (AF, AB), date.max),
        ("recent.procedure", HOLD, EVERY, date.max),
    ]


TOXIN, PEEL, ABLATION = (
    RecentProcedure.BOTULINUM_TOXIN,
    RecentProcedure.PEEL,
    RecentProcedure.FULL_ABLATION,
)


@pytest.mark.parametrize(
    ("told", "laser", "counts"),
    [
        ({}, NA, None),
        ({TOXIN: ON - 14 * DAY}, NA, None),
        ({TOXIN: ON - 1 * DAY}, NA, (TOXIN, ON - 1 * DAY)),
        ({TOXIN: ON - 1 * DAY, PEEL: ON - 10 * DAY}, NA, (PEEL, ON - 10 * DAY)),
        ({ABLATION: ON - 60 * DAY, TOXIN: ON - 1 * DAY}, AF, (ABLATION, ON - 60 * DAY)),
        ({ABLATION: ON - 60 * DAY, TOXIN: ON - 1 * DAY}, NA, (TOXIN, ON - 1 * DAY)),
        ({PEEL: ON - 1 * DAY, ABLATION: ON - 1 * DAY}, NA, (ABLATION, ON - 1 * DAY)),
        ({PEEL: None, ABLATION: ON - 1 * DAY}, NA, (PEEL, None)),
    ],
)
def test_of_several_procedures_the_one_that_weighs_most_counts(told, laser, counts):
    assert weightiest_procedure(told, laser, ON) == counts
