"""Who may use a laser, by the days in its file."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.summaries.authorised_users import AuthorisedUsers
from consultations.summaries.facts import session_facts
from tests.factories import AuthorisedUserFactory, LaserFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TRAINED = date(2025, 1, 15)


def may_use(row, day, person=None):
    return AuthorisedUsers().may_use(row.laser_id, (person or row.user).pk, day)


def test_laser_without_a_list_says_nothing():
    AuthorisedUserFactory()
    assert AuthorisedUsers().may_use(LaserFactory().pk, UserFactory().pk, TRAINED) is None


def test_list_of_errors_alone_is_no_list(manager):
    row = AuthorisedUserFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=manager,
        entered_in_error_reason="Another laser.",
    )
    assert may_use(row, TRAINED) is None


def test_nobody_named_says_nothing():
    row = AuthorisedUserFactory()
    assert AuthorisedUsers().may_use(row.laser_id, None, TRAINED) is None


@pytest.mark.parametrize(
    ("until", "day", "answer"),
    [
        (None, TRAINED - DAY, False),
        (None, TRAINED, True),
        (None, TRAINED + 900 * DAY, True),
        (TRAINED + DAY, TRAINED + DAY, True),
        (TRAINED + DAY, TRAINED + 2 * DAY, False),
    ],
)
def test_person_is_authorised_from_the_training_to_the_last_day(until, day, answer):
    assert may_use(AuthorisedUserFactory(authorised_until=until), day) is answer


def test_any_of_several_trainings_counts():
    first = AuthorisedUserFactory(authorised_until=TRAINED + DAY)
    AuthorisedUserFactory(laser=first.laser, user=first.user, trained_on=TRAINED + 9 * DAY)
    days = (TRAINED, TRAINED + 5 * DAY, TRAINED + 9 * DAY)
    assert [may_use(first, day) for day in days] == [True, False, True]


def test_who_is_on_another_list_is_not_on_this_one():
    assert may_use(AuthorisedUserFactory(), TRAINED, AuthorisedUserFactory().user) is False


def test_all_lists_are_read_once(django_assert_num_queries):
    rows = [AuthorisedUserFactory() for _number in range(3)]
    lists = AuthorisedUsers()
    with django_assert_num_queries(1):
        answers = [lists.may_use(one.laser_id, one.user_id, TRAINED) for one in rows]
    assert answers == [True, True, True]


@pytest.mark.parametrize(("trained", "answer"), [(0, True), (1, False)])
def test_session_is_judged_by_its_own_day(trained, answer):
    session = SessionFactory()
    AuthorisedUserFactory(
        laser=session.laser_mode.laser,
        user=session.operator,
        trained_on=session.performed_on + trained * DAY,
    )
    assert session_facts(session).laser.authorised is answer
