"""From the front page by links alone: every one of them leads to a page that works."""

from collections import deque
from urllib.parse import parse_qs, urldefrag, urlsplit

import pytest
from django.urls import resolve, reverse

from tests.factories import UserFactory
from tests.sweeps.world import make_world

MOST_PAGES = 300


def kind(url):
    """Links to one view with one set of questions are of one kind: one of them is followed."""
    parts = urlsplit(url)
    return resolve(parts.path).view_name, *sorted(parse_qs(parts.query))


def links(screen):
    """Where the page leads to. Filters, order and pages of a list have sweeps of their own."""
    here = urlsplit(screen.page.url)
    hrefs = screen.page.locator("a[href]").evaluate_all("all => all.map((one) => one.href)")
    for url in sorted({urldefrag(href).url for href in hrefs}):
        there = urlsplit(url)
        is_picture = there.path.endswith(("/image/", "/thumbnail/"))
        if there.netloc == here.netloc and there.path != here.path and not is_picture:
            yield url


def crawl(screen, start):
    """What was followed, by kind; and each trouble met, with the page whose link led to it."""
    waiting, followed, met = deque([("", start)]), {}, {}
    while waiting and len(followed) < MOST_PAGES:
        source, url = waiting.popleft()
        if kind(url) in followed:
            continue
        followed[kind(url)] = url
        screen.open(url)
        met |= dict.fromkeys(screen.troubles, f"{source} → {urlsplit(url).path}")
        screen.troubles.clear()
        waiting.extend((screen.path, link) for link in links(screen))
    return followed, met


@pytest.mark.parametrize("role", ["reception", "practitioner", "clinician", "manager"])
def test_every_link_leads_to_a_page_that_works(screen_of, request, role):
    make_world(UserFactory(username="colleague"))
    screen = screen_of(request.getfixturevalue(role))
    followed, met = crawl(screen, screen.address + reverse("admin:index"))
    assert met == {}, "\n".join(f"{trouble} – {where}" for trouble, where in met.items())
    assert len(followed) in range(10, MOST_PAGES)
