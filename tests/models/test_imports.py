"""Batches of imports: which are taken, which wait, which nobody went on with."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from consultations.models import ImportBatch, ImportRow
from consultations.models.imports import source_of
from tests.factories import (
    ImportBatchFactory,
    ImportedRecordFactory,
    ImportRowFactory,
    PatientFactory,
)

pytestmark = pytest.mark.django_db


def test_a_row_stands_once_in_a_batch():
    row = ImportRowFactory()
    with pytest.raises(IntegrityError):
        ImportRowFactory(batch=row.batch)
    assert "importrow_one_per_number" in {one.name for one in ImportRow._meta.constraints}


def test_a_batch_that_waits_longer_than_thirty_days_is_expired():
    days = {0: "read", 31: "checked", 32: "saved"}
    made = {
        day: ImportBatchFactory(state=state, made_at=timezone.now() - timedelta(days=day))
        for day, state in days.items()
    }
    assert list(ImportBatch.objects.expired()) == [made[31]]
    assert list(ImportBatch.objects.waiting().order_by("pk")) == [made[0], made[31]]


def test_a_file_that_was_given_up_or_undone_may_come_in_again():
    for state in ("reading", "undone", "given_up"):
        ImportBatchFactory(state=state)
    taken = [ImportBatchFactory(state=state) for state in ("read", "checked", "saved")]
    assert list(ImportBatch.objects.taken().order_by("pk")) == taken


def test_a_record_leads_back_to_the_batch_that_made_it_and_no_other():
    patient, other = PatientFactory(), PatientFactory()
    made = ImportedRecordFactory(key=patient.pk)
    ImportedRecordFactory(key=other.pk, is_new=False)
    assert source_of(patient) == made.batch
    assert source_of(other) is None
