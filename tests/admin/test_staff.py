"""Staff accounts: the manager gives roles, makes nobody superuser, and deletes nobody."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from consultations.actions.roles import CLINICIAN, RECEPTION
from tests.factories import UserFactory

from .browsing import Browser

pytestmark = pytest.mark.django_db

ADD = "/admin/auth/user/add/"
LIST = "/admin/auth/user/"
NEW = {"username": "newcomer", "password1": "Tr1cky-enough", "password2": "Tr1cky-enough"}


@pytest.fixture
def browser(manager):
    return Browser(manager)


def account(user):
    return reverse("admin:auth_user_change", args=[user.pk])


def test_manager_makes_an_account_with_a_role(browser):
    role = Group.objects.get(name=CLINICIAN)
    page = browser.fill(ADD, NEW | {"groups": [role.pk]})
    user = User.objects.get(username="newcomer")
    assert page.errors == {}
    assert [user.is_staff, user.is_superuser, list(user.groups.all())] == [True, False, [role]]


def test_manager_cannot_make_a_superuser(browser):
    every = [permission.pk for permission in Permission.objects.all()]
    tampering = {"is_superuser": "on", "user_permissions": every}
    browser.fill(ADD, NEW | tampering)
    user = User.objects.get(username="newcomer")
    browser.fill(account(user), tampering | {"first_name": "New"})
    user.refresh_from_db()
    kept = [user.first_name, user.is_superuser, user.user_permissions.count()]
    assert kept == ["New", False, 0]


def test_manager_cannot_change_a_superuser(browser, admin):
    assert browser.open(account(admin)).select("input[name=_save]") == []
    assert browser.post(account(admin), {"username": "mine"}).status == 403
    password = reverse("admin:auth_user_password_change", args=[admin.pk])
    mine = {"password1": "Tr1cky-enough", "password2": "Tr1cky-enough"}
    assert [browser.open(password).status, browser.post(password, mine).status] == [403, 403]
    admin.refresh_from_db()
    assert [admin.username, admin.check_password("password")] == ["admin", True]


def test_manager_changes_a_colleagues_role(browser):
    user = UserFactory(role=RECEPTION)
    browser.fill(account(user), {"groups": [Group.objects.get(name=CLINICIAN).pk]})
    assert [group.name for group in user.groups.all()] == [CLINICIAN]


@pytest.mark.parametrize("role", ["reception", "practitioner", "clinician"])
def test_accounts_are_closed_to_others(role, request, manager):
    browser = Browser(request.getfixturevalue(role))
    statuses = [browser.open(url).status for url in (LIST, ADD, account(manager))]
    assert statuses == [403, 403, 403]


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_nothing_can_be_deleted(who, request):
    user, found = request.getfixturevalue(who), UserFactory()
    browser = Browser(user)
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_delete"
        assert browser.post(reverse(name, args=[found.pk]), {"post": "yes"}).status in (
            403,
            302,
            404,
        )
    assert User.objects.filter(pk=found.pk).exists()
    data = {"action": "delete_selected", "_selected_action": [found.pk], "post": "yes"}
    browser.post(LIST, data)
    assert User.objects.filter(pk=found.pk).exists()


@pytest.mark.parametrize("value", ["\x00", "x" * 500, "<script>", "a b", "", "\u202e", "🙂"])
def test_bad_user_name_is_refused(browser, value):
    page = browser.fill(ADD, NEW | {"username": value})
    assert "username" in page.errors


@pytest.mark.parametrize("value", ["abc", "999999", "9" * 40, "-1", "²"])
def test_unknown_role_is_refused(browser, value):
    page = browser.fill(ADD, NEW | {"groups": [value]})
    assert list(page.errors) == ["groups"]


def test_staff_without_a_role_can_open_nothing(db):
    browser = Browser(UserFactory())
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert browser.open(reverse(name)).status == 403


def test_an_account_without_a_role_is_pointed_out(browser):
    words = "No role yet: newcomer can open nothing."
    assert words in browser.fill(ADD, NEW).messages
    user = User.objects.get(username="newcomer")
    page = browser.fill(account(user), {"groups": [Group.objects.get(name=CLINICIAN).pk]})
    assert words not in page.messages
    assert words in browser.fill(account(user), {"groups": None}).messages


def test_a_managers_own_page_offers_no_act_on_themselves(browser, manager):
    assert "Unlock" not in browser.open(account(manager)).text
    assert "Not locked." in browser.open(account(UserFactory())).text
