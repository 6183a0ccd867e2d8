"""Was the skin tried on a small patch first, and how did it answer?

A reaction stops every laser until a clinician has cleared it. A patch tells nothing of a laser
that goes deeper than the one it was done with. It is called for where pigment or scars are to be
feared: phototypes IV to VI, keloid history, and drugs that ask for care (2.4, 4, 4.1).
"""

from consultations.vocabulary import LaserType, Level, TestPatchResult

from ..facts import AreaFacts
from ..findings import ALL_TYPES, Finding, Line, Message, by_type
from ..protocol import NON_ABLATIVE, PATCHED_PHOTOTYPES
from ..registry import candidacy
from ..sources import PLASTIC_SURGERY

REACTION = Message(
    "patch.reaction",
    "The test patch left a reaction.",
    "No laser here until a clinician has looked at it and cleared it, with a reason.",
    f"{PLASTIC_SURGERY}; 78 Steps Health (test spots); NCT04519723 (lower or delay after a "
    "reaction)",
    (Line("reaction, not cleared by a clinician since", Level.HOLD, "not known"),),
)
AWAITED = Message(
    "patch.awaited",
    "The test patch has not been read yet.",
    "Read it first, and write down what it showed.",
    "78 Steps Health (test spots)",
    (Line("result awaited, or done without a result", Level.HOLD, "not known"),),
)
MISSING = Message(
    "patch.missing",
    "No test patch that tells enough.",
    "Do one with the laser in mind, and read it before the first session.",
    "78 Steps Health (test spots); dermatologists on RealSelf (keloid); BMLA, Drugs and "
    "lasers/IPLs",
    (
        Line(
            "none, or with a less deep laser: phototype IV to VI",
            by_type(None, Level.CAUTION, Level.CAUTION, Level.CAUTION),
        ),
        Line(
            "none, or with a less deep laser: keloid history, or amiodarone, minocycline, St "
            "John's wort or an earlier plain yes to a photosensitising drug",
            Level.CAUTION,
        ),
    ),
)


@candidacy.rule(REACTION)
def reaction(facts: AreaFacts) -> list[Finding]:
    reacted = facts.test_patch_result == TestPatchResult.REACTION
    return REACTION.found() if reacted and not facts.test_patch_cleared else []


@candidacy.rule(AWAITED)
def awaited(facts: AreaFacts) -> list[Finding]:
    if facts.test_patch_result is None:
        return AWAITED.found() if facts.test_patch_on is not None else []
    return AWAITED.found() if facts.test_patch_result == TestPatchResult.AWAITED else []


@candidacy.rule(MISSING)
def missing(facts: AreaFacts) -> list[Finding]:
    called_for = _called_for(facts)
    levels = {laser: Level.CAUTION for laser in called_for if not _told_of(facts, laser)}
    return MISSING.found(levels) if levels else []


def _called_for(facts: AreaFacts) -> tuple[LaserType, ...]:
    """The laser types that a test patch is called for before."""
    if facts.keloid_history or facts.takes_cautious_photosensitiser:
        return ALL_TYPES
    if facts.phototype in PATCHED_PHOTOTYPES:
        return tuple(laser for laser in ALL_TYPES if laser != NON_ABLATIVE)
    return ()


def _told_of(facts: AreaFacts, laser: LaserType) -> bool:
    """Whether a patch was done that tells of this laser type: with one as deep, or not known."""
    if facts.test_patch_on is None and facts.test_patch_result is None:
        return False
    tried = facts.test_patch_laser
    return tried is None or ALL_TYPES.index(tried) >= ALL_TYPES.index(laser)
