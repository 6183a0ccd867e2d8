"""How does this skin colour answer to laser?

Dark marks after inflammation are mainly a problem of types III to VI and may last for years. Where
to draw the line for ablative lasers is contested: some texts stop at IV, a clinic at V, a trial
treated to IV and noted clearance to VI (2.4). Non-ablative fractional has good evidence in IV–VI
but few studies in V–VI.
"""

from consultations.vocabulary import Level, Phototype

from ..facts import AreaFacts
from ..findings import Finding, Message
from ..protocol import ABLATIVE_FRACTIONAL, ABLATIVE_FULL, NON_ABLATIVE_FRACTIONAL
from ..registry import candidacy

DARK = Message(
    "phototype.dark",
    "Phototype {phototype}: a high risk of lasting dark marks after ablative laser.",
    "Prefer a long wavelength such as 1,064 nm; test patch and low density if fractional.",
    "Contested: Manuskiatti, JEADV; Kaushik & Alexis 2017; Munavalli 2024; NCT03715049",
)
MEDIUM = Message(
    "phototype.medium",
    "Phototype IV: a raised risk of dark marks after ablative laser.",
    "Test patch, low density, and consent that names pigment change.",
    "Contested: Pocket Dentistry (IV–VI excluded), Brescia (V–VI), NCT03715049; Wee 2025",
)


@candidacy.rule("phototype.dark")
def dark(facts: AreaFacts) -> list[Finding]:
    if facts.phototype not in {Phototype.V, Phototype.VI}:
        return []
    return DARK.found(
        {
            NON_ABLATIVE_FRACTIONAL: Level.CAUTION,
            ABLATIVE_FRACTIONAL: Level.EXCLUDE,
            ABLATIVE_FULL: Level.EXCLUDE,
        },
        phototype=facts.phototype.value,
    )


@candidacy.rule("phototype.medium")
def medium(facts: AreaFacts) -> list[Finding]:
    if facts.phototype != Phototype.IV:
        return []
    return MEDIUM.found({ABLATIVE_FRACTIONAL: Level.CAUTION, ABLATIVE_FULL: Level.CAUTION})
