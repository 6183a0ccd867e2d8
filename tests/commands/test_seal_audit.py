"""Commands: sealing the audit prints its head; verifying names what is not as it was sealed."""

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection

from consultations.models import AuditSeal
from consultations.trust import sealing as seals
from tests.factories import (
    AccessRecordFactory,
    DocumentFactory,
    ErasureFactory,
    PatientFactory,
    PhotoFactory,
)

pytestmark = pytest.mark.django_db

UNPROVEN = (
    "No head was given: that seals were cut off at the end of the chain cannot be ruled out.\n"
)


def run(name, *arguments):
    out, code = io.StringIO(), 0
    try:
        call_command(name, *arguments, stdout=out)
    except SystemExit as exit:
        code = exit.code
    return code, out.getvalue()


def opened(count):
    return AccessRecordFactory.create_batch(count, user=None, patient=None)


def test_nothing_to_seal():
    assert run("seal_audit") == (0, "There is nothing to seal yet.\n")
    assert run("verify_audit") == (
        0,
        f"{UNPROVEN}0 rows and 0 seals checked: everything is as it was sealed.\n",
    )


def test_sealing_prints_the_head():
    opened(3)
    code, told = run("seal_audit")
    head = AuditSeal.objects.get().head
    assert (code, told) == (0, f"3 rows sealed by 1 seals.\nHead after seal 1: {head}\n")
    assert run("seal_audit") == (0, f"0 rows sealed by 0 seals.\nHead after seal 1: {head}\n")


def test_verifying_with_the_head_that_was_kept():
    opened(1)
    head = run("seal_audit")[1].split()[-1]
    code, told = run("verify_audit", "--head", head)
    assert code == 0
    assert told.splitlines() == [
        "The head given is that of seal 1; 0 seals follow it.",
        f"Head now: {head}",
        "1 rows and 1 seals checked: everything is as it was sealed.",
    ]


def test_verifying_with_a_head_that_is_gone():
    opened(1)
    run("seal_audit")
    code, told = run("verify_audit", "--head", "f" * 64)
    assert code == 1
    assert told.startswith("The head given is not in the chain: seals were removed or replaced.\n")


@pytest.mark.parametrize("head", ["", "  "])
def test_empty_head_is_refused(head):
    with pytest.raises(CommandError, match="--head is empty"):
        run("verify_audit", "--head", head)


def test_rows_without_any_seal_end_in_one():
    opened(1)
    code, told = run("verify_audit")
    assert code == 1
    assert told.startswith("The audit has rows and not one seal: nothing was ever sealed, or ")


def test_record_altered_behind_its_history_ends_in_one():
    patient = PatientFactory()
    run("seal_audit")
    assert "2 records compared with their history.\n" in run("verify_audit")[1]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_patient SET family_name = 'Forged'")
    code, told = run("verify_audit")
    assert code == 1
    assert told.startswith(f"Patient {patient.pk} is not what its history says: family_name.\n")


def test_altered_row_ends_in_one():
    row, _ = opened(2)
    run("seal_audit")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consultations_accessrecord WHERE id = %s", [row.pk])
    code, told = run("verify_audit")
    assert code == 1
    assert told.startswith(f"Row {row.pk} of access records (sealed by seal 1 of ")
    assert "is missing." in told
    assert told.endswith("2 rows and 1 seals checked: 1 not as sealed.\n")


def test_what_is_not_sealed_is_told():
    opened(1)
    run("seal_audit")
    [late] = opened(1)
    assert (
        f"Not sealed yet: 1 rows of access records since {late.at:%Y-%m-%d %H:%M}.\n"
        in run("verify_audit")[1]
    )


def test_forged_erasure_is_told():
    erasure = ErasureFactory()
    code, told = run("verify_audit")
    assert code == 1
    assert told.startswith(f"Erasure {erasure.pk} was altered, or was not written by this program.")


def test_sealing_that_gives_way_says_so(monkeypatch):
    def give_way(**options):
        raise seals.SealingError("Somebody else is sealing at this moment.")

    monkeypatch.setattr("consultations.management.commands.seal_audit.seal", give_way)
    with pytest.raises(CommandError, match="Somebody else"):
        run("seal_audit")


