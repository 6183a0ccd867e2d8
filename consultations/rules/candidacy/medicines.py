"""Do medicines, past or present, change what is safe?

Photosensitisers are contested: their reach ends well below these wavelengths, so only drugs given
for photodynamic therapy bar, and three named ones ask for care; yet a trial excluded all (4.1,
11). Gold can turn the skin blue decades later, at once under Q-switched pulses (4). A blood
thinner is never to be stopped on a laser clinic's word. Herpes wakes after laser; experts give an
antiviral with ablative laser near the mouth whatever the history (11). Whether skin heals the same
during a weight-loss medicine is not known, and weight that changes changes the laxity graded (11).
"""

from consultations.vocabulary import Area, Level, Photosensitiser, WeightLossMedicine

from ..calendar import days_after
from ..facts import AreaFacts
from ..findings import Finding, Line, Message, by_type
from ..protocol import RETINOID_DAYS
from ..registry import candidacy

PHOTOSENSITISER = Message(
    "photosensitiser",
    "Takes a drug that makes skin sensitive to light.",
    "Name the drug. Amiodarone, minocycline or St John's wort: test patch. A drug for photodynamic "
    "therapy: wait.",
    "Contested: BMLA, Drugs and lasers/IPLs; Kerstein 2014, Lasers Med Sci, doi "
    "10.1007/s10103-014-1553-0 (no reported reaction); NCT00585715 (excluded)",
    (
        Line("a drug given for photodynamic therapy", Level.HOLD, "not known"),
        Line("amiodarone, minocycline, St John's wort, or an earlier plain yes", Level.CAUTION),
        Line("another one", Level.INFO),
    ),
    contested=True,
)
RETINOID = Message(
    "retinoid",
    "A retinoid on the skin within the last 7 days.",
    "Leave it off for a week before laser that opens the skin.",
    "Contested: Renew (7 days), SkinSpirit (5), Allure (14); NCT03894371 and NCT06295471 (months)",
    (
        Line(
            f"retinoid on the skin less than {RETINOID_DAYS} days ago",
            by_type(Level.INFO, Level.CAUTION, Level.CAUTION, Level.CAUTION),
            f"{RETINOID_DAYS} days after it",
        ),
    ),
    contested=True,
)
GOLD = Message(
    "gold",
    "Has had gold therapy, at any time.",
    "Never a Q-switched or picosecond laser: the skin may turn blue at once.",
    "Cohen & Ross 2015, JCAD 8(9):48, PMC4587895",
    (Line("gold therapy, ever", Level.CAUTION),),
)
BLEEDING = Message(
    "bleeding",
    "Takes a blood thinner, or bleeds easily.",
    "Expect more oozing after ablative laser. Never advise stopping it: that is the "
    "prescriber's decision.",
    "NCT04648995 (excluded in a CO2 trial)",
    (
        Line(
            "blood thinner or bleeding disorder",
            by_type(None, None, Level.CAUTION, Level.CAUTION),
        ),
    ),
)
HERPES = Message(
    "herpes",
    "{why}: an antiviral is needed.",
    "Ask the prescriber for cover from the day before treatment.",
    "Gilbert & McBurney 2000, Dermatol Surg 26:50; Beeson; Nestor 2005, PMID 16300226; Levy 2025, "
    "Lasers Surg Med 57(1) (whatever the history)",
    (
        Line("herpes, ever", by_type(None, Level.CAUTION, Level.CAUTION, Level.CAUTION)),
        Line(
            "face or neck, also without a history",
            by_type(None, None, Level.CAUTION, Level.CAUTION),
        ),
    ),
)
WEIGHT = Message(
    "weight",
    "Weight is changing, or a weight-loss medicine is taken.",
    "Grade again when the weight is stable. How skin heals after ablative laser on these medicines "
    "is not known.",
    "Contested: Delphi 2025, PMID 40135477; Biesman and Kilmer, ASLMS 2025; Moradi 2026, ASJ Open "
    "Forum ojag011",
    (Line("weight is changing, or a weight-loss medicine is taken", Level.CAUTION),),
    contested=True,
)
LEVEL_OF_PHOTOSENSITISER: dict[Photosensitiser | None, Level] = {
    Photosensitiser.PDT_DRUG: Level.HOLD,
    Photosensitiser.CAUTIOUS: Level.CAUTION,
    Photosensitiser.OTHER: Level.INFO,
}
NEAR_THE_MOUTH = (Area.FACE, Area.NECK)


@candidacy.rule(PHOTOSENSITISER)
def photosensitiser(facts: AreaFacts) -> list[Finding]:
    if facts.takes_cautious_photosensitiser:
        return PHOTOSENSITISER.found(Level.CAUTION)
    level = LEVEL_OF_PHOTOSENSITISER.get(facts.photosensitiser)
    return PHOTOSENSITISER.found(level) if level else []


@candidacy.rule(RETINOID)
def retinoid(facts: AreaFacts) -> list[Finding]:
    if facts.topical_retinoid_on is None:
        return []
    free_on = days_after(facts.topical_retinoid_on, RETINOID_DAYS)
    return RETINOID.found(until=free_on) if facts.on < free_on else []


@candidacy.rule(GOLD)
def gold(facts: AreaFacts) -> list[Finding]:
    return GOLD.found() if facts.gold_therapy else []


@candidacy.rule(BLEEDING)
def bleeding(facts: AreaFacts) -> list[Finding]:
    return BLEEDING.found() if facts.anticoagulants else []


@candidacy.rule(HERPES)
def herpes(facts: AreaFacts) -> list[Finding]:
    had, near = HERPES.lines
    if facts.herpes_history:
        return HERPES.found(had.levels, why="History of herpes")
    if facts.area in NEAR_THE_MOUTH:
        return HERPES.found(near.levels, why="Ablative laser on the face or neck")
    return []


@candidacy.rule(WEIGHT)
def weight(facts: AreaFacts) -> list[Finding]:
    on_medicine = facts.weight_loss_medicine == WeightLossMedicine.TAKING
    return WEIGHT.found() if facts.weight_changing or on_medicine else []
