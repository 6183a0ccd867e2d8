"""After surgery in the area, laser waits; then it may touch up."""

from datetime import date

import pytest

from consultations.rules.candidacy.surgery import (
    ablative_wait,
    early,
    liposuction,
    recent,
    recovering,
    referral_open,
    touch_up,
    undated,
)
from consultations.rules.registry import candidacy
from consultations.vocabulary import SurgeryKind

from ..builders import AB, AF, CAUTION, EVERY, HOLD, INFO, NA, NF, facts, said

SURGERY_RULES = (recovering, recent, early, ablative_wait, liposuction, undated, touch_up)

# One month after the last of January is the end of February, so the month ends are short.
ONE_MONTH = [
    (date(2026, 3, 10), date(2026, 4, 10)),
    (date(2026, 1, 31), date(2026, 2, 28)),
    (date(2024, 1, 31), date(2024, 2, 29)),
    (date(2025, 12, 31), date(2026, 1, 31)),
]
THREE_MONTHS = [
    (date(2026, 3, 10), date(2026, 6, 10)),
    (date(2025, 11, 30), date(2026, 2, 28)),
    (date(2023, 11, 30), date(2024, 2, 29)),
]
SIX_MONTHS = [
    (date(2026, 3, 10), date(2026, 9, 10)),
    (date(2025, 8, 31), date(2026, 2, 28)),
    (date(2023, 8, 31), date(2024, 2, 29)),
]
TWELVE_MONTHS = [
    (date(2026, 3, 10), date(2027, 3, 10)),
    (date(2024, 2, 29), date(2025, 2, 28)),
]


def day_before(day):
    return date.fromordinal(day.toordinal() - 1)


def day_after(day):
    return date.fromordinal(day.toordinal() + 1)


@pytest.mark.parametrize("rule", SURGERY_RULES)
@pytest.mark.parametrize("changes", [{}, {"surgeon_cleared": True}, {"surgeon_cleared": False}])
def test_surgery_silent_without_surgery(rule, changes):
    assert rule(facts(**changes)) == []


@pytest.mark.parametrize("rule", [recent, early, ablative_wait, liposuction])
def test_surgery_waits_silent_without_a_day(rule):
    assert rule(facts(surgery_kind=SurgeryKind.LIPOSUCTION, recovered_from_surgery=False)) == []


@pytest.mark.parametrize(
    "surgery",
    [
        {"surgery_on": date(2020, 1, 1)},
        {"surgery_kind": SurgeryKind.LIFT},
        {"surgery_on": date(2020, 1, 1), "recovered_from_surgery": False},
        {"recovered_from_surgery": False},
    ],
)
def test_recovering_holds_with_no_known_end(surgery):
    assert said(recovering(facts(**surgery))) == [("surgery.recovering", HOLD, EVERY, None)]
    assert touch_up(facts(**surgery)) == []


@pytest.mark.parametrize("surgery_on", [None, date(2020, 1, 1)])
def test_touch_up_noted_once_recovered(surgery_on):
    operated = facts(surgery_on=surgery_on, recovered_from_surgery=True)
    assert said(touch_up(operated)) == [("surgery.touch_up", INFO, EVERY, None)]
    assert recovering(operated) == []


@pytest.mark.parametrize(("surgery_on", "free_on"), ONE_MONTH)
def test_recent_holds_for_one_month(surgery_on, free_on):
    expected = [("surgery.recent", HOLD, EVERY, free_on)]
    assert said(recent(facts(surgery_on=surgery_on, on=surgery_on))) == expected
    assert said(recent(facts(surgery_on=surgery_on, on=day_before(free_on)))) == expected
    assert recent(facts(surgery_on=surgery_on, on=free_on)) == []
    assert recent(facts(surgery_on=surgery_on, on=day_after(free_on))) == []


@pytest.mark.parametrize("cleared", [True, False, None])
def test_recent_holds_whatever_the_surgeon_says(cleared):
    operated = facts(surgery_on=date(2026, 3, 10), surgeon_cleared=cleared)
    assert said(recent(operated)) == [("surgery.recent", HOLD, EVERY, date(2026, 4, 10))]


@pytest.mark.parametrize(("surgery_on", "begins_on"), ONE_MONTH)
def test_early_begins_where_recent_ends(surgery_on, begins_on):
    assert early(facts(surgery_on=surgery_on, on=day_before(begins_on))) == []
    assert len(early(facts(surgery_on=surgery_on, on=begins_on))) == 1
    assert len(early(facts(surgery_on=surgery_on, on=day_after(begins_on)))) == 1


