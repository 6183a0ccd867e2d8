"""Passwords are tried a few at once, then one a minute: by account, by address and by both; and a
browser that its owner knows is never delayed by strangers."""

import io
import random
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.accounts.lock_out import Attempt
from consultations.accounts.second_factor import new_key
from consultations.models import AccessRecord, SignInLimit
from tests.admin.browsing import Page, words
from tests.factories import UserFactory

from .signing_in import HERE, KNOWN, fail, sign_in

pytestmark = pytest.mark.django_db

THERE = "192.0.2.2"


def strangers(username, count):
    """So many failures, each from an address of its own."""
    return [fail(username, 1, f"198.51.100.{number}")[0] for number in range(count)]


def at_home(user):
    """A browser in which somebody has signed in before, and that is signed out."""
    client = Client()
    assert sign_in(client, user.username, address=HERE).status_code == 302
    client.post("/admin/logout/")
    return client


@pytest.fixture(autouse=True)
def now(time_machine):
    """Time stands still but where a test moves it."""
    moment = timezone.now()
    time_machine.move_to(moment, tick=False)
    return lambda **later: time_machine.move_to(moment + timedelta(**later), tick=False)


# Limits


@pytest.mark.parametrize("username", ["clinician", "nobody", "admin"])
def test_the_sixth_try_waits_a_minute_whoever_is_meant(clinician, admin, username):
    assert fail(username, 5) == [200] * 5
    answer = sign_in(Client(), username, "typed-secret")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    page = Page(answer)
    assert "Too many wrong passwords. Try again in 60 seconds." in page.text
    assert "typed-secret" not in answer.content.decode()


def test_the_right_password_waits_too_and_is_let_in_after_a_minute(clinician, now):
    fail("clinician", 5)
    assert sign_in(Client(), "clinician").status_code == 429
    now(seconds=20)
    # Trying on does not make it longer.
    assert sign_in(Client(), "clinician").headers["Retry-After"] == "40"
    now(seconds=60)
    assert sign_in(Client(), "clinician").status_code == 302


def test_guesses_are_looked_at_once_a_minute(clinician, now):
    looked_at = 0
    for second in range(0, 3600, 5):
        now(seconds=second)
        looked_at += fail("clinician", 1) == [200]
    assert looked_at == 5 + 59


def test_one_account_is_slowed_at_one_address_and_its_owner_elsewhere_is_not(clinician, manager):
    fail("clinician", 50)
    assert sign_in(Client(), "clinician", address=THERE).status_code == 302
    assert sign_in(Client(), "manager").status_code == 302


def test_one_address_that_tries_many_accounts_is_slowed(clinician):
    statuses = [fail(f"account{number}", 1)[0] for number in range(40)]
    assert statuses == [200] * 20 + [429] * 20
    assert SignInLimit.objects.count() == 1 + 20 * 2  # what is turned away leaves no row


def test_many_addresses_that_try_one_account_are_slowed(clinician):
    assert strangers("clinician", 60) == [200] * 10 + [429] * 50
    assert sign_in(Client(), "clinician").headers["Retry-After"] == "60"


def test_colleagues_who_sign_in_do_not_use_up_their_address(db):
    users = [UserFactory(username=f"colleague{number}") for number in range(40)]
    statuses = [sign_in(Client(), user.username).status_code for user in users]
    assert statuses == [302] * 40
    assert not SignInLimit.objects.exists()


def test_an_own_account_does_not_clear_the_address_for_others(clinician, manager):
    for number in range(20):
        fail(f"account{number}", 1)
        sign_in(Client(), "manager")
    assert fail("clinician", 1) == [429]


def test_a_success_forgets_the_failures(clinician):
    fail("clinician", 4)
    assert sign_in(Client(), "clinician").status_code == 302
    assert fail("clinician", 4) == [200] * 4


def test_another_browser_is_slowed_as_well(clinician):
    for number in range(5):
        sign_in(Client(), "clinician", "wrong", HTTP_USER_AGENT=f"browser {number}")
    assert sign_in(Client(), "clinician").status_code == 429


def test_a_forged_address_does_not_evade_the_limit(clinician, seed):
    chance = random.Random(seed)
    forged = [f"203.0.113.{chance.randrange(256)}" for _time in range(7)]
    statuses = [
        sign_in(Client(), "clinician", "wrong", HTTP_X_FORWARDED_FOR=one).status_code
        for one in forged
    ]
    assert statuses == [200] * 5 + [429] * 2


def test_an_address_of_version_6_is_counted_by_its_network(clinician):
    statuses = [fail("clinician", 1, f"2001:db8:0:1::{n:x}")[0] for n in range(1, 7)]
    assert statuses == [200] * 5 + [429]
    answer = sign_in(Client(), "clinician", address="2001:db8:0:2::1")
    assert answer.status_code == 302


