"""Every page keeps the promises of `promises.py` and leaves the console empty, role by role."""

from collections import defaultdict

import pytest
from django.urls import reverse

from tests.factories import UserFactory
from tests.sweeps.test_queries import form_urls
from tests.sweeps.test_registry import PAGES, SITE_PAGES, answer
from tests.sweeps.world import make_world

from .promises import breaches

# Answered as they are, for a page to show.
FILES = ("image", "thumbnail")


@pytest.fixture
def world(screen_of, db):
    return make_world(UserFactory(username="colleague"))


def pages_of(role, world):
    """The pages that a role is answered, those of the site, and one that is not there."""
    yield from (reverse(f"admin:{page}") for page in SITE_PAGES)
    yield from (
        world.url(model, page)
        for model, page in PAGES
        if answer(model, page, role) == 200 and page not in FILES
    )
    if role == "admin":
        yield from (url.removesuffix("?") for url in form_urls(world))
    yield f"{reverse('admin:index')}nowhere/"


def look_over(screen, axe, urls):
    """Each trouble, and the pages that have it."""
    found = defaultdict(list)
    screen.expected = 404
    for url in urls:
        screen.open(url)
        # Before axe comes: it does what no page may, and is complained of too.
        troubles = [*screen.troubles, *breaches(screen.page, axe)]
        screen.troubles.clear()
        for trouble in dict.fromkeys(troubles):
            found[trouble].append(url)
    return found


def told(found):
    """One line a trouble: what it is, and a page that has it."""
    lines = []
    for trouble, (url, *more) in found.items():
        lines.append(f"{trouble} – {url}" + (f" and {len(more)} more" if more else ""))
    return "\n".join(lines)


# In parts, so that several processes can look over them: of eight, each takes every eighth page.
PARTS = {"reception": 2, "admin": 8}


@pytest.mark.parametrize(
    ("role", "part"), [(role, part) for role, parts in PARTS.items() for part in range(parts)]
)
def test_every_page_keeps_its_promises(screen_of, world, axe, request, role, part):
    screen = screen_of(request.getfixturevalue(role))
    urls = [*dict.fromkeys(pages_of(role, world))][part :: PARTS[role]]
    found = look_over(screen, axe, urls)
    assert urls != []
    assert found == {}, told(found)


def test_the_way_in_keeps_its_promises(screen_of, axe, db):
    found = look_over(screen_of(), axe, [reverse("admin:login")])
    assert found == {}, told(found)


@pytest.mark.parametrize("device", [{}, {"viewport": {"width": 390, "height": 844}}])
def test_the_rulebook_keeps_its_promises(screen_of, axe, manager, device):
    pages = ("consultations_rulebook", "consultations_try_case")
    found = look_over(screen_of(manager, **device), axe, [reverse(f"admin:{one}") for one in pages])
    assert found == {}, told(found)


@pytest.mark.parametrize("device", [{}, {"viewport": {"width": 390, "height": 844}}])
def test_the_figures_keep_their_promises(screen_of, world, axe, manager, device):
    page = reverse("admin:consultations_figures")
    urls = [f"{page}?from=2020-01-01&to=2030-12-31", f"{page}?from=soon&to=2020-01-01"]
    found = look_over(screen_of(manager, **device), axe, urls)
    assert found == {}, told(found)
