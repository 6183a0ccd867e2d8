"""What the audit keeps is added, and never changed or deleted."""

import pytest
from django.db import IntegrityError

from consultations.models import AccessRecord, Erasure
from tests.factories import AccessRecordFactory, AuditSealFactory, ErasureFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("factory", [AccessRecordFactory, AuditSealFactory, ErasureFactory])
def test_audit_is_never_changed_nor_deleted(factory):
    row = factory()
    rows = type(row).objects
    for write in (row.save, row.delete, rows.all().delete, lambda: rows.update(pk=5)):
        with pytest.raises(NotImplementedError):
            write()
    assert list(rows.all()) == [row]


def test_access_says_what_and_when(clinician):
    access = AccessRecordFactory(user=clinician)
    assert str(access) == f"Chart opened, {access.at:%Y-%m-%d %H:%M}"
    assert AccessRecord.objects.get() == access


def test_erasure_without_a_reason():
    with pytest.raises(IntegrityError, match="erasure_says_why"):
        ErasureFactory(reason="")
    assert "erasure_says_why" in {one.name for one in Erasure._meta.constraints}
