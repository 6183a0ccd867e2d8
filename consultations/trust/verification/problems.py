"""What a verification found: how much was checked, and everything that is wrong."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from consultations.trust.digests import Unsealed

SHOWN_AT_MOST = 100


class Kind(Enum):
    """What can be wrong with a row or a seal, worded as the end of a sentence."""

    ALTERED = "was altered"
    ALTERED_AFTER_ERASURE = "was altered after it was erased"
    MISSING = "is missing"
    INSERTED = "was inserted later"
    BACKDATED = "was written later than its time says"
    BACKWARDS = "is dated before the seal that it follows"
    MOVED = "was put in the place of another"
    OTHER_KEY = "cannot be checked: made with another key"
    NOT_CHECKED = "cannot be checked: its table or its columns are gone"
    FORGED = "was altered, or was not written by this program"
    NOT_IN_CHAIN = "is not in the chain: seals were removed or replaced"
    NO_SEAL = "has rows and not one seal: nothing was ever sealed, or every seal was removed"
    NOT_READABLE = "cannot be read"
    NOT_AS_HISTORY = "is not what its history says"
    WITHOUT_HISTORY = "has no history"
    GONE = "is gone, though its history stands"
    NOT_AS_CODE = "may do what the program does not give it, or less: run sync_roles"
    EXCHANGED = "is not the one that was recorded"


@dataclass(frozen=True)
class Problem:
    kind: Kind
    words: str
    seal: int | None = None
    table: str = ""
    key: int | None = None


@dataclass
class Verification:
    """The result: the first SHOWN_AT_MOST problems in full, and how many there are."""

    seals: int = 0
    rows: int = 0
    live: int = 0  # rows compared with their history
    photos: int = 0
    documents: int = 0
    head: str = ""
    sealed_at: datetime | None = None
    given: int | None = None  # the number of the seal whose head was given
    problems: list[Problem] = field(default_factory=list)
    count: int = 0
    erased: Counter = field(default_factory=Counter)  # rows changed, by erasure
    unsealed: list[Unsealed] = field(default_factory=list)

    def add(self, kind, subject, *, more="", **where):
        """Add a problem. `subject` may be a function, called only if the problem is shown."""
        self.count += 1
        if self.count <= SHOWN_AT_MOST:
            words = subject() if callable(subject) else subject
            self.problems.append(Problem(kind, f"{words} {kind.value}{more}.", **where))
