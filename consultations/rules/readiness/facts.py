"""What readiness sees: one session on its day, the course before it, and the laser in hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from consultations.vocabulary import LaserType, PlanStatus, Pulse, Severity

from ..facts import AreaFacts

Range = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class DoneBefore:
    """Another done session on the same area, of any plan."""

    on: date
    laser_type: LaserType

    def __post_init__(self) -> None:
        object.__setattr__(self, "laser_type", LaserType(self.laser_type))


@dataclass(frozen=True, slots=True, kw_only=True)
class LaserFacts:
    """The laser in hand and the mode it is set to; `envelope` is lowest and highest per setting.

    `authorised` tells whether the operator may use it on the day: None if it keeps no list.
    """

    laser_type: LaserType
    pulse: Pulse
    in_service: bool
    service_due_on: date | None
    envelope: Mapping[str, Range] = field(default_factory=dict)
    authorised: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "laser_type", LaserType(self.laser_type))
        object.__setattr__(self, "pulse", Pulse(self.pulse))


class Said(Enum):
    YES = "yes"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a patient said about a course on a day; a yes is to a laser type, for an area of this
    severity and up to so many sessions."""

    on: date
    said: Said
    laser_type: LaserType
    severity: Severity
    sessions: int


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """Consent to one course.

    `answers` are all of the patient's, in the order in which they were given. `number` is the place
    of the session in its course. `began_before` says that the course began before consent was
    recorded here.
    """

    answers: tuple[Answer, ...]
    number: int
    reflection_days: int
    began_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """One session on its day.

    `today` holds today's answers and the day itself. `accepted` are the ids of findings against
    the plan's laser that a clinician's decision has already answered. `open_events` names, in
    words, the moderate and severe adverse events on this area that nobody has cleared. Settings
    carry the unit in their name (`fluence_j_cm2`); `laser` is None where no mode was chosen yet,
    `consent` where it is not judged: the session was before consent was recorded here. Raises
    ValueError for a word that the vocabulary does not know.
    """

    today: AreaFacts
    laser_type: LaserType
    plan_status: PlanStatus
    plan_in_error: bool = False
    done: tuple[DoneBefore, ...] = ()
    accepted: frozenset[str] = frozenset()
    open_events: tuple[str, ...] = ()
    laser: LaserFacts | None = None
    settings: Mapping[str, Decimal | None] = field(default_factory=dict)
    last_settings: Mapping[str, Decimal | None] = field(default_factory=dict)
    eyewear_worn: bool | None = None
    antiviral_given: bool | None = None
    consent: ConsentFacts | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "laser_type", LaserType(self.laser_type))
        object.__setattr__(self, "plan_status", PlanStatus(self.plan_status))

    @property
    def on(self) -> date:
        return self.today.on
