"""A new clinic's Today: what is to be set up first, where, and by whom."""

import pytest

from tests.factories import (
    ClinicSettingsFactory,
    ConsentWordingFactory,
    LaserFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    UserFactory,
)

from .browsing import Browser, add_url, words

pytestmark = pytest.mark.django_db

HOME = "/admin/"
PLACES = {
    "Clinic settings": add_url("clinicsettings"),
    "Staff": "/admin/auth/user/add/",
    "Lasers": add_url("laser"),
    "Consent wordings": add_url("consentwording", kind="photo"),
    "The first patient": add_url("patient"),
}


def steps(page):
    """The steps by their titles: "done", where they are done, or why they are not done here."""
    found = {}
    for step in page.select(".first-steps li"):
        link, note = step.select_one("a"), step.select_one(".quiet")
        title = words(step.h3).removesuffix(" (done)")
        is_done = "is-done" in step.get("class", ())
        found[title] = "done" if is_done else link["href"] if link else words(note)
    return found


def make(step):
    return {
        "Clinic settings": ClinicSettingsFactory,
        "Staff": lambda: UserFactory(role="Clinician"),
        "Lasers": LaserFactory,
        "Laser modes": LaserModeFactory,
        "Consent wordings": ConsentWordingFactory,
        "The first patient": PatientFactory,
    }[step]()


def test_a_new_clinic_shows_its_first_steps_in_place_of_empty_lists(admin):
    page = Browser(admin).open(HOME)
    assert steps(page) == {
        "Clinic settings": PLACES["Clinic settings"],
        "Staff": PLACES["Staff"],
        "Lasers": PLACES["Lasers"],
        "Laser modes": "Add the laser first.",
        "Consent wordings": PLACES["Consent wordings"],
        "The first patient": PLACES["The first patient"],
    }
    assert page.select(".jumps a, .panel, .plot") == []
    assert "0 of 6 done" in page.text


@pytest.mark.parametrize("step", PLACES)
def test_each_step_leads_to_where_it_is_done(admin, step):
    assert Browser(admin).open(PLACES[step]).select("input[name=_save]")


@pytest.mark.parametrize("step", [*PLACES, "Laser modes"])
def test_each_step_is_ticked_when_it_is_done(admin, step):
    browser = Browser(admin)
    before = steps(browser.open(HOME))
    make(step)
    after = steps(browser.open(HOME))
    ticked = {name for name in after if (before[name], after[name])[1] == "done"}
    assert ticked == ({"Lasers", "Laser modes"} if step == "Laser modes" else {step})


def test_the_next_step_stands_out(admin):
    browser = Browser(admin)
    make("Clinic settings"), make("Lasers")
    buttons = browser.open(HOME).select(".first-steps .button:not(.button-quiet)")
    assert [one["href"] for one in buttons] == [PLACES["Staff"]]


def test_steps_go_once_all_are_done(admin):
    for step in (*PLACES, "Laser modes"):
        make(step)
    page = Browser(admin).open(HOME)
    assert page.select(".first-steps") == []
    assert page.select(".panel")


@pytest.mark.parametrize(
    ("role", "own"),
    [
        ("manager", ["Clinic settings", "Staff", "Lasers", "Consent wordings"]),
        ("reception", ["The first patient"]),
        ("practitioner", ["The first patient"]),
    ],
)
def test_steps_of_others_say_who_does_them(role, own, request):
    found = steps(Browser(request.getfixturevalue(role)).open(HOME))
    told = {
        step: PLACES[step]
        if step in own
        else "Reception, a practitioner or a clinician does this."
        if step == "The first patient"
        else "A manager does this."
        for step in PLACES
    }
    assert {step: found[step] for step in PLACES} == told


def test_a_clinic_at_work_sees_its_lists_beside_what_is_left(manager, practitioner):
    """Who cannot do what is left is not kept from work by it."""
    PlanFactory(next_due_on="2025-01-01")
    page = Browser(manager).open(HOME)
    assert steps(page)["The first patient"] == "done"
    assert page.select(".panel-overdue .item")
    page = Browser(practitioner).open(HOME)
    assert page.select(".first-steps") == []
    assert page.select(".panel-overdue .item")


def test_settings_count_once_they_are_saved(manager):
    browser = Browser(manager)
    browser.fill(PLACES["Clinic settings"], {"name": "Park Clinic"})
    assert steps(browser.open(HOME))["Clinic settings"] == "done"


def test_the_first_wording_starts_from_a_text(manager):
    form = Browser(manager).open(PLACES["Consent wordings"]).form
    assert form["text"].startswith("I agree")
    ConsentWordingFactory()
    assert Browser(manager).open(PLACES["Consent wordings"]).form["text"] == ""
