"""Photos in their order: area, view, day – and only what may be shown."""

from datetime import date, time

import pytest
from django.utils import timezone

from consultations.summaries.chart import chart_of
from consultations.summaries.photos import beside_sessions, photos_of
from tests.factories import ConsentFactory, PhotoFactory, PlanFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return ConsentFactory().patient


def test_photos_by_area_view_and_day(patient):
    later = PhotoFactory(patient=patient, taken_on=date(2025, 9, 1))
    first = PhotoFactory(patient=patient, taken_on=date(2025, 3, 1))
    side = PhotoFactory(patient=patient, view="left_side")
    legs = PhotoFactory(patient=patient, area="legs", view="back")
    PhotoFactory()
    found = [
        (area.label, series.view_label, series.photos)
        for area in photos_of(patient)
        for series in area.series
    ]
    assert found == [
        ("Face", "Front", (first, later)),
        ("Face", "Left side", (side,)),
        ("Legs", "Back", (legs,)),
    ]


def test_first_and_latest_are_compared(patient):
    photos = [PhotoFactory(patient=patient, taken_on=date(2025, month, 1)) for month in (3, 4, 5)]
    [[series]] = [area.series for area in photos_of(patient)]
    assert (series.first.photo, series.latest.photo) == (photos[0], photos[2])
    assert series.is_comparable


def test_photos_of_one_day_go_by_the_clock_and_are_told_apart(patient):
    late, unknown, again, early = (
        PhotoFactory(patient=patient, taken_at=at)
        for at in (time(14, 5, 9), None, time(14, 5, 40), time(9, 30))
    )
    other = PhotoFactory(patient=patient, taken_on=date(2025, 3, 4))
    [[series]] = [area.series for area in photos_of(patient)]
    assert series.photos == (unknown, early, late, again, other)
    assert [shot.taken for shot in series.shots] == [
        "3 Mar 2025",
        "3 Mar 2025, 09:30",
        "3 Mar 2025, 14:05 (1)",
        "3 Mar 2025, 14:05 (2)",
        "4 Mar 2025",
    ]


def test_photo_in_error_is_left_out(patient, clinician):
    PhotoFactory(
        patient=patient,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong patient.",
    )
    assert photos_of(patient) == ()


def test_nothing_without_a_standing_consent():
    assert photos_of(PhotoFactory().patient) == ()
    withdrawn = ConsentFactory(withdrawn_on=date(2025, 4, 1)).patient
    PhotoFactory(patient=withdrawn)
    assert photos_of(withdrawn) == ()


def test_photos_cost_one_query(patient, django_assert_num_queries):
    for day in range(1, 9):
        PhotoFactory(patient=patient, taken_on=date(2025, 3, day))
    with django_assert_num_queries(1):
        assert len(photos_of(patient)[0].series[0].photos) == 8


def test_photo_is_told_with_the_one_session_of_its_area_and_day(patient):
    former, plan = (
        PlanFactory(
            assessment__consultation__patient=patient,
            assessment__consultation__consulted_on=date(2025, 1, day),
            assessment__area="face",
            started_on=date(2025, 1, day),
            status=status,
        )
        for day, status in ((1, "completed"), (2, "active"))
    )
    SessionFactory(plan=former, performed_on=date(2025, 4, 1))
    for month in (2, 3, 4):
        SessionFactory(plan=plan, performed_on=date(2025, month, 1))
    for month, day in ((3, 1), (3, 2), (4, 1)):
        PhotoFactory(patient=patient, taken_on=date(2025, month, day))
    PhotoFactory(patient=patient, taken_on=date(2025, 3, 1), taken_at=time(9, 30))
    PhotoFactory(patient=patient, taken_on=date(2025, 3, 1), area="neck")
    photos = photos_of(patient)
    told = [
        [shot.taken for series in area.series for shot in series.shots]
        for area in beside_sessions(photos, chart_of(patient, photos).courses)
    ]
    assert told == [
        ["1 Mar 2025, session 2", "1 Mar 2025, 09:30, session 2", "2 Mar 2025", "1 Apr 2025"],
        ["1 Mar 2025"],
    ]
