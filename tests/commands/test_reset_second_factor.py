"""Command: the way back in for a superuser whose phone is lost."""

import io

import pytest
from django.core.management import CommandError, call_command
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.accounts.second_factor import renew_recovery_codes
from consultations.models import AccessRecord

pytestmark = pytest.mark.django_db


def test_codes_are_taken_away_and_that_is_recorded(admin):
    TOTPDevice.objects.create(user=admin)
    renew_recovery_codes(user=admin)
    out = io.StringIO()
    call_command("reset_second_factor", "admin", stdout=out)
    assert out.getvalue() == "admin signs in by password now, and can set up new codes.\n"
    assert not TOTPDevice.objects.exists()
    record = AccessRecord.objects.get()
    assert (record.user, record.object_id, record.detail) == (
        None,
        admin.pk,
        "Sign-in codes reset by command",
    )


def test_unknown_account_is_refused():
    with pytest.raises(CommandError, match=r"^There is no account 'nobody'.$"):
        call_command("reset_second_factor", "nobody")
