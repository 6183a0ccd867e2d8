"""Anything behind the question mark, and anything where a key stands, on every address."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.urls import NoReverseMatch

from tests.factories import PatientFactory, UserFactory
from tests.sweeps.world import make_world

from .payloads import ANYTHING, KEYS, QUERY
from .test_reception import is_clinical
from .walking import ARGUMENTS, Asking, addresses, dice, encoded, routes

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
KEYED = {"object_id", "id", "content_type_id"}
OF_DJANGO = {
    *("_changelist_filters", "_facets", "_popup", "_source_model", "_to_field", "all", "app_label"),
    *("e", "field_name", "model_name", "next", "o", "p", "page", "q", "term"),
}
UNKNOWN = {"created_at", "id__exact", "patient__family_name", "pk__in", "taken_on__year", "unknown"}
ASKED_FOR = re.compile(
    r"""GET(?:\.get\(|\[)"(\w+)"|from_query\(request, "(\w+)"|parameter_name[^=]*= .*?"(\w+)",?$"""
    r"""|for name in \(([\w", ]+)\)\}$""",
    re.MULTILINE,
)


@cache
def parameters():
    """What the program's own pages ask of their address, Django's, and some that nobody asks."""
    found = set()
    for path in [*ROOT.glob("consultations/**/*.py"), *ROOT.glob("clinic/*.py")]:
        for groups in ASKED_FOR.findall(path.read_text()):
            found |= {*re.findall(r"\w+", " ".join(groups))}
    return sorted(found | OF_DJANGO | UNKNOWN | {"outcome", "severity", "status", "due", "signed"})


@pytest.fixture
def world():
    return make_world(UserFactory())


@pytest.fixture
def asking(admin):
    return Asking(admin)


def asked(asking, url, pairs):
    return asking.get(f"{url}?{encoded(pairs).decode()}")


def forged(chance):
    """A few parameters with anything in them, some of them twice."""
    values = [*ANYTHING.values(), *QUERY.values(), *KEYS]
    names = chance.choices(parameters(), k=chance.randint(1, 4))
    ends = ["", "", "", "[]", "__in", "__regex"]
    return [(name + chance.choice(ends), chance.choice(values)) for name in names]


def test_anything_as_a_parameter(world, asking, seed, rounds, figure):
    chance = dice(seed, "parameters")
    urls = [*addresses(world).values()]
    for url in urls:
        asked(asking, url, dict.fromkeys(parameters(), ""))
    for _round in range(rounds(150)):
        asked(asking, chance.choice(urls), forged(chance))
    figure("parameters", len(parameters()))
    asking.tell(figure)
    assert asking.broken == []
    assert asking.strays == []


def test_anything_as_a_key(world, asking, figure):
    for route in routes():
        for key in KEYS if {*route.parameters} & KEYED else ():
            try:
                url = route.url(ARGUMENTS | dict.fromkeys(KEYED, key))
            except NoReverseMatch:
                continue
            asking.get(url)
    asking.tell(figure)
    assert asking.broken == []
    assert asking.strays == []


def test_no_parameter_opens_what_is_closed(stage, seed, rounds, figure):
    """Reception is told nothing clinical, and a page about one patient nothing of another."""
    clinical = [word for place, word in stage.canaries.items() if is_clinical(place)]
    other = PatientFactory(family_name="Otherperson")
    asking, chance, told = Asking(stage.users["reception"]), dice(seed, "closed"), []
    found = addresses(stage)
    about_one = {url for name, url in found.items() if re.search(r"/\d+/", url)}
    for _round in range(rounds(80)):
        url = chance.choice([*found.values()])
        others = [(name, other.pk) for name in chance.choices(parameters(), k=2)]
        page = asked(asking, url, [*forged(chance), *others])
        content = "" if page.streaming else page.content.decode(errors="replace")
        if any(word in content for word in clinical):
            told.append((url, others))
        if url in about_one and "Otherperson" in content:
            told.append((url, others))
    asking.tell(figure)
    assert asking.broken == []
    assert told == []
