"""Command nightly: seal, verify against the last night, back up, clear; no head to type."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from consultations.models import AuditSeal, Draft
from consultations.models.draft import KEPT_DAYS
from tests.factories import AccessRecordFactory, DraftFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = tmp_path / "backups"
    folder.mkdir(mode=0o700)
    return folder


def run(folder):
    out = io.StringIO()
    try:
        call_command("nightly", str(folder), stdout=out, stderr=out)
    except CommandError as error:
        return str(error), out.getvalue()
    return None, out.getvalue()


def heads(folder):
    return [line.split()[-1] for line in (folder / "heads.txt").read_text().splitlines()]


def test_each_night_verifies_against_the_head_of_the_night_before(folder):
    AccessRecordFactory()
    assert run(folder)[0] is None
    first = AuditSeal.objects.latest("number")
    AccessRecordFactory()
    words, told = run(folder)
    last = AuditSeal.objects.latest("number")
    more = last.number - first.number
    assert words is None
    assert f"The head given is that of seal {first.number}; {more} seals follow it." in told
    assert heads(folder) == [first.head, last.head]
    assert len(list(folder.glob("*.tar"))) == 2


def test_an_installation_without_anything_to_seal_has_a_night_too(folder):
    assert run(folder)[0] is None
    assert not (folder / "heads.txt").exists()


def test_what_is_found_wrong_fails_the_night_and_stops_no_other_step(folder):
    AccessRecordFactory()
    run(folder)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_accessrecord SET detail = 'altered'")
    old = timezone.now() - timedelta(days=KEPT_DAYS + 1)
    Draft.objects.filter(pk=DraftFactory().pk).update(saved_at=old)
    words, told = run(folder)
    assert words == "Look into this: verify_audit failed."
    assert "1 draft deleted." in told
    assert len(list(folder.glob("*.tar"))) == 2


@pytest.mark.parametrize("name", ["missing", "file"])
def test_a_folder_that_is_none_is_told_before_anything_is_done(folder, name):
    (folder / "file").touch()
    AccessRecordFactory()
    words = f"There is no folder {folder / name}; make it first, with mode 700."
    assert run(folder / name) == (words, "")
    assert not AuditSeal.objects.exists()


def test_heads_that_cannot_be_read_are_told_in_words(folder):
    (folder / "heads.txt").write_bytes(b"\xff")
    assert run(folder)[0].startswith(f"{folder}/heads.txt cannot be read: ")
