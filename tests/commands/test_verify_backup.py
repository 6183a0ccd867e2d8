"""Command: a backup is believed in nothing before it is found to be so."""

import hashlib
import json
import tarfile

import pytest
from django.core.management import call_command
from django.test import override_settings

from consultations.models import Patient
from consultations.trust.backup.checking import check_backup
from consultations.trust.backup.making import make_backup
from consultations.trust.backup.manifest import BackupError, read_manifest
from tests.factories import PhotoFactory

from .tars import altered, members


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """One backup for all: of a patient with one photo, in two files."""
    folder, media = tmp_path_factory.mktemp("backups"), tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media):
        try:
            PhotoFactory()
            return make_backup(folder)[0]
        finally:
            call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def whole(made, tmp_path):
    """A copy of it to do harm to."""
    path = tmp_path / "backup.tar"
    path.write_bytes(made.read_bytes())
    return path


def with_manifest(found, **changes):
    """The members with a manifest that says something else, under a digest that fits."""
    manifest = json.loads(found["manifest.json"])
    del manifest["sha256"]
    for name, value in changes.items():
        manifest[name] = value(manifest[name]) if callable(value) else value
    digest = hashlib.sha256(as_bytes(manifest)).hexdigest()
    return found | {"manifest.json": as_bytes(manifest | {"sha256": digest})}


def as_bytes(manifest):
    return json.dumps(manifest, indent=1, ensure_ascii=False).encode()


def told_of_manifest(path, **changes):
    return check_backup(altered(path, lambda found: with_manifest(found, **changes).items()))


def test_whole_backup_has_no_fault(whole):
    assert check_backup(whole) == []


def test_nothing_is_left_behind_by_a_check(whole, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    check_backup(whole)
    assert list(tmp_path.iterdir()) == [whole]


def test_changed_file_is_named(whole):
    [name, *_others] = [name for name in members(whole) if name.startswith("files/")]
    other = altered(whole, lambda found: (found | {name: b"imagE"}).items())
    assert f"{name} is not as it was: its digest differs." in check_backup(other)


@pytest.mark.parametrize("lost", ["files", "database", "manifest"])
def test_lost_member_is_named(whole, lost):
    [gone, *_others] = [name for name in members(whole) if name.startswith(lost)]
    other = altered(whole, lambda found: [pair for pair in found.items() if pair[0] != gone])
    words = {"files": gone, "database": "The database is missing.", "manifest": "no manifest"}
    assert words[lost] in check_backup(other)[0]


def test_file_that_the_manifest_does_not_know_is_named(whole):
    other = altered(whole, lambda found: [("files/more", b""), *found.items()])
    assert check_backup(other) == ["files/more is not in the manifest."]


def test_rows_are_counted_anew(whole):
    table = Patient._meta.db_table
    told = told_of_manifest(whole, rows=lambda rows: rows | {table: 7})
    assert told == [f"Table {table} has 1 rows, and had 7 when the backup was made."]


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 0},
        {"engine": "oracle"},
        {"members": 5},
        {"rows": [1]},
        {"missing": [1]},
        {"program": None},
        {"members": [{"name": 1, "size": 2, "sha256": "3"}]},
    ],
)
def test_manifest_of_another_shape_is_refused(whole, changes):
    assert told_of_manifest(whole, **changes) == ["Its manifest cannot be read."]


def test_every_flipped_bit_of_the_manifest_is_told(whole):
    found = members(whole)
    manifest = found["manifest.json"]
    for place in range(0, len(manifest) * 8, 7):
        flipped = bytearray(manifest)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(BackupError):
            read_manifest(bytes(flipped))


def test_flipped_bit_in_what_only_a_restore_asks_for_is_told(whole):
    def flip(found):
        manifest = found["manifest.json"].replace(b"0001_records", b"0001_recordr")
        return (found | {"manifest.json": manifest}).items()

    assert check_backup(altered(whole, flip)) == [
        "Its manifest is not as it was: its digest differs."
    ]


