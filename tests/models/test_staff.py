"""Staff accounts keep their history: who changed what, roles and passwords told, none of it kept
for signing in."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from consultations.permissions import CLINICIAN, RECEPTION
from consultations.summaries.integrity import differences
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def told(user, *names):
    return list(user.history.order_by("pk").values_list("history_type", *names))


def test_account_is_kept_as_it_was_made():
    user = UserFactory(username="new")
    assert told(user, "username", "roles") == [("+", "new", "")]


def test_change_keeps_a_row_and_a_save_without_one_none(manager):
    user = UserFactory(first_name="Ann")
    user.save()
    user.first_name, user._history_user = "Anne", manager
    user.save()
    assert told(user, "first_name", "history_user__username") == [
        ("+", "Ann", None),
        ("~", "Anne", "manager"),
    ]


def test_roles_are_kept_by_name():
    user = UserFactory(role=RECEPTION)
    user.groups.add(Group.objects.get(name=CLINICIAN))
    Group.objects.get(name=RECEPTION).user_set.remove(user)
    assert told(user, "roles") == [
        ("+", ""),
        ("~", "Reception"),
        ("~", "Clinician, Reception"),
        ("~", "Clinician"),
    ]


def test_permissions_beside_the_roles_are_kept():
    user, others = UserFactory(role=RECEPTION), Group.objects.create(name="Auditors")
    user.user_permissions.add(permission("view_clinical"))
    others.permissions.add(permission("view_consultation"))
    user.groups.add(others)
    others.permissions.clear()
    permission("view_clinical").user_set.remove(user)
    assert told(user, "permissions")[2:] == [
        ("~", "consultations.view_clinical"),
        ("~", "consultations.view_clinical, consultations.view_consultation"),
        ("~", "consultations.view_clinical"),
        ("~", ""),
    ]


def test_permissions_of_a_role_are_no_news_of_its_members():
    user = UserFactory(role=RECEPTION)
    Group.objects.get(name=RECEPTION).permissions.add(permission("view_clinical"))
    assert len(told(user)) == 2


def permission(codename):
    return Permission.objects.get(codename=codename)


def test_change_of_password_is_told_without_it():
    user = UserFactory()
    user.set_password("Tr1cky-enough")
    user.save()
    assert told(user, "history_change_reason")[-1] == ("~", "Password changed")
    columns = {field.name for field in user.history.model._meta.concrete_fields}
    assert columns.isdisjoint({"password", "last_login"})


def test_signing_in_leaves_no_row():
    user = UserFactory()
    assert Client().login(username=user.username, password="password")
    user.refresh_from_db()
    assert user.last_login is not None
    user.set_password("password")
    user._password = None  # as Django does when it hashes a password anew at sign-in
    user.save(update_fields=["password"])
    assert len(told(user)) == 1


def test_row_of_history_is_never_changed_nor_deleted():
    user = UserFactory()
    row, rows = user.history.get(), User.history.all()
    for write in (row.save, row.delete, rows.delete, lambda: rows.update(roles="Manager")):
        with pytest.raises(NotImplementedError):
            write()


def test_an_account_older_than_its_history_is_given_one():
    old, new = UserFactory(role=CLINICIAN), UserFactory()
    old.history.model._base_manager.filter(id=old.pk).delete()
    migration = import_module("consultations.migrations.0013_first_account_history")
    for _time in range(2):
        migration.begin(apps, None)
    [first] = old.history.all()
    expected = (old.username, CLINICIAN, "~", "As it was when its history began.")
    columns = ("username", "roles", "history_type", "history_change_reason")
    assert tuple(getattr(first, name) for name in columns) == expected
    assert new.history.count() == 1
    assert list(differences()) == []
