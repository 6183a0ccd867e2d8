"""Whoever uses the program can have its source, and nothing that a clinic keeps with it."""

import io
import subprocess
import tarfile

import pytest
from django.conf import settings as real
from django.test import Client
from django.urls import reverse

from clinic import source

LEFT_OUT = {".screenshots"}  # pictures of the README


@pytest.fixture(autouse=True)
def _packed_anew():
    source.archive.cache_clear()
    yield
    source.archive.cache_clear()


def packed():
    answer = Client().get("/source/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/gzip")
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        return {member.name.removeprefix("turgor/"): member for member in tar}


def test_every_file_of_the_program_is_in_it():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=real.BASE_DIR, capture_output=True, text=True, check=True, timeout=60,
    ).stdout.splitlines()  # fmt: skip
    ours = {name for name in listed if name.split("/")[0] not in LEFT_OUT}
    assert set(packed()) == {name for name in ours if (real.BASE_DIR / name).is_file()}


def test_what_a_clinic_keeps_is_not(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "clinic" / "media"
    for name in (
        "manage.py",
        "clinic/wsgi.py",
        "clinic/media/photo.jpg",
        "clinic/db.sqlite3",
        "clinic/.env",
        "clinic/backup.tar",
        "backups/turgor.py",
        "secret.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "clinic" / "link.py").symlink_to("/etc/hostname")
    assert set(packed()) == {"manage.py", "clinic/wsgi.py"}


def test_the_same_code_is_the_same_bytes():
    first = source.archive()
    source.archive.cache_clear()
    assert source.archive() == first


@pytest.mark.django_db
@pytest.mark.parametrize(("url", "led_to"), [("", "/source/"), ("https://code.example/", None)])
def test_the_sign_in_page_leads_to_it(settings, url, led_to):
    settings.SOURCE_URL = url
    page = Client().get(reverse("admin:login")).content.decode()
    assert f'<a href="{led_to or url}">Source code</a>' in page


def test_published_source_is_where_the_address_leads(settings):
    settings.SOURCE_URL = "https://code.example/turgor"
    answer = Client().get("/source/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://code.example/turgor")
