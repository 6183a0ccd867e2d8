"""The menu at a desk: every role sees all of it without scrolling."""

import pytest
from django.urls import reverse

HIDDEN = """() => [...document.querySelectorAll('.menu a, .menu button')].filter((one) => {
  const [seen, frame] = [one, one.closest('.navigation') || document.documentElement]
    .map((node) => node.getBoundingClientRect());
  return seen.bottom > Math.min(frame.bottom, innerHeight) || seen.top < 0;
}).map((one) => one.textContent.trim())"""


@pytest.mark.parametrize("role", ["reception", "practitioner", "clinician", "manager"])
def test_the_whole_menu_is_in_sight(screen_of, request, role):
    page = screen_of(request.getfixturevalue(role)).open(reverse("admin:index")).page
    assert page.evaluate(HIDDEN) == []
    assert 4 <= page.locator(".navigation a").count() <= 9
