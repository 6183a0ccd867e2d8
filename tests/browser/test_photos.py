"""Photos at the screen: compared from the keyboard, and asked for the day that their file lacks."""

from datetime import date

import pytest

from consultations.actions.photos import keep_photo
from tests.admin.browsing import page_url
from tests.factories import ConsentFactory
from tests.pictures import from_phone, picture, upload

from . import words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def patient(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return ConsentFactory().patient


@pytest.fixture
def photos(practitioner, patient):
    """Three of one view."""
    for number, colour in enumerate(("tan", "gold", "navy")):
        file = upload(picture((60, 80), colour=colour))
        where = {"area": "face", "view": "front", "taken_on": date(2026, 5, 1 + number)}
        keep_photo(patient=patient, file=file, by=practitioner, **where)


def is_side_by_side(page):
    before, after = (
        page.locator(f"[data-compare={one}]").bounding_box() for one in ("before", "after")
    )
    return before["x"] + before["width"] < after["x"] and before["y"] == after["y"]


@pytest.mark.usefixtures("photos")
def test_photos_are_compared_three_ways_and_on_the_whole_screen(story, practitioner, patient):
    screen = story(practitioner).open(f"{page_url(patient, 'photos')}#face-front")
    after, slider = screen.page.locator("[data-compare=after]"), screen.page.get_by_role("slider")
    screen.tab_to(screen.page.get_by_role("radio", name="Slider"))
    screen.page.keyboard.press("ArrowRight")
    assert after.evaluate("one => getComputedStyle(one).opacity") == "0.5"
    screen.page.keyboard.press("ArrowRight")
    assert slider.count() == 0
    assert is_side_by_side(screen.page)
    screen.press("Full screen")
    screen.page.get_by_role("dialog").wait_for()
    screen.page.get_by_role("combobox", name="After").select_option("2 May 2026")
    assert after.get_attribute("alt") == "Face, front, 2 May 2026"
    screen.page.keyboard.press("Escape")
    full = screen.control("Full screen")
    assert full.evaluate("one => one === document.activeElement")


@pytest.mark.usefixtures("photos")
def test_photos_stand_side_by_side_on_paper_without_what_moves_them(
    screen_of, practitioner, patient
):
    page = screen_of(practitioner).open(page_url(patient, "chart")).page
    page.locator(".compare[data-show=slider]").wait_for()
    page.emulate_media(media="print")
    assert is_side_by_side(page)
    after = page.locator("[data-compare=after]")
    assert after.evaluate("one => getComputedStyle(one).clipPath") == "none"
    shown = [page.locator(f".compare-{part}").is_visible() for part in ("tools", "slider", "days")]
    assert shown == [False, False, False]
    heading = page.get_by_role("heading", name="Photos", exact=True)
    assert heading.evaluate("one => getComputedStyle(one).breakAfter") == "avoid"


def test_photo_that_tells_no_day_is_asked_for_it_and_kept(story, practitioner, patient):
    screen = story(practitioner).open(page_url(patient, "photos"))
    files = [
        {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": content}
        for name, content in (
            ("dated", picture(exif=from_phone("2026:05:03 10:11:12"))),
            ("plain", picture(colour="navy")),
        )
    ]
    screen.page.locator("input[type=file]").set_input_files(files)
    for choice in ("Face", "Front"):
        screen.page.get_by_role("radio", name=choice, exact=True).focus()
        screen.page.keyboard.press("Space")
    screen.press(words.SAVE_PHOTOS)
    screen.reads("This file does not say when it was taken.")
    screen.page.locator("#chosen input:focus").fill("2026-05-04")
    screen.press(words.SAVE_PHOTOS)
    screen.page.locator("#gallery .photo-day", has_text="4 May 2026").wait_for()
    days = patient.photos.order_by("taken_on").values_list("taken_on", flat=True)
    assert list(days) == [date(2026, 5, 3), date(2026, 5, 4)]
