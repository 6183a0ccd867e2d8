"""The whole clinic in open formats, in a folder: nobody is locked in.

Each person has a folder with what their own export holds, and every table of the clinic is there
as CSV and JSON. It goes on where it was stopped, and takes the same memory for any clinic.
"""

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import Error, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings, Patient
from consultations.summaries.person import people_of
from consultations.summaries.timeline import name_of
from consultations.trust.access import record_export
from consultations.trust.backup.archive import private
from consultations.trust.backup.making import program_version, refuse_place
from consultations.trust.backup.manifest import BackupError
from consultations.trust.person_export import write_person
from consultations.trust.person_export.documents import made_by
from consultations.trust.person_export.rows import Rows

from .folder import Folder, sync_all
from .manifest import NAME, PAGES, PATIENT, TABLE, ClinicExportError, Manifest, Piece
from .pages import write_pages
from .tables import FOLDER, exported_models, write_table

__all__ = ["ClinicExportError", "Exported", "export_clinic"]

PATIENTS = "patients"
AT_ONCE = 20  # people whose rows are in memory
ROWS_AT_ONCE = 200


@dataclass(frozen=True)
class Exported:
    """How much an export holds; `records` are those of the tables."""

    patients: int
    tables: int
    records: int
    files: int
    missing: int


def export_clinic(*, folder, by, resume=False, way="", step=lambda done, total: None):
    """Write the whole clinic to a new or empty folder, in the name of `by`; return an Exported.

    With `resume`, go on in a folder where this was stopped. `way` is added to the access log.
    `step` is called with how many patients were written since the last call, and how many there
    are. Raises ClinicExportError, in words; what is whole stays where it is.
    """
    folder = Path(folder)
    try:
        with private():
            make_place(folder, resume=resume)
            with Manifest(folder) as manifest:
                export = ClinicExport(folder, manifest, by, step)
                export.begin(way, resume=resume)
                if not manifest.is_finished:
                    export.write()
                return export.told()
    except OSError as error:
        told = _("%(folder)s cannot be written: %(why)s. Once it can, go on with --resume.")
        why = error.strerror or type(error).__name__
        raise ClinicExportError(told % {"folder": folder, "why": why}) from error
    except Error as error:
        told = _("The database cannot be read: %(error)s. Once it can, go on with --resume.")
        raise ClinicExportError(told % {"error": type(error).__name__}) from error


def make_place(folder, *, resume):
    """Make the folder if need be. Raises ClinicExportError for one that holds anything else."""
    try:
        refuse_place(folder if folder.is_dir() else folder.parent)
    except BackupError as refusal:
        raise ClinicExportError(str(refusal)) from None
    folder.mkdir(exist_ok=True)
    is_begun = (folder / NAME).is_file()
    if resume and not is_begun:
        told = _("There is no export in %(folder)s to go on with.")
    elif is_begun and not resume:
        told = _("An export was begun in %(folder)s: go on with --resume, or name another folder.")
    elif not is_begun and any(folder.iterdir()):
        told = _("%(folder)s holds other files. Name a new or an empty folder.")
    else:
        return
    raise ClinicExportError(told % {"folder": folder})


