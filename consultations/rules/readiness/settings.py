"""Are the settings inside what the device allows, and near last time's?

Published abstracts themselves confuse J with mJ and µs with ms (3.2), so magnitudes are checked
against the mode's envelope. The neck has scarred at 20 mJ with 30 % and at 30 mJ with 25 % (3.2).
"""

from decimal import Decimal

from consultations.vocabulary import Area, Level

from ..findings import Finding, Line, Message, by_type
from ..protocol import (
    ABLATIVE_FRACTIONAL,
    JUMP_FACTOR,
    NECK_DENSITY_PERCENT,
    NECK_PULSE_ENERGY_MJ,
    WRONG_UNIT_FACTOR,
)
from ..registry import readiness
from .facts import Range, SessionFacts

OUTSIDE = Message(
    "settings.outside",
    "{setting} is outside this mode's range, {low} to {high}.",
    "Check the value and its unit.",
    "The maker's range for the mode, as the clinic entered it",
    (Line("a setting outside the mode's range", Level.BLOCK),),
)
JUMP = Message(
    "settings.jump",
    "{setting} is more than 20 % above last time ({last}).",
    "Raise in smaller steps unless last time left no reaction.",
    "NCT04519723 (lower or delay after a reaction); the fifth is this rulebook's choice",
    (Line("energy, fluence or density more than a fifth above last time", Level.CAUTION),),
)
NECK = Message(
    "neck.energy",
    "{setting}: on the neck this has left scars.",
    "Stay below 20 mJ and 25 %.",
    "Avram, Hypertrophic scarring of the neck after ablative fractional CO2 resurfacing",
    (
        Line(
            f"neck: {NECK_PULSE_ENERGY_MJ} mJ and more, or {NECK_DENSITY_PERCENT} % and more",
            by_type(None, None, Level.CAUTION, None),
        ),
    ),
)
SETTINGS = {
    "fluence_j_cm2": ("Fluence", "J/cm²"),
    "pulse_energy_mj": ("Pulse energy", "mJ"),
    "power_w": ("Power", "W"),
    "pulse_duration_us": ("Pulse duration", "µs"),
    "spot_size_mm": ("Spot size", "mm"),
    "density_percent": ("Density", "%"),
    "passes": ("Passes", ""),
    "repetition_rate_hz": ("Repetition rate", "Hz"),
}
COMPARED_WITH_LAST_TIME = ("fluence_j_cm2", "pulse_energy_mj", "density_percent")
NECK_LIMITS = {
    "pulse_energy_mj": NECK_PULSE_ENERGY_MJ,
    "density_percent": NECK_DENSITY_PERCENT,
}


def is_outside(value: Decimal, envelope: Range) -> bool:
    """Whether a value lies beyond its range."""
    low, high = envelope
    return (high is not None and value > high) or (low is not None and value < low)


def looks_like_wrong_unit(value: Decimal, envelope: Range) -> bool:
    """Ten times outside the range: refused as a slip of the unit, whatever the reason given."""
    low, high = envelope
    if not is_outside(value, envelope):
        return False
    return (high is not None and value >= high * WRONG_UNIT_FACTOR) or (
        low is not None and value * WRONG_UNIT_FACTOR <= low
    )


@readiness.rule(OUTSIDE)
def outside(facts: SessionFacts) -> list[Finding]:
    if facts.laser is None:
        return []
    return [
        finding
        for name, envelope in facts.laser.envelope.items()
        if (value := facts.settings.get(name)) is not None and is_outside(value, envelope)
        for finding in OUTSIDE.found(
            Level.BLOCK,
            subject=name,
            setting=with_unit(name, value),
            low=plain(envelope[0]),
            high=plain(envelope[1]),
        )
    ]


@readiness.rule(JUMP)
def jump(facts: SessionFacts) -> list[Finding]:
    return [
        finding
        for name in COMPARED_WITH_LAST_TIME
        if (value := facts.settings.get(name)) is not None
        and (last := facts.last_settings.get(name)) is not None
        and value > last * JUMP_FACTOR
        for finding in JUMP.found(
            Level.CAUTION,
            subject=name,
            setting=with_unit(name, value),
            last=plain(last),
        )
    ]


@readiness.rule(NECK)
def neck_energy(facts: SessionFacts) -> list[Finding]:
    if facts.today.area != Area.NECK or facts.laser_type != ABLATIVE_FRACTIONAL:
        return []
    return [
        finding
        for name, limit in NECK_LIMITS.items()
        if (value := facts.settings.get(name)) is not None and value >= limit
        for finding in NECK.found(
            Level.CAUTION,
            subject=name,
            setting=with_unit(name, value),
        )
    ]


def with_unit(name: str, value: Decimal) -> str:
    """A setting as people say it: Fluence 12.5 J/cm²."""
    label, unit = SETTINGS[name]
    return f"{label} {plain(value)} {unit}".strip()


def plain(value: Decimal | None) -> str:
    """A number as people write it: 12.50 is 12.5, and no limit is "any"."""
    return "any" if value is None else f"{value.normalize():f}"
