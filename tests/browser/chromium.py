"""Chromium as the tests and the screenshots start it: the system's own, cut off from the world."""

import shutil
from contextlib import contextmanager

try:
    from playwright.sync_api import Error, sync_playwright
except ImportError:
    Error = sync_playwright = None

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    # Chromium's own errands included.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# The same clinic everywhere, whatever the machine is set to.
HERE = {"locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce"}
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


class NoChromiumError(Exception):
    """Says what is missing and how to get it."""


def program():
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise NoChromiumError("Chromium is missing: on Debian, apt-get install chromium")
    return found


@contextmanager
def run_chromium():
    if sync_playwright is None:
        raise NoChromiumError("Playwright is missing: pip install -r tests/requirements.txt")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
