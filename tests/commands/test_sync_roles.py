"""Command: roles as the code has them."""

import io

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

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
