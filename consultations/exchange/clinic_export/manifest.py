"""The manifest of a clinic's export: a line for each piece that is wholly on the disk.

It is what `--resume` goes by. Its first line says who began, when and for which clinic; each
further line names a piece (a patient's folder, a table) with its files, their sizes and digests.
A piece that is about to be written again is taken out first, by a line without files. Reading it
takes no more memory than the pieces that were written twice.
"""

import json
import os
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.exchange.folder_lock import FolderTakenError, folder_lock

from .folder import sync

NAME, SUMS = "manifest.jsonl", "SHA256SUMS"
FORMAT = "turgor-clinic/1"
PATIENT, TABLE, PAGES = "patient", "table", "pages"


class ClinicExportError(Exception):
    """The clinic was not, or not wholly, exported; the words say why."""


@dataclass(frozen=True)
class Piece:
    """One line: `key` is the patient's, or the name of a table. `again` if there was one before."""

    what: str
    key: object
    at: str = ""
    folder: str = ""
    label: str = ""
    records: int = 0
    missing: int = 0
    has_history: bool = False
    again: bool = False
    files: list = field(default_factory=list)

    @property
    def moment(self):
        return datetime.fromisoformat(self.at)

    @property
    def id(self):
        return self.what, self.key

    @property
    def is_written(self):
        return bool(self.files)


class Manifest:
    """The manifest in one folder, locked while it is open."""

    def __init__(self, folder):
        self.folder, self.path, self.held = folder, folder / NAME, ExitStack()

    def __enter__(self):
        try:
            self.held.enter_context(folder_lock(self.folder))
        except FolderTakenError:
            told = _("Somebody else is exporting to %(folder)s now.")
            raise ClinicExportError(told % {"folder": self.folder}) from None
        return self

    def __exit__(self, *raised):
        self.held.close()

    # Writing

    def begin(self, about):
        self._append({"format": FORMAT, **about})
        sync(self.folder)

    def keep(self, *pieces):
        """Note pieces whose files are on the disk."""
        self._append(*map(asdict, pieces))

    def drop(self, what, key):
        """Note that a piece counts no longer."""
        self._append(asdict(Piece(what, key, again=True)))

    def finish(self):
        """Note that all is there, and leave out the lines that count no longer: they may name
        somebody whose data were erased. SHA256SUMS is written along."""
        last, drafts = self._last_lines(), [self.path.with_suffix(".new"), self.folder / SUMS]
        with open(drafts[0], "wb") as kept, open(drafts[1], "wb") as sums:
            for place, line in self._lines():
                piece = _piece_of(line)
                if piece is not None and not self._counts(piece, place, last):
                    continue
                kept.write(line)
                for name, _size, digest in piece.files if piece else ():
                    sums.write(f"{digest}  {name}\n".encode())
            kept.write(_line({"finished_at": timezone.now().isoformat()}))
        for draft in drafts:
            sync(draft)
        os.replace(drafts[0], self.path)
        sync(self.folder)

    def _append(self, *told):
        with open(self.path, "ab") as file:
            file.writelines(map(_line, told))
            file.flush()
            os.fsync(file.fileno())

    # Reading

    @property
    def about(self):
        """Return the first line. Raises ClinicExportError for what is no manifest of ours."""
        _place, line = next(self._lines(), (0, b""))
        with suppress(ValueError):
            told = json.loads(line)
            if isinstance(told, dict) and told.get("format") == FORMAT:
                return told
        raise ClinicExportError(_("%(path)s is not of this program.") % {"path": self.path})

    @property
    def is_finished(self):
        return any("finished_at" in json.loads(line) for _place, line in self._lines())

    def cut_torn_line(self):
        """Take off what a killed export wrote of its last line."""
        end = sum(len(line) for _place, line in self._lines())
        os.truncate(self.path, end)

    def pieces(self):
        """Yield each Piece that counts, in the order in which they were written."""
        last = self._last_lines()
        for place, line in self._lines():
            piece = _piece_of(line)
            if piece is not None and self._counts(piece, place, last):
                yield piece

    def _counts(self, piece, place, last):
        return piece.is_written and last.get(piece.id, place) == place

    def _last_lines(self):
        """Return the place of the last line of each piece that has more than one."""
        found = {}
        for place, line in self._lines():
            if (piece := _piece_of(line)) is not None and piece.again:
                found[piece.id] = place
        return found

    def _lines(self):
        """Yield the place and the bytes of each whole line."""
        with open(self.path, "rb") as file:
            place = 0
            for line in file:
                if not line.endswith(b"\n"):
                    return
                yield place, line
                place += len(line)


def _line(told):
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _piece_of(line):
    told = json.loads(line)
    return Piece(**told) if "what" in told else None
