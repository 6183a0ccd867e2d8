"""Sealing the audit: what is sealed, chained and found again; and what an erasure leaves."""

import pytest
from django.contrib.auth.models import User
from django.db import connection

from consultations.models import AccessRecord, AuditSeal, Erasure, Patient
from consultations.trust import sealing as seals
from consultations.trust.sealing import SealingError, entomb, seal
from consultations.trust.verification import verify
from consultations.trust.verification.problems import Kind
from tests.factories import (
    AccessRecordFactory,
    AuditSealFactory,
    ConsultationFactory,
    PatientFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

OPENED = AccessRecord._meta.db_table
HISTORY = Patient.history.model._meta.db_table


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def opened(count):
    """Openings of nothing by nobody, so that no other table gains a row."""
    return AccessRecordFactory.create_batch(count, user=None, patient=None)


def problems(**options):
    return [(one.kind, one.table or one.seal, one.key) for one in verify(**options).problems]


def test_nothing_to_seal():
    assert seal() == []
    assert [verify().count, verify().head] == [0, ""]


def test_each_table_is_sealed_and_chained():
    AccessRecordFactory.create_batch(2)
    made = seal()
    assert [(one.number, one.table, one.rows) for one in made] == [
        (1, OPENED, 2),
        (2, HISTORY, 2),
        (3, "consultations_historicaluser", 2),
    ]
    found = verify()
    assert [found.count, found.rows, found.seals, found.head] == [0, 6, 3, made[2].head]
    assert found.unsealed == []


def test_only_what_is_new_is_sealed():
    opened(1)
    seal()
    assert seal() == []
    [late] = opened(1)
    assert [(one.table, one.rows, one.up_to) for one in seal()] == [(OPENED, 1, late.pk)]
    assert verify().count == 0


def test_large_tables_are_sealed_in_pieces(monkeypatch):
    monkeypatch.setattr(seals, "ROWS_PER_SEAL", 2)
    opened(3)
    assert [one.rows for one in seal()] == [2, 1]
    assert verify().count == 0


def test_what_is_not_sealed_is_said():
    opened(2)
    seal()
    late = opened(3)
    assert [(one.name, one.rows, one.since) for one in verify().unsealed] == [
        ("access records", 3, late[0].at)
    ]


def test_altered_row_is_named():
    row = AccessRecordFactory(patient=None)
    opened(1)
    seal()
    run(f"UPDATE {OPENED} SET address = '10.0.0.1' WHERE id = %s", row.pk)
    assert problems() == [(Kind.ALTERED, OPENED, row.pk)]
    assert verify().problems[0].words == (
        f"Row {row.pk} of access records (by {row.user.username}, {row.at:%Y-%m-%d %H:%M}, "
        f"sealed by seal 1 of {row.at:%Y-%m-%d}) was altered."
    )


def test_missing_row_is_named():
    rows = opened(3)
    seal()
    run(f"DELETE FROM {OPENED} WHERE id = %s", rows[1].pk)
    assert problems() == [(Kind.MISSING, OPENED, rows[1].pk)]


def test_inserted_row_is_named():
    _, gap, _ = opened(3)
    run(f"DELETE FROM {OPENED} WHERE id = %s", gap.pk)
    seal()
    AccessRecordFactory(pk=gap.pk, user=None, patient=None)
    AccessRecordFactory(pk=-1, user=None, patient=None)
    assert problems() == [(Kind.INSERTED, OPENED, -1), (Kind.INSERTED, OPENED, gap.pk)]


def test_reordered_rows_are_named():
    first, second = opened(2)
    seal()
    for old, new in ((first.pk, 0), (second.pk, first.pk), (0, second.pk)):
        run(f"UPDATE {OPENED} SET id = %s WHERE id = %s", new, old)
    assert problems() == [(Kind.MOVED, OPENED, first.pk), (Kind.MOVED, OPENED, second.pk)]


def test_unreadable_row_is_altered_too():
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps a word where a time belongs")
    row, _ = opened(2)
    seal()
    run(f"UPDATE {OPENED} SET at = 'once' WHERE id = %s", row.pk)
    assert problems() == [(Kind.ALTERED, OPENED, row.pk)]


def test_problems_are_counted_beyond_those_shown(monkeypatch):
    monkeypatch.setattr("consultations.trust.verification.problems.SHOWN_AT_MOST", 2)
    opened(5)
    seal()
    run(f"UPDATE {OPENED} SET kind = 'photo'")
    found = verify()
    assert [len(found.problems), found.count] == [2, 5]


@pytest.fixture
def chain():
    """Three seals of one table."""
    for _ in range(3):
        opened(1)
        seal()
    return list(AuditSeal.objects.order_by("number"))


def test_altered_seal_is_named_alone(chain):
    run("UPDATE consultations_auditseal SET rows = 5 WHERE number = 2")
    assert problems() == [(Kind.FORGED, 2, None)]


def test_altered_head_is_named_alone(chain):
    run("UPDATE consultations_auditseal SET head = %s WHERE number = 2", "f" * 64)
    assert problems() == [(Kind.FORGED, 2, None)]


def test_missing_seal_is_named_alone(chain):
    run("DELETE FROM consultations_auditseal WHERE number = 2")
    assert problems() == [(Kind.MISSING, 2, None)]


def test_reordered_seals_are_named(chain):
    for old, new in ((1, 9), (2, 1), (9, 2)):
        run(
            "UPDATE consultations_auditseal SET number = %s, id = %s WHERE number = %s",
            new,
            new,
            old,
        )
    assert problems()[:2] == [(Kind.FORGED, 1, None), (Kind.FORGED, 2, None)]


def test_seal_cut_off_at_the_end_needs_the_head(chain):
    run("DELETE FROM consultations_auditseal WHERE number = 3")
    assert problems() == []
    found = verify(head=chain[2].head)
    assert [one.kind for one in found.problems] == [Kind.NOT_IN_CHAIN]


def test_head_of_an_earlier_seal_is_found(chain):
    found = verify(head=f" {chain[1].head.upper()}\n")
    assert [found.count, found.given] == [0, 2]


def test_seal_without_the_key_is_refused(chain):
    AuditSealFactory(pk=4, number=4, key_name=chain[0].key_name, rows=1, digests=b"0" * 24)
    assert problems() == [(Kind.FORGED, 4, None)]


def test_other_key_is_said_once(chain, settings):
    settings.AUDIT_KEY = "another"
    found = verify()
    assert [(one.kind, one.seal) for one in found.problems] == [(Kind.OTHER_KEY, 1)]
    assert found.problems[0].words.startswith("Seals 1 to 3 (key ")


def test_columns_added_later_break_no_seal(monkeypatch, chain):
    today = seals.columns_of
    opened(1)
    with monkeypatch.context() as patch:
        before = lambda model: [name for name in today(model) if name != "address"]  # noqa: E731
        patch.setattr(seals, "columns_of", before)
        seal()
    [row] = opened(1)
    seal()
    assert verify().count == 0
    run(f"UPDATE {OPENED} SET address = '10.0.0.1'")
    assert problems()[-1] == (Kind.ALTERED, OPENED, row.pk)
    assert verify().count == 4  # not the one that was sealed without its address


def test_column_that_is_gone_is_said(monkeypatch, chain):
    monkeypatch.setattr("consultations.trust.verification.columns_of", lambda model: ["at"])
    assert [one.kind for one in verify().problems] == [Kind.NOT_CHECKED] * 3


def test_sealing_gives_way_to_another(monkeypatch):
    """Another has sealed between our look at the chain and our seal."""
    opened(1)
    stale = seals.latest_seals()
    last = AuditSeal.objects.order_by("-number").first()
    assert [stale, last] == [{}, None]

    def meanwhile():
        monkeypatch.undo()
        seal()
        return stale

    monkeypatch.setattr(seals, "latest_seals", meanwhile)
    with pytest.raises(SealingError, match="Somebody else"):
        seal()
    assert [verify().count, AuditSeal.objects.count()] == [0, 1]


def test_no_seal_over_what_was_recorded_is_told():
    opened(1)
    seal()
    run("DELETE FROM consultations_auditseal")
    assert [one.kind for one in verify().problems] == [Kind.NO_SEAL]


@pytest.mark.parametrize(
    "column", ["number", "sealed_at", "up_to", "rows", "digests", "key_name", "head", '"table"']
)
@pytest.mark.parametrize("value", ["CAST(X'ff41' AS TEXT)", "'zz'", "2.5", "1e999"])
def test_unreadable_seal_is_named(chain, column, value):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps anything anywhere")
    run(f"UPDATE consultations_auditseal SET {column} = {value} WHERE number = 2")
    assert verify().problems[0].seal == 2


def test_unreadable_row_that_is_not_sealed_is_told():
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps a word where a time belongs")
    opened(1)
    seal()
    opened(1)
    run(f"UPDATE {OPENED} SET at = 'once' WHERE id = (SELECT MAX(id) FROM {OPENED})")
    assert [one.kind for one in verify().problems] == [Kind.NOT_READABLE]


# What is live


@pytest.fixture
def consultation(clinician):
    consultation = ConsultationFactory(by=clinician)
    consultation.save(by=clinician)
    seal()
    return consultation


def test_what_is_live_is_compared(consultation):
    found = verify()
    assert [found.count, found.live] == [0, 3]


def test_live_row_altered_behind_its_history_is_named(consultation, manager):
    seal()
    run(
        "UPDATE consultations_consultation SET notes = 'forged', clinician_id = %s, "
        'signed_as = \'{"title": "forged"}\' WHERE id = %s',
        manager.pk,
        consultation.pk,
    )
    assert [one.words for one in verify().problems] == [
        f"Consultation {consultation.pk} is not what its history says: signed_as, clinician, notes."
    ]


def test_live_row_without_history_is_named(consultation):
    run(f"DELETE FROM {HISTORY}")
    assert problems()[-1] == (
        Kind.WITHOUT_HISTORY,
        "consultations_patient",
        consultation.patient_id,
    )


def test_live_row_that_is_gone_is_named():
    patient = PatientFactory()
    seal()
    run("DELETE FROM consultations_searchkey")
    run("DELETE FROM consultations_patient")
    assert problems() == [(Kind.GONE, "consultations_patient", patient.pk)]


def test_every_row_is_compared_range_by_range(monkeypatch):
    patients = PatientFactory.create_batch(5)
    seal()
    monkeypatch.setattr("consultations.summaries.integrity.AT_ONCE", 2)
    run("UPDATE consultations_patient SET family_name = 'Forged'")
    assert [one.key for one in verify().problems] == [one.pk for one in patients]
    assert verify().live == 10


def test_json_in_another_writing_is_the_same(consultation):
    consultation.signed_as = {"title": "As signed", "sections": []}
    consultation.save(by=consultation.changed_by)
    seal()
    run('UPDATE consultations_consultation SET signed_as = \'{"sections":[],"title":"As signed"}\'')
    assert verify().count == 0


def test_altered_account_is_named(manager):
    seal()
    run("UPDATE auth_user SET is_superuser = NOT is_superuser, password = 'x'")
    assert [one.words for one in verify().problems] == [
        f"User {manager.pk} is not what its history says: is_superuser."
    ]


def test_role_given_behind_the_history_is_named(clinician, manager):
    seal()
    run(
        "UPDATE auth_user_groups SET group_id = %s WHERE user_id = %s",
        manager.groups.get().pk,
        clinician.pk,
    )
    assert [one.words for one in verify().problems] == [
        f"User {clinician.pk} is not what its history says: roles."
    ]


def test_account_that_was_deleted_is_gone_lawfully():
    user = UserFactory()
    key = user.pk
    user.delete()
    seal()
    assert verify().count == 0
    User.objects.bulk_create([User(pk=key, username="back")])
    assert problems() == [(Kind.NOT_AS_HISTORY, "auth_user", key)]


# Erasures


def written_thrice(by):
    patient = PatientFactory(by=by, family_name="Gone")
    patient.save(by=by)
    patient.save(by=by)
    return patient


@pytest.fixture
def patient(clinician):
    patient = written_thrice(clinician)
    seal()
    return patient


def erase(patient, by):
    """As an erasure does: rewrite the history, then leave a tombstone."""
    keys = list(patient.history.order_by("pk").values_list("pk", flat=True)[:2])
    run(f"UPDATE {HISTORY} SET family_name = %s WHERE history_id = %s", "erased", keys[0])
    run(f"DELETE FROM {HISTORY} WHERE history_id = %s", keys[1])
    rows = {HISTORY: {keys[0]: "changed", keys[1]: "removed"}}
    return keys, entomb(patient=patient, by=by, reason="Asked.", rows=rows)


def test_lawful_erasure_is_accepted_and_told(patient, manager):
    _, erasure = erase(patient, manager)
    found = verify()
    assert [found.count, dict(found.erased)] == [0, {erasure: 2}]
    seal()
    assert verify().count == 0


def test_row_altered_after_its_erasure_is_named(patient, manager):
    keys, _ = erase(patient, manager)
    run(f"UPDATE {HISTORY} SET given_name = 'Other' WHERE history_id = %s", keys[0])
    assert problems() == [(Kind.ALTERED_AFTER_ERASURE, HISTORY, keys[0])]


def test_erased_row_put_back_is_named(patient, manager):
    keys, _ = erase(patient, manager)
    run(f"UPDATE {HISTORY} SET family_name = 'Gone' WHERE history_id = %s", keys[0])
    assert problems() == [(Kind.ALTERED_AFTER_ERASURE, HISTORY, keys[0])]


@pytest.mark.parametrize(
    "change", ["reason = 'Other.'", "proof = 'f'", "rows = '{}'", "legal_reason = 'Court.'"]
)
def test_forged_erasure_explains_nothing(patient, manager, change):
    keys, erasure = erase(patient, manager)
    run(f"UPDATE consultations_erasure SET {change}")
    assert problems() == [
        (Kind.FORGED, Erasure._meta.db_table, erasure.pk),
        (Kind.ALTERED, HISTORY, keys[0]),
        (Kind.MISSING, HISTORY, keys[1]),
    ]


def test_erased_rows_that_were_not_sealed_are_sealed_as_they_are(clinician, manager):
    patient = written_thrice(clinician)
    _, erasure = erase(patient, manager)
    seal()
    found = verify()
    assert found.count == 0
    assert not found.erased or set(found.erased) == {erasure}


def test_erasure_while_rows_are_sealed_is_accepted(monkeypatch, clinician, manager):
    """A row is read, then erased, then its seal is written."""
    patient = written_thrice(clinician)
    write = seals._seal

    def erase_first(*args, **options):
        monkeypatch.undo()
        erase(patient, manager)
        return write(*args, **options)

    monkeypatch.setattr(seals, "_seal", erase_first)
    seal()
    assert verify().count == 0


def test_latest_erasure_of_a_row_counts(patient, manager):
    keys, _ = erase(patient, manager)
    other = PatientFactory()
    run(f"UPDATE {HISTORY} SET family_name = 'erased again' WHERE history_id = %s", keys[0])
    entomb(patient=other, by=manager, reason="Merged.", rows={HISTORY: {keys[0]: "changed"}})
    assert problems() == []
    run(f"UPDATE {HISTORY} SET family_name = 'erased' WHERE history_id = %s", keys[0])
    assert problems() == [(Kind.ALTERED_AFTER_ERASURE, HISTORY, keys[0])]
