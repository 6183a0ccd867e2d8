"""A bundle of everything, by two validators of different makes and by our own rules.

`fhir.resources` 8.3 has no module for R4 (4.0.1): its R4B (4.3.0) has the same definitions of what
is written here. It takes wrong codes, so these are looked at by the lists that it brings.
`@medplum/core` has R4 itself, and asks invariants. Both are blind to what `rules` looks at.
"""

import copy
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from fhir.resources.R4B import get_fhir_model_class

from consultations.models import ClinicSettings
from tests.exchange.fhir.people import bundle_of, make_clinic, of_kind
from tests.exchange.fhir.rules import broken
from tests.factories import ClinicSettingsFactory

HERE = Path(__file__).parent
WRITTEN = {
    *("Patient", "Encounter", "Observation", "CarePlan", "Appointment", "Procedure", "Device"),
    *("ServiceRequest", "Consent", "AdverseEvent", "DocumentReference", "Practitioner"),
    *("Organization", "Location", "AllergyIntolerance", "MedicationStatement", "CodeSystem"),
}


@pytest.fixture
def bundle(manager, clinician):
    if not ClinicSettings.objects.exists():
        ClinicSettingsFactory(by=manager, phone="020 7946 0002", address="Park Row 2")
    return bundle_of(make_clinic(clinician).patient, manager)


def test_everything_is_valid(bundle):
    resources = [entry["resource"] for entry in bundle["entry"]]
    assert {one["resourceType"] for one in resources} == WRITTEN
    get_fhir_model_class("Bundle").model_validate(bundle)
    assert broken(bundle) == []


def first(bundle, kind):
    return of_kind(bundle, kind)[0]


def spoil_reference(bundle):
    first(bundle, "Encounter")["subject"]["reference"] = "Patient/1"


def spoil_unit(bundle):
    weight = next(one for one in of_kind(bundle, "Observation") if "valueQuantity" in one)
    weight["valueQuantity"]["code"] = "µs"


def spoil_end(bundle):
    one = first(bundle, "Appointment")
    one["start"], one["end"] = one["end"], one["start"]


def spoil_bytes(bundle):
    first(bundle, "DocumentReference")["content"][0]["attachment"]["data"] = "bGFzZXI="


def spoil_code(bundle):
    first(bundle, "Procedure")["status"] = "done"


def spoil_blank(bundle):
    first(bundle, "Patient")["telecom"] = []


SPOILED = {
    spoil_reference: "Patient/1 leads nowhere",
    spoil_unit: "µs is no unit",
    spoil_end: "ends before it starts",
    spoil_bytes: "not the bytes that were digested",
    spoil_code: "Procedure.status: done is no code",
    spoil_blank: "telecom: blank",
}


def test_our_rules_see_what_validators_do_not(bundle):
    for spoil, words in SPOILED.items():
        spoiled = copy.deepcopy(bundle)
        spoil(spoiled)
        assert [one for one in broken(spoiled) if one.endswith(words)], words


@pytest.fixture
def medplum(request, tmp_path):
    """A folder with the pinned validator: installed once, by npm."""

    def missing(why):
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)

    if not shutil.which("node") or not shutil.which("npm"):
        missing("node and npm are not there")
    lock = (HERE / "package-lock.json").read_bytes()
    cache = getattr(request.config, "cache", None)
    folder = Path(cache.mkdir("medplum")) if cache else tmp_path
    kept = folder / "node_modules" / "installed-lock.json"
    if not (kept.exists() and kept.read_bytes() == lock):
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        command = ["npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
        if done.returncode:
            missing(f"npm: {done.stderr[-300:]}")
        kept.write_bytes(lock)
    return folder


def test_medplum_finds_nothing(bundle, medplum, tmp_path):
    # One thing that it must find, or nothing was looked at.
    spoiled = copy.deepcopy(bundle)
    del first(spoiled, "Appointment")["end"]
    files = {"whole.json": bundle, "spoiled.json": spoiled}
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content))
    command = ["node", HERE / "validate.mjs", *(tmp_path / name for name in files)]
    done = subprocess.run(command, cwd=medplum, capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    whole, spoiled = json.loads(done.stdout)
    assert whole == []
    assert [words for _path, words in spoiled] == [
        "Constraint app-2 not met: Either start and end are specified, or neither"
    ]
