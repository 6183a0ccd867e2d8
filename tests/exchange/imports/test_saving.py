"""What changed between the check and the saving is found: nothing is saved on an old answer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from consultations.actions.signing import mark_in_error
from consultations.exchange.imports import checking, saving
from consultations.models import Appointment, Consultation, ImportBatch, Laser, Patient
from tests.factories import AppointmentFactory, PatientFactory, UserFactory, at

from .files import PATIENTS, checked, problems, saved, table

SMITH = f"{PATIENTS}\n,Smith,Ann,1980-01-31\n"
VISIT = {"consulted_on": "2025-03-02", "area": "neck", "severity": "mild"}


def smith(**more):
    return PatientFactory(
        family_name="Smith", given_name="Ann", date_of_birth=date(1980, 1, 31), **more
    )


def refused(batch):
    """Why a batch is not saved; its rows are then to be checked again."""
    with pytest.raises(ValidationError) as refusal:
        saving.save(batch, by=batch.made_by)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.filter(is_checked=True).count()) == ("read", 0)
    return refusal.value.messages[0]


@pytest.mark.django_db
class TestSinceTheCheck:
    def test_a_patient_who_ended_is_a_problem_of_the_row(self):
        patient = PatientFactory()
        batch = checked(table(VISIT | {"record_number": patient.record_number}), "visits.csv")
        mark_in_error(record=patient, by=batch.made_by, reason="A slip.")
        assert refused(batch) == (
            "Something has changed since the rows were checked. Row 2, record_number: This patient "
            "was entered in error. Check the rows again."
        )
        checking.check(batch, by=batch.made_by)
        assert problems(batch) == [(2, "record_number", "This patient was entered in error.")]
        assert not Consultation.objects.exists()

    def test_nobody_becomes_a_patient_who_ended(self):
        known, batch = smith(), checked(SMITH)
        checking.decide_all(batch, "same")
        mark_in_error(record=known, by=batch.made_by, reason="A slip.")
        assert "Row 2, Smith, Ann (P-000001): This patient was entered in error." in refused(batch)
        saving.save(checking.check(batch, by=batch.made_by), by=batch.made_by)
        assert Patient.objects.standing().get().record_number == "P-000002"

    def test_somebody_registered_or_imported_is_asked_about(self):
        first, second = checked(SMITH, "a.csv"), checked(SMITH + ",Jones,Bob,1975-02-03\n", "b.csv")
        saving.save(first, by=first.made_by)
        assert refused(second) == (
            "Something has changed since the rows were checked. Row 2, Smith, Ann (P-000001): same "
            "name and date of birth. Check the rows again."
        )
        checking.check(second, by=second.made_by)
        assert checking.undecided(second).count() == 1
        checking.decide_all(second, "same")
        saving.save(second, by=second.made_by)
        assert Patient.objects.count() == 2

    def test_a_patient_is_not_booked_twice(self):
        patient, start = PatientFactory(), at(9, days=20)
        row = {"record_number": patient.record_number, "kind": "review", "minutes": "30"}
        text = table(row | {"starts_at": f"{start:%Y-%m-%d %H:%M}"})
        batch = checked(text, "diary.csv")
        booked = AppointmentFactory(
            patient=patient, starts_at=start, ends_at=start + timedelta(hours=1)
        )
        assert "is booked already" in refused(batch)
        assert Appointment.objects.get() == booked

    def test_what_was_said_of_the_others_stays(self):
        known = smith()
        batch = checked(SMITH + ",Jones,Bob,1975-02-03\n")
        checking.decide_all(batch, "another")
        PatientFactory(family_name="Jones", given_name="Bob", date_of_birth=date(1975, 2, 3))
        refused(batch)
        checking.check(batch, by=batch.made_by)
        assert [*batch.rows.order_by("number").values_list("decision", flat=True)] == [
            "another",
            "",
        ]
        assert known.version == 1

    def test_those_of_the_same_file_are_asked_about_once(self, monkeypatch):
        monkeypatch.setattr(checking, "AT_ONCE", 1)
        saved(SMITH + ",Smith,Ann,1980-01-31\n" * 2, decision="another")
        assert Patient.objects.count() == 3

    def test_of_more_namesakes_than_are_told_the_rest_is_in_nobodys_way(self):
        for _place in range(7):
            smith()
        saved(SMITH, decision="another")
        assert Patient.objects.count() == 8


@pytest.mark.django_db
class TestWhoItIs:
    def test_said_twice_it_is_the_same_person(self):
        _one, two = smith(), smith()
        batch = checked(SMITH)
        for _time in range(2):
            checking.decide(batch, {2: ("same", f"patient-{two.pk}")})
        assert batch.rows.get().candidates[0] == {"patient": two.pk, "why": ["name"]}

    def test_checked_again_it_is_the_same_person(self):
        _one, two = smith(), smith()
        batch = checked(SMITH)
        checking.decide(batch, {2: ("same", f"patient-{two.pk}")})
        checking.to_be_checked_again(batch)
        saving.save(checking.check(batch, by=batch.made_by), by=batch.made_by)
        assert batch.records.get().key == two.pk

    def test_somebody_who_was_not_offered_stays_to_be_decided(self):
        smith()
        other = PatientFactory(family_name="Jones")
        batch = checked(SMITH)
        checking.decide(batch, {2: ("same", f"patient-{other.pk}")})
        assert checking.undecided(batch).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("text", "model", "made"),
    [
        (SMITH, Patient, 1),
        (
            "laser,mode,laser_type,wavelength_nm,pulse\n"
            "Alma,Fine,non_ablative_fractional,1540,long\n",
            Laser,
            1,
        ),
    ],
)
def test_two_batches_saved_at_one_moment_double_nobody(text, model, made):
    by = UserFactory(is_superuser=True)
    batches = [checked(text + end, f"{place}.csv", by=by) for place, end in enumerate(["", "\n"])]
    start = Barrier(2, timeout=30)

    def save(batch):
        start.wait()
        try:
            return saving.save(batch, by=by).state
        except ValidationError:
            return ImportBatch.objects.get(pk=batch.pk).state
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        found = sorted(people.map(save, batches))
    assert (found, model.objects.count()) == (["read", "saved"], made)
