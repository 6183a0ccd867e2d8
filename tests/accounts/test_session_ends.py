"""When a login session begins anew, and when it ends: idle, after a day, or shut out."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.permissions import RECEPTION

from .signing_in import START, sign_in

pytestmark = pytest.mark.django_db


def test_signing_in_gives_a_new_session_key(clinician):
    client = Client()
    sign_in(client, "clinician")
    first = client.session.session_key
    sign_in(client, "clinician")
    second = client.session.session_key
    assert first != second
    other = Client()
    other.cookies["sessionid"] = first
    assert other.get(START).status_code == 302


def test_an_idle_session_ends_after_fifteen_minutes(clinician, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client = Client()
    sign_in(client, "clinician")
    statuses = {}
    for minutes in (14, 28, 44):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        statuses[minutes] = client.get(START).status_code
    assert statuses == {14: 200, 28: 200, 44: 302}


def test_asking_for_the_time_left_does_not_keep_a_session_going(clinician, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client = Client()
    sign_in(client, "clinician")
    time_machine.move_to(start + timedelta(minutes=10), tick=False)
    url = reverse("admin:time_left")
    assert [client.get(url).json()["seconds"] for _time in range(2)] == [300, 300]
    assert client.get(f"{url}?stay").json()["seconds"] == 900
    time_machine.move_to(start + timedelta(minutes=26), tick=False)
    assert client.get(url).status_code == 302


def test_a_session_ends_twelve_hours_after_signing_in(clinician, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client = Client()
    sign_in(client, "clinician")
    statuses = []
    for minutes in range(10, 12 * 60 + 10, 10):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        statuses.append(client.get(START).status_code)
    assert statuses == [200] * 71 + [302]


def test_a_session_is_written_once_a_minute_at_most(
    clinician, time_machine, django_assert_num_queries
):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client = Client()
    sign_in(client, "clinician")
    url = f"{reverse('admin:time_left')}?stay"
    client.get(url)
    with django_assert_num_queries(2):
        client.get(url)
    time_machine.move_to(start + timedelta(seconds=61), tick=False)
    client.get(url)
    assert client.session["used_at"] == int(timezone.now().timestamp())


def test_an_account_switched_off_is_out_at_once(clinician, client_for):
    client = client_for(clinician)
    assert client.get(START).status_code == 200
    User.objects.filter(pk=clinician.pk).update(is_active=False)
    assert client.get(START).status_code == 302


def test_a_role_taken_away_is_gone_at_once(clinician, client_for):
    client, url = client_for(clinician), reverse("admin:consultations_consultation_changelist")
    assert client.get(url).status_code == 200
    clinician.groups.set([Group.objects.get(name=RECEPTION)])
    assert client.get(url).status_code == 403
