"""What a browser keeps on disk after a day at the desk: nobody's name."""

import pytest
from django.conf import settings

from consultations.models import Patient
from tests.admin.browsing import add_url, change_url, list_url, page_url
from tests.factories import PatientFactory

from . import words
from .chromium import ARGUMENTS, DESK, HERE, program
from .screen import Screen

TYPED = {
    "Family name": "Zephyrine",
    "Given name": "Quillon",
    "Phone": "07700 900731",
    "Email": "zephyrine@clinic.example",
}
CANARIES = ("zephyrine", "quillon", "900731", "obsidianallergy", "marmaduke")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "profile"


@pytest.fixture
def screen(chromium, folder, live_server, client_for, clinician):
    """A screen whose browser keeps what browsers keep, and is closed like one."""
    context = chromium.browser_type.launch_persistent_context(
        folder,
        executable_path=program(),
        args=ARGUMENTS,
        base_url=live_server.url,
        **HERE | DESK,
    )
    key = client_for(clinician).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
    context.add_cookies([cookie])
    yield Screen(context, live_server.url)
    context.close()


def register(screen):
    screen.open(add_url("patient"))
    screen.fill(TYPED | {"Date of birth": "1980-05-17"})
    screen.page.locator("#id_allergies").fill("Obsidianallergy")
    screen.press(words.SAVE)
    screen.shows_page(words.CHART.format("Zephyrine, Quillon"))
    return Patient.objects.get(given_name="Quillon")


def search(screen, text):
    screen.page.locator("#find").press_sequentially(text)
    screen.page.locator("#found-1").wait_for()
    screen.enter()


def kept(folder, canaries):
    """The files of a browser's folder that hold one of these words, in one of its writings."""
    found = set()
    for path in (one for one in folder.rglob("*") if one.is_file()):
        content = path.read_bytes().lower()
        for word in canaries:
            for coding in ("utf-8", "utf-16-le"):
                if word.encode(coding) in content:
                    found.add((path.name, word))
    return found


def test_browser_keeps_no_patient(screen, folder):
    PatientFactory(family_name="Zephyrine", given_name="Marmaduke")
    patient = register(screen)
    # One is found and opened, two are listed, one is chosen from a chooser.
    search(screen, "Zephyrine Quillon")
    screen.arrives_at(page_url(patient, "chart"))
    search(screen, "Zephyrine")
    screen.page.wait_for_url("**/patient/?s=*")
    screen.page.locator("#searchbar").fill("Quillon")
    screen.page.locator("#searchbar").press("Enter")
    screen.reads("1–1 of 1")
    screen.open(add_url("consultation"))
    screen.page.locator(".select2-selection").first.click()
    screen.page.locator(".select2-search__field").press_sequentially("Quillon")
    screen.page.locator(".select2-results__option", has_text="Marmaduke").wait_for(state="hidden")
    screen.page.locator(".select2-results__option", has_text="Quillon").click()
    for url in (change_url(patient), page_url(patient, "history"), page_url(patient, "photos")):
        screen.open(url)
    screen.open(list_url("patient"))
    screen.context.close()
    assert [screen.troubles, kept(folder, CANARIES)] == [[], set()]
    # The search can fail: addresses are kept.
    assert {name for name, _word in kept(folder, [page_url(patient, "chart")])} >= {"History"}
