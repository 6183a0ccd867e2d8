"""All patients as NDJSON: a file for each type of resource, a resource on each line.

Patients are written some at a time, and after each time the folder says how far it is: an export
that was stopped goes on there, and what was written after that is cut off first. Whoever was
merged, erased or entered in error meanwhile is taken out again at the end: see `ended`.
"""

import json
import os
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import Error
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.exchange.folder_lock import FolderTakenError, folder_lock
from consultations.models import ClinicSettings, Laser, Patient, Room, Surgeon
from consultations.models.text import moment_and_zone
from consultations.models.transactions import atomic

from .around import Around
from .bundle import as_json
from .codes import code_systems
from .elements import moment
from .ended import people_ended_since, take_out
from .resources import read_people, resources_of

FORMAT = "turgor-fhir/1"
STATE = "export.json"
AT_ONCE = 50


class FolderError(Exception):
    """Why a folder cannot be written to, in words."""


@dataclass
class State:
    """How far an export is: `after` is the key of the last patient written, `sizes` and `resources`
    are the bytes of each file and its lines, `left_out` counts who is not in it, and why."""

    format: str = ""
    fhir: str = "4.0.1"
    begun_at: str = ""
    finished_at: str = ""
    after: int = 0
    patients: int = 0
    resources: dict = field(default_factory=dict)
    sizes: dict = field(default_factory=dict)
    left_out: dict = field(default_factory=dict)


def write_everybody(folder, *, begun, step=lambda patients: None):
    """Write all patients to this folder, or go on with it. `begun` is called with the state before
    anything of a patient is written. Returns the state."""
    folder = Path(folder)
    _make(folder)
    try:
        with folder_lock(folder):
            state = _open(folder)
            begun(state)
            if state.patients:
                step(state.patients)  # gone on with
            with Files(folder, state) as files:
                _write_people(files, step)
                # Last: whoever was named meanwhile is there.
                files.write(_around_all())
                state.left_out, state.finished_at = _left_out(), moment(timezone.now())
                files.keep()
    except FolderTakenError:
        words = _("Somebody else is exporting to %(folder)s now.")
        raise FolderError(words % {"folder": folder}) from None
    except OSError as error:
        words = _("%(folder)s cannot be written: %(why)s. Once it can, the same command goes on.")
        why = error.strerror or type(error).__name__
        raise FolderError(words % {"folder": folder, "why": why}) from None
    except Error as error:
        words = _("The database cannot be read: %(why)s. Once it can, the same command goes on.")
        raise FolderError(words % {"why": type(error).__name__}) from error
    return state


def _make(folder):
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        words = _("%(folder)s cannot be written: %(why)s.")
        raise FolderError(words % {"folder": folder, "why": error.strerror}) from None


def _write_people(files, step):
    """Write everybody, then those anew who ended meanwhile, until nobody did."""
    since = datetime.fromisoformat(files.state.begun_at)
    while True:
        while keys := _next_after(files.state.after):
            _write_some(files, keys)
            files.state.after = keys[-1]
            files.keep()
            step(len(keys))
        looked = timezone.now()
        if not (ended := people_ended_since(since)):
            return
        files.take_out(set().union(*ended.values()))
        # Those after the last that was written come by themselves.
        kept = [key for key in sorted(ended) if key <= files.state.after]
        for place in range(0, len(kept), AT_ONCE):
            _write_some(files, kept[place : place + AT_ONCE])
            files.keep()
        since = looked


def _write_some(files, keys):
    people = _read_people(keys)
    files.write(resources_of(people, Around(ClinicSettings.objects.current())))
    files.state.patients += sum(not one.merged_into_id for one in people.tree.patients)


def everybody():
    """Those who are written: neither erased nor entered in error. Merged records go with the one
    that goes on."""
    return Patient.objects.standing().unmerged()


def _next_after(key):
    rows = everybody().filter(pk__gt=key).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _left_out():
    erased = Patient.objects.filter(erased_at__isnull=False)
    unmerged = Patient.objects.unmerged().filter(erased_at__isnull=True)
    in_error = unmerged.filter(entered_in_error_at__isnull=False)
    return {"erased": erased.count(), "entered in error": in_error.count()}


