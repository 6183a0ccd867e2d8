"""The screen itself: what the other tests rely on it to notice, it notices."""

import pytest
from django.urls import reverse

from .promises import SIDEWAYS, unseen_focus

DOES = {
    "document.body.setAttribute('style', 'color: red')": "console error",
    "console.log('left behind')": "console log",
    "setTimeout(() => { throw Error('slip'); })": "script",
    "new Image().src = '/nowhere.png'": "404 /nowhere.png",
    "location.assign('http://clinic.example/')": "request leaves this machine",
}


@pytest.fixture
def screen(screen_of):
    screen = screen_of()
    screen.open(reverse("admin:login"))
    yield screen
    screen.context.close()
    screen.troubles.clear()


@pytest.mark.parametrize("does", DOES)
def test_screen_notices_what_a_page_must_not_do(screen, does):
    screen.page.evaluate(f"() => {{ {does}; }}")
    wait_for_trouble(screen)
    assert [trouble.partition(":")[0] for trouble in screen.troubles][:1] == [DOES[does]]


def wait_for_trouble(screen):
    for _turn in range(500):
        if screen.troubles:
            return
        screen.page.wait_for_timeout(10)


def style(screen, rule):
    # As a stylesheet of the page itself: the policy refuses any other way.
    screen.page.evaluate(
        """(rule) => {
          const sheet = new CSSStyleSheet(); sheet.replaceSync(rule);
          document.adoptedStyleSheets = [sheet];
        }""",
        rule,
    )


def test_promises_notice_what_is_too_wide(screen):
    style(screen, "#container { min-width: 2000px !important; }")
    assert screen.page.evaluate(SIDEWAYS) == ["div#container"]


def test_promises_notice_a_focus_that_is_not_seen(screen):
    style(screen, "#id_username:focus { outline: none !important; box-shadow: none !important; }")
    assert unseen_focus(screen.page) == ["input#id_username[name=username]"]