def test_backup_of_an_earlier_release_has_no_digest_of_its_own(whole):
    def earlier(found):
        manifest = json.loads(found["manifest.json"]) | {"format": 1}
        del manifest["sha256"]
        return (found | {"manifest.json": as_bytes(manifest)}).items()

    assert check_backup(altered(whole, earlier)) == []


def test_newer_form_is_told(whole):
    assert "newer Turgor" in told_of_manifest(whole, format=99)[0]


def typed(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


HOSTILE = {
    "absolute": "/etc/cron.d/x",
    "upwards": "files/../../x",
    "hidden": "files/.ssh",
    "backslash": "files\\..\\x",
    "other room": "settings.py",
    "link": typed("files/x", tarfile.SYMTYPE, "/etc/passwd"),
    "hard link": typed("files/x", tarfile.LNKTYPE, "manifest.json"),
    "device": typed("files/x", tarfile.CHRTYPE),
    "pipe": typed("files/x", tarfile.FIFOTYPE),
    "folder": typed("files/x", tarfile.DIRTYPE),
    "sparse": typed("files/x", tarfile.GNUTYPE_SPARSE),
    "long name": "files/" + "x" * 200,
    "empty part": "files//x",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_member_is_refused(whole, kind):
    other = altered(whole, lambda found: [(HOSTILE[kind], b""), *found.items()])
    [told] = check_backup(other)
    assert "which is no plain file" in told or "which no backup has" in told


def test_name_given_twice_is_refused(whole):
    other = altered(whole, lambda found: [*found.items(), ("files/x", b"1"), ("files/x", b"2")])
    assert check_backup(other) == ["It holds 'files/x' twice."]


def test_member_larger_than_the_file_is_refused(tmp_path):
    """Nothing in a backup is packed, so nothing can be larger than it looks."""
    path = tmp_path / "bomb.tar"
    info = tarfile.TarInfo("files/x")
    info.size = 10**15
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT))
    assert check_backup(path) == ["It is cut off within files/x."]


@pytest.mark.parametrize("content", [b"", b"no tar", b"\x1f\x8b" * 2048, bytes(1024)])
def test_other_files_are_no_backup(tmp_path, content):
    path = tmp_path / "other"
    path.write_bytes(content)
    assert len(check_backup(path)) == 1


def test_every_length_it_could_be_cut_to_is_refused(whole):
    content = whole.read_bytes()
    for length in range(0, len(content) - 20_000, len(content) // 50):
        whole.write_bytes(content[:length])
        assert len(check_backup(whole)) == 1


def test_file_that_is_not_there(tmp_path):
    assert "cannot be read" in check_backup(tmp_path / "nothing")[0]


def test_damaged_database_is_found_even_where_the_digest_agrees(whole):
    def damage(found):
        members = json.loads(found["manifest.json"])["members"]
        name = members[0]["name"]
        quarter = len(found[name]) // 4
        damaged = found[name][:quarter] + b"\xaa" * 2 * quarter + found[name][3 * quarter :]
        members[0] |= {"sha256": hashlib.sha256(damaged).hexdigest(), "size": len(damaged)}
        return with_manifest(found | {name: damaged}, members=members).items()

    [told, *_others] = check_backup(altered(whole, damage))
    assert "database" in told


def test_only_the_backup_whose_digest_was_kept_is_believed(whole, capsys):
    kept = hashlib.sha256(members(whole)["manifest.json"]).hexdigest()
    call_command("verify_backup", str(whole), digest=f"{kept.upper()}\n")
    assert capsys.readouterr().out.startswith("This backup is whole.")
    other = altered(whole, lambda found: with_manifest(found, program="9").items())
    assert check_backup(other) == []
    for path, digest in ((other, kept), (whole, ""), (whole, kept[:-1])):
        with pytest.raises(SystemExit):
            call_command("verify_backup", str(path), digest=digest)
        assert "This is not the backup whose digest you gave" in capsys.readouterr().err
