"""Is this the right laser, and is it fit for use?

The mode decides what a treatment is, not the wavelength (3.1). Devices are serviced and authorised
under the laser protection adviser's local rules (8.1). Gold in the skin turns blue, and ink dark,
under very short pulses (4, 11).
"""

from consultations.vocabulary import Level, Pulse

from ..calendar import in_words
from ..candidacy.proposal import NAMES
from ..facts import AreaFacts
from ..findings import Finding, Line, Message
from ..registry import readiness
from ..sources import MHRA
from .facts import SessionFacts

LOCAL_RULES = f"{MHRA} (local rules, maintenance)"

WRONG_TYPE = Message(
    "laser.wrong_type",
    "This mode is {mode}, but the plan is for {plan}.",
    "Choose a mode of the planned type, or have a clinician change the plan.",
    "Er:YAG SMOOTH, Lasers Med Sci 2021, doi 10.1007/s10103-021-03362-6 (the mode decides)",
    (Line("the mode's type differs from the plan's", Level.BLOCK),),
)
OUT_OF_SERVICE = Message(
    "laser.out_of_service",
    "This laser is out of service.",
    "Use another one.",
    LOCAL_RULES,
    (Line("laser not in service that day", Level.BLOCK),),
)
SERVICE_OVERDUE = Message(
    "laser.service_overdue",
    "This laser's service was due on {day}.",
    "Have it serviced, or use another one.",
    LOCAL_RULES,
    (Line("the service was due before that day", Level.BLOCK),),
)
OPERATOR = Message(
    "laser.operator",
    "The operator is not an authorised user of this laser on this day.",
    "Have an authorised user operate it, or have a manager add them to its file.",
    f"{MHRA} (authorised users); BMLA Essential Standards, 2017",
    (
        Line(
            "the laser has a list of authorised users, and the operator is not on it that day",
            Level.BLOCK,
        ),
    ),
)
GOLD = Message(
    "laser.gold",
    "Gold therapy, and a Q-switched or picosecond mode.",
    "Use a long-pulsed or fractional mode: the skin may turn blue at once.",
    "Cohen & Ross 2015, JCAD 8(9):48, PMC4587895",
    (Line("gold therapy, ever, and a Q-switched or picosecond mode", Level.BLOCK),),
)
TATTOO = Message(
    "laser.tattoo",
    "A tattoo or permanent make-up here, and a Q-switched or picosecond mode.",
    "Use another mode, away from the pigment: very short pulses darken it.",
    "McIlwee & Alster 2018",
    (Line("tattoo or permanent make-up here, and a Q-switched or picosecond mode", Level.BLOCK),),
)
SHORTEST_PULSES = frozenset({Pulse.Q_SWITCHED, Pulse.PICOSECOND})


@readiness.rule(WRONG_TYPE)
def wrong_type(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None or facts.laser.laser_type == facts.laser_type:
        return []
    return WRONG_TYPE.found(
        subject="laser_mode",
        mode=NAMES[facts.laser.laser_type],
        plan=NAMES[facts.laser_type],
    )


@readiness.rule(OUT_OF_SERVICE)
def out_of_service(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None or facts.laser.in_service:
        return []
    return OUT_OF_SERVICE.found(subject="laser_mode")


@readiness.rule(SERVICE_OVERDUE)
def service_overdue(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None or facts.laser.service_due_on is None:
        return []
    if facts.laser.service_due_on >= facts.on:
        return []
    return SERVICE_OVERDUE.found(subject="laser_mode", day=in_words(facts.laser.service_due_on))


@readiness.rule(OPERATOR)
def operator(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None or facts.laser.authorised is not False:
        return []
    return OPERATOR.found(subject="operator")


@readiness.rule(GOLD, TATTOO)
def pigment(facts: SessionFacts) -> list[Finding]:
    """What very short pulses would darken; gold first."""
    return darkened(facts.today, facts.laser.pulse) if facts.laser is not None else []


def darkened(area: AreaFacts, pulse: Pulse) -> list[Finding]:
    """What a pulse would darken in an area: gold in the skin, or ink."""
    if pulse not in SHORTEST_PULSES:
        return []
    gold = GOLD.found(subject="laser_mode") if area.gold_therapy else []
    return gold + (TATTOO.found(subject="laser_mode") if area.tattoo else [])
