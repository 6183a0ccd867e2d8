"""Commands: a backup is whole and private, made while staff work, and checked without trust."""

import hashlib
import io
import json
import os
import signal
import stat
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.urls import get_resolver

from consultations.models import IssuedDocument, Patient, Photo
from consultations.trust.backup import making
from consultations.trust.backup.checking import check_backup
from tests.factories import (
    AuditSealFactory,
    DraftFactory,
    PatientFactory,
    PhotoFactory,
    UserFactory,
)
from tests.sweeps.world import make_world

from .tars import members

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "backups"
    path.mkdir(mode=0o700)
    return path


def backup(folder):
    """The file that the command made, what it said and what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    call_command("backup", str(folder), stdout=out, stderr=err)
    return Path(out.getvalue().splitlines()[0]), out.getvalue(), err.getvalue()


def test_backup_holds_database_files_and_manifest(folder):
    make_world(UserFactory())
    path, _told, complaints = backup(folder)
    found = members(path)
    manifest = json.loads(found["manifest.json"])
    files = {
        name for photo in Photo.objects.all() for name in (photo.image.name, photo.thumbnail.name)
    } | {document.file.name for document in IssuedDocument.objects.all()}
    assert complaints == ""
    assert {name.removeprefix("files/") for name in found if name.startswith("files/")} == files
    assert {one["name"]: one["sha256"] for one in manifest["members"]} == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in found.items()
        if name != "manifest.json"
    }
    assert manifest["engine"] == connection.vendor
    assert manifest["rows"][Patient._meta.db_table] == Patient.objects.count()
    assert "consultations.0001_records" in manifest["migrations"]
    assert check_backup(path) == []


def test_backup_is_one_private_file(folder):
    path, told, _complaints = backup(folder)
    assert list(folder.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "SECRET_KEY and AUDIT_KEY are not in it" in told


def test_backups_of_one_second_stand_side_by_side(folder):
    for _number in range(3):
        backup(folder)
    assert len(list(folder.iterdir())) == 3


def test_no_key_is_in_it(folder):
    PatientFactory()
    path, _told, _complaints = backup(folder)
    assert settings.SECRET_KEY.encode() not in path.read_bytes()


def test_nobody_is_signed_in_to_a_copy(folder):
    client = Client()
    client.force_login(UserFactory())
    path, _told, _complaints = backup(folder)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert key.encode() not in path.read_bytes()
    assert json.loads(members(path)["manifest.json"])["rows"]["django_session"] == 0


def test_what_was_deleted_is_not_dragged_along(folder):
    """SQLite keeps deleted rows in its file until the space is needed."""
    draft = DraftFactory(values={"note": "canary-of-a-deleted-row"})
    draft.delete()
    path, _told, _complaints = backup(folder)
    assert b"canary-of-a-deleted-row" not in path.read_bytes()


def test_missing_file_is_named_and_does_not_stop_the_backup(folder):
    photo = PhotoFactory()
    photo.image.storage.delete(photo.image.name)
    path, told, complaints = backup(folder)
    assert f"not in the backup: {photo.image.name}" in complaints
    assert "1 files missing" in told
    assert json.loads(members(path)["manifest.json"])["missing"] == [photo.image.name]
    assert check_backup(path) == []


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "photos/../../secret"])
def test_name_that_leads_elsewhere_brings_nothing_in(folder, name):
    Photo.objects.filter(pk=PhotoFactory().pk).update(image=name)
    path, _told, complaints = backup(folder)
    assert name in complaints
    assert all(".." not in member and "passwd" not in member for member in members(path))


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_nothing_half_written_remains(folder, monkeypatch, trouble):
    PhotoFactory()

    def fail(*arguments):
        raise trouble

    monkeypatch.setattr(making, "_add_file", fail)
    with pytest.raises((SystemExit, CommandError)):
        backup(folder)
    assert list(folder.iterdir()) == []


@pytest.fixture
def at_a_terminal():
    """Signals as a terminal leaves them: in the background, or after nohup, some are ignored."""
    usual = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: signal.SIG_DFL,
        signal.SIGHUP: signal.SIG_DFL,
    }
    before = {told: signal.signal(told, usual[told]) for told in usual}
    yield
    for told, handler in before.items():
        signal.signal(told, handler)


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end_leaves_nothing(folder, monkeypatch, capsys, told):
    PhotoFactory()
    monkeypatch.setattr(making, "_add_file", lambda *_arguments: signal.raise_signal(told))
    with pytest.raises(SystemExit) as left:
        call_command("backup", str(folder))
    assert [left.value.code, list(folder.iterdir())] == [130, []]
    assert "Stopped. Nothing was kept." in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_is_ignored_on_purpose_ends_nothing(folder, monkeypatch, told):
    """Started with nohup, a backup outlives the terminal that was closed."""
    PhotoFactory()
    signal.signal(told, signal.SIG_IGN)
    add_file = making._add_file

    def interrupted(*arguments):
        signal.raise_signal(told)
        return add_file(*arguments)

    monkeypatch.setattr(making, "_add_file", interrupted)
    path, _told, complaints = backup(folder)
    assert [complaints, check_backup(path)] == ["", []]
    assert signal.getsignal(told) is signal.SIG_IGN


def test_failing_database_is_told_in_words(folder, monkeypatch):
    monkeypatch.setattr(making, "MIGRATIONS", "SELECT nothing FROM nowhere")
    with pytest.raises(CommandError, match="The database cannot be read"):
        backup(folder)
    assert list(folder.iterdir()) == []


def test_folder_is_never_among_the_programs_own_files(folder, settings):
    settings.MEDIA_ROOT = folder.parent
    with pytest.raises(CommandError, match="holds the program's own files"):
        backup(folder)
    with pytest.raises(CommandError, match="holds the program's own files"):
        backup(settings.BASE_DIR / "consultations" / "static" / "consultations")


def test_folder_that_is_not_there_is_not_made(folder):
    with pytest.raises(CommandError, match="There is no folder"):
        backup(folder / "unmounted")
    assert not (folder / "unmounted").exists()


def test_open_folder_is_warned_about(folder):
    os.chmod(folder, 0o755)
    assert "Others can look into" in backup(folder)[2]


def test_backup_is_one_moment_while_staff_work(folder):
    """A photo's rows and files come together or not at all, and the counts are the copy's own."""
    user, stop = UserFactory(), threading.Event()
    PhotoFactory(by=user)

    def work():
        try:
            while not stop.is_set():
                PhotoFactory(by=user)
        finally:
            connections.close_all()

    staff = threading.Thread(target=work)
    staff.start()
    try:
        found = [backup(folder) for _number in range(3)]
    finally:
        stop.set()
        staff.join()
    for path, _told, complaints in found:
        assert [complaints, check_backup(path)] == ["", []]
        manifest = json.loads(members(path)["manifest.json"])
        photos = manifest["rows"][Photo._meta.db_table]
        assert len(manifest["members"]) == 1 + 2 * photos
        assert manifest["rows"]["consultations_historicalphoto"] == photos


def test_verify_says_that_it_is_whole(folder, capsys):
    AuditSealFactory()
    call_command("verify_backup", str(backup(folder)[0]))
    assert capsys.readouterr().out.startswith("This backup is whole.")


def test_verify_names_what_is_wrong_and_exits_1(folder, capsys):
    path, _told, _complaints = backup(folder)
    path.write_bytes(path.read_bytes()[:-20_000])
    with pytest.raises(SystemExit) as left:
        call_command("verify_backup", str(path))
    assert left.value.code == 1
    assert "cut off" in capsys.readouterr().err


def test_no_address_leads_to_a_backup():
    def addresses(resolver, before=""):
        for one in resolver.url_patterns:
            here = f"{before}{one.pattern}"
            yield here
            if hasattr(one, "url_patterns"):
                yield from addresses(one, here)

    told = [*addresses(get_resolver())]
    assert len(told) > 50
    assert [one for one in told if "backup" in one or "restore" in one] == []
