"""Roles: the groups are exactly what the code says, and are brought back to it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from consultations.actions.roles import sync_roles
from consultations.permissions import CLINICIAN, MANAGER, RECEPTION, ROLES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", sorted(ROLES))
def test_group_has_the_permissions_of_its_role(role):
    group = Group.objects.get(name=role)
    assert set(group.permissions.values_list("codename", flat=True)) == ROLES[role]


def test_sync_changes_nothing_that_is_right():
    assert sync_roles() == []


def test_sync_takes_back_what_was_added_and_gives_back_what_was_taken():
    reception, clinician = Group.objects.get(name=RECEPTION), Group.objects.get(name=CLINICIAN)
    reception.permissions.add(Permission.objects.get(codename="view_clinical"))
    clinician.permissions.clear()
    assert sync_roles() == [RECEPTION, CLINICIAN]
    assert not reception.permissions.filter(codename="view_clinical").exists()
    assert clinician.permissions.count() == len(ROLES[CLINICIAN])


def test_migrating_brings_the_groups_back():
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert sorted(Group.objects.values_list("name", flat=True)) == sorted(ROLES)


def test_other_groups_are_left_alone():
    group = Group.objects.create(name="Auditors")
    group.permissions.add(Permission.objects.get(codename="view_patient"))
    sync_roles()
    assert group.permissions.count() == 1


def test_nobody_may_delete():
    permissions = frozenset().union(*ROLES.values())
    assert {name for name in permissions if name.startswith("delete")} == set()


@pytest.mark.parametrize(
    ("codename", "roles"),
    [
        ("view_clinical", {"Practitioner", "Clinician", "Manager"}),
        ("change_patient", {"Reception", "Practitioner", "Clinician"}),
        ("sign_consultation", {"Clinician"}),
        ("sign_treatmentsession", {"Practitioner", "Clinician"}),
        ("override_treatmentsession", {"Clinician"}),
        ("enter_in_error", {"Clinician"}),
        ("change_laser", {"Manager"}),
        ("view_photo", {"Practitioner", "Clinician", "Manager"}),
        ("add_photo", {"Practitioner", "Clinician"}),
        ("add_consent", {"Practitioner", "Clinician"}),
        ("change_consentwording", {"Manager"}),
        ("change_user", {"Manager"}),
    ],
)
def test_permission_belongs_to(codename, roles):
    assert {name for name, permissions in ROLES.items() if codename in permissions} == roles


def test_user_has_the_permissions_of_the_role(manager, reception):
    assert manager.has_perm("consultations.change_laser")
    assert manager.groups.get().name == MANAGER
    assert not reception.has_perm("consultations.view_consultation")
