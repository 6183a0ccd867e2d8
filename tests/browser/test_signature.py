"""The box to sign in: drawn by mouse and finger on a sharp screen, undone, cleared, left out."""

import json
from itertools import pairwise

import pytest
from django.utils import timezone

from consultations.models import Consent
from tests.admin.browsing import page_url
from tests.factories import ConsentFactory, PhotoFactory, PhotoUseFactory, PlanFactory

pytestmark = pytest.mark.django_db(transaction=True)

SHARP = {"device_scale_factor": 3}
TABLET = SHARP | {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
REFUSED = "Please sign in the box, or sign by your typed name."


@pytest.fixture
def plan():
    """A course that nobody has consented to yet."""
    plan = PlanFactory(started_on=timezone.localdate(), next_due_on=timezone.localdate())
    Consent.objects.filter(plan=plan).update(withdrawn_on=timezone.localdate())
    return plan


def box(page):
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    return canvas.bounding_box()


def at(page, x, y):
    """The place on the screen of a part of the sheet, from 0 to 1 both ways."""
    sheet = box(page)
    return sheet["x"] + x * sheet["width"], sheet["y"] + y * sheet["height"]


def draw(page, *places):
    (x, y), *rest = [at(page, *place) for place in places]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def touch(page, *places):
    """One stroke of a finger."""
    client, places = page.context.new_cdp_session(page), [at(page, *one) for one in places]
    for kind, (x, y) in zip(["touchStart"] + 99 * ["touchMove"], steps(places), strict=False):
        points = [{"x": x, "y": y}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def steps(places, between=6):
    """The places, and those on the way from each to the next."""
    yield places[0]
    for (x, y), (to_x, to_y) in pairwise(places):
        for part in range(1, between + 1):
            yield x + (to_x - x) * part / between, y + (to_y - y) * part / between


def kept(page):
    """The strokes that would be posted."""
    return json.loads(page.locator("#id_points").input_value() or "[]")


def are_within(strokes):
    return all(0 <= x <= 1000 and 0 <= y <= 300 for stroke in strokes for x, y, _at in stroke)


def ink(page):
    """How many dots of the canvas are drawn on, with how many there are across."""
    return page.locator("canvas").evaluate(
        """one => {
          // Of a copy: to read the canvas itself would change how it is drawn.
          const copy = new OffscreenCanvas(one.width, one.height);
          const pen = copy.getContext("2d", { willReadFrequently: true });
          pen.drawImage(one, 0, 0);
          const dots = pen.getImageData(0, 0, one.width, one.height).data;
          return [dots.filter((value, place) => place % 4 === 3 && value).length, one.width];
        }"""
    )


def reading(sit_down, user, plan, **device):
    return sit_down(user, **device).open(page_url(plan, "consent"))


def test_drawn_by_mouse_is_signed_and_lies_on_the_sheet(story, clinician, plan):
    screen = reading(story, clinician, plan, **SHARP)
    screen.fill({"Your name": "Eva Núñez"})
    # Out over the edge and in again: what lies beyond is drawn at the edge.
    draw(screen.page, (0.1, 0.2), (0.5, 0.9), (1.1, 1.4), (0.9, 0.5))
    screen.press("Sign")
    screen.shows_page("Thank you")
    consent = Consent.objects.latest("pk")
    [stroke] = consent.points
    assert are_within(consent.points)
    assert stroke[0][:2] == pytest.approx([100, 60], abs=3)
    assert [1000, 300] in [point[:2] for point in stroke]
    assert consent.is_as_signed


def test_drawn_by_finger_is_signed_and_the_page_stays(story, clinician, plan):
    screen = reading(story, clinician, plan, **TABLET)
    screen.fill({"Your name": "Eva Núñez"})
    box(screen.page)
    before = screen.page.evaluate("window.scrollY")
    touch(screen.page, (0.2, 0.2), (0.4, 0.8), (0.6, 0.3), (0.8, 0.7))
    touch(screen.page, (0.3, 0.5), (0.7, 0.5))
    assert screen.page.evaluate("window.scrollY") == before
    screen.press("Sign")
    screen.shows_page("Thank you")
    points = Consent.objects.latest("pk").points
    assert len(points) == 2
    assert are_within(points)
    assert points[1][-1][:2] == pytest.approx([700, 150], abs=3)


def test_the_drawing_is_sharp_and_stays_when_the_screen_is_turned(screen_of, clinician, plan):
    page = reading(screen_of, clinician, plan, **TABLET).page
    draw(page, (0.1, 0.5), (0.9, 0.5))
    strokes, (drawn, across) = kept(page), ink(page)
    assert across == pytest.approx(3 * box(page)["width"], abs=2)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("width => document.querySelector('canvas').width < width", arg=across)
    again, narrower = ink(page)
    assert kept(page) == strokes
    assert again / drawn == pytest.approx((narrower / across) ** 2, rel=0.2)


def test_the_last_stroke_is_undone_and_all_are_cleared(screen_of, clinician, plan):
    screen = reading(screen_of, clinician, plan, **SHARP)
    page = screen.page
    draw(page, (0.1, 0.5), (0.4, 0.5))
    first = kept(page)
    draw(page, (0.6, 0.5), (0.9, 0.5))
    assert len(kept(page)) == 2
    screen.press("Undo the last stroke")
    assert kept(page) == first
    screen.press("Clear")
    assert [kept(page), ink(page)[0]] == [[], 0]


def test_one_tap_is_no_signature_and_nothing_typed_is_lost(screen_of, clinician, plan):
    screen = reading(screen_of, clinician, plan, **SHARP)
    screen.fill({"Your name": "Eva Núñez"})
    draw(screen.page, (0.5, 0.5))
    screen.press("Sign")
    screen.reads(REFUSED)
    screen.has_value("#id_signed_name", "Eva Núñez")
    assert not Consent.objects.standing().filter(plan=plan).exists()


def test_the_keyboard_alone_signs_by_the_typed_name(story, clinician, plan):
    screen = reading(story, clinician, plan)
    page = screen.page
    screen.tab_to(screen.field("Your name"))
    screen.write("Eva Núñez")
    screen.tab_to(page.get_by_label("My typed name is my signature; I do not draw one"))
    page.keyboard.press("Space")
    screen.tab_to(page.get_by_role("button", name="Sign", exact=True))
    screen.enter()
    screen.shows_page("Thank you")
    consent = Consent.objects.latest("pk")
    assert [consent.signed_name, consent.points, consent.is_as_signed] == ["Eva Núñez", [], True]


# axe judges the page that each story ends on, in light and in dark.


def test_the_page_to_sign_is_for_everybody(story, clinician, plan):
    reading(story, clinician, plan, **TABLET).shows_page("Consent to treatment")


def test_the_states_with_what_must_come_down_are_for_everybody(story, clinician, plan):
    PhotoUseFactory(photo=PhotoFactory(patient=plan.patient))
    screen = story(clinician).open(page_url(plan.patient, "consents"))
    screen.reads("To take down")


def test_withdrawing_is_for_everybody(story, clinician):
    consent = ConsentFactory()
    url = page_url(consent, "withdraw")
    story(clinician).open(url).reads("Effective at once")


def test_what_keeps_it_from_being_signed_is_in_sight(screen_of, clinician, plan):
    screen = reading(screen_of, clinician, plan, **TABLET)
    screen.press("Sign")
    told = screen.page.locator(".errornote")
    assert told.evaluate("one => one === document.activeElement")
    top = told.bounding_box()["y"]
    assert 0 <= top <= 1180
    told.get_by_role("link", name=REFUSED).click()
    assert 0 <= screen.page.locator("#signature").bounding_box()["y"] <= 1180
