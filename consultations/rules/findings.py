"""What a rule says: one finding, equal by value, that explains itself to staff."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True, slots=True)
class Message:
    """The words of a rule: what staff read, what they can do about it, and where it comes from."""

    id: str
    message: str
    hint: str
    source: str

    def found(
        self,
        levels: Level | Mapping[LaserType, Level],
        *,
        until: date | Mapping[LaserType, date] | None = None,
        subject: str = "",
        **words: object,
    ) -> list[Finding]:
        """Return the findings of this message: one for each level and day that laser types share.

        `levels` is one level for all types, or the level per type that the condition concerns.
        `words` fill the braces of message and hint.
        """
        return [
            Finding(
                id=self.id,
                level=level,
                message=self.message.format(**words),
                hint=self.hint.format(**words),
                lasers=tuple(lasers),
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
    levels: Level | Mapping[LaserType, Level],
    until: date | Mapping[LaserType, date] | None,
) -> dict[tuple[Level, date | None], list[LaserType]]:
    """Group laser types by the level and the day that they share."""
    if isinstance(levels, Level):
        levels = dict.fromkeys(ALL_TYPES, levels)
    groups: dict[tuple[Level, date | None], list[LaserType]] = {}
    for laser, level in levels.items():
        day = until.get(laser) if isinstance(until, Mapping) else until
        groups.setdefault((level, day), []).append(laser)
    return groups
