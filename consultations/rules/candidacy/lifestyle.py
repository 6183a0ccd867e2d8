"""Which habits weaken collagen?

Drinking, too much sun and chemicals are among the causes of loose skin (project brief). They
change no verdict; they are worth talking about.
"""

from consultations.vocabulary import Level

from ..facts import AreaFacts
from ..findings import Finding, Message
from ..registry import candidacy

LIFESTYLE = Message(
    "lifestyle",
    "Habits that weaken collagen: {habits}.",
    "Talk about them: they work against the treatment.",
    "Clinic protocol",
)
HABITS = {
    "drinks_alcohol": "drinking",
    "sun_exposure": "sun",
    "chemical_exposure": "chemicals",
}


@candidacy.rule("lifestyle")
def lifestyle(facts: AreaFacts) -> list[Finding]:
    habits = [word for name, word in HABITS.items() if getattr(facts, name)]
    return LIFESTYLE.found(Level.INFO, habits=", ".join(habits)) if habits else []
