"""The words that stories are told in. Days are counted back from today ("ago") unless they say
"in"; what a story leaves out is filled in by what writes it."""

from dataclasses import dataclass, field

from consultations.models.health import AreaCheck
from consultations.rules.candidacy.screen import UNREMARKABLE
from consultations.vocabulary import (
    Isotretinoin,
    LaserType,
    Pace,
    Photosensitiser,
    Severity,
    WeightLossMedicine,
)

# What most people answer, at a consultation and at every session.
HEALTHY = {
    "pregnant": False,
    "breastfeeding": False,
    "isotretinoin": Isotretinoin.NEVER,
    "photosensitiser": Photosensitiser.NONE,
    "koebner_disease": False,
    "weight_changing": False,
    "weight_loss_medicine": WeightLossMedicine.NEVER,
    "tanned": False,
    "immunosuppressed": False,
    "uncontrolled_diabetes": False,
    "anticoagulants": False,
}
NOTHING_HERE = {
    name: answer for name, answer in UNREMARKABLE.items() if name in AreaCheck.CHECK_FIELDS
}


@dataclass(frozen=True)
class Person:
    family_name: str
    given_name: str
    age: int
    sex: str
    phototype: str
    more: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    person: Person
    visits: tuple


@dataclass(frozen=True)
class Visit:
    """A consultation; without `ago` it lies a little before the first course that came of it."""

    concern: str
    areas: tuple
    ago: int | None = None
    signed: bool = True
    mistaken: str = ""
    answers: dict = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Assessed:
    area: str
    severity: str
    grade: float | None
    course: "Course | None" = None
    referral: "Referral | None" = None
    patch: "Patch | None" = None
    touches_up: bool = False
    decision: str = ""
    decision_reason: str = ""
    reconsidered: tuple = ()
    answers: dict = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Course:
    """A plan and its sessions. The last done session (else the start) is placed so that the next
    is due in `due_in` days, or on the day `last` ago."""

    done: int = 0
    due_in: int | None = None
    last: int | None = None
    laser: str = ""
    pace: str = Pace.GRADUAL
    mode: str = ""
    planned: int = 5
    short_course_reason: str = ""
    extended: tuple = ()  # to how many, why
    then: tuple = ()  # status, ago, why
    booked: tuple = ()  # in how many days, at what time
    missed: tuple = ()  # ago, why and whose reason
    cancelled: tuple = ()  # as `missed`
    elsewhere: int = 0  # the first so many sessions
    override: str = ""  # the last session came too soon, and why that was right
    mistaken: str = ""  # one more session, entered in error, and why
    rise: str = ""  # by what the last session's energy or fluence was raised
    reaction: str = ""  # of the last session
    signed: bool = True  # the last session
    trouble: "Trouble | None" = None
    recall_in: int | None = None


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """An adverse event of the session before it, as far as it has come."""

    kind: str
    severity: str
    ago: int
    action: str = ""
    resolved: int | None = None
    cleared: tuple = ()  # ago, the clinician's note


@dataclass(frozen=True, kw_only=True)
class Patch:
    """A test patch that left a reaction."""

    ago: int
    note: str
    cleared: tuple = ()  # ago, the clinician's reason


@dataclass(frozen=True, kw_only=True)
class Referral:
    """Days of each step, as far as it has come."""

    sent: int | None = None
    accepted: int | None = None
    operated: int | None = None
    recovered: int | None = None
    closed: int | None = None
    closure: str = ""
    closure_words: str = ""
    urgency: str = "routine"
    notes: str = ""


def person(family, given, age, sex, phototype, **more):
    return Person(family, given, age, sex, phototype, more)


def story(person, *visits):
    return Story(person, visits)


def visit(concern, *areas, ago=None, signed=True, mistaken="", **answers):
    return Visit(concern, areas, ago, signed, mistaken, answers)


OWN_WORDS = (
    "course",
    "referral",
    "patch",
    "touches_up",
    "decision",
    "decision_reason",
    "reconsidered",
)


def area(area, laxity, **more):
    """`laxity` is a grade, or a severity where no grade was given."""
    own = {name: more.pop(name) for name in OWN_WORDS if name in more}
    if isinstance(laxity, str):
        return Assessed(area, laxity, None, **own, answers=more)
    return Assessed(area, severity_of(laxity), laxity, **own, answers=more)


def severity_of(grade):
    if grade >= 3:
        return Severity.SEVERE
    return Severity.MODERATE if grade >= 2 else Severity.MILD


def laser_of(assessed):
    """The course's laser: what the story says, else what the rulebook proposes for such an area."""
    course = assessed.course
    if course.laser:
        return LaserType(course.laser)
    if assessed.severity != Severity.MODERATE:
        return LaserType.NON_ABLATIVE
    if course.pace == Pace.RAPID:
        return LaserType.ABLATIVE_FRACTIONAL
    return LaserType.NON_ABLATIVE_FRACTIONAL
