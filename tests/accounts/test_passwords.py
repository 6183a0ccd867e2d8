"""Own passwords: how they are stored, and what opens before a given one is changed."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.urls import reverse

from clinic import settings as clinic_settings
from consultations.accounts.passwords import give_password

from .signing_in import START, answers_of, closed_urls, every_path, sign_in, with_device

pytestmark = pytest.mark.django_db

NEW = "Tr1cky-enough"


def test_passwords_are_kept_as_argon2():
    with override_settings(PASSWORD_HASHERS=clinic_settings.PASSWORD_HASHERS):
        assert identify_hasher(make_password("Tr1cky-enough")).algorithm == "argon2"
        assert get_hasher("pbkdf2_sha256").algorithm == "pbkdf2_sha256"


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