def test_erasure_by_an_account_that_is_gone_is_told(manager):
    patient = PatientFactory(by=manager)
    patient.save(by=manager)
    run("seal_audit")
    key = patient.history.earliest().pk
    table = patient.history.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET family_name = 'Erased' WHERE history_id = %s", [key])
        seals.entomb(patient=patient, by=manager, reason="Asked.", rows={table: {key: "changed"}})
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("UPDATE auth_user SET id = 900 WHERE id = %s", [manager.pk])
        code, told = run("verify_audit")
        cursor.execute("UPDATE auth_user SET id = %s WHERE id = 900", [manager.pk])
    assert code == 1
    assert f"by account {manager.pk}.\n" in told
    assert f"User {manager.pk} is gone, though its history stands.\n" in told
    assert "User 900 has no history.\n" in told


def test_permissions_given_behind_the_program_are_named(clinician, manager):
    granted = Permission.objects.get(codename="view_clinical").pk
    others = Group.objects.create(name="Auditors")
    clinician.groups.add(others)
    manager.user_permissions.add(granted)
    seals.seal()
    assert run("verify_audit")[0] == 0
    reception = Group.objects.get(name="Reception")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_user_user_permissions")
        for group in (others, reception):
            cursor.execute(
                "INSERT INTO auth_group_permissions (group_id, permission_id) VALUES (%s, %s)",
                [group.pk, granted],
            )
    code, told = run("verify_audit")
    assert code == 1
    assert told.splitlines()[:3] == [
        f"User {clinician.pk} is not what its history says: permissions.",
        f"User {manager.pk} is not what its history says: permissions.",
        "The role Reception may do what the program does not give it, or less: run sync_roles.",
    ]


def test_photos_are_checked_where_asked():
    kept, swapped, gone, bare, small = PhotoFactory.create_batch(5)
    seals.seal()
    code, told = run("verify_audit", "--photos")
    assert code == 0
    assert "The files of 5 photos compared with their records.\n" in told
    Path(swapped.image.path).write_bytes(Path(kept.image.path).read_bytes())
    Path(gone.image.path).unlink()
    Path(bare.thumbnail.path).unlink()
    Path(small.thumbnail.path).write_bytes(b"thumbnail of somebody else")
    code, told = run("verify_audit", "--photos")
    assert code == 1
    assert told.splitlines()[:4] == [
        f"The image of photo {swapped.pk} is not the one that was recorded.",
        f"The image of photo {gone.pk} is missing.",
        f"The thumbnail of photo {bare.pk} is missing.",
        f"The thumbnail of photo {small.pk} is not the one that was recorded.",
    ]
    assert run("verify_audit")[0] == 0


def test_documents_are_checked_with_the_photos():
    kept, swapped, gone = DocumentFactory.create_batch(3)
    seals.seal()
    code, told = run("verify_audit", "--photos")
    assert code == 0
    assert "The files of 3 documents compared with their records.\n" in told
    Path(swapped.file.path).write_bytes(Path(kept.file.path).read_bytes())
    Path(gone.file.path).unlink()
    code, told = run("verify_audit", "--photos")
    assert code == 1
    assert told.splitlines()[:2] == [
        f"The file of document {swapped.pk} is not the one that was recorded.",
        f"The file of document {gone.pk} is missing.",
    ]


@pytest.mark.parametrize("name", ["CAST(X'ff41' AS TEXT)", "'../../etc/hostname'", "1e999"])
def test_photo_without_a_readable_name_is_named(name):
    if connection.vendor != "sqlite":
        name = "'../../etc/hostname'"
    photo = PhotoFactory()
    seals.seal()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE consultations_photo SET image = {name}")
    code, told = run("verify_audit", "--photos")
    assert code == 1
    assert told.splitlines()[:2] == [
        f"Photo {photo.pk} is not what its history says: image.",
        f"The image of photo {photo.pk} is missing.",
    ]
