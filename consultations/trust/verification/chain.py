"""The chain of seals: read in order, each seal checked against the one before it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from consultations.models import AuditSeal
from consultations.summaries.integrity import UNREADABLE
from consultations.trust.digests import SEALED_ROW, head_of, key_name, keys, newer_keys

from .problems import Kind
from .words import seal_in_words, seals_in_words

# The type of each column of a seal; SQLite stores anything in any column.
TYPES = {
    "number": int,
    "sealed_at": datetime,
    "table": str,
    "columns": list,
    "up_to": int,
    "rows": int,
    "digests": bytes | memoryview,
    "key_name": str,
    "head": str,
}


class State(Enum):
    """What a seal is, judged by its own values and by the seals before it."""

    VALID = auto()
    FORGED = auto()
    OF_OTHER_KEY = auto()


@dataclass(frozen=True)
class Link:
    """A valid seal, with where its rows begin."""

    seal: AuditSeal
    previous: AuditSeal | None  # the seal before it of the same table
    after: int | None  # its rows have keys above this; None for rows from the first on


class Chain:
    """The seals in the order of their numbers, which are their primary keys.

    A missing or invalid seal breaks the chain. It is then unknown which rows that seal covered, so
    each table's next seal begins with its own first row.
    """

    def __init__(self, found, *, given_head=""):
        self.found, self.given_head = found, given_head
        self.expected_number = 1
        self.possible_heads = [""]  # the next seal follows one of these; any head if empty
        self.is_unbroken = True
        self.latest = {}  # each table's last valid seal since the last break
        self.sealed_at = None  # when the last valid seal was made
        self.keys_used = set()
        self.of_other_keys = {}  # the numbers of seals, by the name of an unknown key

    def valid_links(self):
        """Yield a Link for each valid seal; add every problem of the others to what was found."""
        for number in AuditSeal.objects.order_by("pk").values_list("pk", flat=True):
            self._expect(number)
            seal = seal_if_readable(number)
            self._tell_head(seal)
            state = self._state_of(seal)
            if state is State.VALID:
                yield self._link(seal)
                seal.digests = b""
                self.latest[seal.table] = seal
            elif state is State.FORGED:
                self.found.add(Kind.FORGED, f"Seal {number}", seal=number)
                self._break()
            else:
                self.of_other_keys.setdefault(seal.key_name, []).append(number)
                self._break()
        self._tell_other_keys()
        if self.given_head and self.found.given is None:
            self.found.add(Kind.NOT_IN_CHAIN, "The head given")

    def _expect(self, number):
        if number != self.expected_number:
            words = seals_in_words(self.expected_number, number - 1)
            self.found.add(Kind.MISSING, words, seal=self.expected_number)
            self.possible_heads = []
            self._break()
        self.expected_number = number + 1
        self.found.seals += 1

    def _break(self):
        self.is_unbroken, self.latest = False, {}

    def _tell_head(self, seal):
        if seal is None:
            return
        self.found.head, self.found.sealed_at = seal.head, seal.sealed_at
        if self.given_head and seal.head == self.given_head:
            self.found.given = seal.pk

    def _state_of(self, seal):
        """Return the State of a seal, and remember which heads the next seal may follow."""
        if seal is None:
            self.possible_heads = []
            return State.FORGED
        if seal.key_name not in keys():
            self.possible_heads = [seal.head]
            return State.OF_OTHER_KEY
        right = [head_of(seal, after=head) for head in self.possible_heads]
        if not is_sound(seal) or (right and seal.head not in right):
            # The next seal may follow the head as stored or as it should be, so that it is not
            # reported as well.
            self.possible_heads = [seal.head, *right][:3]
            return State.FORGED
        self.possible_heads = [seal.head]
        # An earlier key must not make new seals.
        return State.FORGED if self.keys_used & {*newer_keys(seal.key_name)} else State.VALID

    def _link(self, seal):
        if self.sealed_at is not None and seal.sealed_at < self.sealed_at:
            self.found.add(Kind.BACKWARDS, seal_in_words(seal), seal=seal.number)
        self.keys_used.add(seal.key_name)
        self.sealed_at = seal.sealed_at
        return Link(seal, self.latest.get(seal.table), self._after(seal))

    def _after(self, seal):
        """Return the key after which the rows of a seal begin; None for the first of a table."""
        if previous := self.latest.get(seal.table):
            return previous.up_to
        first_key, _ = SEALED_ROW.unpack_from(seal.digests)
        return None if self.is_unbroken else first_key - 1

    def _tell_other_keys(self):
        """Add one problem for each unknown key, however many seals it made."""
        for name, numbers in self.of_other_keys.items():
            seals = seals_in_words(numbers[0], numbers[-1])
            words = f"{seals} (key {name}; the key in use is {key_name()}; see AUDIT_KEY)"
            self.found.add(Kind.OTHER_KEY, words, seal=numbers[0])


def is_sound(seal):
    """Whether the number and the length of a seal are what they must be."""
    return seal.pk == seal.number and len(seal.digests) == seal.rows * SEALED_ROW.size > 0


def seal_if_readable(number):
    """Return the seal; None if it holds values that this program never writes."""
    try:
        seal = AuditSeal.objects.get(pk=number)
    except UNREADABLE:
        return None
    sound = all(isinstance(getattr(seal, name), kind) for name, kind in TYPES.items())
    return seal if sound and all(isinstance(one, str) for one in seal.columns) else None
