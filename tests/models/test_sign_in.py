"""Limits of signing in: one row for each account, address or browser that is counted by."""

import pytest
from django.db import IntegrityError

from consultations.models import SignInLimit

pytestmark = pytest.mark.django_db


def test_what_is_counted_by_has_one_row():
    SignInLimit.objects.create(address="192.0.2.1")
    SignInLimit.objects.create(address="192.0.2.1", account="a")
    assert "sign_in_limit_counted_once" in {one.name for one in SignInLimit._meta.constraints}
    with pytest.raises(IntegrityError):
        SignInLimit.objects.create(address="192.0.2.1")
