"""The whole clinic out: everything and no secret, resumable, without who was erased meanwhile."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from simple_history.models import HistoricalChanges

from consultations.exchange import clinic_export
from consultations.exchange.clinic_export import (
    ClinicExport,
    ClinicExportError,
    export_clinic,
    pages,
)
from consultations.exchange.clinic_export import manifest as manifests
from consultations.exchange.clinic_export.columns import (
    about,
    columns_of_every_history,
    tables_of_columns,
)
from consultations.exchange.clinic_export.tables import exported_models, label_of
from consultations.exchange.clinic_export.words import COLUMNS, LEFT_OUT, TABLES
from consultations.models import (
    AccessRecord,
    CalendarAddress,
    ClinicSettings,
    IssuedDocument,
    Patient,
    Photo,
    TreatmentSession,
    kinds,
)
from consultations.models.text import day_in_words
from consultations.summaries.person import history_of, people_of, person_of, records_of
from consultations.trust.erasure import erase
from consultations.trust.person_export.rows import Rows
from consultations.trust.person_export.values import column_has_words
from consultations.vocabulary import DocumentKind
from tests.benchmarks.records import load, remove
from tests.factories import (
    CalendarAddressFactory,
    DocumentFactory,
    DraftFactory,
    LaserFactory,
    PatientFactory,
)
from tests.factories.person import make_story
from tests.sweeps.world import make_world

pytestmark = pytest.mark.django_db
COUNT = len(exported_models())


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def to(tmp_path):
    return tmp_path / "out"


def files_in(folder):
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def table(folder, name):
    with open(folder / "clinic" / "records" / f"{name}.csv", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(folder):
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]


# Everything


def test_every_model_is_in_a_table_or_named_as_left_out():
    known = {model._meta.label for model in exported_models()} | set(LEFT_OUT)
    found = apps.get_models(include_auto_created=True)
    live = {model._meta.label for model in found if not issubclass(model, HistoricalChanges)}
    assert known == live, "decide in consultations/exchange/clinic_export/tables.py"
    histories = [model.instance_type for model in found if issubclass(model, HistoricalChanges)]
    assert {model for model in histories if not hasattr(model, "history")} == set()
    assert {*histories} <= {*exported_models()}


def test_every_file_goes_along_or_is_named_here():
    with_a_file = {
        (model, field.name)
        for model in exported_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField)
    }
    # Or, of a document about nobody, with the files of the clinic.
    with_their_patient = {(Photo, "image"), (IssuedDocument, "file")}
    made_from_the_photo = {(Photo, "thumbnail")}
    assert with_a_file == {(ClinicSettings, "logo")} | with_their_patient | made_from_the_photo


@pytest.fixture
def world(clinician, tmp_path):
    (tmp_path / "media").mkdir()
    return make_world(clinician)


def test_every_record_and_every_version_of_every_model_is_told(world, manager, to):
    make_story(world.user)
    told = export_clinic(folder=to, by=manager)
    for model in exported_models():
        name = model._meta.model_name
        rows, kind = table(to, name), json.loads((to / f"clinic/json/{name}.json").read_text())
        keys = [str(key) for key in model._base_manager.order_by("pk").values_list("pk", flat=True)]
        assert [row["id"] for row in rows] == keys
        assert [str(one["values"]["id"]["stored"]) for one in kind["records"]] == keys
        if hasattr(model, "history"):
            versions = sum(len(one["history"]) for one in kind["records"])
            assert versions == model.history.count()
    assert told.tables == len(exported_models())
    assert told.patients == Patient.objects.unmerged().count()
    sessions = [(row["id"], row["plan"]) for row in table(to, "treatmentsession")]
    stored = TreatmentSession.objects.order_by("pk").values_list("pk", "plan")
    assert sessions == [(str(key), str(plan)) for key, plan in stored]


def test_a_folder_for_each_person_holds_what_their_own_export_does(clinician, manager, to):
    story = make_story(clinician)
    export_clinic(folder=to, by=manager)
    [folder] = (to / "patients").iterdir()
    assert folder.name == story.patient.record_number
    found = files_in(folder)
    photos = [
        f"photos/{one.taken_on}-{one.area}-{one.view}-{one.pk}.jpg"
        for one in story.patient.photos.all()
    ]
    documents = [f"documents/{one.number}.pdf" for one in story.patient.documents.all()]
    expected = {"README.txt", "person.json", "person.html", *photos, *documents}
    assert expected <= {*found}
    person = json.loads((folder / "person.json").read_text())
    assert person["about"]["record_numbers"] == [
        story.patient.record_number,
        story.merged.record_number,
    ]
    for kind in person["kinds"]:
        assert (f"records/{kind['kind']}.csv" in found) == bool(kind["records"])


def test_staff_are_told_with_what_they_may_do(manager, clinician, to):
    export_clinic(folder=to, by=manager)
    staff = {row["username"]: row for row in table(to, "user")}
    assert staff["manager"]["roles"] == "Manager"
    assert "password" not in staff["clinician"]


def test_no_secret_is_in_any_file(world, manager, clinician, client_for, to):
    client = client_for(manager)
    device = TOTPDevice.objects.create(user=manager, key="ca" * 20)
    codes = StaticDevice.objects.create(user=manager)
    codes.token_set.create(token="canarytoken")
    CalendarAddressFactory(user=manager)
    DraftFactory(user=manager, title="canarydraft", values={"notes": "canarynotes"})
    export_clinic(folder=to, by=manager)
    secrets = [
        *User.objects.values_list("password", flat=True),
        *CalendarAddress.objects.values_list("digest", flat=True),
        *Session.objects.values_list("session_key", flat=True),
        *Session.objects.values_list("session_data", flat=True),
        client.session.session_key,
        device.key,
        "canarytoken",
        "canarydraft",
        "canarynotes",
    ]
    assert len(secrets) >= 9
    for name in files_in(to):
        content = (to / name).read_bytes()
        assert [one for one in secrets if one.encode() in content] == [], name


def test_the_logo_goes_along(manager, to, tmp_path):
    (tmp_path / "media" / "clinic").mkdir(parents=True)
    (tmp_path / "media" / "clinic" / "x.png").write_bytes(b"logo")
    ClinicSettings(pk=1, name="Clinic", logo="clinic/x.png").save(by=manager)
    export_clinic(folder=to, by=manager)
    assert (to / "clinic/files/logo.png").read_bytes() == b"logo"


def test_issued_registers_go_along(manager, to):
    of = {"patient": None, "laser": LaserFactory(by=manager), "month": date(2026, 3, 1)}
    register = DocumentFactory(by=manager, kind=DocumentKind.TREATMENT_REGISTER, **of)
    export_clinic(folder=to, by=manager)
    file = to / f"clinic/files/{register.number}.pdf"
    assert file.read_bytes() == register.file.open().read()
    assert "treatment registers" in (to / "index.html").read_text()


def test_what_an_erased_person_leaves_is_told_as_what_it_is(clinician, manager, to):
    patient = PatientFactory(by=clinician, family_name="Canaryname")
    number = patient.record_number
    erase(patient=patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    export_clinic(folder=to, by=manager)
    [folder] = (to / "patients").iterdir()
    assert folder.name == "E-000001"
    for name in files_in(to):
        content = (to / name).read_bytes()
        assert b"Canaryname" not in content
        assert number.encode() not in content


# How it is written


def test_people_are_read_together_each_with_their_own(world, clinician):
    make_story(clinician)
    people = people_of(Patient.objects.unmerged())
    assert people == [person_of(one) for one in Patient.objects.unmerged()]
    rows = Rows(people)
    for model in kinds():
        for person in people:
            found = rows.of(person, model)
            records = list(records_of(person, model))
            assert [record for record, _history in found] == records
            if hasattr(model, "history"):
                histories = [list(history_of(model, [one.pk])) for one in records]
                assert [list(history) for _record, history in found] == histories


def queries_for(count, by, to):
    load(count, by=by, quiet=True)
    with CaptureQueriesContext(connection) as asked:
        export_clinic(folder=to, by=by)
    remove()
    return len(asked)


def test_more_people_take_no_more_queries(clinician, to, tmp_path, monkeypatch):
    monkeypatch.setattr("consultations.trust.person_export.rows.AT_ONCE", 10_000)
    monkeypatch.setattr(clinic_export, "AT_ONCE", 100)
    assert queries_for(20, clinician, to) == queries_for(60, clinician, tmp_path / "more")


def test_every_file_has_its_digest_and_is_for_its_owner_alone(world, manager, to):
    export_clinic(folder=to, by=manager)
    sums = dict(reversed(line.split("  ")) for line in (to / "SHA256SUMS").read_text().splitlines())
    assert sorted(sums) == [
        name for name in files_in(to) if name not in {"SHA256SUMS", "manifest.jsonl"}
    ]
    for name, digest in sums.items():
        assert hashlib.sha256((to / name).read_bytes()).hexdigest() == digest
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS"], cwd=to)
    assert checked.returncode == 0
    modes = {one.stat().st_mode & 0o777 for one in to.rglob("*") if one.is_file()}
    folders = {one.stat().st_mode & 0o777 for one in (to, *to.rglob("*")) if one.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


def leads_there(soup, to, link):
    """Whether a link leads to a file, or to what there is on a page."""
    name, _sharp, place = link.partition("#")
    if name:
        soup = BeautifulSoup((to / name).read_text(), "html.parser") if place else None
    return (not name or (to / name).is_file()) and (not place or soup.find(id=place) is not None)


def test_the_page_explains_and_needs_nothing_else(world, manager, to):
    export_clinic(folder=to, by=manager)
    for name in ("index.html", "patients.html", "columns.html"):
        soup = BeautifulSoup((to / name).read_text(), "html.parser")
        assert soup(["script", "link", "iframe"]) == []
        links = [tag["href"] for tag in soup("a")]
        assert links
        assert [link for link in links if not leads_there(soup, to, link)] == []
    index = (to / "index.html").read_text()
    assert "No passwords, no sign-in codes" in index
    number = world.patient.record_number
    assert f'href="patients/{number}/person.html"' in (to / "patients.html").read_text()


def words_of(page):
    return " ".join(BeautifulSoup(page.read_text(), "html.parser").get_text(" ").split())


def test_the_pages_say_times_as_people_read_them(manager, to, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    with timezone.override("Europe/Berlin"):
        export_clinic(folder=to, by=manager)
    words = words_of(to / "index.html")
    begun = datetime.fromisoformat(lines_of(to)[0]["started_at"])
    begun = begun.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"Begun {begun.day} {begun:%b %Y %H:%M %Z}, by manager" in words
    assert "On these pages, times are those of Europe/Berlin." in words
    assert re.findall(r"\d{2}:\d{2}:\d{2}", words) == ["14:05:00"]  # of the example


def test_whoever_is_no_patient_any_more_is_listed_apart_with_the_reason(clinician, manager, to):
    PatientFactory(by=clinician, family_name="Stays", given_name="")
    undone, gone = PatientFactory(by=clinician, family_name="Undone"), PatientFactory(by=clinician)
    undone.entered_in_error_by, undone.entered_in_error_at = clinician, timezone.now()
    undone.entered_in_error_reason = "The import of list.csv was undone."
    undone.save(by=clinician)
    erase(patient=gone, by=manager, reason="Asked to.", legal_reason="Article 17.")
    export_clinic(folder=to, by=manager)
    first, second = BeautifulSoup((to / "patients.html").read_text(), "html.parser")("tbody")
    assert [row.bdi.get_text() for row in first("tr")] == ["Stays"]
    day = day_in_words(timezone.localdate())
    assert [row.find(class_="mark").get_text() for row in second("tr")] == [
        f"Their data were erased on {day}.",
        f"Entered in error, says clinician on {day}: The import of list.csv was undone.",
    ]
    assert "Patients 1 and 2 who are no patients any more" in words_of(to / "index.html")
    assert "This patient was entered in error." in words_of(
        to / f"patients/{undone.record_number}/person.html"
    )


def test_what_is_not_here_is_told_once_each_and_in_no_word_of_a_table():
    told = [str(what) for what, _why in pages.left_out()]
    tables = {str(label_of(model)) for model in exported_models()}
    assert len(told) == len(set(told))
    assert {*told} & tables == set()


# What each column means


def test_every_table_is_told_in_words_and_none_is_told_that_is_not_there():
    assert {*TABLES} == {model._meta.model_name for model in exported_models()}


def test_every_column_that_has_no_words_of_its_own_is_told():
    untold = [
        f"{model._meta.model_name}.{field.name}"
        for model in exported_models()
        for field in model._meta.concrete_fields
        if not column_has_words(field) and not about(model, field)
    ]
    assert untold == [], "say what they hold in consultations/exchange/clinic_export/words.py"


def test_no_column_is_told_that_is_not_there():
    known = {column.name for column in columns_of_every_history()}
    for table in tables_of_columns():
        for column in table.columns:
            known |= {column.name, f"{table.name}.{column.name}"}
    assert {*COLUMNS} - known == set()


def test_each_column_of_each_table_is_explained(manager, to):
    export_clinic(folder=to, by=manager)
    with open(to / "columns.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    told = {}
    for line in lines:
        told.setdefault(line["table"], []).append(line["column"])
    of_histories = told.pop("(each history)")
    assert len(told) == COUNT
    for name, columns in told.items():
        assert columns == heads(to / f"clinic/records/{name}.csv")
    history = heads(to / "clinic/history/patient.csv")
    assert [one for one in history if one not in told["patient"]] == of_histories
    by_name = {(line["table"], line["column"]): line for line in lines}
    assert by_name["treatmentsession", "power_w"] == {
        "table": "treatmentsession",
        "column": "power_w",
        "name": "Power, W",
        "meaning": "",
        "written_as": "number, with a point before decimals",
        "leads_to": "",
        "blank": "may be blank",
        "values": "",
    }
    severities = by_name["areaassessment", "severity"]["values"].splitlines()
    assert severities == ["mild = Mild", "moderate = Moderate", "severe = Severe"]
    assert by_name["treatmentplan", "assessment"]["leads_to"] == "areaassessment"


def heads(path):
    with open(path, newline="") as file:
        return next(csv.reader(file))


def test_it_is_one_export_in_the_access_log_and_the_manifest_says_whose(manager, to):
    PatientFactory()
    export_clinic(folder=to, by=manager, way="By command.")
    kept = AccessRecord.objects.values_list("user", "kind", "patient", "detail")
    assert list(kept) == [(manager.pk, "export", None, "The whole clinic. By command.")]
    about = lines_of(to)[0]
    assert {name: about[name] for name in ("format", "account", "by", "way")} == {
        "format": "turgor-clinic/1",
        "account": manager.pk,
        "by": "manager",
        "way": "By command.",
    }


# Stopped, and gone on with


class KilledError(BaseException):
    """What ends a process leaves no time to put things right."""


def kill_at(monkeypatch, where, name, turn):
    """Have the export die the moment it calls this for the so-many-th time."""
    real, calls = getattr(where, name), []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == turn:
            raise KilledError
        return real(*args, **kwargs)

    monkeypatch.setattr(where, name, dies)


def counted(folder):
    """What is in the folder but for what tells a moment."""
    names = [name for name in files_in(folder) if "person." not in name and "README" not in name]
    left_out = ("manifest.jsonl", "SHA256SUMS", "index.html", "accessrecord")
    return {
        name: (folder / name).read_bytes()
        for name in names
        if not any(one in name for one in left_out)
    }


@pytest.mark.parametrize("turn", [1, 3, 20, COUNT + 3])
def test_killed_anywhere_it_goes_on_and_holds_the_same(
    turn, clinician, manager, to, tmp_path, monkeypatch
):
    monkeypatch.setattr(clinic_export, "AT_ONCE", 1)
    for _number in range(2):
        PatientFactory(by=clinician)
    export_clinic(folder=tmp_path / "whole", by=manager)
    with monkeypatch.context() as patch:
        kill_at(patch, manifests.Manifest, "keep", turn)
        with pytest.raises(KilledError):
            export_clinic(folder=to, by=manager)
    # What a killed process had begun to write of its next line.
    with open(to / "manifest.jsonl", "ab") as file:
        file.write(b'{"what": "pat')
    written = {path: path.stat().st_mtime_ns for path in to.glob("patients/*/person.html")}
    told = export_clinic(folder=to, by=manager, resume=True)
    assert counted(to) == counted(tmp_path / "whole")
    assert files_in(to) == files_in(tmp_path / "whole")
    assert told.patients == 2
    done = sorted(written)[: turn - 1]
    assert [path.stat().st_mtime_ns for path in done] == [written[path] for path in done]


def test_what_was_spoilt_meanwhile_is_written_again(clinician, manager, to, monkeypatch):
    one, other = PatientFactory(by=clinician), PatientFactory(by=clinician)
    with monkeypatch.context() as patch:
        kill_at(patch, ClinicExport, "_write_tables", 1)
        with pytest.raises(KilledError):
            export_clinic(folder=to, by=manager)
    (to / f"patients/{one.record_number}/person.html").write_text("half")
    (to / f"patients/{other.record_number}/person.json").unlink()
    export_clinic(folder=to, by=manager, resume=True)
    assert (to / f"patients/{one.record_number}/person.html").stat().st_size > 1000
    assert (to / f"patients/{other.record_number}/person.json").exists()
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=to).returncode == 0


def test_who_is_erased_while_it_runs_is_not_in_it(clinician, manager, to, monkeypatch):
    patient = PatientFactory(by=clinician, family_name="Canaryname")
    number, real = patient.record_number, ClinicExport._write_tables
    erased = []

    def erases_first(self):
        real(self)
        if not erased:
            erased.append(patient)
            erase(patient=patient, by=manager, reason="Asked to.", legal_reason="Article 17.")

    monkeypatch.setattr(ClinicExport, "_write_tables", erases_first)
    export_clinic(folder=to, by=manager)
    assert [one.name for one in (to / "patients").iterdir()] == ["E-000001"]
    for name in files_in(to):
        content = (to / name).read_bytes()
        assert b"Canaryname" not in content
        assert number.encode() not in content


def test_two_that_are_merged_while_it_runs_are_one(clinician, manager, to, monkeypatch):
    kept, other = PatientFactory(by=clinician), PatientFactory(by=clinician)
    real = ClinicExport._write_patients

    def merges_then(self, last):
        real(self, last)
        other.entered_in_error_by, other.entered_in_error_reason = clinician, "Twice."
        other.entered_in_error_at, other.merged_into = other.created_at, kept
        other.save(by=clinician)

    monkeypatch.setattr(ClinicExport, "_write_patients", merges_then)
    assert export_clinic(folder=to, by=manager).patients == 1
    assert [one.name for one in (to / "patients").iterdir()] == [kept.record_number]
    about = json.loads((to / f"patients/{kept.record_number}/person.json").read_text())["about"]
    assert about["record_numbers"] == [kept.record_number, other.record_number]
    assert "patients/" + other.record_number not in (to / "SHA256SUMS").read_text()


def test_somebody_else_who_goes_on_is_logged_too(manager, admin, to, monkeypatch):
    with monkeypatch.context() as patch:
        kill_at(patch, manifests.Manifest, "keep", 1)
        with pytest.raises(KilledError):
            export_clinic(folder=to, by=manager)
    export_clinic(folder=to, by=manager, resume=True)
    assert AccessRecord.objects.count() == 1
    export_clinic(folder=to, by=admin, resume=True)
    kept = AccessRecord.objects.order_by("pk").values_list("user", "detail")
    assert list(kept) == [
        (manager.pk, "The whole clinic."),
        (admin.pk, "The whole clinic, continued."),
    ]


def test_a_finished_export_is_left_as_it_is(manager, to):
    PatientFactory()
    told = export_clinic(folder=to, by=manager)
    before = {name: (to / name).read_bytes() for name in files_in(to)}
    PatientFactory()
    assert export_clinic(folder=to, by=manager, resume=True) == told
    assert {name: (to / name).read_bytes() for name in files_in(to)} == before


# Refused


def refused(folder, by, **options):
    with pytest.raises(ClinicExportError) as refusal:
        export_clinic(folder=folder, by=by, **options)
    return str(refusal.value)


def test_a_folder_that_holds_anything_else(manager, tmp_path, to, settings):
    (tmp_path / "mine.txt").write_text("mine")
    assert "holds other files. Name a new or an empty folder." in refused(tmp_path, manager)
    assert "There is no export in" in refused(tmp_path / "new", manager, resume=True)
    Path(settings.MEDIA_ROOT).mkdir()
    assert "holds the program's own files" in refused(f"{settings.MEDIA_ROOT}/out", manager)
    assert "There is no folder" in refused(tmp_path / "no" / "out", manager)
    export_clinic(folder=to, by=manager)
    assert "go on with --resume, or name another" in refused(to, manager)
    (to / "manifest.jsonl").write_text('{"format": "another"}\n')
    assert "is not of this program" in refused(to, manager, resume=True)
    (to / "manifest.jsonl").write_text("no manifest\n")
    assert "is not of this program" in refused(to, manager, resume=True)
    assert AccessRecord.objects.count() == 1


def test_two_at_once(manager, to):
    to.mkdir()
    with manifests.Manifest(to):
        assert "Somebody else is exporting to" in refused(to, manager)


def test_a_full_disk_is_told_and_what_is_whole_stays(manager, to, monkeypatch):
    monkeypatch.setattr(clinic_export, "AT_ONCE", 1)
    for _number in range(3):
        PatientFactory()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        kill = manifests.Manifest.keep
        patch.setattr(
            manifests.Manifest,
            "keep",
            lambda self, piece: full() if piece.key == last else kill(self, piece),
        )
        last = Patient.objects.latest("pk").pk
        words = refused(to, manager)
    assert words == (
        f"{to} cannot be written: No space left on device. Once it can, go on with --resume."
    )
    assert export_clinic(folder=to, by=manager, resume=True).patients == 3


# The command


def run(*args, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command("export_clinic", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_the_command(manager, clinician, to):
    PatientFactory()
    with pytest.raises(CommandError, match=r"it lacks consultations\.export_clinic"):
        run(str(to), by="clinician")
    told, complained = run(str(to), by="manager")
    assert told.startswith(f"{to}: 1 patient, {len(exported_models())} tables with ")
    assert complained == ""
    with pytest.raises(CommandError, match="go on with --resume"):
        run(str(to), by="manager")
    assert run(str(to), by="manager", resume=True)[0] == told


def test_files_that_are_missing_are_counted(clinician, manager, to):
    story = make_story(clinician)
    photo = story.patient.photos.first()
    photo.image.storage.delete(photo.image.name)
    _told, complained = run(str(to), by="manager")
    assert complained == "Missing, and so not in the export: 1 file.\n"
    index = BeautifulSoup((to / "index.html").read_text(), "html.parser")
    assert index.find(class_="mark").get_text(strip=True) == "1 photo or document"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(manager, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(CommandError, match="cannot be written: Permission denied"):
        run(str(tmp_path / "closed" / "out"), by="manager")
