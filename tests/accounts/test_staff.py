"""Staff accounts: the manager gives roles, makes nobody superuser, and deletes nobody."""

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from django.utils import timezone

from consultations.accounts.passwords import give_password
from consultations.models import GivenPassword
from consultations.permissions import CLINICIAN, RECEPTION
from tests.admin.browsing import Browser, Page, words
from tests.factories import (
    ConsultationFactory,
    DraftFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
)

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


def test_colleagues_of_one_name_are_told_apart_where_they_are_chosen(clinician):
    for name in ("ann", "ann2"):
        UserFactory(username=name, first_name="Ann", last_name="Smith")
    UserFactory(username="bob", first_name="Bob", last_name="Smith")
    UserFactory(username="left", first_name="Bob", last_name="Smith", is_active=False)
    UserFactory(username="plain")
    query = "app_label=consultations&model_name=consultation&field_name=clinician&term="
    answer = Browser(clinician).client.get(f"{reverse('admin:autocomplete')}?{query}")
    assert {one["text"] for one in answer.json()["results"]} == {
        "Ann Smith (ann)",
        "Ann Smith (ann2)",
        "Bob Smith",
        "plain",
        "clinician",
    }


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
    assert "No sign-in was slowed down." in browser.open(account(UserFactory())).text


def test_the_list_says_who_has_yet_to_choose_a_password(browser):
    exposed, given = UserFactory(username="exposed"), UserFactory(username="given")
    GivenPassword.objects.create(user=exposed, is_exposed=True)
    give_password(user=given)
    rows = browser.open(LIST).select("#result_list tbody tr")
    told = {
        words(row.select_one("th")): words(row.select_one(".field-password_to_come"))
        for row in rows
    }
    assert told == {
        "exposed": "must choose a new one: others may know it",
        "given": "must choose their own",
        "manager": "–",
    }
    assert "Must choose a new password" in browser.open(account(exposed)).text
    assert "Must choose a new password" not in browser.open(account(given)).text


