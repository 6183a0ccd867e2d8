"""Pages name static files that exist, whether `collectstatic` ran or not."""

import re

import pytest
from django.core.management import call_command

from clinic.static_files import StaticFiles

SHEET = "consultations/theme.css"


@pytest.fixture
def root(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    return settings.STATIC_ROOT


def test_nothing_collected_leaves_plain_names(root):
    assert StaticFiles().url(SHEET) == f"/static/{SHEET}"


def test_the_first_collectstatic_gives_every_file_a_hashed_name(root):
    call_command("collectstatic", interactive=False, verbosity=0)
    url = StaticFiles().url(SHEET)
    assert re.fullmatch(r"/static/consultations/theme\.[0-9a-f]{12}\.css", url)
    assert (root / url.removeprefix("/static/")).is_file()


def test_a_file_that_came_with_an_upgrade_is_named_plainly(root):
    call_command("collectstatic", interactive=False, verbosity=0)
    assert StaticFiles().url("consultations/new.css") == "/static/consultations/new.css"
