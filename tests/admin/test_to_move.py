"""A sick day: what stands in an absence is given other times, together."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from consultations.models import Appointment
from consultations.permissions import PRACTITIONER
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    ClosedDayFactory,
    LaserFactory,
    UserFactory,
    at,
)

from .browsing import Browser, words

pytestmark = pytest.mark.django_db
URL = "/admin/consultations/appointment/to-move/"
MONDAY = datetime(2026, 3, 2, 8, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def _a_monday_morning(time_machine):
    time_machine.move_to(MONDAY)


@pytest.fixture
def ann():
    return UserFactory(username="ann", role=PRACTITIONER)


@pytest.fixture
def ben():
    return UserFactory(username="ben", role=PRACTITIONER)


@pytest.fixture
def desk(reception):
    return Browser(reception)


def away(user):
    return AbsenceFactory(user=user, starts_at=at(0, days=1), ends_at=at(0, days=2))


def booked_with(user, hour, **given):
    return AppointmentFactory(practitioner=user, kind="review", starts_at=at(hour, days=1), **given)


def choices(page, appointment):
    found = page.select(f"#appointment-{appointment.pk} label")
    return [(words(one), one.input.has_attr("checked")) for one in found]


def test_the_same_time_with_somebody_else_is_chosen_where_they_are_free(desk, ann, ben):
    first, second = booked_with(ann, 10), booked_with(ann, 11)
    booked_with(ben, 11)
    away(ann)
    page = desk.open(URL)
    assert choices(page, first)[0] == ("Same time ben", True)
    assert choices(page, first)[-1] == ("Leave it for now", False)
    # What is offered to one is not offered to the other.
    assert choices(page, second)[0] == ("Tue 3 Mar 09:30 ben", False)
    assert choices(page, second)[-1] == ("Leave it for now", True)


def test_what_was_chosen_is_moved_and_the_rest_stays(desk, ann, ben):
    first, second, third = (booked_with(ann, hour) for hour in (10, 11, 12))
    away(ann)
    page = desk.open(URL)
    later = page.select(f"#appointment-{second.pk} input[type=radio]")[1]["value"]
    page = desk.post(URL, page.form | {f"to-{second.pk}": later, f"to-{third.pk}": ""})
    for one in (first, second, third):
        one.refresh_from_db()
    assert [first.practitioner, first.starts_at, first.sequence] == [ben, at(10, days=1), 0]
    assert [second.practitioner, second.starts_at] == [ben, at(9, 30, days=1)]
    assert [third.practitioner, third.version] == [ann, 1]
    assert page.messages[0] == (
        f"{first.patient.full_name}: moved from 3 Mar 2026 10:00, ann to 3 Mar 2026 10:00, ben."
    )
    assert [one["id"] for one in page.select("fieldset")] == [f"appointment-{third.pk}"]


def test_what_somebody_else_took_or_changed_is_told_and_the_rest_is_moved(desk, ann, ben):
    first, second, third = (booked_with(ann, hour) for hour in (10, 11, 12))
    away(ann)
    data = desk.open(URL).form
    booked_with(ben, 10)
    second.note = "Rang."
    second.save(by=ann)
    page = desk.post(URL, data)
    held = [Appointment.objects.get(pk=one.pk).practitioner for one in (first, second, third)]
    assert held == [ann, ann, ben]
    assert "not moved. ben is taken:" in page.messages[0]
    assert "not moved. This appointment is now on 3 Mar 2026 11:00" in page.messages[1]


def test_a_laser_that_was_booked_goes_along(desk, ann, ben):
    laser = LaserFactory()
    one = booked_with(ann, 10, laser=laser)
    away(ann)
    desk.post(URL, desk.open(URL).form)
    one.refresh_from_db()
    assert [one.practitioner, one.laser] == [ben, laser]


def test_a_time_of_today_that_is_past_is_not_offered(desk, ann, ben):
    one = AppointmentFactory(practitioner=ann, kind="review", starts_at=at(7, 30))
    AbsenceFactory(user=ann, starts_at=at(0), ends_at=at(0, days=1))
    assert choices(desk.open(URL), one)[0] == ("Mon 2 Mar 09:00 ben", False)


def test_one_that_is_asked_for_is_shown_alone(desk, ann):
    one, _other = booked_with(ann, 10), booked_with(ann, 11)
    away(ann)
    page = desk.open(f"{URL}?appointment={one.pk}")
    assert [field["id"] for field in page.select("fieldset")] == [f"appointment-{one.pk}"]
    assert page.links["All that are to move"] == URL
    assert "Nothing is to be moved." in desk.open(f"{URL}?appointment=x").text


@pytest.mark.parametrize("count", [1, 3])
def test_each_appointment_costs_the_same(desk, ann, ben, count, django_assert_max_num_queries):
    for number in range(count):
        booked_with(ann, 10 + number)
    away(ann)
    desk.open(URL)
    with django_assert_max_num_queries(8 + 15 * count):
        desk.open(URL)


def test_a_closed_day_offers_no_time_of_its_own(desk, ann, ben):
    one = booked_with(ann, 10)
    ClosedDayFactory(day=timezone.localdate() + timedelta(days=1))
    assert [text.split()[0] for text, _is in choices(desk.open(URL), one)] == [
        *("Wed", "Wed", "Thu"),
        "Leave",
    ]


def test_today_and_a_saved_absence_lead_here(desk, practitioner, ann):
    one = booked_with(ann, 10)
    away(ann)
    item = desk.open("/admin/").soup.select_one(".panel-to_move .item-acts a")
    assert item["href"] == f"{URL}?appointment={one.pk}"
    booked_with(practitioner, 15)
    typed = {"starts_at_0": "3 Mar 2026", "ends_at_0": "3 Mar 2026"}
    page = Browser(practitioner).fill("/admin/consultations/absence/add/", typed)
    assert page.select(".messagelist a")[0]["href"] == URL


def test_nothing_to_move_is_said_and_nonsense_moves_nothing(desk, ann):
    assert "Nothing is to be moved" in desk.open(URL).text
    one = booked_with(ann, 10)
    away(ann)
    desk.post(URL, {"appointment": [str(one.pk), "x", "999"], f"to-{one.pk}": "2026|1|2|x"})
    one.refresh_from_db()
    assert one.version == 1


def test_who_may_only_look_moves_nothing(manager, ann):
    assert Browser(manager).open(URL).status == 403
