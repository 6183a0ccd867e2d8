"""Facts with nothing to find, for each test to change; and findings made short.

That ablative laser on the face or neck needs an antiviral is told whatever was answered.
"""

from datetime import date
from decimal import Decimal

from consultations.rules.facts import AreaFacts
from consultations.rules.findings import Finding, Message
from consultations.rules.readiness import Answer, ConsentFacts, LaserFacts, Said, SessionFacts
from consultations.vocabulary import (
    Area,
    BddScreen,
    Isotretinoin,
    LaserType,
    Level,
    Pace,
    Photosensitiser,
    Phototype,
    PlanStatus,
    Pulse,
    RecentProcedure,
    Severity,
    WeightLossMedicine,
)

NA = LaserType.NON_ABLATIVE
NF = LaserType.NON_ABLATIVE_FRACTIONAL
AF = LaserType.ABLATIVE_FRACTIONAL
AB = LaserType.ABLATIVE_FULL
EVERY = (NA, NF, AF, AB)

INFO = Level.INFO
CAUTION = Level.CAUTION
HOLD = Level.HOLD
EXCLUDE = Level.EXCLUDE
REFER = Level.REFER
BLOCK = Level.BLOCK

ON = date(2026, 3, 16)

NOTHING_FOUND = {
    "on": ON,
    "area": Area.FACE,
    "severity": Severity.MILD,
    "grade": Decimal("1"),
    "age": 45,
    "phototype": Phototype.II,
    "wants_instant_result": False,
    "wants_inexpensive_fix": False,
    "accepts_five_sessions": True,
    "bdd_screen": BddScreen.NEGATIVE,
    "preferred_pace": Pace.GRADUAL,
    "worried_about_side_effects": False,
    "max_downtime_days": 3,
    "skin_problem": False,
    "infection": False,
    "suspicious_lesion": False,
    "tattoo": False,
    "melasma": False,
    "radiotherapy": False,
    "recent_procedure": RecentProcedure.NONE,
    "pregnant": False,
    "breastfeeding": False,
    "isotretinoin": Isotretinoin.NEVER,
    "keloid_history": False,
    "herpes_history": False,
    "connective_tissue_disease": False,
    "koebner_disease": False,
    "photosensitiser": Photosensitiser.NONE,
    "weight_changing": False,
    "weight_loss_medicine": WeightLossMedicine.NEVER,
    "tanned": False,
    "gold_therapy": False,
    "immunosuppressed": False,
    "uncontrolled_diabetes": False,
    "anticoagulants": False,
    "smoker": False,
    "drinks_alcohol": False,
    "sun_exposure": False,
    "chemical_exposure": False,
}


def facts(**changes):
    """One area with every question answered and nothing to find, then changed."""
    return AreaFacts(**{**NOTHING_FOUND, **changes})


def blank(**changes):
    """One area of which nothing was asked, then changed."""
    return AreaFacts(**{"on": ON, "area": Area.FACE, "severity": Severity.MILD, **changes})


def session(today=None, **changes):
    """One session on an active plan of non-ablative laser with nothing to find, then changed."""
    plan = {"laser_type": NA, "plan_status": PlanStatus.ACTIVE, "eyewear_worn": True}
    return SessionFacts(today=today or facts(), **{**plan, **changes})


def laser(**changes):
    """A laser that is fit for use, set to a non-ablative mode, then changed."""
    fit = {"laser_type": NA, "pulse": Pulse.LONG, "in_service": True, "service_due_on": None}
    return LaserFacts(**{**fit, **changes})


def yes(on, laser_type=NA, severity=Severity.MILD, sessions=5, said=Said.YES):
    """A consent to five sessions of non-ablative laser on a mild area."""
    return Answer(on=on, said=said, laser_type=laser_type, severity=severity, sessions=sessions)


def no(on, said=Said.REFUSED):
    """A refusal, or a withdrawal."""
    return yes(on, said=said)


def agreed(*answers, number=1, reflection_days=2, began_before=False):
    """What is known of consent to a course, before its first session."""
    return ConsentFacts(answers, number, reflection_days, began_before)


def found(level, *lasers, until=None, id="x"):
    """The findings of a rule made up for the test; for every laser type unless some are named."""
    message = Message(id, f"Message of {id}.", f"Hint of {id}.", f"Source of {id}")
    return message.found(dict.fromkeys(lasers or EVERY, level), until=until)


def said(findings: list[Finding]):
    """What decides: id, level, laser types and the day, in the order found."""
    return [(finding.id, finding.level, finding.lasers, finding.until) for finding in findings]


def messages(findings: list[Finding]):
    return [finding.message for finding in findings]
