"""Is this part of the body suited to the laser?

Face, neck, stomach, arms and legs can all be treated (project brief), but off the face the skin
has fewer glands to heal from: full ablation scars there, and the neck has scarred even under
fractional CO2 (3.2, 4).
"""

from consultations.vocabulary import Area, Level

from ..facts import AreaFacts
from ..findings import Finding, Line, Message, by_type
from ..registry import candidacy

OFF_FACE = Message(
    "area.off_face",
    "Off the face, ablative laser scars more easily.",
    "No full ablation here; fractional only at low density. Tell the patient that evidence for "
    "body areas is limited.",
    "Brightman, Dermatology Times; Avram (neck scars after fractional CO2); Newport Faces",
    (Line("not the face", by_type(None, None, Level.CAUTION, Level.EXCLUDE)),),
)


@candidacy.rule(OFF_FACE)
def off_face(facts: AreaFacts) -> list[Finding]:
    return OFF_FACE.found() if facts.area != Area.FACE else []
