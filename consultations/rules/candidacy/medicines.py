"""Do medicines, past or present, change what is safe?

Photosensitisers are contested: their reach ends well below these wavelengths, yet a trial excluded
them (4.1). Gold can turn the skin blue decades later, at once under Q-switched pulses (4). A
blood thinner is never to be stopped on a laser clinic's word. Herpes wakes after laser, so it
needs an antiviral.
"""

from consultations.vocabulary import Level

from ..facts import AreaFacts
from ..findings import Finding, Message
from ..protocol import ABLATIVE_FRACTIONAL, ABLATIVE_FULL, NON_ABLATIVE_FRACTIONAL
from ..registry import candidacy

PHOTOSENSITISER = Message(
    "photosensitiser",
    "Takes a drug that makes skin sensitive to light.",
    "Name the drug; test patch. A drug for photodynamic therapy means wait.",
    "Contested: BMLA on drugs and lasers; Kerstein 2014 (no reported reaction); NCT00585715",
)
GOLD = Message(
    "gold",
    "Has had gold therapy, at any time.",
    "Never a Q-switched or picosecond laser: the skin may turn blue at once.",
    "Cohen & Ross, JCAD 2015;8(9):48",
)
BLEEDING = Message(
    "bleeding",
    "Takes an anticoagulant.",
    "Expect more oozing after ablative laser. Never advise stopping it: that is the "
    "prescriber's decision.",
    "NCT04648995 (excluded in a CO2 trial)",
)
HERPES = Message(
    "herpes",
    "History of herpes: an antiviral is needed.",
    "Ask the prescriber for cover from the day before treatment.",
    "Gilbert & McBurney 2000; Beeson; Nestor 2005",
)


@candidacy.rule("photosensitiser")
def photosensitiser(facts: AreaFacts) -> list[Finding]:
    return PHOTOSENSITISER.found(Level.CAUTION) if facts.photosensitising_drug else []


@candidacy.rule("gold")
def gold(facts: AreaFacts) -> list[Finding]:
    return GOLD.found(Level.CAUTION) if facts.gold_therapy else []


@candidacy.rule("bleeding")
def bleeding(facts: AreaFacts) -> list[Finding]:
    if not facts.anticoagulants:
        return []
    return BLEEDING.found({ABLATIVE_FRACTIONAL: Level.CAUTION, ABLATIVE_FULL: Level.CAUTION})


@candidacy.rule("herpes")
def herpes(facts: AreaFacts) -> list[Finding]:
    if not facts.herpes_history:
        return []
    return HERPES.found(
        {
            NON_ABLATIVE_FRACTIONAL: Level.CAUTION,
            ABLATIVE_FRACTIONAL: Level.CAUTION,
            ABLATIVE_FULL: Level.CAUTION,
        }
    )
