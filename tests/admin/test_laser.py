"""Lasers and their modes: the manager's, each range the right way round."""

import pytest

from consultations.models import Laser, LaserMode
from tests.factories import LaserFactory, LaserModeFactory

from .browsing import Browser, add_row, add_url, change_url

pytestmark = pytest.mark.django_db

MODE = {"laser_type": "non_ablative", "pulse": "long", "wavelength_nm": "1064"}


@pytest.fixture
def browser(manager):
    return Browser(manager)


def named(number, name, **others):
    values = MODE | {"name": name} | others
    return {f"modes-{number}-{field}": value for field, value in values.items()}


def test_laser_is_kept_with_its_mode(browser, manager):
    browser.fill(add_url("laser"), {"name": "Nd:YAG"} | named(0, "Long"))
    mode = LaserMode.objects.get()
    assert [str(mode), mode.created_by] == ["Nd:YAG: Long", manager]


def test_laser_without_a_mode_is_kept(browser):
    assert browser.fill(add_url("laser"), {"name": "Nd:YAG"}).errors == {}
    assert Laser.objects.count() == 1


def test_two_modes_added_at_once_are_both_kept(browser):
    laser = LaserFactory()
    data = add_row(browser.open(change_url(laser)).form, "modes", name="Long", **MODE)
    browser.post(change_url(laser), add_row(data, "modes", name="Short", **MODE))
    assert [mode.name for mode in laser.modes.order_by("pk")] == ["Long", "Short"]


def test_two_modes_of_one_name_are_refused(browser):
    mode = LaserModeFactory()
    data = browser.open(change_url(mode.laser)).form
    page = browser.post(change_url(mode.laser), add_row(data, "modes", name=mode.name, **MODE))
    assert page.errors == {"modes-1-name": ["This laser already has a mode of that name."]}


def test_two_new_modes_of_one_name_are_refused(browser):
    laser = LaserFactory()
    data = add_row(browser.open(change_url(laser)).form, "modes", name="Long", **MODE)
    page = browser.post(change_url(laser), add_row(data, "modes", name="Long", **MODE))
    assert page.errors == {"modes-1-name": ["This laser already has a mode of that name."]}
    assert not laser.modes.exists()


def test_range_the_wrong_way_round_is_refused(browser):
    mode = LaserModeFactory()
    page = browser.fill(change_url(mode), {"power_w_min": "20", "power_w_max": "10"})
    assert page.errors == {"power_w_max": ["The highest value is below the lowest."]}


@pytest.mark.parametrize("count", ["abc", "-1", None])
def test_tampered_count_of_modes_gives_no_crash(browser, count):
    page = browser.fill(change_url(LaserFactory()), {"modes-TOTAL_FORMS": count, "name": "New"})
    assert page.status == 200


@pytest.mark.parametrize("role", ["practitioner", "clinician"])
def test_laser_is_only_read_by_those_who_treat(role, request):
    browser, laser = Browser(request.getfixturevalue(role)), LaserFactory()
    assert browser.open(change_url(laser)).select("input[name=_save]") == []
    assert browser.post(change_url(laser), {"name": "x"}).status == 403


def test_mode_stays_with_its_laser(browser):
    mode, other = LaserModeFactory(), LaserModeFactory()
    page = browser.open(change_url(mode))
    assert "laser" not in page.names()
    browser.post(change_url(mode), page.form | {"laser": other.laser.pk, "_save": "1"})
    mode.refresh_from_db()
    assert mode.laser != other.laser