def test_guessing_the_old_password_is_slowed_as_well(clinician, client_for):
    client, url = client_for(clinician), reverse("admin:password_change")
    new = {"new_password1": "Tr1cky-enough", "new_password2": "Tr1cky-enough"}
    wrong = new | {"old_password": "wrong"}
    statuses = [client.post(url, wrong, REMOTE_ADDR=HERE).status_code for _time in range(6)]
    assert statuses == [200] * 5 + [429]
    answer = client.post(url, new | {"old_password": "password"}, REMOTE_ADDR=HERE)
    assert answer.status_code == 429
    assert "Too many wrong passwords. Try again in 60 seconds." in Page(answer).text
    clinician.refresh_from_db()
    assert clinician.check_password("password")


@pytest.mark.parametrize("path", ["set-up/", "recovery-codes/"])
def test_guessing_it_where_codes_are_made_is_slowed_as_well(clinician, client_for, path):
    client = client_for(clinician)
    if path == "recovery-codes/":
        device = TOTPDevice.objects.create(user=clinician, key=new_key())
        session = client.session
        session["second_factor"] = device.pk
        session.save()
    data = {"password": "wrong", "code": "000000"}
    url = f"/admin/second-factor/{path}"
    assert [client.post(url, data).status_code for _time in range(6)] == [200] * 5 + [429]


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_counted_one_by_one(clinician, now):
    together, waits = Barrier(12), []

    def guess():
        together.wait()
        attempt = Attempt(username="clinician", user=clinician, address=HERE)
        waits.append(attempt.begin())
        connection.close()

    threads = [Thread(target=guess) for _number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(waits) == [0] * 5 + [60] * 7


# Known browsers


def test_strangers_never_delay_a_browser_that_is_known(clinician, admin):
    homes = {user.username: at_home(user) for user in (clinician, admin)}
    for username, home in homes.items():
        strangers(username, 30)
        fail(username, 30)  # at the clinic's own address, too
        assert sign_in(home, username).status_code == 302


def test_a_known_browser_is_known_to_its_account_only(clinician, manager):
    home = at_home(clinician)
    fail("manager", 6)
    assert sign_in(home, "manager").status_code == 429


def test_a_known_browser_has_a_limit_of_its_own(clinician):
    home = at_home(clinician)
    statuses = [sign_in(home, "clinician", "wrong").status_code for _time in range(6)]
    assert statuses == [200] * 5 + [429]
    assert sign_in(Client(), "clinician").status_code == 302


def test_colleagues_share_a_browser(clinician, manager):
    home = at_home(clinician)
    sign_in(home, "manager")
    home.post("/admin/logout/")
    for username in ("clinician", "manager"):
        fail(username, 6)
        assert sign_in(home, username).status_code == 302
        home.post("/admin/logout/")


def test_the_cookie_of_a_known_browser_opens_nothing_and_cannot_be_forged(clinician, manager):
    home = at_home(clinician)
    cookie = home.cookies[KNOWN]
    assert [cookie["httponly"], cookie["samesite"], cookie["max-age"]] == [True, "Lax", 31_536_000]
    assert home.get("/admin/").status_code == 302
    fail("clinician", 6)
    for forged in ("", "x", cookie.value[:-1], "W10:1a:x" + cookie.value):
        stranger = Client()
        stranger.cookies[KNOWN] = forged
        assert sign_in(stranger, "clinician").status_code == 429


def test_a_password_alone_makes_no_browser_known(clinician, settings):
    settings.SECOND_FACTOR = ["all"]
    client = Client()
    assert sign_in(client, "clinician").status_code == 302
    assert KNOWN not in client.cookies


# Unlocking, and who is told


def test_manager_is_told_today_and_unlocks_on_the_account_s_page(clinician, manager, client_for):
    fail("clinician", 6)
    client = client_for(manager)
    today = Page(client.get("/admin/"))
    [item] = today.select(".panel-slowed .item")
    at = f"{timezone.localtime():%H:%M}"
    account = reverse("admin:auth_user_change", args=[clinician.pk])
    assert words(item).startswith("clinician")
    assert f"from {HERE}" in words(item)
    assert [link["href"] for link in item.select("a")] == [account, account]
    page = Page(client.get(account))
    assert f"Too many wrong passwords from {HERE}, last on" in page.text
    assert f"at {at}." in page.text
    unlock = reverse("admin:auth_user_unlock", args=[clinician.pk])
    assert client.get(unlock).status_code == 405
    assert client.post(unlock).status_code == 302
    assert sign_in(Client(), "clinician").status_code == 302
    assert "No sign-in was slowed down." in Page(client.get(account)).text
    history = client.get(reverse("admin:auth_user_history", args=[clinician.pk]))
    assert "Unlocked" in history.content.decode()
    record = AccessRecord.objects.get(model="user", detail="Unlocked")
    assert (record.user, record.object_id) == (manager, clinician.pk)


def test_today_tells_of_addresses_and_of_names_that_are_nobody_s(clinician, manager, client_for):
    for number in range(21):
        fail(f"typed-secret-{number}", 1)
    strangers("clinician", 11)
    fail("typed-secret", 6, THERE)
    page = Page(client_for(manager).get("/admin/"))
    told = sorted(words(item.select_one(".item-what")) for item in page.select(".panel-slowed li"))
    assert told == ["A name that is no account’s", "Many accounts", "clinician"]
    assert "typed-secret" not in page.text


def test_today_forgets_after_a_day(clinician, manager, client_for, now):
    fail("clinician", 6)
    now(hours=24, seconds=1)
    client = client_for(manager)
    assert Page(client.get("/admin/")).select(".panel-slowed .item") == []
    now(hours=24, minutes=6)
    sign_in(Client(), "manager")
    assert not SignInLimit.objects.exists()


@pytest.mark.parametrize("role", ["reception", "practitioner", "clinician"])
def test_only_the_manager_is_told(role, request, client_for):
    fail("nobody", 6)
    page = Page(client_for(request.getfixturevalue(role)).get("/admin/"))
    assert page.select(".panel-slowed") == []


def test_unlock_lets_an_account_and_its_addresses_try_at_once(admin):
    fail("admin", 6)
    for number in range(30):
        fail(f"account{number}", 1)
    strangers("admin", 20)
    assert sign_in(Client(), "admin").status_code == 429
    out = io.StringIO()
    call_command("unlock", "admin", stdout=out)
    assert out.getvalue() == "admin can try again at once.\n"
    assert sign_in(Client(), "admin").status_code == 302
    record = AccessRecord.objects.get(model="user", object_id=admin.pk)
    assert [record.user, record.detail] == [None, "Unlocked by command"]


def test_unlock_of_nobody_is_an_error(db):
    with pytest.raises(CommandError, match="There is no account 'nobody'"):
        call_command("unlock", "nobody")


# What is logged


def refused():
    rows = AccessRecord.objects.filter(kind="sign_in_refused").order_by("pk")
    return list(rows.values_list("user__username", "address", "detail"))


def test_ways_in_and_out_are_logged(clinician):
    client = Client()
    sign_in(client, "clinician", "typed-secret")
    sign_in(client, "typed-secret", "wrong", THERE)
    sign_in(client, "clinician")
    client.post("/admin/logout/", REMOTE_ADDR=HERE)
    kept = AccessRecord.objects.order_by("pk").values_list("kind", "user__username", "address")
    assert list(kept) == [
        ("sign_in_refused", "clinician", HERE),
        ("sign_in_refused", None, THERE),
        ("sign_in", "clinician", HERE),
        ("sign_out", "clinician", HERE),
    ]
    assert "typed-secret" not in str(list(AccessRecord.objects.values_list()))


def test_refused_sign_ins_of_an_address_are_one_row_a_minute(clinician, now):
    fail("clinician", 100)
    assert refused() == [("clinician", HERE, "too many attempts × 95, password × 5")]
    now(seconds=60)
    fail("clinician", 2)
    assert refused()[1:] == [("clinician", HERE, "password × 1, too many attempts × 1")]


def test_the_row_names_every_account_that_was_tried(clinician, manager):
    fail("clinician", 3)
    fail("manager", 2)
    fail("typed-secret", 4)
    assert refused() == [(None, HERE, "no account × 4, clinician × 3, manager × 2")]


def test_refusals_of_one_network_of_version_6_are_one_row(clinician):
    for number in range(1, 30):
        fail("clinician", 1, f"2001:db8:0:1::{number:x}")
    expected = ("clinician", "2001:db8:0:1::1", "too many attempts × 24, password × 5")
    assert refused() == [expected]


def test_many_accounts_fit_into_the_row(db):
    for number in range(20):
        user = UserFactory(username=f"a-very-long-name-of-somebody-{number}")
        fail(user.username, 2)
    [(_user, _address, detail)] = refused()
    assert len(detail) == 200


def test_a_row_that_is_sealed_never_changes_again(clinician):
    fail("clinician", 2)
    call_command("seal_audit", stdout=io.StringIO())
    fail("clinician", 2)
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert "everything is as it was sealed" in out.getvalue()
    assert refused() == [
        ("clinician", HERE, "password × 2"),
        ("clinician", HERE, "password × 2"),
    ]
