"""What the documents say is there: links, headings and paths; and the README stays short."""

import re
import subprocess

import pytest
from django.conf import settings

BASE = settings.BASE_DIR
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FOLDERS = ("clinic/", "consultations/", "templates/", "tests/", "findings/")
FOLDERS += (".ci/", ".github/", ".screenshots/")
PATH = re.compile(rf"(?:{'|'.join(map(re.escape, FOLDERS))})[\w./-]*|[A-Z]+\.md|test_\w+\.py")


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=BASE, capture_output=True, text=True, check=True, timeout=60,
    ).stdout.splitlines()  # fmt: skip
    return [name for name in listed if (BASE / name).is_file()]


DOCUMENTS = tracked("*.md")


def prose(name):
    return FENCED.sub("", (BASE / name).read_text())


def anchors(path):
    """The anchors of a document's headings, made as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", words).lower().replace(" ", "-") for words in headings}


def leads_somewhere(link, document):
    place, _hash, anchor = link.partition("#")
    path = (BASE / document).parent / place if place else BASE / document
    return path.exists() and (not anchor or anchor in anchors(path))


def test_readme_has_at_most_8_kb():
    assert (BASE / "README.md").stat().st_size <= 8192


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_a_file_and_a_heading(document):
    links = [one for one in LINK.findall(prose(document)) if "://" not in one]
    assert [one for one in links if not leads_somewhere(one, document)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_named_exists(document):
    """`test_name.py` alone may be in any folder of tests."""
    words = [word for code in CODE.findall(prose(document)) for word in code.split()]
    paths = [word for word in words if PATH.fullmatch(word)]
    by_name = {name.rpartition("/")[2] for name in tracked("tests")}
    assert [one for one in paths if not (BASE / one).exists() and one not in by_name] == []


def test_every_decision_is_in_the_index_in_order():
    files = sorted(name.rpartition("/")[2] for name in tracked(".github/decisions/0*.md"))
    assert LINK.findall(prose(".github/decisions/README.md")) == files
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))


def test_every_setting_from_the_environment_is_explained():
    rows = re.findall(r"^\| (`.+?) \|", prose("clinic/OPERATIONS.md"), re.MULTILINE)
    explained = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    files = ("settings.py", "environment.py", "mail.py")
    code = "".join((BASE / "clinic" / name).read_text() for name in files)
    assert explained == set(re.findall(r'(?:from_env\w*|networks|environ\.get)\("([A-Z_]+)"', code))
