"""Rows that were written later than they say: found by the seals that came before them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from consultations.models import AuditSeal, Patient
from consultations.trust import sealing as seals
from consultations.trust.sealing import SealingError, seal
from consultations.trust.verification import verify
from consultations.trust.verification.problems import Kind
from tests.factories import AccessRecordFactory, PatientFactory, UserFactory
from tests.trust.test_sealing import HISTORY, OPENED, opened, problems, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def nights(time_machine):
    """Night after night: moves the clock on, and seals where that is asked for."""

    def pass_by(*, sealing=True):
        nonlocal now
        now += timedelta(days=1)
        time_machine.move_to(now, tick=False)
        return seal() if sealing else []

    now = datetime(2026, 11, 1, 3, tzinfo=UTC)
    time_machine.move_to(now, tick=False)
    return pass_by


@pytest.mark.parametrize("sealing", [False, True])
def test_row_written_after_a_seal_and_dated_before_it_is_named(nights, sealing):
    opened(1)
    nights()
    late = AccessRecordFactory(
        user=None, patient=None, at=timezone.now() - timedelta(minutes=2), detail="Forged."
    )
    opened(1)
    nights(sealing=sealing)
    nights(sealing=sealing)
    assert problems() == [(Kind.BACKDATED, OPENED, late.pk)]
    assert verify().problems[0].words.endswith(") was written later than its time says.")


def test_row_dated_into_nights_in_which_its_table_gained_nothing_is_named(nights):
    history = Patient.history.model
    PatientFactory()
    nights()
    for _night in range(3):
        opened(1)
        UserFactory()
        nights()
    patient = PatientFactory()
    row = history._base_manager.get(id=patient.pk)
    run(
        f"UPDATE {HISTORY} SET history_date = %s WHERE history_id = %s",
        timezone.now() - timedelta(days=2),
        row.pk,
    )
    assert problems() == [(Kind.BACKDATED, HISTORY, row.pk)]
    nights()
    assert problems() == [(Kind.BACKDATED, HISTORY, row.pk)]


def test_pieces_of_a_long_table_are_of_one_moment(nights, monkeypatch):
    monkeypatch.setattr(seals, "ROWS_PER_SEAL", 2)
    for _night in range(2):
        opened(3)
        nights(sealing=False)
        opened(2)
        made = nights()
        assert len({one.sealed_at for one in made}) == 1 < len(made)
    assert problems() == []


def test_sealing_that_ended_half_way_names_nothing(nights, monkeypatch):
    """The tables after the one that could not be sealed were not complete."""
    for _night in range(2):
        opened(1)
        PatientFactory()
        with monkeypatch.context() as patch, suppress(SealingError):
            patch.setattr(seals, "settled", settled_but(HISTORY))
            nights()
    nights()
    assert problems() == []


def settled_but(table):
    def settled(model):
        if model._meta.db_table == table:
            raise SealingError("written to without a pause")
        return true_settled(model)

    true_settled = seals.settled
    return settled


def test_seal_dated_before_the_one_before_it_is_named(nights, time_machine):
    opened(1)
    nights()
    opened(1)
    time_machine.move_to(AuditSeal.objects.get().sealed_at - timedelta(hours=1))
    seal()
    [problem] = verify().problems
    assert [problem.kind, problem.seal] == [Kind.BACKWARDS, 2]
    assert problem.words == (
        "Seal 2 of 2026-11-02 02:00 over consultations_accessrecord is dated before the seal that "
        "it follows."
    )