def _around_all():
    """Yield the clinic, all staff, surgeons, rooms and lasers, and our code systems."""
    around = Around(ClinicSettings.objects.current())
    for model in (get_user_model(), Surgeon, Room, Laser):
        for one in model.objects.order_by("pk"):
            around(one)
    yield from around.resources()
    yield from code_systems()


def _read_people(keys):
    """Read some patients with what was merged into them, while nobody writes to them."""
    with atomic():
        held = Patient.objects.locked_together(*keys).values()
        return read_people(_with_merged([one for one in held if not one.why_ended]))


def _with_merged(patients):
    found, last = list(patients), patients
    while last:
        last = list(Patient.objects.filter(merged_into__in=last).order_by("pk"))
        found += last
    return found


class Files:
    """The files of an export, each opened for its first resource, for their owner alone."""

    def __init__(self, folder, state):
        self.folder, self.state = folder, state
        self.stack, self.files = ExitStack(), {}

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.stack.close()

    def write(self, resources):
        for one in resources:
            kind = one["resourceType"]
            if kind not in self.files:
                path = self.folder / f"{kind}.ndjson"
                handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
                self.files[kind] = self.stack.enter_context(os.fdopen(handle, "ab"))
            self.files[kind].write(as_json(one).encode() + b"\n")
            self.state.resources[kind] = self.state.resources.get(kind, 0) + 1

    def take_out(self, keys):
        """Take out every line about the people with these FHIR keys. Ended half-way, it is done
        again by the next run: what is left is counted, not what went."""
        self.stack.close()
        self.files = {}
        for kind in self.state.sizes:
            path = self.folder / f"{kind}.ndjson"
            self.state.resources[kind], patients = take_out(path, keys)
            self.state.sizes[kind] = path.stat().st_size
            if kind == "Patient":
                self.state.patients = patients
        _keep(self.folder, self.state)

    def keep(self):
        """Have everything on the disk before the state says so."""
        for kind, file in self.files.items():
            file.flush()
            os.fsync(file.fileno())
            self.state.sizes[kind] = os.fstat(file.fileno()).st_size
        _keep(self.folder, self.state)


def _keep(folder, state):
    path = folder / f".{STATE}"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(state), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    path.replace(folder / STATE)


def _open(folder):
    """The state that an export goes on from: a new folder, an empty or an unfinished one."""
    found = sorted(one.name for one in folder.iterdir() if not _is_draft(one.name))
    if not found:
        state = State(format=FORMAT, begun_at=moment(timezone.now()))
        _keep(folder, state)
        return state
    if STATE not in found:
        raise FolderError(_("%(folder)s is not empty.") % {"folder": folder})
    state = _state_of(folder)
    if state.finished_at:
        words = _("%(folder)s holds a finished export, of %(when)s.")
        when = moment_and_zone(datetime.fromisoformat(state.finished_at))
        raise FolderError(words % {"folder": folder, "when": when})
    _cut_off(folder, state, found)
    return state


def _state_of(folder):
    try:
        state = State(**json.loads((folder / STATE).read_text()))
    except (ValueError, TypeError):
        state = None
    if state is None or state.format != FORMAT:
        words = _("%(folder)s holds something else: its %(file)s is not of such an export.")
        raise FolderError(words % {"folder": folder, "file": STATE}) from None
    return state


def _is_draft(name):
    """Whether a file is the draft of one of ours, left by a run that was ended."""
    return name == f".{STATE}" or (name.startswith(".") and name.endswith(".ndjson"))


def _cut_off(folder, state, found):
    """Take away what was written after the state was kept."""
    for draft in folder.glob(".*.ndjson"):
        draft.unlink()
    for name in found:
        kind, _dot, ending = name.rpartition(".")
        if ending == "ndjson":
            path = folder / name
            # One that lines were taken out of may be shorter than the state says.
            state.sizes[kind] = min(state.sizes.get(kind, 0), path.stat().st_size)
            os.truncate(path, state.sizes[kind])
