"""What staff see without scrolling: whose form it is, its buttons, the last column of a list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.admin.browsing import change_url, list_url, page_url
from tests.factories import (
    ConsultationFactory,
    FollowUpFactory,
    ImportBatchFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
)

from .chromium import PHONE

IN_SIGHT = """one => {
  const box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return box.top >= 0 && box.bottom <= innerHeight && (at === one || one.contains(at));
}"""

# Says where a form lies that is not right below the line of the act, across the screen.
ELSEWHERE = """act => {
  const line = act.parentElement.getBoundingClientRect();
  const form = act.querySelector(".act-form").getBoundingClientRect();
  const isBelow = form.top >= line.bottom - 12 && form.top <= line.bottom + 24;
  const isAcross = form.left >= 0 && form.right <= innerWidth && form.width >= 200;
  return isBelow && isAcross ? null : [form.left, form.top - line.bottom, form.width];
}"""


@pytest.fixture
def plan(db):
    plan = PlanFactory(planned_sessions=9)
    for days in range(6):
        SessionFactory(plan=plan, performed_on=plan.started_on + timedelta(days=30 * (days + 1)))
    return plan


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_who_a_long_form_is_about_stays_in_sight(screen_of, clinician, device):
    consultation = ConsultationFactory()
    page = screen_of(clinician, **device).open(change_url(consultation)).page
    for place in (0, 600, 10_000):
        page.evaluate(f"scrollTo(0, {place})")
        names = page.locator(".banner-who bdi, .banner-line bdi")
        assert any(one.evaluate(IN_SIGHT) for one in names.all() if one.is_visible())


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_the_buttons_of_a_form_are_in_sight_however_far_down_it_begins(
    screen_of, clinician, plan, device
):
    page = screen_of(clinician, **device).open(change_url(plan)).page
    save = page.get_by_role("button", name="Save", exact=True)
    assert save.evaluate(IN_SIGHT)


def test_every_column_of_the_sessions_is_in_sight(screen_of, clinician, plan):
    operator = UserFactory(first_name="Konstantina", last_name="Papadopoulou-Featherstone")
    plan.sessions.update(operator=operator)
    page = screen_of(clinician).open(list_url("treatmentsession")).page
    hidden = page.locator(".results").evaluate("one => one.scrollWidth - one.clientWidth")
    assert hidden == 0


def test_opening_an_act_moves_nothing(screen_of, reception):
    appointment_for(starts_at=timezone.now() + timedelta(minutes=1))
    page = screen_of(reception).open(reverse("admin:index")).page
    buttons = page.locator(".act summary")
    # From the top of the page: the browser may scroll to what is pressed.
    place = "one => one.getBoundingClientRect().y + scrollY"
    before = buttons.nth(1).evaluate(place)
    buttons.nth(0).click()
    assert page.locator(".act-form").first.is_visible()
    assert buttons.nth(1).evaluate(place) == before


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_a_name_of_two_hundred_letters_makes_no_page_wider(screen_of, clinician, width):
    long = PatientFactory(family_name="Wolfe" * 20, given_name="Blain" * 20)
    ConsultationFactory(patient=long)
    screen = screen_of(clinician, viewport={"width": width, "height": 900})
    for url in (list_url("patient"), list_url("consultation"), page_url(long, "chart")):
        page = screen.open(url).page
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") == 0
    if width == 1280:
        page = screen.open(list_url("patient")).page
        assert page.locator(".results").evaluate("one => one.scrollWidth - one.clientWidth") == 0


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_what_an_act_unfolds_lies_below_its_buttons(screen_of, admin, width):
    due = FollowUpFactory()
    booked = appointment_for(starts_at=timezone.now() - timedelta(minutes=5))
    batch = ImportBatchFactory(state="saved", saved_at=timezone.now())
    pages = [
        reverse("admin:index"),
        reverse("admin:consultations_patient_chart", args=[due.patient.pk]),
        reverse("admin:consultations_patient_chart", args=[booked.patient.pk]),
        reverse("admin:consultations_import_batch", args=[batch.pk]),
        change_url(booked),
        change_url(ReferralFactory()),
    ]
    screen = screen_of(admin, viewport={"width": width, "height": 800})
    assert {page: list(_unfolded_elsewhere(screen.open(page).page)) for page in pages} == {
        page: [] for page in pages
    }


def _unfolded_elsewhere(page):
    """Yield each act whose form, once it is unfolded, is not right below its line, in sight."""
    acts = page.locator("main details.act")
    assert acts.count()
    for act in acts.all():
        act.locator("summary").click()
        if told := act.evaluate(ELSEWHERE):
            yield act.locator("summary").inner_text(), told
        act.locator("summary").click()
