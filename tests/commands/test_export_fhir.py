"""The command that writes FHIR: who may, where it writes, what it says."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

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
    assert told == f"{path}: {len(bundle['entry'])} resources.\n"
    assert path.name.startswith(patient.record_number)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "By command, system user operator." in AccessRecord.objects.get().detail


def test_all_patients_are_written(manager, tmp_path):
    PatientFactory()
    PatientFactory(erased_at="2026-01-01T00:00:00Z")
    told = run("--all", by="manager", output=str(tmp_path / "out"))
    assert told.startswith(f"{tmp_path / 'out'}: 1 patients, ")
    assert told.endswith("Left out: 1 erased.\n")
    again = refused("--all", by="manager", output=str(tmp_path / "out"))
    assert "holds a finished export" in again


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
