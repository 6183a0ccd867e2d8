"""The screenshots follow the pages: an address that no longer is would be noticed too late."""

from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse

from tests.screenshots import BEFORE_LOG_IN, PAGES


@pytest.mark.parametrize("url", [*BEFORE_LOG_IN.values(), *PAGES.values()])
def test_every_screenshot_is_of_a_page(url):
    path = urlsplit(reverse("admin:index") + url.format(patient=1, plan=1)).path
    assert resolve(path).url_name is not None
