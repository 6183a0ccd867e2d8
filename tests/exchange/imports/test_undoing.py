"""An import is undone as a whole, until somebody worked on what came in."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.actions.signing import mark_in_error
from consultations.exchange.imports import undoing
from consultations.exchange.imports.undoing import undo
from consultations.models import Consultation, Patient
from consultations.summaries.integrity import differences
from tests.factories import ConsultationFactory, PatientFactory, UserFactory

from .files import PATIENTS, saved, table

pytestmark = pytest.mark.django_db
VISIT = {"consulted_on": "2025-03-02", "area": "neck", "severity": "mild"}
TWO = f"{PATIENTS}\nX1,Smith,Ann,1980-01-31\nX2,Jones,Bob,1975-02-03\n"


def test_everybody_of_it_is_marked_and_found_by_nobody():
    batch, by = saved(TWO), UserFactory()
    assert undo(batch, by=by) == 2
    patients = Patient.objects.order_by("pk")
    reason = "The import of clients.csv was undone."
    assert [
        (one.entered_in_error_reason, one.entered_in_error_by, one.version) for one in patients
    ] == [(reason, by, 2)] * 2
    assert [one.history.latest().history_change_reason for one in patients] == [reason] * 2
    assert [*Patient.objects.found_by("smith")] == [*Patient.objects.in_lists()] == []
    assert list(differences()) == []


def test_it_may_come_in_again():
    undo(saved(TWO), by=UserFactory())
    saved(TWO)
    assert Patient.objects.standing().count() == 2


def test_a_record_that_was_saved_since_is_in_its_way_by_name():
    batch = saved(TWO)
    smith = Patient.objects.get(family_name="Smith")
    smith.save(by=UserFactory(first_name="Ida", last_name="Lee"))
    with pytest.raises(ValidationError) as refusal:
        undo(batch, by=UserFactory())
    assert refusal.value.messages[1].startswith("Smith, Ann (P-000001) was changed on ")
    assert refusal.value.messages[1].endswith(" by Ida Lee.")
    assert Patient.objects.standing().count() == 2


def test_a_record_from_outside_that_rests_on_one_is_in_its_way_by_name():
    batch = saved(TWO)
    visit = ConsultationFactory(patient=Patient.objects.get(family_name="Smith"))
    with pytest.raises(ValidationError) as refusal:
        undo(batch, by=UserFactory())
    assert refusal.value.messages[1:] == [f"{visit} rests on Smith, Ann (P-000001)."]


def test_whoever_was_known_before_is_left_alone():
    known = PatientFactory(family_name="Smith", given_name="Ann", date_of_birth=date(1980, 1, 31))
    batch = saved(TWO, decision="same")
    undo(batch, by=UserFactory())
    assert list(Patient.objects.standing()) == [known]


def test_it_is_undone_once():
    batch = saved(TWO)
    undo(batch, by=UserFactory())
    with pytest.raises(ValidationError, match="There is nothing to undo"):
        undo(batch, by=UserFactory())


def test_history_and_then_its_patients_are_undone():
    people = saved(TWO, "patients.csv")
    visits = saved(table(VISIT | {"record_number": "X1"}), "visits.csv")
    undo(visits, by=UserFactory())
    assert undo(people, by=UserFactory()) == 2


def test_what_was_marked_by_hand_still_rests_on_it():
    people = saved(TWO, "patients.csv")
    visit = ConsultationFactory(patient=Patient.objects.get(family_name="Smith"))
    mark_in_error(record=visit, by=UserFactory(), reason="A slip.")
    with pytest.raises(ValidationError, match="Somebody has worked on what came in"):
        undo(people, by=UserFactory())


def test_a_change_between_the_look_and_the_mark_is_not_written_over(monkeypatch):
    patient = PatientFactory()
    batch = saved(table(VISIT | {"record_number": patient.record_number}), "visits.csv")
    looks = undoing.refuse_worked_on

    def look(*args):
        looks(*args)
        Consultation.objects.update(version=2)

    monkeypatch.setattr(undoing, "refuse_worked_on", look)
    with pytest.raises(ValidationError, match="a moment ago"):
        undo(batch, by=UserFactory())
    assert not Consultation.objects.get().in_error


def test_the_patients_that_its_records_are_about_are_held():
    patient = PatientFactory()
    batch = saved(table(VISIT | {"record_number": patient.record_number}), "visits.csv")
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite holds the whole database")
    with CaptureQueriesContext(connection) as queries:
        undo(batch, by=UserFactory())
    held = [one["sql"] for one in queries if "FOR NO KEY UPDATE" in one["sql"]]
    assert f'"consultations_patient"."id" IN ({patient.pk})' in held[0]
