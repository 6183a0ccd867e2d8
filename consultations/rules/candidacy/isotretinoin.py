"""Does isotretinoin stand in the way?

Contested. Two 2017 consensus papers found no reason to delay non-ablative laser and too little to
delay fractional ablative, but kept the advice against full ablation; product labels and many
clinics still say six months for all (4.1). A split-face trial of 2024 had better results with
fractional CO2 during isotretinoin than six months after it (11).
"""

from consultations.vocabulary import Isotretinoin, Level

from ..calendar import months_after
from ..facts import AreaFacts
from ..findings import Finding, Line, Message, by_type
from ..protocol import ISOTRETINOIN_MONTHS
from ..registry import candidacy

LEVELS = by_type(Level.INFO, Level.INFO, Level.CAUTION, Level.HOLD)

ISOTRETINOIN = Message(
    "isotretinoin",
    "Isotretinoin now or within the last 6 months, or its last day is not known.",
    "No full ablation; non-ablative laser need not wait. Never advise stopping a prescribed "
    "course.",
    "Contested: Spring, JAMA Dermatol 2017;153:802; Waldman (ASDS), Dermatol Surg 2017;43:1249; "
    "Taleb 2024; Mirza 2020",
    (
        Line(
            f"last dose less than {ISOTRETINOIN_MONTHS} months ago",
            LEVELS,
            f"{ISOTRETINOIN_MONTHS} months after it",
        ),
        Line("taking it now, or taken on a day not known", LEVELS, "not known"),
    ),
    contested=True,
)


@candidacy.rule(ISOTRETINOIN)
def isotretinoin(facts: AreaFacts) -> list[Finding]:
    last_dose_on = facts.isotretinoin_last_dose_on
    taken = facts.isotretinoin
    if taken == Isotretinoin.TAKING or (taken == Isotretinoin.PAST and last_dose_on is None):
        # While it is taken, the six months have not begun to count.
        return ISOTRETINOIN.found(LEVELS)
    if last_dose_on is None:
        return []
    free_on = months_after(last_dose_on, ISOTRETINOIN_MONTHS)
    return ISOTRETINOIN.found(LEVELS, until=free_on) if facts.on < free_on else []
