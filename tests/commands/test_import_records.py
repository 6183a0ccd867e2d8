"""The command that imports: what it prints and asks, and what is left when it is killed."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from consultations.exchange.imports import running
from consultations.models import AreaAssessment, Consultation, ImportBatch, ImportRow, Patient
from consultations.vocabulary import ImportState
from tests.exchange.imports.files import checked
from tests.factories import ImportBatchFactory, PatientFactory
from tests.trust.serving import HOUSE, database_url

TEXT = "Surname,First name,DOB\nSmith,Ann,31/01/1980\nJones,Bob,01/02/1975\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "clients.csv"
    path.write_text(TEXT)
    return str(path)


VISITS = "Client ID,consulted_on,area,severity\n17,2025-03-02,neck,mild\n"
CLIENTS = "Client ID,Last Name,DOB\n17,Smith,1980-01-31\n"


def batch_of(born, **options):
    """A file of one patient, read and checked by somebody in the browser."""
    return checked(f"Surname,DOB\nSmith,{born}\n", f"{born}.csv", **options)


def again(*batches):
    return [ImportBatch.objects.get(pk=one.pk) for one in batches]


def run(*args, by="manager", **options):
    out = io.StringIO()
    call_command("import_records", *args, by=by, stdout=out, **options)
    return out.getvalue()


def refused(*args, **options):
    with pytest.raises(CommandError) as refusal:
        run(*args, **options)
    return str(refusal.value)


@pytest.mark.django_db
@pytest.mark.usefixtures("manager", "clinician")
class TestImporting:
    def test_what_no_column_says_may_be_said_of_all_rows(self, tmp_path):
        PatientFactory()
        path = tmp_path / "visits.csv"
        path.write_text("Patient number,Consultation date,Laxity\nP-000001,2025-03-02,mild\n")
        told = refused(path, dry_run=True, for_all=["area=ear"])
        assert told.endswith("--for-all area: one of face, neck, stomach, arms, legs.")
        assert "No column was taken for: area." in refused(path, dry_run=True)
        run(path, yes=True, for_all=["area=neck"])
        assert AreaAssessment.objects.get().area == "neck"

    def test_a_file_comes_in_and_goes_out_again(self, file):
        printed = run(file, yes=True)
        batch = ImportBatch.objects.get()
        assert printed.splitlines()[0] == f"Import {batch.pk}: clients.csv, 2 rows of patients."
        assert printed.splitlines()[-1] == f"Import {batch.pk} is saved: 2 patients."
        assert run(undo=batch.pk) == f"Import {batch.pk} is undone: 2 records.\n"
        assert Patient.objects.standing().count() == 0

    def test_a_dry_run_leaves_nothing_and_the_file_may_come_in(self, file):
        assert run(file, dry_run=True).endswith("Nothing was saved: this was a dry run.\n")
        assert (Patient.objects.count(), ImportRow.objects.count()) == (0, 0)
        run(file, yes=True)
        assert Patient.objects.count() == 2

    def test_only_who_may_import(self, file):
        assert "may not do this" in refused(file, by="clinician")
        assert refused(file, by="nobody") == 'There is no active account "nobody".'

    def test_days_that_leave_it_open_are_asked_by_the_option_that_decides(self, tmp_path):
        path = tmp_path / "short.csv"
        path.write_text("Surname,DOB\nSmith,03/04/1980\nJones,05/06/1981\n")
        told = refused(str(path))
        assert "--dates day: 03/04/1980: 3 Apr 1980; 05/06/1981: 5 Jun 1981" in told
        assert "--dates month: 03/04/1980: 4 Mar 1980; 05/06/1981: 6 May 1981" in told
        run(resume=True, dates="month", yes=True)
        assert Patient.objects.get(family_name="Smith").date_of_birth.month == 3

    def test_an_encoding_that_letters_leave_open_is_given(self, tmp_path):
        path = tmp_path / "mac.csv"
        path.write_bytes("Surname,First name,DOB\nKöhler,Ann,31/01/1980\n".encode("mac_roman"))
        assert "“Kšhler” in Windows-1252, or “Köhler” in Mac Roman" in refused(str(path))
        assert "in Mac Roman it has “Köhler”" in run(str(path), encoding="mac_roman", yes=True)
        assert Patient.objects.get().family_name == "Köhler"

    def test_who_may_be_known_is_told_and_decided_for_all(self, file):
        run(file, yes=True)
        ImportBatch.objects.update(digest="another")
        assert "Say who they are" in refused(file, yes=True)
        run(resume=True, yes=True, duplicates="same")
        assert Patient.objects.count() == 2

    def test_problems_are_told_by_row_and_column(self, tmp_path):
        path = tmp_path / "bad.csv"
        path.write_text("Surname,DOB\nSmith,30/02/1980\nJones,31/01/1980\n")
        printed = run(str(path), dry_run=True)
        assert "Row 2, DOB: “30/02/1980” is no day: that month has no day 30.\n" in printed
        assert "1 row has a problem" in refused(str(path), yes=True)
        run(resume=True, yes=True, leave_out=True)
        assert Patient.objects.get().family_name == "Jones"

    @pytest.mark.parametrize(
        ("args", "options", "words"),
        [
            (
                [],
                {},
                "Give the files to import, or --resume, --undo N, --give-up N or --template.",
            ),
            ([], {"give_up": 9}, "There is no import 9."),
            ([], {"by": None}, "Give the account of whoever imports: --by USERNAME."),
            ([], {"resume": True}, "Nothing waits to be gone on with."),
            ([], {"undo": 9}, "There is no import 9."),
            (["/nowhere.csv"], {}, "/nowhere.csv cannot be read: No such file or directory."),
        ],
    )
    def test_what_cannot_be_is_said_in_a_line(self, args, options, words):
        assert refused(*args, **options) == words

    def test_a_file_that_was_half_read_is_asked_for_anew(self, file):
        ImportBatchFactory(file_name="people.csv", state=ImportState.READING)
        assert refused(resume=True) == (
            "Nothing waits to be gone on with. people.csv was not read to its end: give the file "
            "anew."
        )

    def test_rows_that_rest_on_what_came_in_since_are_checked_again(self, tmp_path):
        visits, clients = tmp_path / "visits.csv", tmp_path / "clients.csv"
        visits.write_text(VISITS)
        clients.write_text(CLIENTS)
        assert "1 row has a problem" in refused(str(visits), yes=True)
        run(str(clients), yes=True)
        run(str(visits), yes=True, resume=True)
        assert Consultation.objects.get().patient == Patient.objects.get()

    def test_a_dry_run_knows_whom_its_other_files_bring(self, tmp_path):
        visits, clients = tmp_path / "visits.csv", tmp_path / "clients.csv"
        visits.write_text(VISITS + "18,2025-03-02,neck,mild\n")
        clients.write_text(CLIENTS)
        printed = run(str(visits), str(clients), dry_run=True, yes=True)
        assert [line for line in printed.splitlines() if line.startswith("Row")] == [
            "Row 3, Client ID: There is no patient 18. Import the patients first."
        ]
        assert (Patient.objects.count(), ImportBatch.objects.waiting().count()) == (0, 0)

    @pytest.mark.parametrize("dry_run", [True, False])
    def test_where_one_file_cannot_be_read_none_waits(self, file, tmp_path, dry_run):
        bad = tmp_path / "bad.csv"
        bad.write_text("%PDF-1.7")
        assert "bad.csv is a PDF" in refused(file, str(bad), dry_run=dry_run)
        assert not ImportBatch.objects.waiting().exists()

    def test_what_waits_is_gone_on_with_by_whoever_read_it_or_by_its_number(self, manager):
        theirs, mine = batch_of("1980-01-31"), batch_of("1980-02-01", by=manager)
        run(resume=True, yes=True)
        assert [one.state for one in again(theirs, mine)] == ["checked", "saved"]
        told = f"Nothing waits to be gone on with. Of others: give --batch {theirs.pk}."
        assert refused(resume=True) == told
        run(resume=True, yes=True, batch=theirs.pk)
        assert Patient.objects.count() == 2

    def test_a_dry_run_of_what_waits_lets_it_wait(self, manager):
        mine = batch_of("1980-01-31", by=manager)
        run(resume=True, dry_run=True)
        assert [(one.state, one.rows.count()) for one in again(mine)] == [("checked", 1)]

    def test_what_waits_is_given_up_by_its_number(self, file):
        batch = batch_of("1980-01-31")
        assert run(give_up=batch.pk) == f"Import {batch.pk} is given up.\n"
        assert not ImportRow.objects.exists()
        assert "This import is given up" in refused(give_up=batch.pk)

    def test_another_answer_than_before_is_what_counts(self, tmp_path):
        path = tmp_path / "short.csv"
        path.write_text("Surname,DOB\nSmith,03/04/1980\nJones,\n")
        refused(str(path), yes=True, dates="month")
        run(resume=True, yes=True, leave_out=True, dates="day")
        assert Patient.objects.get().date_of_birth.month == 4

    def test_on_sqlite_nobody_is_held_up_unasked(self, file, monkeypatch):
        if connection.vendor != "sqlite":
            pytest.skip("one writes at a time on SQLite alone")
        asked = []
        monkeypatch.setattr("builtins.input", lambda words: asked.append(words) or "no")
        assert "Nothing was saved. Go on later with --resume." in refused(file)
        assert asked == ["For about 2 seconds nobody else can save. Go on? (yes/no) "]

    def test_our_own_template_is_written_and_read(self, tmp_path):
        path = tmp_path / "patients.csv"
        path.write_text(run(by=None, template="patients"))
        run(str(path), yes=True)
        assert str(Patient.objects.get()) == "Example, Anna (P-000000)"


KILLED = """
import os, signal, sys, django
django.setup()
from consultations.exchange.imports import checking, keeping
def end(*args, **options):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "checking":
    checking._compare = end
else:
    keeping.Keeper.note = end
from django.core.management import call_command
call_command("import_records", sys.argv[2], by="manager", yes=True)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("manager")
@pytest.mark.parametrize(("killed_while", "state"), [("checking", "read"), ("saving", "checked")])
def test_killed_nothing_is_saved_and_it_goes_on(file, killed_while, state):
    told = {
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
    }
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, killed_while, str(Path(file))],
        cwd=HOUSE,
        env=os.environ | told,
        capture_output=True,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    batch = ImportBatch.objects.get()
    assert (Patient.objects.count(), batch.state, batch.rows.count()) == (0, state, 2)
    PatientFactory(family_name="Meanwhile")  # nobody else is held up by it
    assert (running.was_ended(batch), running.is_running(batch)) == (state == "checked", False)
    run(resume=True, yes=True)
    assert Patient.objects.count() == 3
    assert ImportRow.objects.count() == 0
