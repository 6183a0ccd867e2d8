"""Which habits weaken collagen?

Drinking, too much sun and chemicals are among the causes of loose skin (project brief). They
change no verdict; they are worth talking about.
"""

from consultations.vocabulary import Level

from ..facts import AreaFacts
from ..findings import Finding, Line, Message
from ..registry import candidacy
from ..sources import GUIDE

LIFESTYLE = Message(
    "lifestyle",
    "Habits that weaken collagen: {habits}.",
    "Talk about them: they work against the treatment.",
    GUIDE,
    (Line("drinks alcohol, much sun, or chemicals", Level.INFO),),
)
HABITS = {
    "drinks_alcohol": "drinking",
    "sun_exposure": "sun",
    "chemical_exposure": "chemicals",
}


@candidacy.rule(LIFESTYLE)
def lifestyle(facts: AreaFacts) -> list[Finding]:
    habits = [word for name, word in HABITS.items() if getattr(facts, name)]
    return LIFESTYLE.found(habits=", ".join(habits)) if habits else []