class ClinicExport:
    """One export while it is written."""

    def __init__(self, folder, manifest, by, step):
        self.folder, self.manifest, self.by, self.step = folder, manifest, by, step

    def begin(self, way, *, resume):
        """Log the export, and again if somebody else goes on with it."""
        if resume:
            self.manifest.cut_torn_line()
            about = self.manifest.about
            if about["account"] == self.by.pk:
                return
        detail = _("The whole clinic, continued.") if resume else _("The whole clinic.")
        record_export(by=self.by, detail=detail, way=way)
        if not resume:
            self.manifest.begin(
                {
                    "clinic": ClinicSettings.objects.current().name,
                    "program": program_version(),
                    "started_at": timezone.now().isoformat(),
                    "account": self.by.pk,
                    "by": name_of(self.by),
                    "way": way,
                }
            )

    def write(self):
        last = self._look_over()
        self._write_patients(last)
        self._write_tables()
        # Who was erased or merged meanwhile does not stay as they were.
        while self._write_changed():
            self._write_tables()
        self._write_pages()
        self.manifest.finish()

    def told(self):
        """Return what the folder holds."""
        sums, kinds = Counter(), Counter()
        for piece in self.manifest.pieces():
            kinds[piece.what] += 1
            sums["records"] += piece.records if piece.what == TABLE else 0
            sums["files"] += len(piece.files)
            sums["missing"] += piece.missing
        return Exported(
            kinds[PATIENT], kinds[TABLE], sums["records"], sums["files"], sums["missing"]
        )

    def _look_over(self):
        """Take out the pieces whose files are not as they were written; return the key of the last
        patient, 0 for none."""
        last, spoilt, count = 0, [], 0
        for piece in self.manifest.pieces():
            if piece.what == PATIENT:
                last, count = max(last, piece.key), count + 1
            if not all(self._has_size(name, size) for name, size, _digest in piece.files):
                spoilt.append(piece)
        self.step(count, self._total())
        for piece in spoilt:
            self._remove(piece)
            if piece.what == PATIENT:
                self._write_people([piece.key], again=True)
        return last

    def _has_size(self, name, size):
        try:
            return (self.folder / name).stat().st_size == size
        except OSError:
            return False

    def _total(self):
        return Patient._base_manager.filter(merged_into=None).count()

    def _write_patients(self, last):
        patients = Patient._base_manager.filter(merged_into=None).order_by("pk")
        total = self._total()
        while keys := list(patients.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
            self._write_people(keys)
            last = keys[-1]
            self.step(len(keys), total)

    @transaction.atomic
    def _read_people(self, keys):
        """Read these people while nobody writes to them, without those merged into others; return
        them, their Rows, and when that was."""
        held, at = Patient.objects.locked_together(*keys).values(), timezone.now()
        people = people_of([one for one in held if not one.merged_into_id])
        return people, Rows(people), at

    def _write_people(self, keys, *, again=False):
        """Write the files of these people and note them. Nobody waits for that: whoever is erased
        after they were read is written again at the end."""
        people, rows, at = self._read_people(keys)
        made, known, pieces, places = made_by(self.by), {}, [], []
        for person in people:
            within = f"{PATIENTS}/{person[0].record_number}"
            shutil.rmtree(self.folder / within, ignore_errors=True)  # half of it, of one killed
            place = Folder(self.folder, within)
            records, missing = write_person(
                person=person, rows=rows, made=made, known=known, archive=place, every_table=False
            )
            piece = Piece(
                PATIENT,
                person[0].pk,
                at.isoformat(),
                within,
                records=records,
                missing=missing,
                again=again,
                files=place.files,
            )
            pieces.append(piece)
            places.append(place)
        sync_all(*places)
        self.manifest.keep(*pieces)

    def _write_changed(self):
        """Write those again whose own row changed since; return whether there were any."""
        since = datetime.fromisoformat(self.manifest.about["started_at"])
        changed, merged = {}, set()
        changed_since = Patient._base_manager.filter(changed_at__gte=since)
        for patient in changed_since.iterator(ROWS_AT_ONCE):
            kept = patient.kept_record.pk
            changed[kept] = max(changed.get(kept, since), patient.changed_at)
            if patient.merged_into_id:
                merged.add(patient.pk)
        if not changed:
            return False
        written = {
            piece.key: piece
            for piece in self.manifest.pieces()
            if piece.what == PATIENT and (piece.key in changed or piece.key in merged)
        }
        stale = [
            key for key, at in changed.items() if key not in written or at >= written[key].moment
        ]
        for key in [*stale, *merged]:
            if key in written:
                self._remove(written[key])
        for at in range(0, len(stale), AT_ONCE):
            self._write_people(stale[at : at + AT_ONCE], again=True)
        return bool(stale)

    def _write_tables(self):
        """Write each table that is not there yet, or that was written before somebody's data were
        erased."""
        written = {piece.key: piece for piece in self.manifest.pieces() if piece.what == TABLE}
        for model in exported_models():
            piece = written.get(model._meta.model_name)
            if piece is None or self._erased_since(piece.moment):
                if piece is not None:
                    self._remove(piece)
                self._write_table(model)

    def _erased_since(self, moment):
        return Patient._base_manager.filter(erased_at__gte=moment).exists()

    def _write_table(self, model):
        at, place = timezone.now(), Folder(self.folder, FOLDER)
        table = write_table(model, place)
        sync_all(place)
        self.manifest.keep(
            Piece(
                TABLE,
                table.name,
                at.isoformat(),
                FOLDER,
                label=table.label,
                records=table.records,
                has_history=table.has_history,
                again=True,  # it may have been written before
                files=place.files,
            )
        )

    def _write_pages(self):
        """Write the page that explains the folder, and the list of patients."""
        place = Folder(self.folder)
        tables = [piece for piece in self.manifest.pieces() if piece.what == TABLE]
        write_pages(place, self.manifest.about, self.told(), tables)
        sync_all(place)
        at = timezone.now().isoformat()
        self.manifest.keep(Piece(PAGES, "", at, again=True, files=place.files))

    def _remove(self, piece):
        """Take a piece out of the manifest, then off the disk."""
        self.manifest.drop(piece.what, piece.key)
        for name, _size, _digest in piece.files:
            (self.folder / name).unlink(missing_ok=True)
        if piece.what == PATIENT:
            shutil.rmtree(self.folder / piece.folder, ignore_errors=True)
