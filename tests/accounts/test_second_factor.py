"""Signing in: a second factor where it is asked for, own passwords, and in time an end."""

import io
import random
import re
from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from clinic import settings as clinic_settings
from consultations.accounts import second_factor
from consultations.accounts.passwords import give_password
from consultations.models import AccessRecord
from consultations.permissions import RECEPTION
from tests.admin.browsing import Page
from tests.factories import UserFactory
from tests.sweeps.test_registry import PAGES
from tests.sweeps.world import make_world

pytestmark = pytest.mark.django_db

LOGIN, START = "/admin/login/", "/admin/"
HERE = "192.0.2.1"


def sign_in(client, username, password="password", address=HERE, **data):
    data |= {"username": username, "password": password}
    return client.post(LOGIN, data, REMOTE_ADDR=address)


def kept(kind=None):
    found = AccessRecord.objects.order_by("pk").values_list("kind", "user__username", "address")
    return [row for row in found if kind is None or row[0] == kind]


# Passwords


def test_passwords_are_kept_as_argon2():
    with override_settings(PASSWORD_HASHERS=clinic_settings.PASSWORD_HASHERS):
        assert identify_hasher(make_password("Tr1cky-enough")).algorithm == "argon2"
        assert get_hasher("pbkdf2_sha256").algorithm == "pbkdf2_sha256"


# Second factor


@pytest.fixture
def enforced(settings):
    settings.SECOND_FACTOR = ["all"]


def with_device(user):
    """Give somebody an authenticator; returns what it shows now, and the recovery codes."""
    key = second_factor.new_key()
    device = TOTPDevice.objects.create(user=user, key=key, name="Authenticator")
    return lambda: f"{totp(device.bin_key):06d}", second_factor.renew_recovery_codes(user=user)


def closed_urls():
    """The address of every page, of a world of one record each."""
    world = make_world(UserFactory(username="colleague"))
    yield from (world.url(model, page) for model, page in PAGES)
    site = ("index", "password_change", "jsi18n", "autocomplete", "time_left", "second_factor")
    yield from (reverse(f"admin:{page}") for page in site)
    yield reverse("admin:consultations_draft") + "?form=/admin/consultations/patient/add/"
    yield from (f"{START}{path}" for path in ("", "nowhere/", "consultations/", "r/1/1/"))


def answers_of(client, urls):
    """What is answered to a GET of each address, then to a POST."""
    return [(client.get(url), url) for url in urls] + [(client.post(url), url) for url in urls]


def every_path():
    """A path for each pattern of the admin, with a key that may lead nowhere."""
    for patterns in get_resolver().url_patterns:
        for pattern in getattr(patterns, "url_patterns", []):
            yield START + re.sub(r"<[^>]+>|\(\?P<\w+>[^)]*\)|[$^]", "1", str(pattern.pattern))


@pytest.mark.parametrize("has_device", [True, False])
def test_nothing_opens_before_the_second_factor(enforced, admin, has_device, figure):
    if has_device:
        with_device(admin)
    client = Client()
    sign_in(client, "admin")
    step = "code" if has_device else "set-up"
    answers = answers_of(client, [*closed_urls()])
    opened = [
        (url, answer.status_code)
        for answer, url in answers
        if not answer.headers.get("Location", "").startswith(f"/admin/second-factor/{step}/")
    ]
    assert opened == []
    figure("addresses closed", len(answers))


def test_every_pattern_of_the_admin_is_closed_but_the_way_in(enforced, admin):
    """Whatever is added later, with any keys: closed before it is looked at."""
    client = Client()
    client.force_login(admin)
    answers = {path: client.get(path).status_code for path in every_path()}
    opened = {path for path, status in answers.items() if status not in {302, 301}}
    assert opened == {"/admin/second-factor/set-up/", "/admin/logout/"}


