"""The export of a person leaves nothing out: every kind of record and every field of it."""

import csv
import hashlib
import io
import json
import zipfile

import pytest
from bs4 import BeautifulSoup

from consultations.actions.moving import move_consultation
from consultations.actions.signing import sign
from consultations.models import ConsentWording, Draft, kinds
from consultations.summaries.person import drafts_about, person_of, records_of
from consultations.trust.person_export import export_person
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PatientFactory,
    TreatmentConsentFactory,
)
from tests.factories.person import make_story

pytestmark = pytest.mark.django_db
KINDS = (*kinds(), ConsentWording)


@pytest.fixture
def story(clinician, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    story = make_story(clinician, address="=cmd|' /C calc'!A0", given_name="<script>x</script>")
    make_story(clinician, address="Somebody else's")
    story.patient.allergies = "Latex"
    story.patient.save(by=clinician, reason="She said so.")
    return story


@pytest.fixture
def archive(story, manager):
    file = io.BytesIO()
    export_person(patient=story.patient, by=manager, file=file)
    return zipfile.ZipFile(file)


@pytest.fixture
def told(archive):
    return json.loads(archive.read("person.json"))


def rows(archive, name):
    return list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))


def test_every_kind_of_record_is_told(told, figure):
    kinds = {kind["kind"]: kind for kind in told["kinds"]}
    assert list(kinds) == [model._meta.model_name for model in KINDS]
    # Nobody is erased in the world of these tests.
    assert [name for name, kind in kinds.items() if not kind["records"]] == ["erasure"]
    figure("kinds", len(kinds))
    figure("records", sum(len(kind["records"]) for kind in kinds.values()))


def test_every_field_of_every_record_is_told(told):
    for model, kind in zip(KINDS, told["kinds"], strict=True):
        names = [field.name for field in model._meta.concrete_fields]
        assert list(kind["fields"]) == names
        for record in kind["records"]:
            assert list(record["values"]) == names
            assert all(set(value) == {"stored", "shown"} for value in record["values"].values())


def test_every_record_of_the_person_and_no_other_is_told(told, story):
    person = person_of(story.patient)
    for model, kind in zip(kinds(), told["kinds"], strict=False):
        keys = [record["values"]["id"]["stored"] for record in kind["records"]]
        # The export is recorded once it is written.
        records = records_of(person, model)
        assert keys == [one.pk for one in records if getattr(one, "kind", "") != "export"]
    assert "Somebody else" not in json.dumps(told)


def test_every_version_of_every_record_is_told(told):
    for model, kind in zip(KINDS, told["kinds"], strict=True):
        if not hasattr(model, "history"):
            continue
        names = [field.name for field in model.history.model._meta.concrete_fields]
        assert list(kind["fields_of_history"]) == names
        for record in kind["records"]:
            key = record["values"]["id"]["stored"]
            versions = model.history.filter(id=key).order_by("history_id")
            assert [one["history_id"]["stored"] for one in record["history"]] == list(
                versions.values_list("history_id", flat=True)
            )


def test_tables_hold_the_same_rows_as_the_json(archive, told):
    for kind in told["kinds"]:
        table = rows(archive, f"records/{kind['kind']}.csv")
        assert len(table) == len(kind["records"])
        assert list(table[0] if table else kind["fields"]) == list(kind["fields"])
        if "fields_of_history" in kind:
            versions = sum(len(record["history"]) for record in kind["records"])
            assert len(rows(archive, f"history/{kind['kind']}.csv")) == versions


def test_no_cell_is_a_formula(archive):
    cells = [
        cell
        for name in archive.namelist()
        if name.endswith(".csv")
        for row in rows(archive, name)
        for cell in row.values()
    ]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert "'=cmd|' /C calc'!A0" in cells


@pytest.mark.parametrize(("folder", "count"), [("photos", 2), ("documents", 1)])
def test_files_are_there_as_stored_with_their_digests(folder, count, archive, story):
    lines = archive.read(f"{folder}/SHA256SUMS").decode().splitlines()
    assert len(lines) == getattr(story.patient, folder).count() == count
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest


