"""Has this area been operated on, and is it ready for a touch-up?

Laser may touch up a surgical result once the patient has recovered (project brief). How long that
takes is contested: practitioners say from two weeks to six months, and no guideline gives one
interval (4.3). A body-laser trial kept a year's distance from liposuction (NCT00585715).
"""

from consultations.vocabulary import Level, SurgeryKind

from ..calendar import months_after
from ..facts import AreaFacts
from ..findings import Finding, Message
from ..protocol import (
    ABLATIVE_FRACTIONAL,
    ABLATIVE_FULL,
    LIPOSUCTION_MONTHS,
    SURGERY_ABLATIVE_MONTHS,
    SURGERY_EARLY_MONTHS,
    SURGERY_RECENT_MONTHS,
)
from ..registry import candidacy

CONTESTED = "contested: RealSelf surgeons' answers, JANG (Arch Plast Surg 2016;43:575), SAIQS"

RECOVERING = Message(
    "surgery.recovering",
    "Not recovered from surgery in this area, or recovery not asked.",
    "Wait until recovery is confirmed; ask the surgeon if in doubt.",
    "Clinic protocol; clinical reference 4.3",
)
RECENT = Message(
    "surgery.recent",
    "Surgery in this area less than 1 month ago.",
    "No laser yet; from then until 3 months it needs the surgeon's written clearance.",
    CONTESTED,
)
EARLY = Message(
    "surgery.early",
    "Surgery in this area 1 to 3 months ago.",
    "Needs the surgeon's written clearance before any laser.",
    CONTESTED,
)
ABLATIVE_WAIT = Message(
    "surgery.ablative_wait",
    "Surgery in this area less than 6 months ago: ablative lasers wait.",
    "Offer a non-ablative laser, or wait.",
    CONTESTED,
)
LIPOSUCTION = Message(
    "surgery.liposuction",
    "Liposuction in this area less than 12 months ago.",
    "Wait until a year has passed.",
    "NCT00585715 (excludes fat surgery in the area within the past year)",
)
TOUCH_UP = Message(
    "surgery.touch_up",
    "This area was operated on and has recovered: laser would be a touch-up.",
    "Agree with the patient which remaining looseness or texture the laser is for.",
    "Clinic protocol; fractional CO2 neck report, Dermatology Times (Brightman)",
)
REFERRAL_OPEN = Message(
    "referral.open",
    "An earlier referral of this area to a surgeon is still open.",
    "Close that referral first: no plan starts beside it.",
    "Project brief (a severe area belongs to the surgeon)",
)


@candidacy.rule("referral.open")
def referral_open(facts: AreaFacts) -> list[Finding]:
    return REFERRAL_OPEN.found(Level.CAUTION) if facts.referral_open else []


@candidacy.rule("surgery.recovering")
def recovering(facts: AreaFacts) -> list[Finding]:
    if facts.had_surgery and not facts.recovered_from_surgery:
        return RECOVERING.found(Level.HOLD)
    return []


@candidacy.rule("surgery.recent")
def recent(facts: AreaFacts) -> list[Finding]:
    if facts.surgery_on is None:
        return []
    free_on = months_after(facts.surgery_on, SURGERY_RECENT_MONTHS)
    return RECENT.found(Level.HOLD, until=free_on) if facts.on < free_on else []


@candidacy.rule("surgery.early")
def early(facts: AreaFacts) -> list[Finding]:
    if facts.surgery_on is None:
        return []
    begins_on = months_after(facts.surgery_on, SURGERY_RECENT_MONTHS)
    free_on = months_after(facts.surgery_on, SURGERY_EARLY_MONTHS)
    if not begins_on <= facts.on < free_on:
        return []
    return EARLY.found(Level.CAUTION if facts.surgeon_cleared else Level.HOLD, until=free_on)


@candidacy.rule("surgery.ablative_wait")
def ablative_wait(facts: AreaFacts) -> list[Finding]:
    if facts.surgery_on is None:
        return []
    free_on = months_after(facts.surgery_on, SURGERY_ABLATIVE_MONTHS)
    if facts.on >= free_on:
        return []
    return ABLATIVE_WAIT.found(
        {ABLATIVE_FRACTIONAL: Level.HOLD, ABLATIVE_FULL: Level.HOLD}, until=free_on
    )


@candidacy.rule("surgery.liposuction")
def liposuction(facts: AreaFacts) -> list[Finding]:
    if facts.surgery_on is None or facts.surgery_kind != SurgeryKind.LIPOSUCTION:
        return []
    free_on = months_after(facts.surgery_on, LIPOSUCTION_MONTHS)
    return LIPOSUCTION.found(Level.HOLD, until=free_on) if facts.on < free_on else []


@candidacy.rule("surgery.touch_up")
def touch_up(facts: AreaFacts) -> list[Finding]:
    if facts.had_surgery and facts.recovered_from_surgery:
        return TOUCH_UP.found(Level.INFO)
    return []
