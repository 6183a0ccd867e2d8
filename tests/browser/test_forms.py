"""Forms at the screen: what wheels, presses and paper must not change."""

from decimal import Decimal

import pytest

from tests.admin.browsing import add_url, change_url
from tests.factories import PatientFactory, SessionFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(practitioner):
    return SessionFactory(by=practitioner, passes=3, fluence_j_cm2=Decimal("22.5"), infection=False)


@pytest.mark.parametrize(
    ("name", "value"), [("passes", "3"), ("fluence_j_cm2", "22.5"), ("pain", "")]
)
def test_scrolling_over_a_number_does_not_change_it(screen_of, practitioner, session, name, value):
    page = screen_of(practitioner).open(change_url(session)).page
    field = page.locator(f"#id_{name}")
    field.scroll_into_view_if_needed()
    field.click()
    for _turn in range(2):
        page.mouse.wheel(0, 100)
        page.wait_for_timeout(100)
    assert field.input_value() == value


def test_chosen_answer_is_framed_on_paper(screen_of, practitioner, session):
    page = screen_of(practitioner).open(change_url(session)).page
    page.emulate_media(media="print")
    looks = [
        page.locator(f"input[name=infection][value={value}] + span").evaluate(
            "one => { const s = getComputedStyle(one); return [s.borderTopStyle, s.fontWeight] }"
        )
        for value in ("true", "false")
    ]
    assert looks == [["none", "400"], ["solid", "700"]]


def test_chooser_is_printed_once(screen_of, practitioner, session):
    page = screen_of(practitioner).open(change_url(session)).page
    chosen = page.locator(".field-operator .select2-selection__rendered")
    chosen.wait_for()
    page.emulate_media(media="print")
    assert [page.locator("select#id_operator").is_visible(), chosen.is_visible()] == [False, True]


def test_chosen_laser_mode_is_printed_to_its_last_word(screen_of, practitioner, session):
    mode = session.laser_mode
    mode.name = "1,064 nm with a name that is longer than any chooser on paper"
    mode.save(by=practitioner)
    page = screen_of(practitioner).open(change_url(session)).page
    page.emulate_media(media="print")
    short, chosen = (
        page.locator(f"#id_{name}").bounding_box()["height"] for name in ("cooling", "laser_mode")
    )
    assert chosen > short


def test_no_to_all_the_rest_leaves_what_no_would_exclude(screen_of, clinician):
    page = screen_of(clinician).open(add_url("consultation", patient=PatientFactory().pk)).page
    part = page.locator("fieldset[data-questions]", has_text="Wants an instant result")
    part.locator("summary").click()
    left = "Accepts five or more sessions · Preferred pace · Longest downtime, days"
    told = f"Leaves open: {left} · Body image screen"
    assert told in part.locator(".no-to-rest").inner_text()
    part.get_by_role("button", name="No to all the rest").click()
    chosen = {
        name: part.locator(f"input[name={name}]:checked").input_value()
        for name in ("wants_instant_result", "accepts_five_sessions", "worried_about_side_effects")
    }
    assert chosen == {
        "wants_instant_result": "false",
        "accepts_five_sessions": "unknown",
        "worried_about_side_effects": "false",
    }
    assert "3 of 7 answered" in part.inner_text()
    part.locator("input[name=accepts_five_sessions][value=true]").check(force=True)
    assert "4 of 7 answered" in part.inner_text()


def test_answers_for_life_are_all_counted(screen_of, clinician):
    patient = PatientFactory(phototype="II")
    page = screen_of(clinician).open(add_url("consultation", patient=patient.pk)).page
    part = page.locator("fieldset[data-questions]", has_text="Phototype").first
    assert "1 of 5 answered" in part.inner_text()


def part_of(page, question):
    """The part of the form, unfolded, that asks this question by a list."""
    part = page.locator("[data-questions]").filter(has=page.locator(f"select[name={question}]"))
    folded = part.locator("details:not([open]) > summary")
    if folded.count():
        folded.first.click()
    return part


LISTS = ["photosensitiser", "assessments-0-recent_procedure"]


@pytest.mark.parametrize("question", LISTS)
def test_no_to_all_the_rest_picks_none_in_a_list(screen_of, clinician, question):
    page = screen_of(clinician).open(add_url("consultation", patient=PatientFactory().pk)).page
    part = part_of(page, question)
    part.get_by_role("button", name="No to all the rest").first.click()
    assert part.locator(f"select[name={question}]").input_value() == "none"


@pytest.mark.parametrize("question", LISTS)
def test_no_to_all_the_rest_leaves_what_a_list_answered(screen_of, clinician, question):
    page = screen_of(clinician).open(add_url("consultation", patient=PatientFactory().pk)).page
    part = part_of(page, question)
    field = part.locator(f"select[name={question}]")
    field.select_option(index=2)
    answered = field.input_value()
    part.get_by_role("button", name="No to all the rest").first.click()
    assert [field.input_value(), answered not in ("", "none")] == [answered, True]


@pytest.mark.parametrize("question", LISTS)
def test_key_n_answers_none_in_a_list(screen_of, clinician, question):
    page = screen_of(clinician).open(add_url("consultation", patient=PatientFactory().pk)).page
    field = part_of(page, question).locator(f"select[name={question}]")
    field.focus()
    page.keyboard.press("n")
    assert field.input_value() == "none"