def test_history_of_an_account_is_told_in_our_words(browser, manager):
    user = UserFactory(username="colleague", first_name="Ann", role=RECEPTION)
    clinician = Group.objects.get(name=CLINICIAN).pk
    browser.fill(account(user), {"first_name": "Anne", "groups": [clinician]})
    password = reverse("admin:auth_user_password_change", args=[user.pk])
    browser.post(password, {"password1": "Tr1cky-enough", "password2": "Tr1cky-enough"})
    page = browser.open(reverse("admin:auth_user_history", args=[user.pk]))
    told = [[words(cell) for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert ["First name", "Ann", "Anne"] in told
    assert ["Roles", "–", "Clinician"] in told
    latest = words(page.select(".versions li > p")[0])
    assert "manager" in latest
    assert latest.endswith("Password changed")
    assert "Tr1cky" not in page.text
    assert "argon2" not in page.response.content.decode()


def test_ones_own_password_is_changed_where_the_old_one_is_asked_for(manager, client_for):
    client = client_for(manager)
    url = reverse("admin:auth_user_password_change", args=[manager.pk])
    new = {"password1": "Tr1cky-enough", "password2": "Tr1cky-enough", "set-password": "1"}
    for answer in (client.get(url), client.post(url, new | {"usable_password": "true"})):
        assert answer.url == reverse("admin:password_change")
    manager.refresh_from_db()
    assert manager.check_password("password")


def test_own_change_of_password_is_told(manager):
    browser = Browser(manager)
    new = {"new_password1": "Tr1cky-enough", "new_password2": "Tr1cky-enough"}
    browser.post(reverse("admin:password_change"), new | {"old_password": "password"})
    last = manager.history.order_by("pk").last()
    assert [last.history_change_reason, last.history_user] == ["Password changed", manager]


def test_there_is_no_second_log(browser):
    browser.fill(account(UserFactory()), {"first_name": "New"})
    browser.fill(ADD, NEW)
    assert LogEntry.objects.count() == 0


def test_pages_of_an_account_lead_back_to_the_staff(browser):
    url = account(UserFactory())
    for page in (url, url.replace("change", "history"), url.replace("change", "password"), ADD):
        links = {link["href"]: words(link) for link in browser.open(page).select(".breadcrumbs a")}
        assert links[LIST] == "Staff", page


# Leaving


@pytest.mark.parametrize("flag", ["is_staff", "is_active"])
def test_shutting_an_account_is_asked_first_and_names_what_is_unfinished(browser, flag):
    ann = UserFactory(username="ann", first_name="Ann", last_name="Smith", role=CLINICIAN)
    ConsultationFactory(clinician=ann)
    SessionFactory.create_batch(2, operator=ann, performed_on=timezone.localdate())
    appointment_for(practitioner=ann)
    DraftFactory(user=ann)
    asked = browser.fill(account(ann), {flag: None})
    assert asked.errors == {
        flag: [
            "Ann Smith can no longer sign in after this. Left unfinished: 1 consultation to sign, "
            "2 sessions to sign, 1 appointment, 1 draft that only they can open. "
            "Save again to confirm."
        ]
    }
    ann.refresh_from_db()
    assert getattr(ann, flag)
    assert browser.post(account(ann), asked.form | {"_save": "1"}).errors == {}
    ann.refresh_from_db()
    assert not getattr(ann, flag)


def test_nothing_unfinished_is_said(browser):
    page = browser.fill(account(UserFactory(username="ann")), {"is_staff": None})
    told = "ann can no longer sign in after this. Left unfinished: nothing. Save again to confirm."
    assert page.errors == {"is_staff": [told]}


def test_the_list_shows_who_does_not_work_here(browser):
    UserFactory(username="ann", is_staff=False)
    UserFactory(username="ben", is_active=False)
    rows = browser.open(reverse("admin:auth_user_changelist")).rows
    assert {row[0]: row[4] for row in rows} == {
        "ann": "does not work here",
        "ben": "may not sign in",
        "manager": "Yes",
    }


CLOSED = "This account is closed. Ask your manager if it should not be."


@pytest.mark.parametrize("shut", [{"is_staff": False}, {"is_active": False}])
def test_a_closed_account_is_told_to_whoever_knows_its_password(client, shut):
    UserFactory(username="ann", **shut)
    told = {
        password: words(sign_in(client, "ann", password).soup.select_one(".errornote"))
        for password in ("password", "guess")
    }
    assert told["password"] == CLOSED
    nobody = words(sign_in(client, "nobody", "guess").soup.select_one(".errornote"))
    assert told["guess"] == nobody != CLOSED
    assert "_auth_user_id" not in client.session


def sign_in(client, username, password):
    return Page(client.post(reverse("admin:login"), {"username": username, "password": password}))


def test_closing_an_account_ends_its_sessions(client_for):
    ann = UserFactory(role=CLINICIAN)
    client = client_for(ann)
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302


def test_weak_password_is_told_where_it_was_typed_first(browser):
    weak = {"password1": "password", "password2": "password"}
    page = browser.fill(ADD, NEW | weak)
    colleague = reverse("admin:auth_user_password_change", args=[UserFactory().pk])
    again = browser.fill(colleague, weak, button="set-password")
    own = {"old_password": "password", "new_password1": "manager", "new_password2": "manager"}
    mine = browser.fill(reverse("admin:password_change"), own)
    assert [set(one.errors) for one in (page, again, mine)] == [
        {"password1"},
        {"password1"},
        {"new_password1"},
    ]


def test_what_was_saved_is_said_in_the_words_of_a_clinic(browser):
    page = browser.fill(ADD, NEW | {"first_name": "New", "last_name": "Comer"})
    user = User.objects.get(username="newcomer")
    assert page.messages == [
        "No role yet: newcomer can open nothing.",
        "New Comer signs in as newcomer and then chooses a password.",
    ]
    role = Group.objects.get(name=RECEPTION).pk
    assert browser.fill(account(user), {"groups": [role]}).messages == ["Saved: New Comer."]
