"""The pinned requirements: whole, hashed, and without the name of a host."""

import re
from importlib import metadata

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILES = ("clinic/requirements.txt", "tests/requirements.txt")


def text_of(file):
    return (settings.BASE_DIR / file).read_text()


def pins(file):
    lines = [line.rstrip(" \\") for line in text_of(file).splitlines() if re.match(r"\w", line)]
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


def extras_asked_for(pinned):
    """Each package that another installed one asks for with extras, with these."""
    for name, pin in pinned.items():
        try:
            asked = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # for another system or Python
            continue
        for requirement in map(Requirement, asked):
            marker = requirement.marker
            holds = [marker is None or marker.evaluate({"extra": one}) for one in {"", *pin.extras}]
            if requirement.extras and any(holds):
                yield canonicalize_name(requirement.name), requirement.extras


@pytest.mark.parametrize("file", FILES)
def test_what_is_asked_for_with_an_extra_is_pinned_with_it(file):
    """An old pip refuses `coverage==1` where `coverage[toml]` is asked for and a newer exists."""
    pinned = pins(file)
    asked = [*extras_asked_for(pinned), ("psycopg", {"binary", "pool"})]
    assert {name: extras - pinned[name].extras for name, extras in asked if name in pinned} == {
        name: set() for name, _extras in asked if name in pinned
    }


@pytest.mark.parametrize("file", FILES)
def test_every_pin_has_a_hash_and_no_host(file):
    entries = re.split(r"\n(?=\w)", text_of(file))
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?:|--index|--find-links", text_of(file)) == []


def test_tests_run_what_a_clinic_runs():
    clinic, tests = (
        {name: (pin.specifier, pin.extras) for name, pin in pins(file).items()} for file in FILES
    )
    assert {name: tests.get(name) for name in clinic} == clinic
