"""Does isotretinoin stand in the way?

Contested. Two 2017 consensus papers found no reason to delay non-ablative laser and too little to
delay fractional ablative, but kept the advice against full ablation; product labels and many
clinics still say six months for all (4.1).
"""

from consultations.vocabulary import Isotretinoin, Level

from ..calendar import months_after
from ..facts import AreaFacts
from ..findings import Finding, Message
from ..protocol import (
    ABLATIVE_FRACTIONAL,
    ABLATIVE_FULL,
    ISOTRETINOIN_MONTHS,
    NON_ABLATIVE,
    NON_ABLATIVE_FRACTIONAL,
)
from ..registry import candidacy

ISOTRETINOIN = Message(
    "isotretinoin",
    "Isotretinoin now or within the last 6 months.",
    "No full ablation; non-ablative laser need not wait. Never advise stopping a prescribed "
    "course.",
    "Contested: Spring, JAMA Dermatol 2017;153:802; Waldman (ASDS), Dermatol Surg 2017;43:1249",
)
LEVELS = {
    NON_ABLATIVE: Level.INFO,
    NON_ABLATIVE_FRACTIONAL: Level.INFO,
    ABLATIVE_FRACTIONAL: Level.CAUTION,
    ABLATIVE_FULL: Level.HOLD,
}


@candidacy.rule("isotretinoin")
def isotretinoin(facts: AreaFacts) -> list[Finding]:
    if facts.isotretinoin == Isotretinoin.TAKING:
        # The six months have not begun to count, so the end is unknown.
        return ISOTRETINOIN.found(LEVELS)
    if facts.isotretinoin_last_dose_on is None:
        return []
    free_on = months_after(facts.isotretinoin_last_dose_on, ISOTRETINOIN_MONTHS)
    return ISOTRETINOIN.found(LEVELS, until=free_on) if facts.on < free_on else []
