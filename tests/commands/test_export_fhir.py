"""The command that writes FHIR: who may, where it writes, what it says."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from consultations.management.said import NOT_ENCRYPTED
from consultations.models import AccessRecord
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out = io.StringIO()
    call_command("export_fhir", *args, stdout=out, **options)
    return out.getvalue()


def refused(*args, **options):
    with pytest.raises(CommandError) as refusal:
        run(*args, **options)
    return str(refusal.value)


def test_one_patient_is_written_for_its_owner_alone(manager, tmp_path, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "operator")
    patient = PatientFactory(family_name="Tulliver")
    told = run(patient=patient.record_number, by="manager", output=str(tmp_path))
    (path,) = tmp_path.iterdir()
    bundle = json.loads(path.read_text())
    assert told == f"{path}: {len(bundle['entry'])} resources. {NOT_ENCRYPTED}\n"
    assert path.name.startswith(patient.record_number)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "By command, system user operator." in AccessRecord.objects.get().detail


def test_all_patients_are_written(manager, tmp_path):
    PatientFactory()
    PatientFactory(erased_at="2026-01-01T00:00:00Z")
    told = run("--all", by="manager", output=str(tmp_path / "out"))
    assert told.startswith(f"{tmp_path / 'out'}: 1 patient, ")
    assert told.endswith(f"Left out: 1 erased.\n{NOT_ENCRYPTED}\n")
    again = refused("--all", by="manager", output=str(tmp_path / "out"))
    assert re.search(r"finished export, of \d+ [A-Z]\w+ \d{4} \d\d:\d\d (GMT|BST)\.$", again)


@pytest.mark.usefixtures("manager", "clinician")
def test_what_is_refused(tmp_path):
    patient = PatientFactory(erased_at="2026-01-01T00:00:00Z")
    number, out = patient.record_number, str(tmp_path)
    assert refused(patient=number, by="nobody") == 'There is no active account "nobody".'
    assert "it lacks consultations.export_fhir" in refused(patient=number, by="clinician")
    assert refused(patient="P-999999", by="manager") == 'There is no record "P-999999".'
    told = refused(patient=number, by="manager", output=out)
    assert told == "This person's data were erased."
    assert list(tmp_path.iterdir()) == []
    assert refused("--all", by="manager") == "Say where to: --all --output DIR."
    assert refused(patient=number, by="manager", output=f"{out}/no").endswith(
        "cannot be written: No such file or directory."
    )


def ends_with(monkeypatch, name, error):
    def ends(*args, **kwargs):
        raise error

    monkeypatch.setattr(f"consultations.exchange.fhir.{name}", ends)


@pytest.mark.usefixtures("manager")
def test_all_patients_on_a_full_disk(tmp_path, monkeypatch):
    PatientFactory()
    ends_with(monkeypatch, "ndjson.Files.keep", OSError(28, "No space left on device"))
    assert refused("--all", by="manager", output=str(tmp_path)) == (
        f"{tmp_path} cannot be written: No space left on device. Once it can, the same command "
        "goes on."
    )


@pytest.mark.usefixtures("manager")
def test_all_patients_with_the_database_gone(tmp_path, monkeypatch):
    PatientFactory()
    ends_with(monkeypatch, "ndjson._read_people", OperationalError("server closed"))
    assert refused("--all", by="manager", output=str(tmp_path)) == (
        "The database cannot be read: OperationalError. Once it can, the same command goes on."
    )


@pytest.mark.usefixtures("manager")
def test_stopped_it_says_how_to_go_on(tmp_path, monkeypatch):
    PatientFactory()
    with monkeypatch.context() as patch:
        ends_with(patch, "ndjson._read_people", KeyboardInterrupt())
        said = io.StringIO()
        with pytest.raises(SystemExit, match="130"):
            run("--all", by="manager", output=str(tmp_path), stderr=said)
    assert said.getvalue() == "Stopped. The same command goes on from here.\n"
    assert run("--all", by="manager", output=str(tmp_path)).startswith(f"{tmp_path}: 1 patient, ")


def test_one_patient_stopped_leaves_no_file(manager, tmp_path, monkeypatch):
    patient = PatientFactory()
    ends_with(monkeypatch, "export.write_bundle", KeyboardInterrupt())
    with pytest.raises(SystemExit, match="130"):
        run(patient=patient.record_number, by="manager", output=str(tmp_path))
    assert list(tmp_path.iterdir()) == []
