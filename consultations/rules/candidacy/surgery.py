"""Has this area been operated on, and is it ready for a touch-up?

Laser may touch up a surgical result once the patient has recovered (project brief). How long that
takes is contested: practitioners say from two weeks to six months, and no guideline gives one
interval (4.3). A body-laser trial kept a year's distance from liposuction (NCT00585715).
"""

from datetime import date

from consultations.vocabulary import Level, SurgeryKind

from ..calendar import months_after
from ..facts import AreaFacts
from ..findings import Finding, Line, Message, by_type
from ..protocol import (
    LIPOSUCTION_MONTHS,
    SURGERY_ABLATIVE_MONTHS,
    SURGERY_EARLY_MONTHS,
    SURGERY_RECENT_MONTHS,
)
from ..registry import candidacy
from ..sources import GUIDE

CONTESTED = "Contested: surgeons' answers on RealSelf; Jang 2016, Arch Plast Surg 43:575; SAIQS"
LIPOSUCTION_TRIAL = "NCT00585715 (excludes fat surgery in the area within the past year)"

RECOVERING = Message(
    "surgery.recovering",
    "Not recovered from surgery in this area, or recovery not asked.",
    "Wait until recovery is confirmed; ask the surgeon if in doubt.",
    f"{GUIDE}; Jang 2016, Arch Plast Surg 43:575 (fresh scars)",
    (Line("surgery here, recovered no or blank", Level.HOLD, "not known"),),
)
RECENT = Message(
    "surgery.recent",
    "Surgery in this area less than 1 month ago.",
    "No laser yet; from then until 3 months it needs the surgeon's written clearance.",
    CONTESTED,
    (
        Line(
            f"surgery here less than {SURGERY_RECENT_MONTHS} month ago",
            Level.HOLD,
            f"{SURGERY_RECENT_MONTHS} month after it",
        ),
    ),
    contested=True,
)
EARLY = Message(
    "surgery.early",
    "Surgery in this area 1 to 3 months ago.",
    "Needs the surgeon's written clearance before any laser.",
    CONTESTED,
    (
        Line(
            f"surgery here {SURGERY_RECENT_MONTHS} to {SURGERY_EARLY_MONTHS} months ago",
            Level.HOLD,
            f"{SURGERY_EARLY_MONTHS} months after it",
        ),
        Line(
            "the same, cleared by the surgeon in writing",
            Level.CAUTION,
            f"{SURGERY_EARLY_MONTHS} months after it",
        ),
    ),
    contested=True,
)
ABLATIVE_WAIT = Message(
    "surgery.ablative_wait",
    "Surgery in this area less than 6 months ago: ablative lasers wait.",
    "Offer a non-ablative laser, or wait.",
    CONTESTED,
    (
        Line(
            f"surgery here less than {SURGERY_ABLATIVE_MONTHS} months ago",
            by_type(None, None, Level.HOLD, Level.HOLD),
            f"{SURGERY_ABLATIVE_MONTHS} months after it",
        ),
    ),
    contested=True,
)
LIPOSUCTION = Message(
    "surgery.liposuction",
    "Liposuction in this area less than 12 months ago.",
    "Wait until a year has passed.",
    LIPOSUCTION_TRIAL,
    (
        Line(
            f"liposuction here less than {LIPOSUCTION_MONTHS} months ago",
            Level.HOLD,
            f"{LIPOSUCTION_MONTHS} months after it",
        ),
    ),
)
UNDATED = Message(
    "surgery.undated",
    "The day of the surgery in this area is not known.",
    "Ask for the day, or the surgeon's letter: how long to wait counts from it.",
    f"{CONTESTED}; {LIPOSUCTION_TRIAL}",
    (
        Line("liposuction here, recovered, day not known", Level.HOLD, "not known"),
        Line(
            "other surgery here, recovered, day not known",
            by_type(Level.CAUTION, Level.CAUTION, Level.HOLD, Level.HOLD),
            "not known",
        ),
    ),
    contested=True,
)
TOUCH_UP = Message(
    "surgery.touch_up",
    "This area was operated on and has recovered: laser would be a touch-up.",
    "Agree with the patient which remaining looseness or texture the laser is for.",
    f"{GUIDE}; Brightman, Dermatology Times (fractional CO2 on the neck)",
    (Line("surgery here, recovered", Level.INFO),),
)
REFERRAL_OPEN = Message(
    "referral.open",
    "An earlier referral of this area to a surgeon is still open.",
    "Close that referral first: no plan starts beside it.",
    f"{GUIDE} (severe laxity belongs to the surgeon)",
    (Line("referral of this area open, not operated yet", Level.CAUTION),),
)


@candidacy.rule(REFERRAL_OPEN)
def referral_open(facts: AreaFacts) -> list[Finding]:
    return REFERRAL_OPEN.found() if facts.referral_open else []


@candidacy.rule(RECOVERING)
def recovering(facts: AreaFacts) -> list[Finding]:
    return RECOVERING.found() if facts.had_surgery and not facts.recovered_from_surgery else []


@candidacy.rule(RECENT)
def recent(facts: AreaFacts) -> list[Finding]:
    return _within(facts, RECENT, SURGERY_RECENT_MONTHS)


@candidacy.rule(EARLY)
def early(facts: AreaFacts) -> list[Finding]:
    if facts.surgery_on is None:
        return []
    if facts.on < months_after(facts.surgery_on, SURGERY_RECENT_MONTHS):
        return []
    free_on = months_after(facts.surgery_on, SURGERY_EARLY_MONTHS)
    if facts.on >= free_on:
        return []
    return EARLY.found(Level.CAUTION if facts.surgeon_cleared else Level.HOLD, until=free_on)


@candidacy.rule(ABLATIVE_WAIT)
def ablative_wait(facts: AreaFacts) -> list[Finding]:
    return _within(facts, ABLATIVE_WAIT, SURGERY_ABLATIVE_MONTHS)


@candidacy.rule(LIPOSUCTION)
def liposuction(facts: AreaFacts) -> list[Finding]:
    if facts.surgery_kind != SurgeryKind.LIPOSUCTION:
        return []
    return _within(facts, LIPOSUCTION, LIPOSUCTION_MONTHS)


@candidacy.rule(UNDATED)
def undated(facts: AreaFacts) -> list[Finding]:
    if facts.surgery_on is not None or not facts.recovered_from_surgery:
        return []
    of_fat, other = UNDATED.lines
    is_of_fat = facts.surgery_kind == SurgeryKind.LIPOSUCTION
    return UNDATED.found((of_fat if is_of_fat else other).levels)


@candidacy.rule(TOUCH_UP)
def touch_up(facts: AreaFacts) -> list[Finding]:
    return TOUCH_UP.found() if facts.had_surgery and facts.recovered_from_surgery else []


def _within(facts: AreaFacts, message: Message, months: int) -> list[Finding]:
    """What is found until so many months after surgery on a known day."""
    if facts.surgery_on is None:
        return []
    free_on: date = months_after(facts.surgery_on, months)
    return message.found(until=free_on) if facts.on < free_on else []
