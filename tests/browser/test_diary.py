"""The diary at the screen: by key and by pointer, and on a phone a list by the clock."""

from datetime import date, datetime, time

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.permissions import PRACTITIONER
from consultations.vocabulary import AppointmentKind
from tests.admin.browsing import add_url, change_url
from tests.factories import AppointmentFactory, PatientFactory, UserFactory

from .chromium import PHONE
from .promises import SIDEWAYS

DAY = f"{reverse('admin:consultations_diary')}?day=2030-07-01"
MONDAY = date(2030, 7, 1)


def on(hour, minute=0):
    return timezone.make_aware(datetime.combine(MONDAY, time(hour, minute)))


@pytest.fixture
def colleagues(db):
    return [
        UserFactory(username=name, first_name=name, last_name="Ames", role=PRACTITIONER)
        for name in ("Ann", "Ben")
    ]


@pytest.fixture
def booked(colleagues):
    """Two of Ann's, one of Ben's."""
    ann, ben = colleagues
    return [
        AppointmentFactory(
            starts_at=on(hour),
            practitioner=who,
            kind="review",
            patient=PatientFactory(family_name=name, given_name="Ada"),
        )
        for name, hour, who in (("Oka", 10, ann), ("Long", 12, ann), ("Haug", 11, ben))
    ]


def link(screen, name):
    return screen.page.get_by_role("link", name=name)


def has_focus(target):
    return target.evaluate("one => one === document.activeElement")


def where(appointment):
    appointment.refresh_from_db()
    return f"{timezone.localtime(appointment.starts_at):%d %H:%M}", appointment.practitioner


def test_the_keys_go_from_one_to_the_next_and_open_it(story, reception, booked):
    screen = story(reception).open(DAY)
    screen.tab_to(link(screen, "Oka"))
    for key, name in (("Down", "Long"), ("Right", "Haug"), ("Left", "Oka"), ("Right", "Haug")):
        screen.page.keyboard.press(f"Arrow{key}")
        assert has_focus(link(screen, name))
    screen.enter()
    screen.arrives_at(change_url(booked[2]))
    screen.open(DAY)


def test_an_appointment_is_moved_by_the_keys_alone(story, reception, booked, colleagues):
    screen = story(reception).open(DAY)
    screen.tab_to(link(screen, "Oka"))
    screen.page.keyboard.press("m")
    for key in ("Down", "Down", "Right"):
        screen.page.keyboard.press(f"Arrow{key}")
    assert "Oka, Ada: 10:30, Ben Ames." in screen.page.locator("[data-said]").inner_text()
    screen.enter()
    assert screen.messages == [
        "Oka, Ada: moved from 1 Jul 2030 10:00, Ann Ames to 1 Jul 2030 10:30, Ben Ames."
    ]
    screen.arrives_at(DAY)
    assert where(booked[0]) == ("01 10:30", colleagues[1])


def test_escape_leaves_an_appointment_where_it_was(story, reception, booked, colleagues):
    screen = story(reception).open(DAY)
    screen.tab_to(link(screen, "Oka"))
    screen.page.keyboard.press("m")
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Escape")
    assert screen.page.locator(".ghost").count() == 0
    assert has_focus(link(screen, "Oka"))
    assert where(booked[0]) == ("01 10:00", colleagues[0])


def test_a_taken_time_is_refused_and_says_who_has_it(story, reception, booked, colleagues):
    screen = story(reception).open(DAY)
    screen.tab_to(link(screen, "Oka"))
    screen.page.keyboard.press("m")
    for _quarter in range(8):
        screen.page.keyboard.press("ArrowDown")
    screen.enter()
    [message] = screen.messages
    assert ": not moved. Ann Ames is taken: Long, Ada" in message
    assert where(booked[0]) == ("01 10:00", colleagues[0])


def test_an_appointment_is_dragged_to_another_time_and_column(story, reception, booked, colleagues):
    screen = story(reception).open(DAY)
    box = link(screen, "Oka").bounding_box()
    ground = screen.page.locator(".ground").nth(1).bounding_box()
    mouse = screen.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 5)
    mouse.down()
    mouse.move(ground["x"] + 40, box["y"] + 60, steps=5)
    mouse.move(ground["x"] + 40, box["y"] + 5 + 8 * 18, steps=5)
    mouse.up()
    [message] = screen.messages
    assert message.endswith("to 1 Jul 2030 11:30, Ben Ames.")
    assert where(booked[0]) == ("01 11:30", colleagues[1])


def test_a_press_on_free_ground_books_there(story, reception, booked, colleagues):
    screen = story(reception).open(DAY)
    ground = screen.page.locator(".ground").nth(1)
    ground.click(position={"x": 40, "y": 8 * 12 + 8 * 4})
    query = {"day": "2030-07-01", "practitioner": colleagues[1].pk, "time": "10:15"}
    screen.arrives_at(add_url("appointment", **query))
    screen.open(DAY)


def test_a_free_time_is_booked_by_the_keys_alone(story, reception, booked, colleagues):
    screen = story(reception).open(DAY)
    screen.tab_to(link(screen, "Oka"))
    screen.page.keyboard.press("b")
    screen.page.keyboard.press("ArrowDown")
    screen.enter()
    query = {"day": "2030-07-01", "practitioner": colleagues[0].pk, "time": "10:45"}
    screen.arrives_at(add_url("appointment", **query))
    screen.open(DAY)


def test_on_a_phone_it_is_a_list_by_the_clock(story, reception, booked):
    screen = story(reception, **PHONE).open(DAY)
    tops = [link(screen, name).bounding_box() for name in ("Oka", "Haug", "Long")]
    assert tops == sorted(tops, key=lambda box: box["y"])
    assert len({(box["x"], box["width"]) for box in tops}) == 1
    assert screen.page.evaluate(SIDEWAYS) == []


SHAPES = """all => all.map((one) => {
  const look = getComputedStyle(one, "::before");
  return [look.clipPath, look.borderRadius, look.borderStyle].join();
})"""


def test_each_kind_has_a_shape_of_its_own(story, reception):
    for kind in AppointmentKind:
        AppointmentFactory(starts_at=on(10), kind=kind)
    screen = story(reception).open(DAY)
    shapes = screen.page.locator(".diary-grid li b").evaluate_all(SHAPES)
    assert len(set(shapes)) == len(AppointmentKind)


def test_keys_pressed_while_typing_are_typed(story, reception, booked):
    screen = story(reception).open(DAY)
    field = screen.page.locator("#id_day")
    field.fill("")
    field.press_sequentially("bm")
    assert field.input_value() == "bm"
    assert screen.page.locator(".ghost").count() == 0


@pytest.mark.parametrize("page", ["diary", "diary_week"])
def test_a_full_day_and_week_keep_their_promises(screen_of, axe, clinician, booked, page):
    from .test_every_page import look_over, told

    found = look_over(
        screen_of(clinician), axe, [f"{reverse(f'admin:consultations_{page}')}?day=2030-07-01"]
    )
    assert found == {}, told(found)


def test_an_a4_sheet_holds_the_whole_day(story, reception, booked):
    screen = story(reception).open(DAY)
    sheet = screen.page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1
