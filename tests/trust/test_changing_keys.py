"""A key can be changed: what the one before made still holds, and nothing new is made with it."""

import io

import pytest
from django.core.management import call_command
from django.test import Client

from consultations.accounts import second_factor
from consultations.models import AuditSeal
from consultations.trust.digests import key_name
from consultations.trust.sealing import entomb, seal
from consultations.trust.verification import verify
from tests.accounts.signing_in import KNOWN, fail, sign_in, with_device
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db
OLD, NEW = "the old key " * 5, "the new key " * 5


@pytest.fixture
def changed(settings):
    """Changes a key of this name; the one before is kept, unless it is forgotten."""
    settings.SECRET_KEY = settings.AUDIT_KEY = OLD

    def change(name, *, forget=False):
        setattr(settings, name, NEW)
        setattr(settings, f"{name}_FALLBACKS", [] if forget else [OLD])

    return change


def problems():
    return [one.words for one in verify().problems]


def test_seals_of_both_keys_are_checked(changed):
    PatientFactory()
    seal()
    changed("AUDIT_KEY")
    PatientFactory()
    seal()
    assert AuditSeal.objects.values("key_name").distinct().count() == 2
    assert problems() == []


def test_an_altered_row_is_found_under_the_key_before(changed):
    patient = PatientFactory()
    seal()
    changed("AUDIT_KEY")
    patient.history.model._base_manager.update(family_name="Altered")
    assert [words.endswith("was altered.") for words in problems() if "Row" in words] == [True]


def test_a_forgotten_key_is_told(changed):
    PatientFactory()
    seal()
    changed("AUDIT_KEY", forget=True)
    assert "cannot be checked: made with another key" in problems()[0]


def test_nobody_seals_with_the_key_before(changed, settings):
    changed("AUDIT_KEY")
    PatientFactory()
    made = seal()
    settings.AUDIT_KEY = OLD
    PatientFactory()
    forged = seal()
    changed("AUDIT_KEY")
    assert forged[0].number == made[-1].number + 1
    assert f"Seal {forged[0].number} was altered, or was not written by this program." in problems()


@pytest.mark.parametrize("sealed_with", [OLD, NEW])
def test_an_erasure_explains_what_either_key_sealed(changed, settings, clinician, sealed_with):
    patient = PatientFactory()
    if sealed_with == NEW:
        changed("AUDIT_KEY")
    seal()
    changed("AUDIT_KEY")
    history = patient.history.get()
    type(history)._base_manager.filter(pk=history.pk).update(family_name="")
    rows = {history._meta.db_table: {history.pk: "changed"}}
    entomb(patient=patient, by=clinician, reason="asked", rows=rows)
    assert [words for words in problems() if words.startswith(("Row", "Erasure"))] == []


def test_nobody_proves_an_erasure_with_the_key_before(changed, settings, clinician):
    patient = PatientFactory()
    changed("AUDIT_KEY")
    seal()
    settings.AUDIT_KEY = OLD
    forged = entomb(patient=patient, by=clinician, reason="forged", rows={})
    changed("AUDIT_KEY")
    assert f"Erasure {forged.pk} was altered, or was not written by this program." in problems()


def test_the_key_in_use_has_a_name_of_its_own(changed):
    before = key_name()
    changed("AUDIT_KEY")
    assert key_name() != before


# The secret key


def test_sessions_and_known_browsers_outlive_the_change(changed, clinician):
    client = Client()
    sign_in(client, "clinician")
    changed("SECRET_KEY")
    assert client.get("/admin/").status_code == 200
    client.post("/admin/logout/")
    assert KNOWN in client.cookies
    fail("clinician", 6)
    assert sign_in(client, "clinician").status_code == 302


@pytest.mark.parametrize(("forget", "left"), [(False, 9), (True, 10)])
def test_recovery_codes_hold_as_long_as_the_key_before(changed, clinician, settings, forget, left):
    settings.SECOND_FACTOR = ["all"]
    _shown, codes = with_device(clinician)
    changed("SECRET_KEY", forget=forget)
    client = Client()
    sign_in(client, "clinician")
    client.post("/admin/second-factor/code/", {"recovery_code": codes[0]})
    assert second_factor.recovery_codes_left(clinician) == left
    assert client.get("/admin/").status_code == (302 if forget else 200)


def test_the_command_checks_what_both_keys_sealed(changed):
    PatientFactory()
    call_command("seal_audit", stdout=io.StringIO())
    changed("AUDIT_KEY")
    PatientFactory()
    call_command("seal_audit", stdout=io.StringIO())
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert "everything is as it was sealed" in out.getvalue()