def test_a_code_lets_in_once(enforced, clinician, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    shown, _codes = with_device(clinician)
    one, other = Client(), Client()
    for client in (one, other):
        assert sign_in(client, "clinician").status_code == 302
    code = shown()
    data = {"code": code, "next": "/admin/consultations/patient/"}
    answer = one.post("/admin/second-factor/code/", data)
    assert (answer.status_code, answer.url) == (302, "/admin/consultations/patient/")
    assert one.get(START).status_code == 200
    answer = other.post("/admin/second-factor/code/", data)
    assert "That code is not right" in answer.content.decode()
    assert other.get(START).status_code == 302
    assert [row[0] for row in kept()] == ["sign_in", "sign_in_refused"]


def test_a_recovery_code_lets_in_once_and_is_not_kept(enforced, clinician, time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    _shown, codes = with_device(clinician)
    stored = str(list(StaticToken.objects.values_list("token", flat=True)))
    assert len(codes) == len(set(codes)) == 10
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    statuses = []
    for _time in range(2):
        client = Client()
        sign_in(client, "clinician")
        typed = f" {codes[3].upper()} "
        client.post("/admin/second-factor/code/", {"recovery_code": typed})
        statuses.append(client.get(START).status_code)
    assert statuses == [200, 302]
    assert second_factor.recovery_codes_left(clinician) == 9


def test_guessing_codes_is_slowed_down(enforced, clinician, time_machine, figure, seed):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    shown, _codes = with_device(clinician)
    client, right = Client(), shown()
    sign_in(client, "clinician")
    chance, looked_at = random.Random(seed), 0
    for second in range(0, 3600, 20):
        time_machine.move_to(now + timedelta(seconds=second), tick=False)
        guess = f"{chance.randrange(10**6):06d}"
        if guess != right:
            answer = client.post("/admin/second-factor/code/", {"code": guess})
            looked_at += "That code is not right" in answer.content.decode()
    figure("guesses looked at in an hour", looked_at)
    assert looked_at <= 12
    answer = client.post("/admin/second-factor/code/", {"code": shown()})
    assert "Too many wrong codes" in answer.content.decode()


@pytest.mark.parametrize(
    "code", ["", "12345", "１２３４５６", "abc", "0" * 60, "\x00", "-1", "1e5"]
)
def test_what_is_no_code_is_refused(enforced, clinician, code):
    with_device(clinician)
    client = Client()
    sign_in(client, "clinician")
    for name in ("code", "recovery_code"):
        assert client.post("/admin/second-factor/code/", {name: code}).status_code == 200
    assert client.get(START).status_code == 302


def test_setting_up_shows_key_and_codes_once(enforced, clinician):
    client = Client()
    sign_in(client, "clinician")
    page = Page(client.get(START, follow=True))
    [secret] = page.select(".secret")
    assert page.select("svg.qr")
    wrong = client.post("/admin/second-factor/set-up/", {"code": "000000"})
    assert secret.get_text() in wrong.content.decode()
    [key] = [client.session[name] for name in ("new_second_factor",)]
    code = f"{totp(bytes.fromhex(key)):06d}"
    done = Page(client.post("/admin/second-factor/set-up/", {"code": code}))
    assert len(done.select(".codes li")) == 10
    assert client.get(START).status_code == 200
    again = client.get("/admin/second-factor/").content.decode()
    assert secret.get_text() not in again
    assert done.select(".codes li")[0].get_text(strip=True) not in again
    assert [row[0] for row in kept()] == ["sign_in"]


def test_whoever_has_a_device_cannot_set_up_another_before_the_code(enforced, clinician):
    with_device(clinician)
    client = Client()
    sign_in(client, "clinician")
    for method in (client.get, client.post):
        answer = method("/admin/second-factor/set-up/")
        assert (answer.status_code, answer.url) == (302, "/admin/second-factor/code/")


def test_a_device_set_up_freely_is_asked_for_too(clinician):
    with_device(clinician)
    client = Client()
    sign_in(client, "clinician")
    assert client.get(START).url.startswith("/admin/second-factor/code/")


@pytest.mark.parametrize("path", ["set-up/", "recovery-codes/"])
def test_changing_how_one_signs_in_asks_for_the_password(clinician, client_for, path, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    client = client_for(clinician)
    client.get("/admin/second-factor/set-up/")
    if path == "recovery-codes/":
        shown, _codes = with_device(clinician)
        client.post("/admin/second-factor/code/", {"code": shown()})
    before = list(StaticToken.objects.values_list("token", flat=True))
    code = f"{totp(bytes.fromhex(client.session['new_second_factor'])):06d}"
    answer = client.post(f"/admin/second-factor/{path}", {"password": "wrong", "code": code})
    assert "This is not your password" in answer.content.decode()
    assert list(StaticToken.objects.values_list("token", flat=True)) == before
    answer = client.post(f"/admin/second-factor/{path}", {"password": "password", "code": code})
    assert len(Page(answer).select(".codes li")) == 10


@pytest.mark.parametrize(
    ("roles", "asked"),
    [
        (["none"], []),
        (["all"], ["admin", "clinician", "reception"]),
        (["clinician", "Manager"], ["admin", "clinician"]),
    ],
)
def test_roles_decide_who_needs_one(settings, clinician, reception, admin, roles, asked):
    settings.SECOND_FACTOR = roles
    people = (admin, clinician, reception)
    assert [one.username for one in people if second_factor.is_enforced_for(one)] == asked


def test_manager_resets_a_colleagues_second_factor(enforced, clinician, manager, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    with_device(clinician)
    shown, _codes = with_device(manager)
    client = Client()
    sign_in(client, "manager")
    client.post("/admin/second-factor/code/", {"code": shown()})
    reset = reverse("admin:auth_user_reset_second_factor", args=[clinician.pk])
    assert client.get(reset).status_code == 405
    assert client.post(reset).status_code == 302
    assert not TOTPDevice.objects.filter(user=clinician).exists()
    assert AccessRecord.objects.get(model="user").detail == "Sign-in codes reset"
    other = Client()
    sign_in(other, "clinician")
    assert other.get(START).url.startswith("/admin/second-factor/set-up/")


@pytest.mark.parametrize("by", ["page", "command"])
def test_a_reset_ends_every_session(clinician, manager, client_for, by):
    """Those with a code, and those from before there was one; nobody else's."""
    plain, with_code, bystander = (client_for(one) for one in (clinician, clinician, manager))
    shown, _codes = with_device(clinician)
    with_code.post("/admin/second-factor/code/", {"code": shown()})
    assert with_code.get(START).status_code == 200
    if by == "page":
        reset = reverse("admin:auth_user_reset_second_factor", args=[clinician.pk])
        assert bystander.post(reset).status_code == 302
    else:
        call_command("reset_second_factor", "clinician", stdout=io.StringIO())
    assert [one.get(START).url[:13] for one in (plain, with_code)] == ["/admin/login/"] * 2
    assert bystander.get(START).status_code == 200


def test_a_device_is_set_up_with_the_password_of_a_moment_ago(enforced, clinician, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client = Client()
    sign_in(client, "clinician")
    page = Page(client.get("/admin/second-factor/set-up/"))
    assert not page.select("[name=password]")
    time_machine.move_to(start + timedelta(minutes=5, seconds=1), tick=False)
    code = f"{totp(bytes.fromhex(client.session['new_second_factor'])):06d}"
    answer = client.post("/admin/second-factor/set-up/", {"code": code})
    assert Page(answer).select("[name=password]")
    assert not TOTPDevice.objects.exists()
    answer = client.post("/admin/second-factor/set-up/", {"code": code, "password": "password"})
    assert len(Page(answer).select(".codes li")) == 10


def test_of_two_who_set_up_a_device_at_once_the_second_is_refused(clinician):
    asking = User.objects.get(pk=clinician.pk)
    assert second_factor.device_id_of(asking) is None
    with_device(clinician)
    key = second_factor.new_key()
    with pytest.raises(ValidationError):
        second_factor.set_up(user=asking, key=key, code=f"{totp(bytes.fromhex(key)):06d}")
    assert TOTPDevice.objects.exclude(key=key).count() == 1


# Sessions


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


NEW = "Tr1cky-enough"


def given_password(client, user):
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    client.post(
        url,
        {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "1"},
    )


def choose_password(client, old, new):
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/admin/password_change/", data)


def test_nothing_opens_before_a_given_password_is_changed(admin, figure):
    give_password(user=admin)
    client = Client()
    sign_in(client, "admin")
    own = reverse("admin:password_change")
    answers = answers_of(client, [url for url in closed_urls() if url != own])
    opened = [(url, one.status_code) for one, url in answers if one.headers.get("Location") != own]
    assert opened == []
    assert client.get(own).status_code == 200
    figure("addresses closed", len(answers))


def test_every_pattern_is_closed_to_a_given_password_but_the_choice_of_an_own(admin):
    """Whatever is added later, with any keys; setting up codes among it."""
    give_password(user=admin)
    client = Client()
    client.force_login(admin)
    opened = {
        path
        for path in every_path()
        if client.get(path).headers.get("Location") != "/admin/password_change/"
    }
    assert opened == {"/admin/logout/", "/admin/password_change/"}


def test_the_own_password_is_not_guessed_on_the_page_that_changes_it(
    clinician, client_for, contexts
):
    client = client_for(clinician)
    for guess in ("password", "wrong-guess"):
        errors = choose_password(client, "", guess).context["form"].errors
        assert errors["old_password"] == ["This field is required."]
        assert "This is the password you have now. Choose another." not in str(errors)


def test_what_a_manager_does_meanwhile_outlives_the_choice_of_an_own_password(
    clinician, client_for, monkeypatch
):
    client = client_for(clinician)

    def shut(request):
        """Once the request knows who is asking."""
        return User.objects.filter(pk=request.user.pk).update(is_active=False) == 1

    monkeypatch.setattr(site, "has_permission", shut)
    choose_password(client, "password", NEW)
    clinician.refresh_from_db()
    assert [clinician.is_active, clinician.check_password("password")] == [False, True]


@pytest.mark.parametrize("way", ["new account", "password set"])
def test_whoever_is_given_a_password_chooses_their_own(
    clinician, manager, client_for, contexts, way
):
    boss, client = client_for(manager), Client()
    if way == "password set":
        given_password(boss, clinician)
    else:
        clinician.delete()
        data = {"username": "clinician", "password1": NEW, "password2": NEW, "is_staff": "on"}
        boss.post(reverse("admin:auth_user_add"), data)
    sign_in(client, "clinician", NEW)
    assert client.get(START).headers["Location"] == "/admin/password_change/"
    answer = choose_password(client, NEW, NEW)
    assert answer.context["form"].errors == {
        "new_password1": ["This is the password you have now. Choose another."]
    }
    assert client.get(START).status_code == 302
    choose_password(client, NEW, "Quite-my-0wn")
    assert client.get(START).status_code == 200
    sign_in(again := Client(), "clinician", "Quite-my-0wn")
    assert again.get(START).status_code == 200


def test_codes_come_before_the_own_password(enforced, clinician):
    give_password(user=clinician)
    code, _recovery = with_device(clinician)
    client = Client()
    sign_in(client, "clinician")
    assert client.get(START).headers["Location"].startswith("/admin/second-factor/code/")
    client.post("/admin/second-factor/code/", {"code": code()})
    assert client.get(START).headers["Location"] == "/admin/password_change/"


@pytest.mark.parametrize("who", ["clinician", "manager"])
def test_a_new_password_ends_the_other_sessions(request, client_for, manager, who):
    user = request.getfixturevalue("clinician")
    own, other = client_for(user), client_for(user)
    if who == "clinician":
        choose_password(own, "password", NEW)
    else:
        given_password(client_for(manager), user)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert other.get(START).status_code == 302
    assert own.get(START).status_code == (200 if who == "clinician" else 302)


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


def test_tests_may_log_in_without_a_request(clinician):
    client = Client()
    assert client.login(username="clinician", password="password")
    assert client.get(START).status_code == 200


# The manager is no superuser


def test_a_manager_gains_nothing_by_forged_posts(manager, admin, client_for, figure):
    client = client_for(manager)
    admin.email = "admin@clinic.example"
    admin.save()
    with_device(admin)
    kept_before = User.objects.filter(pk=admin.pk).values().get()
    groups = [group.pk for group in Group.objects.all()]
    forged = {
        "username": "taken",
        "email": "mine@evil.example",
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "on",
        "groups": groups,
        "user_permissions": list(range(1, 200)),
        "password": "Tr1cky-enough",
        "password1": "Tr1cky-enough",
        "password2": "Tr1cky-enough",
        "usable_password": "true",
        "set-password": "1",
        "_save": "1",
    }
    tried = 0
    for name in ("change", "password_change", "unlock", "reset_second_factor", "delete"):
        url = reverse(f"admin:auth_user_{name}", args=[admin.pk])
        assert client.post(url, forged).status_code == 403
        tried += 1
    assert User.objects.filter(pk=admin.pk).values().get() == kept_before
    assert TOTPDevice.objects.filter(user=admin).count() == 1
    own = reverse("admin:auth_user_change", args=[manager.pk])
    client.post(own, forged | {"username": "manager"})
    client.post(reverse("admin:auth_user_add"), forged)
    manager.refresh_from_db()
    assert [group.name for group in manager.groups.all()] == ["Manager"]
    assert list(User.objects.filter(is_superuser=True)) == [admin]
    assert not User.objects.filter(user_permissions__isnull=False).exists()
    for name in ("unlock", "reset_second_factor"):
        url = reverse(f"admin:auth_user_{name}", args=[manager.pk])
        assert client.post(url).status_code == 403
        tried += 1
    figure("forged posts refused", tried + 2)


@pytest.mark.parametrize("role", ["reception", "practitioner", "clinician"])
def test_other_roles_neither_unlock_nor_reset(role, request, client_for):
    client, other = client_for(request.getfixturevalue(role)), UserFactory()
    with_device(other)
    for name in ("unlock", "reset_second_factor"):
        url = reverse(f"admin:auth_user_{name}", args=[other.pk])
        assert client.post(url).status_code == 403
    assert TOTPDevice.objects.filter(user=other).exists()


def test_keys_of_authenticators_are_on_no_page(admin):
    from django.contrib.admin import site

    assert {one._meta.app_label for one in site._registry} == {"auth", "consultations"}


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "%00", "x"]
)
def test_a_way_back_that_is_refused_leads_to_today(clinician, elsewhere):
    client = Client()
    answer = sign_in(client, "clinician", next=elsewhere)
    assert (answer.status_code, answer.url) == (302, START)


def test_after_a_wrong_password_only_the_password_is_typed_again(client, clinician):
    page = Page(client.post("/admin/login/", {"username": "clinician", "password": "wrong"}))
    focused = [field["name"] for field in page.select("input[autofocus]")]
    assert (page.form["username"], focused) == ("clinician", ["password"])
