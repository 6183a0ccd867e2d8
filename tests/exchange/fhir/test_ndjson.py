"""All patients as NDJSON: who is in it, that it goes on where it stopped, what folders it takes."""

import json
import stat
from datetime import datetime

import pytest
from django.utils import timezone

from consultations.actions.moving import merge_patients
from consultations.exchange.fhir import ndjson
from consultations.exchange.fhir.ended import take_out
from consultations.exchange.fhir.export import export_everybody
from consultations.exchange.fhir.ndjson import FolderError
from consultations.models import AccessRecord, Patient
from consultations.models.text import moment_and_zone
from consultations.trust.erasure import erase
from tests.exchange.fhir.people import bundle_of, made_in_error, make_clinic
from tests.factories import ConsultationFactory, PatientFactory
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
    keys = iter([[patient.pk, other.pk], [], []])

    def erased_after(key):
        of_one = Patient.objects.filter(pk=patient.pk, erased_at=None)
        of_one.update(erased_at=timezone.now())
        return next(keys)

    monkeypatch.setattr(ndjson, "_next_after", erased_after)
    state = export_everybody(tmp_path / "out", by=manager)
    assert (state.patients, state.left_out["erased"]) == (1, 1)
    assert patient.record_number not in (tmp_path / "out" / "Patient.ndjson").read_text()


@pytest.fixture
def two(clinician, monkeypatch):
    """Two patients with a consultation each, who are written one at a time."""
    monkeypatch.setattr(ndjson, "AT_ONCE", 1)
    visits = [ConsultationFactory(by=clinician, patient__by=clinician) for _one in range(2)]
    return [one.patient for one in visits]


def erased(patient, by):
    erase(patient=patient, by=by, reason="Asked to.", legal_reason="Article 17.")


def once(act):
    """A step that does something after the first patient."""
    left = [act]
    return lambda count: left.pop()() if left else None


@pytest.mark.parametrize("order", [1, -1])
def test_who_is_merged_meanwhile_stands_once_with_all_records(two, manager, tmp_path, order):
    kept, other = two[::order]

    def merge():
        values = {"date_of_birth": kept.date_of_birth}
        merge_patients(keep=kept, other=other, by=manager, reason="Twice.", values=values)

    state = export_everybody(tmp_path / "out", by=manager, step=once(merge))
    fresh = export_everybody(tmp_path / "fresh", by=manager)
    assert read(tmp_path / "out") == read(tmp_path / "fresh")
    assert len((tmp_path / "out" / "Encounter.ndjson").read_text().splitlines()) == 2
    assert (state.patients, state.resources) == (fresh.patients, fresh.resources)


def test_of_who_is_erased_after_being_written_nothing_stays(two, manager, tmp_path):
    state = export_everybody(
        tmp_path / "out", by=manager, step=once(lambda: erased(two[0], manager))
    )
    export_everybody(tmp_path / "fresh", by=manager)
    assert read(tmp_path / "out") == read(tmp_path / "fresh")
    assert (state.patients, state.left_out) == (1, {"erased": 1, "entered in error": 0})


def test_stopped_while_somebody_is_taken_out_it_goes_on(two, manager, tmp_path, monkeypatch):
    taken = iter(range(2))

    def stopping(path, keys):
        if next(taken) == 1:
            path.with_name(f".{path.name}").write_text("half of it")
            raise KeyboardInterrupt
        return take_out(path, keys)

    step = once(lambda: erased(two[0], manager))
    monkeypatch.setattr(ndjson, "take_out", stopping)
    with pytest.raises(KeyboardInterrupt):
        export_everybody(tmp_path / "out", by=manager, step=step)
    monkeypatch.setattr(ndjson, "take_out", take_out)
    state = export_everybody(tmp_path / "out", by=manager)
    fresh = export_everybody(tmp_path / "fresh", by=manager)
    assert read(tmp_path / "out") == read(tmp_path / "fresh")
    assert [*(tmp_path / "out").glob(".*")] == []
    told = (state.patients, state.resources, state.sizes)
    assert told == (fresh.patients, fresh.resources, fresh.sizes)


def test_two_runs_never_write_to_one_folder(two, manager, tmp_path):
    def again():
        with pytest.raises(FolderError, match=r"Somebody else is exporting to .*out now"):
            export_everybody(tmp_path / "out", by=manager)

    state = export_everybody(tmp_path / "out", by=manager, step=once(again))
    assert (state.patients, len(read(tmp_path / "out"))) == (2, sum(state.resources.values()))


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
    state = export_everybody(tmp_path / "done", by=manager)
    when = moment_and_zone(datetime.fromisoformat(state.finished_at))
    assert refused(tmp_path / "done").endswith(f"done holds a finished export, of {when}.")
