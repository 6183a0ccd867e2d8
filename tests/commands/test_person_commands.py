"""Commands about one person: who may, what they print, and that no name is printed unasked."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consultations.models import AccessRecord, Draft, Erasure, Patient
from tests.factories import DraftFactory, PatientFactory

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=4000)


@pytest.fixture
def patient():
    return PatientFactory(created_at=LONG_AGO, family_name="Tulliver")


def run(command, *args, **options):
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def refused(command, *args, **options):
    with pytest.raises(CommandError) as refusal:
        run(command, *args, **options)
    return str(refusal.value)


@pytest.mark.usefixtures("manager", "clinician")
@pytest.mark.parametrize("command", ["export_patient", "erase_patient"])
def test_who_may_not(patient, command):
    number = patient.record_number
    assert refused(command, number, by="nobody") == 'There is no active account "nobody".'
    assert "it lacks consultations." in refused(command, number, by="clinician")
    assert refused(command, "P-999999", by="manager") == 'There is no record "P-999999".'
    assert "The account" in refused(command, number, by="clinician")


def test_an_export_is_written_for_its_owner_alone(patient, manager, tmp_path):
    told = run("export_patient", patient.record_number, by="manager", output=str(tmp_path))
    (path,) = tmp_path.iterdir()
    assert told.startswith(f"{path}: ")
    assert "Tulliver" not in told
    assert path.stat().st_mode & 0o777 == 0o600
    assert "person.json" in zipfile.ZipFile(path).namelist()


def test_the_audit_tells_a_command_from_a_page(patient, manager, tmp_path, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "operator")
    number = patient.record_number
    run("export_patient", number, by="manager", output=str(tmp_path))
    [export] = AccessRecord.objects.all()
    assert export.detail.endswith(" records. By command, system user operator.")
    run("erase_patient", number, by="manager", reason="Past retention.", confirm=number)
    erasure = AccessRecord.objects.latest("pk")
    assert (erasure.user, erasure.patient, erasure.address) == (manager, patient, None)
    assert erasure.detail == "Erased. By command, system user operator."


@pytest.mark.usefixtures("manager")
def test_an_export_to_nowhere(patient, tmp_path):
    told = refused(
        "export_patient", patient.record_number, by="manager", output=str(tmp_path / "no")
    )
    assert told.endswith("cannot be written: No such file or directory.")


@pytest.mark.usefixtures("manager")
def test_half_an_export_is_not_left(patient, tmp_path, monkeypatch):
    path = "consultations.management.commands.export_patient.export_person"
    monkeypatch.setattr(path, lambda **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("export_patient", patient.record_number, by="manager", output=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("manager")
def test_an_export_that_is_stopped_says_so(patient, tmp_path, monkeypatch):
    def stopped(**options):
        raise KeyboardInterrupt

    path, said = "consultations.management.commands.export_patient.export_person", io.StringIO()
    monkeypatch.setattr(path, stopped)
    options = {"by": "manager", "output": str(tmp_path), "stderr": said}
    with pytest.raises(SystemExit, match="130"):
        run("export_patient", patient.record_number, **options)
    assert said.getvalue() == "Stopped. Nothing was kept.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("manager")
def test_erased_once_the_number_is_typed_again(patient, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda words: patient.record_number)
    told = run("erase_patient", patient.record_number, by="manager", reason="Past retention.")
    assert told == "Erased. The record is now E-000001.\n"
    assert Patient.objects.get().family_name == "Erased"


@pytest.mark.usefixtures("manager")
def test_nobody_there_to_ask(patient, monkeypatch):
    def nobody(words):
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    told = refused("erase_patient", patient.record_number, by="manager", reason="Past retention.")
    assert told == "Nobody is there to ask: give --confirm."


@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"confirm": "P-999999"}, "That is another number. Nothing was erased."),
        ({"reason": ""}, "Say why this person's data are erased."),
    ],
)
def test_not_erased(patient, options, told):
    options = {"confirm": patient.record_number, "reason": "Past retention."} | options
    assert refused("erase_patient", patient.record_number, by="manager", **options) == told
    assert Erasure.objects.count() == 0


@pytest.mark.usefixtures("manager")
def test_before_the_period_ends_a_legal_reason_is_needed():
    patient = PatientFactory()
    options = {"by": "manager", "reason": "Asked to.", "confirm": patient.record_number}
    assert "give the legal reason" in refused("erase_patient", patient.record_number, **options)
    run("erase_patient", patient.record_number, legal_reason="Article 17.", **options)
    assert Erasure.objects.get().legal_reason == "Article 17."


def test_nothing_given():
    assert refused("erase_patient") == "Give the record number and --by."


def test_who_is_due(patient):
    PatientFactory()
    day = timezone.localdate(LONG_AGO)
    told = run("due_for_erasure")
    assert told.startswith(f"{patient.record_number}: last contact {day}, due since ")
    assert told.endswith("1 record is due.\n")
    assert "Tulliver" not in told
    assert "Tulliver, Given" in run("due_for_erasure", names=True)


def test_the_list_goes_on(monkeypatch):
    monkeypatch.setattr("consultations.trust.retention.AT_ONCE", 2)
    for _number in range(5):
        PatientFactory(created_at=LONG_AGO)
    assert run("due_for_erasure").endswith("5 records are due.\n")


def test_drafts_expire(clinician):
    old = timezone.now() - timedelta(days=31)
    DraftFactory(user=clinician, form="/admin/1/", saved_at=old)
    kept = DraftFactory(user=clinician, form="/admin/2/")
    assert list(Draft.objects.of(clinician)) == [kept]
    assert run("clear_drafts") == "1 draft deleted.\n"
    assert list(Draft.objects.all()) == [kept]
    assert run("clear_drafts") == "0 drafts deleted.\n"
