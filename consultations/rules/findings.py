"""What a rule says: one finding, equal by value, that explains itself to staff."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from consultations.vocabulary import LaserType, Level

ALL_TYPES = tuple(LaserType)
WEIGHT = {level: weight for weight, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule noticed.

    `id` is dotted, stable and never used again for something else. `message` is for staff, `hint`
    says what to do or say, `lasers` are the laser types it concerns and `until` is the first day
    on which it no longer stands (None where that is unknown, or where nothing has to pass).
    `source` is the citation; `subject` names the field it is about, where there is just one. A
    rule whose level or day differs between laser types says one finding for each.
    """

    id: str
    level: Level
    message: str
    hint: str
    lasers: tuple[LaserType, ...]
    until: date | None
    source: str
    subject: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON column or file, without the subject; dates are ISO text."""
        plain = asdict(self)
        del plain["subject"]
        plain["level"] = self.level.value
        plain["lasers"] = [laser.value for laser in self.lasers]
        plain["until"] = self.until.isoformat() if self.until else None
        return plain


Levels = Level | Mapping[LaserType, Level]


def by_type(*levels: Level | None) -> dict[LaserType, Level]:
    """The level for each laser type, the least deep first; None where a type is not concerned."""
    return {laser: level for laser, level in zip(ALL_TYPES, levels, strict=True) if level}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the rulebook as people read it: when it speaks, at which level for all laser types
    or for each that it concerns, and until when ("" where nothing has to pass)."""

    when: str
    levels: Levels
    until: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """The words of a rule: what staff read, what they can do about it, and where it comes from.

    `lines` tell when it is found and how much it weighs. `contested` says that published sources
    disagree and that this is the default chosen.
    """

    id: str
    message: str
    hint: str
    source: str
    lines: tuple[Line, ...] = field(default=(), compare=False)
    contested: bool = False

    @property
    def levels(self) -> Levels:
        """The levels of a message that has one line."""
        [line] = self.lines
        return line.levels

    def found(
        self,
        levels: Levels | None = None,
        *,
        until: date | Mapping[LaserType, date] | None = None,
        subject: str = "",
        **words: object,
    ) -> list[Finding]:
        """Return the findings of this message: one for each level and day that laser types share.

        `levels` is one level for all types, or the level per type that the condition concerns;
        those of its only line if not given. `words` fill the braces of message and hint.
        """
        levels = self.levels if levels is None else levels
        return [
            Finding(
                id=self.id,
                level=level,
                message=self.message.format(**words),
                hint=self.hint.format(**words),
                lasers=lasers,
                until=day,
                source=self.source,
                subject=subject,
            )
            for (level, day), lasers in _by_level_and_day(levels, until).items()
        ]


def weightiest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Heaviest first, then what concerns most laser types, then by id; the rules' order is moot."""
    return sorted(
        findings,
        key=lambda finding: (
            -WEIGHT[finding.level],
            -len(finding.lasers),
            finding.id,
            finding.lasers,
            finding.message,
        ),
    )


def _by_level_and_day(
    levels: Levels,
    until: date | Mapping[LaserType, date] | None,
) -> dict[tuple[Level, date | None], tuple[LaserType, ...]]:
    """Group laser types by the level and the day that they share."""
    if isinstance(levels, Level):
        if not isinstance(until, Mapping):
            return {(levels, until): ALL_TYPES}
        levels = dict.fromkeys(ALL_TYPES, levels)
    days = until if isinstance(until, Mapping) else dict.fromkeys(levels, until)
    groups: dict[tuple[Level, date | None], tuple[LaserType, ...]] = {}
    for laser, level in levels.items():
        shared = (level, days.get(laser))
        groups[shared] = (*groups.get(shared, ()), laser)
    return groups
