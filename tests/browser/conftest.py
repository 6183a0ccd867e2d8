"""A browser and a server for the tests of this folder alone, and screens to sit down at."""

import os

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from .chromium import DESK, HERE, NoChromiumError, run_chromium
from .promises import end_of_story
from .screen import Screen


@pytest.fixture(scope="package")
def chromium():
    """Ended with the folder: while it runs, Django takes every test for an asynchronous one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        try:
            with run_chromium() as browser:
                yield browser
        except NoChromiumError as missing:
            if os.environ.get("CI"):
                pytest.fail(str(missing))
            pytest.skip(str(missing))


@pytest.fixture(scope="package")
def live_server(chromium):
    """By number: no name need be looked up."""
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def screen_of(chromium, live_server, client_for):
    """A screen, and the user given logged in at it. Whatever the browser complains of fails."""
    screens = []

    def sit_down(user=None, **device):
        context = chromium.new_context(base_url=live_server.url, **HERE | DESK | device)
        screens.append(Screen(context, live_server.url))
        if user:
            key = client_for(user).cookies[settings.SESSION_COOKIE_NAME].value
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
            context.add_cookies([cookie])
        return screens[-1]

    yield sit_down
    for screen in screens:
        screen.context.close()
    troubles = [trouble for screen in screens for trouble in screen.troubles]
    assert troubles == [], "\n".join(troubles)


@pytest.fixture(scope="package")
def axe(chromium):
    """The script of axe-core."""
    from axe_playwright_python.base import AXE_SCRIPT

    return AXE_SCRIPT


@pytest.fixture
def story(screen_of, axe):
    """As screen_of, for one screen: the page a story ends on is judged in light and in dark."""
    screens = []

    def begin(user=None, **device):
        screens.append(screen_of(user, **device))
        return screens[-1]

    yield begin
    for screen in screens:
        troubles = list(screen.troubles)
        faults = list(end_of_story(screen.page, axe))
        # axe does what no page may, and is complained of too.
        screen.troubles[:] = troubles
        assert faults == []