def test_the_page_reads_without_anything_else(archive, story):
    page = archive.read("person.html").decode()
    soup = BeautifulSoup(page, "html.parser")
    assert soup("script") == []
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    found = {tag.get("src") or tag.get("href") for tag in soup(["img", "link", "a", "iframe"])}
    assert {f"#{heading['id']}" for heading in soup("h2")} == {one for one in found if "#" in one}
    assert {one for one in found if "#" not in one} == {
        *(
            f"photos/{one.taken_on}-{one.area}-{one.view}-{one.pk}.jpg"
            for one in story.patient.photos.all()
        ),
        *(f"documents/{one.number}.pdf" for one in story.patient.documents.all()),
    }
    assert "Allergies: – → Latex" in " ".join(soup.get_text(" ").split())
    assert "She said so." in page


def test_the_page_says_in_lines_what_is_stored_as_json(clinician, manager):
    consultation = AssessmentFactory().consultation
    sign(record=consultation, by=clinician)
    file = io.BytesIO()
    export_person(patient=consultation.patient, by=manager, file=file)
    page = zipfile.ZipFile(file).read("person.html").decode()
    rows = [row for row in BeautifulSoup(page, "html.parser")("tr") if row.th]
    told = {row.th.get_text(): row.td.get_text().strip().split("\n") for row in rows}
    assert told["As signed"][:3] == ["Consultation of 3 Mar 2025", "", "Patient that day"]
    assert {"on: 3 Mar 2025", "area: Face", "severity: Mild", "age: 44"} <= {*told["Facts"]}
    assert told["Findings"][0].startswith("Caution: Ablative laser on the face or neck: ")
    assert told["Findings"][1].startswith("Note: Not asked yet: phototype, ")
    headings = {heading.get_text() for heading in BeautifulSoup(page, "html.parser")("h2")}
    assert {"ID", "Version", "Form token", "Search keys"}.isdisjoint({*told} | headings)
    assert [line for lines in told.values() for line in lines if line[:1] in "[{" and line] == []


def test_the_other_patient_of_a_move_is_not_told(clinician, manager):
    consultation, to = ConsultationFactory(by=clinician), PatientFactory()
    source = consultation.patient
    move_consultation(consultation=consultation, to=to, reason="Mixed up.", by=clinician)
    for patient, other in ((source, to), (to, source)):
        file = io.BytesIO()
        export_person(patient=patient, by=manager, file=file)
        archive = zipfile.ZipFile(file)
        texts = [archive.read(name).decode() for name in archive.namelist()]
        assert [text for text in texts if other.record_number in text] == []
        assert any("another record: Mixed up." in text for text in texts)


def test_wordings_are_told_as_they_were_signed(told):
    wordings = next(kind for kind in told["kinds"] if kind["kind"] == "consentwording")
    assert {one["values"]["text"]["stored"] for one in wordings["records"]} == {"I agree."}


def test_what_somebody_has_not_saved_is_not_told(archive, story):
    assert drafts_about(person_of(story.patient))
    assert "records/draft.csv" not in archive.namelist()
    titles = [draft.title.encode() for draft in Draft.objects.all()]
    told = [archive.read(name) for name in archive.namelist()]
    assert not any(title in page for title in titles for page in told)


def test_no_password_is_told(archive, clinician):
    for name in archive.namelist():
        assert clinician.password.encode() not in archive.read(name)


def test_two_exports_are_alike(story, manager):
    def export():
        file = io.BytesIO()
        export_person(patient=story.patient, by=manager, file=file)
        archive = zipfile.ZipFile(file)
        names = [one for one in archive.namelist() if "accessrecord" not in one]
        tables = {one: archive.read(one) for one in names if one.endswith(".csv")}
        return archive.namelist(), tables

    assert export() == export()


def test_signatures_are_there_as_pictures(clinician, manager):
    line = [[[10 * n, 100, n] for n in range(20)]]
    consent = TreatmentConsentFactory(points=line)
    patient = consent.plan.patient
    file = io.BytesIO()
    export_person(patient=patient, by=manager, file=file)
    archive = zipfile.ZipFile(file)
    svg = archive.read(f"signatures/consent-{consent.pk}.svg").decode()
    assert svg.startswith("<svg")
    assert "M0 100 L10 100" in svg
