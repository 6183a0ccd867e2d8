"""How does this skin colour answer to laser?

Dark marks after inflammation are mainly a problem of types III to VI and may last for years. Where
to draw the line for ablative lasers is contested: some texts stop at IV, a clinic at V, a trial
treated to IV and noted clearance to VI (2.4). Non-ablative fractional has good evidence in IV–VI
but few studies in V–VI.
"""

from consultations.vocabulary import Level, Phototype

from ..facts import AreaFacts
from ..findings import Finding, Line, Message, by_type
from ..registry import candidacy
from ..sources import PLASTIC_SURGERY

DARK = Message(
    "phototype.dark",
    "Phototype {phototype}: a high risk of lasting dark marks after ablative laser.",
    "Prefer a long wavelength such as 1,064 nm; test patch and low density if fractional.",
    "Contested: Manuskiatti, JEADV, doi 10.1111/jdv.12050; Kaushik & Alexis 2017, PMC5605208; "
    "Munavalli 2024, J Clin Med 13:1380; NCT03715049",
    (Line("phototype V or VI", by_type(None, Level.CAUTION, Level.EXCLUDE, Level.EXCLUDE)),),
    contested=True,
)
MEDIUM = Message(
    "phototype.medium",
    "Phototype IV: a raised risk of dark marks after ablative laser.",
    "Test patch, low density, and consent that names pigment change.",
    f"Contested: {PLASTIC_SURGERY} (IV–VI excluded), Brescia laser centre (V–VI), NCT03715049; "
    "Wee 2025, J Cosmet Dermatol, PMC12079721",
    (Line("phototype IV", by_type(None, None, Level.CAUTION, Level.CAUTION)),),
    contested=True,
)


@candidacy.rule(DARK)
def dark(facts: AreaFacts) -> list[Finding]:
    if facts.phototype not in {Phototype.V, Phototype.VI}:
        return []
    return DARK.found(phototype=facts.phototype.value)


@candidacy.rule(MEDIUM)
def medium(facts: AreaFacts) -> list[Finding]:
    return MEDIUM.found() if facts.phototype == Phototype.IV else []
