"""Is this the right laser, and is it fit for use?

The mode decides what a treatment is, not the wavelength (3.1). Devices are serviced and authorised
under the laser protection adviser's local rules (8.1). Gold in the skin turns blue under very short
pulses (4).
"""

from consultations.vocabulary import Level, Pulse

from ..calendar import in_words
from ..candidacy.proposal import NAMES
from ..findings import Finding, Message
from ..registry import readiness
from .facts import SessionFacts

LOCAL_RULES = "MHRA guidance on lasers in medical use, 2015 (local rules, maintenance)"

WRONG_TYPE = Message(
    "laser.wrong_type",
    "This mode is {mode}, but the plan is for {plan}.",
    "Choose a mode of the planned type, or have a clinician change the plan.",
    "Clinical reference 3.1 (Er:YAG SMOOTH: the mode decides)",
)
OUT_OF_SERVICE = Message(
    "laser.out_of_service", "This laser is out of service.", "Use another one.", LOCAL_RULES
)
SERVICE_OVERDUE = Message(
    "laser.service_overdue",
    "This laser's service was due on {day}.",
    "Have it serviced, or use another one.",
    LOCAL_RULES,
)
OPERATOR = Message(
    "laser.operator",
    "The operator is not an authorised user of this laser on this day.",
    "Have an authorised user operate it, or have a manager add them to its file.",
    "MHRA guidance on lasers in medical use, 2015 (authorised users); BMLA essential standards",
)
GOLD = Message(
    "laser.gold",
    "Gold therapy, and a Q-switched or picosecond mode.",
    "Use a long-pulsed or fractional mode: the skin may turn blue at once.",
    "Cohen & Ross, JCAD 2015;8(9):48",
)
SHORTEST_PULSES = frozenset({Pulse.Q_SWITCHED, Pulse.PICOSECOND})


@readiness.rule("laser.wrong_type")
def wrong_type(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None or facts.laser.laser_type == facts.laser_type:
        return []
    return WRONG_TYPE.found(
        Level.BLOCK,
        subject="laser_mode",
        mode=NAMES[facts.laser.laser_type],
        plan=NAMES[facts.laser_type],
    )


@readiness.rule("laser.out_of_service")
def out_of_service(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None or facts.laser.in_service:
        return []
    return OUT_OF_SERVICE.found(Level.BLOCK, subject="laser_mode")


@readiness.rule("laser.service_overdue")
def service_overdue(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None or facts.laser.service_due_on is None:
        return []
    if facts.laser.service_due_on >= facts.on:
        return []
    return SERVICE_OVERDUE.found(
        Level.BLOCK, subject="laser_mode", day=in_words(facts.laser.service_due_on)
    )


@readiness.rule("laser.operator")
def operator(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None or facts.laser.authorised is not False:
        return []
    return OPERATOR.found(Level.BLOCK, subject="operator")


@readiness.rule("laser.gold")
def gold(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None or facts.laser.pulse not in SHORTEST_PULSES:
        return []
    return GOLD.found(Level.BLOCK, subject="laser_mode") if facts.today.gold_therapy else []
