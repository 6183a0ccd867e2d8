"""The command that takes patients from FHIR: it goes through the engine of imports."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from consultations.models import Patient
from tests.exchange.fhir.test_reading import EVA, about, of_bundle
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "other.json"
    path.write_text(of_bundle(EVA, about("AllergyIntolerance", code={"text": "Latex"})))
    return str(path)


def run(*args, **options):
    out = io.StringIO()
    call_command("import_fhir", *args, by="manager", yes=True, stdout=out, **options)
    return out.getvalue()


@pytest.mark.usefixtures("manager")
def test_a_dry_run_says_what_would_come_in(file):
    told = run(file, dry_run=True)
    assert "Allergies, medicines and conditions come in as text." in told
    assert "Nothing was saved: this was a dry run." in told
    assert Patient.objects.count() == 0


@pytest.mark.usefixtures("manager")
def test_patients_come_in_with_what_belongs_to_them(file):
    run(file)
    eva = Patient.objects.get()
    assert (eva.family_name, eva.given_name, eva.sex) == ("Rivers", "Eva Maria", "female")
    assert (eva.any_allergies, eva.allergies) == (True, "Latex")
    assert eva.address == "2 Mill Lane\nFlat 3\nYork YO1 7EP"
    assert eva.email_reminders is None


@pytest.mark.usefixtures("manager")
def test_somebody_known_is_asked_about(file):
    PatientFactory(family_name="Rivers", given_name="Eva Maria", date_of_birth=date(1975, 2, 28))
    with pytest.raises(CommandError):
        run(file)
    assert Patient.objects.count() == 1


@pytest.mark.usefixtures("manager")
def test_a_file_that_is_no_bundle(tmp_path):
    path = tmp_path / "no.json"
    path.write_text(json.dumps({"resourceType": "Library"}))
    with pytest.raises(CommandError) as refusal:
        run(str(path))
    assert str(refusal.value) == "no.json: no.json holds no patient."
