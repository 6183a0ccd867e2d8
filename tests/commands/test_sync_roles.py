"""Command: roles as the code has them."""

import io

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def sync_roles():
    out = io.StringIO()
    call_command("sync_roles", stdout=out)
    return out.getvalue()


def test_roles_in_step_are_left_alone():
    assert sync_roles() == "Roles are up to date.\n"


def test_roles_out_of_step_are_named():
    Group.objects.get(name="Reception").permissions.clear()
    Group.objects.get(name="Manager").delete()
    assert sync_roles() == "Roles changed: Reception, Manager.\n"
    assert sync_roles() == "Roles are up to date.\n"


def test_permissions_of_an_account_are_taken_away_and_told():
    user = UserFactory(username="ann")
    user.user_permissions.add(Permission.objects.get(codename="view_clinical"))
    told = "Taken away from ann: view_clinical.\nRoles are up to date.\n"
    assert [sync_roles(), sync_roles()] == [told, "Roles are up to date.\n"]
    assert not User.objects.get(pk=user.pk).has_perm("consultations.view_clinical")
    reasons = user.history.order_by("pk").values_list("permissions", "history_change_reason")
    words = "Permissions beside the roles were taken away: view_clinical."
    assert list(reasons)[1:] == [("consultations.view_clinical", None), ("", None), ("", words)]


def test_migrating_takes_them_away_too(capsys):
    user = UserFactory(username="ann", role="Reception")
    user.user_permissions.add(Permission.objects.get(codename="view_clinical"))
    call_command("migrate")
    assert "Taken away from ann: view_clinical." in capsys.readouterr().out
    assert user.user_permissions.count() == 0
