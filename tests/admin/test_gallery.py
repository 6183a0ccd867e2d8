"""Photos as they are looked at: the gallery, and first beside latest there and on the chart."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import ConsentFactory, PhotoFactory

from .browsing import Browser, change_url, page_url, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(practitioner):
    return Browser(practitioner)


@pytest.fixture
def patient():
    """Somebody who has agreed to photos."""
    return ConsentFactory().patient


def test_gallery_goes_by_area_view_and_day(browser, patient):
    PhotoFactory(patient=patient, taken_on=date(2025, 9, 1))
    PhotoFactory(patient=patient, taken_on=date(2025, 3, 1))
    PhotoFactory(patient=patient, area="legs", view="back")
    page = browser.open(page_url(patient, "photos"))
    assert [words(title) for title in page.select("#gallery h3, #gallery h4")] == [
        "Face",
        "Front",
        "Legs",
        "Back",
    ]
    assert [words(day) for day in page.select("#gallery .photo-day")] == [
        "1 Mar 2025",
        "1 Sep 2025",
        "3 Mar 2025",
    ]
    for image in page.select("#gallery .photo img"):
        assert image["alt"]
        assert (image["width"], image["height"], image["loading"]) == ("600", "800", "lazy")


def test_photos_of_one_day_are_told_apart(browser, patient):
    PhotoFactory(patient=patient)
    PhotoFactory(patient=patient, taken_at=time(14, 5, 30))
    PhotoFactory(patient=patient, taken_at=time(9, 30))
    page = browser.open(page_url(patient, "photos"))
    told = ["3 Mar 2025", "3 Mar 2025, 09:30", "3 Mar 2025, 14:05"]
    assert [words(day) for day in page.select("#gallery .photo-day")] == told
    assert [words(one) for one in page.select("[data-compare=choose-after] option")] == told
    assert [words(one) for one in page.select("[data-compare=before-day]")] == told[:1]
    assert [image["alt"] for image in page.select("#gallery .photo img")] == [
        f"Face, front, {taken}" for taken in told
    ]


def test_gallery_compares_each_view_that_has_two(browser, patient):
    first, latest = (
        PhotoFactory(patient=patient, taken_on=date(2025, month, 1)) for month in (3, 9)
    )
    alone = PhotoFactory(patient=patient, view="left_side")
    page = browser.open(page_url(patient, "photos"))
    folds = page.select("details.compare-fold")
    assert [" ".join(fold.summary.text.split()) for fold in folds] == ["Compare: Face, front"]
    assert page.select("#face-front + .photos + .compare-fold") == folds
    shown = [page.select(f"[data-compare={which}]")[0]["src"] for which in ("before", "after")]
    assert shown == [page_url(first, "image"), page_url(latest, "image")]
    [link] = browser.open(change_url(latest)).select("a[href*='#']:-soup-contains(Compare)")
    assert link["href"] == page_url(patient, "photos") + "#face-front"
    [link] = browser.open(change_url(alone)).select("a[href*='#']:-soup-contains(Compare)")
    assert page.select(link["href"][link["href"].index("#") :])


def test_chart_compares_first_with_latest(browser, patient):
    first, middle, latest = (
        PhotoFactory(patient=patient, taken_on=date(2025, month, 1)) for month in (3, 5, 9)
    )
    page = browser.open(page_url(patient, "chart"))
    [before], [after] = page.select("[data-compare=before]"), page.select("[data-compare=after]")
    assert (before["src"], after["src"]) == (page_url(first, "image"), page_url(latest, "image"))
    offered = [option["data-image"] for option in page.select("[data-compare=choose-after] option")]
    assert offered == [page_url(one, "image") for one in (first, middle, latest)]
    assert page.select(".compare input[type=range]")


def test_chart_of_two_photos_offers_no_choice_and_of_one_no_slider(browser, patient):
    PhotoFactory(patient=patient)
    chart = browser.open(page_url(patient, "chart"))
    assert (len(chart.select(".compare-one img")), chart.select(".compare")) == (1, [])
    PhotoFactory(patient=patient, taken_on=timezone.localdate())
    chart = browser.open(page_url(patient, "chart"))
    assert (len(chart.select(".compare")), chart.select(".compare select")) == (1, [])


def test_chart_without_consent_shows_no_photo(browser):
    chart = browser.open(page_url(PhotoFactory().patient, "chart"))
    assert chart.select("#content img") == []
    assert "No photos to show." in chart.text


def queries(browser, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.open(url).status == 200
    return len(captured)


@pytest.mark.parametrize("name", ["photos", "chart"])
def test_many_photos_cost_what_one_does(browser, patient, name):
    url = page_url(patient, name)
    PhotoFactory(patient=patient)
    queries(browser, url)
    once = queries(browser, url)
    for days in range(1, 30):
        PhotoFactory(patient=patient, taken_on=date(2025, 3, 3) + timedelta(days=days))
    assert queries(browser, url) == once