@pytest.mark.parametrize(("surgery_on", "free_on"), THREE_MONTHS)
@pytest.mark.parametrize(("cleared", "level"), [(None, HOLD), (False, HOLD), (True, CAUTION)])
def test_early_holds_to_three_months_unless_cleared(surgery_on, free_on, cleared, level):
    operated = {"surgery_on": surgery_on, "surgeon_cleared": cleared}
    assert said(early(facts(on=day_before(free_on), **operated))) == [
        ("surgery.early", level, EVERY, free_on)
    ]
    assert early(facts(on=free_on, **operated)) == []
    assert early(facts(on=day_after(free_on), **operated)) == []


@pytest.mark.parametrize(("surgery_on", "free_on"), SIX_MONTHS)
def test_ablative_wait_holds_ablative_lasers_for_six_months(surgery_on, free_on):
    expected = [("surgery.ablative_wait", HOLD, (AF, AB), free_on)]
    assert said(ablative_wait(facts(surgery_on=surgery_on, on=surgery_on))) == expected
    assert said(ablative_wait(facts(surgery_on=surgery_on, on=day_before(free_on)))) == expected
    assert ablative_wait(facts(surgery_on=surgery_on, on=free_on)) == []
    assert ablative_wait(facts(surgery_on=surgery_on, on=day_after(free_on))) == []


@pytest.mark.parametrize(("surgery_on", "free_on"), TWELVE_MONTHS)
def test_liposuction_holds_for_a_year(surgery_on, free_on):
    operated = {"surgery_on": surgery_on, "surgery_kind": SurgeryKind.LIPOSUCTION}
    expected = [("surgery.liposuction", HOLD, EVERY, free_on)]
    assert said(liposuction(facts(on=surgery_on, **operated))) == expected
    assert said(liposuction(facts(on=day_before(free_on), **operated))) == expected
    assert liposuction(facts(on=free_on, **operated)) == []
    assert liposuction(facts(on=day_after(free_on), **operated)) == []


@pytest.mark.parametrize("kind", [SurgeryKind.LIFT, SurgeryKind.EXCISION, SurgeryKind.OTHER, None])
def test_liposuction_silent_after_other_surgery(kind):
    assert liposuction(facts(surgery_on=date(2026, 3, 10), surgery_kind=kind)) == []


@pytest.mark.parametrize(
    "surgery",
    [
        {"surgery_on": date(2020, 1, 1), "recovered_from_surgery": True},
        {"surgery_kind": SurgeryKind.LIPOSUCTION, "recovered_from_surgery": False},
        {"surgery_kind": SurgeryKind.LIPOSUCTION},
        {"recovered_from_surgery": False},
    ],
)
def test_undated_silent_where_the_day_is_known_or_recovery_is_not(surgery):
    assert undated(facts(**surgery)) == []


def test_undated_liposuction_holds_with_no_known_end():
    operated = facts(surgery_kind=SurgeryKind.LIPOSUCTION, recovered_from_surgery=True)
    assert said(undated(operated)) == [("surgery.undated", HOLD, EVERY, None)]


@pytest.mark.parametrize("kind", [SurgeryKind.LIFT, SurgeryKind.EXCISION, SurgeryKind.OTHER, None])
def test_undated_surgery_holds_ablative_lasers_with_no_known_end(kind):
    operated = facts(surgery_kind=kind, recovered_from_surgery=True)
    assert said(undated(operated)) == [
        ("surgery.undated", CAUTION, (NA, NF), None),
        ("surgery.undated", HOLD, (AF, AB), None),
    ]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 4, 9), {"surgery.recent", "surgery.ablative_wait", "surgery.touch_up"}),
        (date(2026, 4, 10), {"surgery.early", "surgery.ablative_wait", "surgery.touch_up"}),
        (date(2026, 6, 10), {"surgery.ablative_wait", "surgery.touch_up"}),
        (date(2026, 9, 10), {"surgery.touch_up"}),
    ],
)
def test_surgery_rules_take_turns(on, expected):
    operated = facts(
        on=on,
        surgery_on=date(2026, 3, 10),
        surgery_kind=SurgeryKind.LIFT,
        recovered_from_surgery=True,
    )
    found = {finding.id for finding in candidacy.findings(operated)}
    assert {id for id in found if id.startswith("surgery.")} == expected


@pytest.mark.parametrize("known", [None, False])
def test_open_referral_silent_where_none_is_known(known):
    assert referral_open(facts(referral_open=known)) == []


def test_open_referral_is_a_caution_for_every_laser():
    assert said(referral_open(facts(referral_open=True))) == [
        ("referral.open", CAUTION, EVERY, None)
    ]
