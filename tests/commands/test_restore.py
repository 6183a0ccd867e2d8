"""Command: what was backed up comes back as it was, into an empty installation only."""

import io
import os
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from consultations.models import AuditSeal, Patient
from consultations.trust.backup import restoring
from consultations.trust.backup.making import make_backup
from consultations.trust.backup.manifest import BackupError
from tests.factories import (
    AccessRecordFactory,
    AuditSealFactory,
    ErasureFactory,
    PatientFactory,
    UserFactory,
)
from tests.installations import all_files, all_rows, another_installation, is_untouched
from tests.sweeps.world import make_more, make_world

from .tars import altered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def path(tmp_path):
    """A backup of a small clinic, audit and seals included."""
    user = UserFactory()
    make_world(user)
    make_more(2, by=user)
    for factory in (AccessRecordFactory, AuditSealFactory, ErasureFactory):
        factory()
    AuditSealFactory(digests=bytes(range(256)))
    (tmp_path / "backups").mkdir(mode=0o700)
    return make_backup(tmp_path / "backups")[0]


def restore(path):
    out = io.StringIO()
    call_command("restore", str(path), stdout=out)
    return out.getvalue()


def test_every_row_and_every_file_comes_back(path, tmp_path):
    rows, files = all_rows(), all_files()
    with another_installation(tmp_path):
        told = restore(path)
        assert all_rows() == rows
        assert all_files() == files
        assert AuditSeal.objects.count() == 2
    assert told.startswith("Restored.")
    assert "run migrate" not in told
    assert len(files) == 15
    assert sum(map(len, rows.values())) > 200


def test_what_came_back_can_be_worked_with(path, tmp_path):
    with another_installation(tmp_path):
        restore(path)
        before = Patient.objects.count()
        PatientFactory(by=UserFactory(username="afterwards"))
        assert Patient.objects.count() == before + 1


def test_files_come_back_private(path, tmp_path):
    with another_installation(tmp_path):
        restore(path)
        found = list(Path(settings.MEDIA_ROOT).rglob("*"))
        modes = {(one.is_dir(), stat.S_IMODE(one.stat().st_mode)) for one in found}
        assert modes == {(True, 0o700), (False, 0o600)}


def test_restore_after_migrate_is_refused(path):
    with pytest.raises(CommandError, match="This database has tables already"):
        restore(path)


def test_restore_beside_other_files_is_refused(path, tmp_path):
    with another_installation(tmp_path):
        media = Path(settings.MEDIA_ROOT)
        media.mkdir()
        (media / "theirs").write_text("stays")
        with pytest.raises(CommandError, match="is not empty"):
            restore(path)
        assert all_files() == {"theirs": b"stays"}


def test_backup_of_the_other_database_is_refused(path, tmp_path, monkeypatch):
    with another_installation(tmp_path):
        other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
        monkeypatch.setattr(restoring, "engine", lambda: other)
        with pytest.raises(CommandError, match="This is a backup of a"):
            restore(path)
        assert is_untouched()


def test_damaged_backup_is_refused(path, tmp_path):
    changed = altered(path, lambda found: [*found.items(), ("files/more", b"")])
    with another_installation(tmp_path):
        with pytest.raises(CommandError, match="cannot be relied on"):
            restore(changed)
        assert is_untouched()


def test_backup_of_a_newer_program_is_refused(path, tmp_path, monkeypatch):
    monkeypatch.setattr(restoring, "_known_migrations", lambda: {"consultations.0001_records"})
    with another_installation(tmp_path):
        with pytest.raises(CommandError, match="made by a newer Turgor"):
            restore(path)
        assert is_untouched()


def test_newer_program_says_what_to_run(path, tmp_path, monkeypatch):
    known = restoring._known_migrations()
    monkeypatch.setattr(restoring, "_known_migrations", lambda: known | {"consultations.0999_x"})
    with another_installation(tmp_path):
        assert "run migrate" in restore(path)


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, OSError(28, "full"), BackupError("odd")])
@pytest.mark.parametrize("media_is_there", [True, False])
def test_failed_restore_leaves_all_empty(path, tmp_path, monkeypatch, trouble, media_is_there):
    def fail(*arguments):
        raise trouble

    with another_installation(tmp_path):
        media = Path(settings.MEDIA_ROOT)
        if media_is_there:
            media.mkdir()
        monkeypatch.setattr(restoring.own(), "bring_back", fail)
        with pytest.raises((SystemExit, CommandError)):
            restore(path)
        assert is_untouched()
        assert media.exists() == media_is_there
        monkeypatch.undo()
        restore(path)


class Killed(BaseException):
    """Stands for SIGKILL: nothing is cleared away after it."""


@pytest.mark.parametrize("while_unpacking", [True, False])
def test_killed_restore_leaves_no_work_for_hands(path, tmp_path, monkeypatch, while_unpacking):
    rows, files = all_rows(), all_files()
    put, done = restoring._put, []

    def kill(*arguments):
        if len(done) == 3 or not while_unpacking:
            raise Killed
        done.append(put(*arguments))

    with another_installation(tmp_path):
        with monkeypatch.context() as killed:
            if while_unpacking:
                killed.setattr(restoring, "_put", kill)
            else:
                killed.setattr(restoring.own(), "bring_back", kill)
            killed.setattr(restoring, "_empty", lambda media: None)
            killed.setattr("tempfile.TemporaryDirectory.__exit__", lambda *_: None)
            killed.setattr(Path, "rmdir", lambda path: None)
            with pytest.raises(Killed):
                restoring.restore_backup(path)
        assert len(all_files()) == (3 if while_unpacking else len(files))
        restore(path)
        assert all_rows() == rows
        assert all_files() == files
        assert not list(tmp_path.rglob(".turgor-restor*"))


def test_files_that_came_after_a_killed_restore_are_kept(path, tmp_path):
    with another_installation(tmp_path):
        media = Path(settings.MEDIA_ROOT)
        (media / restoring.UNFINISHED).mkdir(parents=True)
        os.utime(media / restoring.UNFINISHED, (1, 1))
        (media / "theirs").write_text("stays")
        with pytest.raises(CommandError, match="is not empty"):
            restore(path)
        assert all_files() == {"theirs": b"stays"}


def test_database_that_cannot_be_brought_back_leaves_all_empty(path, tmp_path, monkeypatch):
    """The engine itself fails on the way: half a dump, or no room for the copy."""
    if connection.vendor == "sqlite":
        monkeypatch.setattr(os, "replace", lambda *names: os.stat("/no/where"))
    else:
        monkeypatch.setattr("consultations.trust.backup.postgresql._count", lambda *_: -1)
    with another_installation(tmp_path):
        with pytest.raises(CommandError):
            restore(path)
        monkeypatch.undo()
        assert is_untouched()
