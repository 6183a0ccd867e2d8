"""The safety file of a laser: each training once, and days in their order."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.models import LaserService
from tests.factories import AuthorisedUserFactory, LaserIncidentFactory, LaserServiceFactory

from .promises import breaks, keeps

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def in_error(by):
    return {
        "entered_in_error_at": timezone.now(),
        "entered_in_error_by": by,
        "entered_in_error_reason": "Typed twice.",
    }


def test_the_same_training_twice():
    first = AuthorisedUserFactory()
    breaks(
        "authoriseduser_once_per_training",
        AuthorisedUserFactory(user=first.user, trained_on=first.trained_on - DAY),
        laser=first.laser,
        trained_on=first.trained_on,
    )


def test_training_again_or_after_one_in_error(manager):
    first = AuthorisedUserFactory(**in_error(manager))
    keeps(AuthorisedUserFactory(user=first.user), laser=first.laser)
    keeps(AuthorisedUserFactory(user=first.user, trained_on=first.trained_on + DAY))


def test_authorised_until_before_the_training():
    row = AuthorisedUserFactory()
    until = row.trained_on - DAY
    breaks("authoriseduser_until_after_training", row, authorised_until=until)


def test_authorised_for_one_day():
    row = AuthorisedUserFactory()
    keeps(row, authorised_until=row.trained_on)


@pytest.mark.parametrize("days", [0, 1])
def test_next_service_not_after_the_service(days):
    service = LaserServiceFactory()
    next_due_on = service.serviced_on - days * DAY
    breaks("laserservice_next_comes_after", service, next_due_on=next_due_on)


def test_services_that_name_the_next_one_are_the_latest_first(manager):
    due_on = date(2026, 6, 1)
    old, new = (
        LaserServiceFactory(serviced_on=date(2025, month, 1), next_due_on=due_on)
        for month in (3, 9)
    )
    LaserServiceFactory(serviced_on=date(2025, 10, 1))
    LaserServiceFactory(serviced_on=date(2025, 11, 1), next_due_on=due_on, **in_error(manager))
    assert list(LaserService.objects.with_next()) == [new, old]


def test_each_part_says_what_it_is():
    person = AuthorisedUserFactory(user__first_name="Ada", user__last_name="Byron")
    assert [str(person), str(LaserServiceFactory()), str(LaserIncidentFactory())] == [
        "Ada Byron, trained on 15 Jan 2025",
        "Service of 3 Feb 2025",
        "Incident of 4 Mar 2025",
    ]
