"""All patients as NDJSON: who is in it, that it goes on where it stopped, what folders it takes."""

import json
import stat

import pytest
from django.utils import timezone

from consultations.exchange.fhir import ndjson
from consultations.exchange.fhir.export import export_everybody
from consultations.exchange.fhir.ndjson import FolderError
from consultations.models import AccessRecord, Patient
from tests.exchange.fhir.people import bundle_of, made_in_error, make_clinic
from tests.factories import PatientFactory
from tests.factories.person import make_story

pytestmark = pytest.mark.django_db


def read(folder):
    """Every resource by its type and key; each stands once."""
    found = {}
    for file in sorted(folder.glob("*.ndjson")):
        for line in file.read_text().splitlines():
            one = json.loads(line)
            address = f"{one['resourceType']}/{one['id']}"
            assert address not in found
            assert f"{one['resourceType']}.ndjson" == file.name
            found[address] = one
    return found


def references_in(value):
    if isinstance(value, list):
        for one in value:
            yield from references_in(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "reference" and isinstance(one, str):
                yield one
            else:
                yield from references_in(one)


def test_everybody_is_written_and_every_reference_leads_somewhere(manager, clinician, tmp_path):
    world, story = make_clinic(clinician), make_story(clinician)
    made_in_error(PatientFactory(by=clinician), clinician)
    PatientFactory(by=clinician, erased_at="2026-01-01T00:00:00Z")
    state = export_everybody(tmp_path / "out", by=manager)
    found = read(tmp_path / "out")
    assert {one for each in found.values() for one in references_in(each)} <= {*found}
    everybody = Patient.objects.filter(erased_at=None)
    written = {one["identifier"][0]["value"] for one in found.values() if "birthDate" in one}
    left_out = Patient.objects.get(entered_in_error_reason="Of another patient.")
    assert written == {one.record_number for one in everybody} - {left_out.record_number}
    assert state.left_out == {"erased": 1, "entered in error": 1}
    assert state.patients == len(written) - 1  # of one person two records
    for patient in (world.patient, story.patient):
        keys = {entry["resource"]["id"] for entry in bundle_of(patient, manager)["entry"]}
        assert keys <= {one["id"] for one in found.values()}
    modes = {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "out").iterdir()}
    assert modes == {0o600}


def test_stopped_at_any_patient_it_goes_on(manager, clinician, tmp_path, monkeypatch):
    monkeypatch.setattr(ndjson, "AT_ONCE", 2)
    for number in range(7):
        PatientFactory(by=clinician, allergies=f"Dust {number}", any_allergies=True)
    export_everybody(tmp_path / "whole", by=manager)
    written = ndjson.resources_of
    for stop in range(4):
        calls = iter(range(10))

        def stopping(*args, calls=calls, stop=stop):
            for one in written(*args):
                yield one
                if next(calls) == stop * 3:
                    raise KeyboardInterrupt

        folder = tmp_path / str(stop)
        monkeypatch.setattr(ndjson, "resources_of", stopping)
        with pytest.raises(KeyboardInterrupt):
            export_everybody(folder, by=manager)
        monkeypatch.setattr(ndjson, "resources_of", written)
        state = export_everybody(folder, by=manager)
        assert state.patients == 7
        assert read(folder) == read(tmp_path / "whole")
        assert sum(state.resources.values()) == len(read(folder))


def test_of_somebody_erased_meanwhile_nothing_is_written(manager, tmp_path, monkeypatch):
    patient = PatientFactory()
    other = PatientFactory()
    keys = iter([[patient.pk, other.pk], []])

    def erased_after(key):
        Patient.objects.filter(pk=patient.pk).update(erased_at=timezone.now())
        return next(keys)

    monkeypatch.setattr(ndjson, "_next_after", erased_after)
    state = export_everybody(tmp_path / "out", by=manager)
    assert (state.patients, state.left_out["erased"]) == (1, 1)
    assert patient.record_number not in (tmp_path / "out" / "Patient.ndjson").read_text()


def test_each_run_is_logged_before_anything_is_written(manager, tmp_path, monkeypatch):
    PatientFactory()
    monkeypatch.setattr(ndjson, "_next_after", lambda key: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export_everybody(tmp_path / "out", by=manager, way="By command.")
    kept = AccessRecord.objects.values_list("user", "kind", "patient", "detail")
    assert list(kept) == [(manager.pk, "export", None, "FHIR of all patients. By command.")]


def test_folders_that_are_not_written_to(manager, tmp_path):
    def refused(folder):
        with pytest.raises(FolderError) as refusal:
            export_everybody(folder, by=manager)
        return str(refusal.value)

    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").touch()
    assert refused(tmp_path / "full").endswith("full is not empty.")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "export.json").write_text("{}")
    assert refused(tmp_path / "other").endswith("export.json is not of such an export.")
    (tmp_path / "file").touch()
    assert refused(tmp_path / "file").endswith("cannot be written: File exists.")
    export_everybody(tmp_path / "done", by=manager)
    assert " holds a finished export, of 20" in refused(tmp_path / "done")
