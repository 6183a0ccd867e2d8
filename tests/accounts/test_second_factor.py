"""The second factor: nothing opens before it, a code lets in once; set up and reset."""

import io
import random
from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.accounts import second_factor
from consultations.models import AccessRecord
from tests.admin.browsing import Page

from .signing_in import (
    START,
    answers_of,
    closed_urls,
    every_path,
    kept,
    sign_in,
    with_device,
)

pytestmark = pytest.mark.django_db


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


def test_keys_of_authenticators_are_on_no_page(admin):

    assert {one._meta.app_label for one in site._registry} == {"auth", "consultations"}
