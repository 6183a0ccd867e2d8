"""The manager is no superuser, and nobody else acts on accounts."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import UserFactory

from .signing_in import with_device

pytestmark = pytest.mark.django_db


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
