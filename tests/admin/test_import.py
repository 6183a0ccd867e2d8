"""The manager brings a file in, step by step, in the browser."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from consultations.exchange.imports import checking, keeping, running, saving
from consultations.models import ImportBatch, Patient, TreatmentSession
from tests.factories import AssessmentFactory, ImportBatchFactory, PatientFactory

pytestmark = pytest.mark.django_db
TEXT = "Surname,First name,DOB,Colour\nSmith,Ann,31/01/1980,red\nJones,Bob,30/02/1975,blue\n"


@pytest.fixture
def client(client_for, manager):
    return client_for(manager)


@pytest.fixture
def started(monkeypatch):
    """The commands that were to be run apart from the request."""
    commands = []
    monkeypatch.setattr(running, "run", commands.append)
    return commands


def send(client, text=TEXT, name="clients.csv"):
    file = SimpleUploadedFile(name, text.encode())
    url = reverse("admin:consultations_import")
    return client.post(url, {"file": file, "format": "auto"}, follow=True)


def page(batch):
    return reverse("admin:consultations_import_batch", args=[batch.pk])


def act(client, batch, **posted):
    """Press a button of the page, and go on as the page does by itself."""
    answer = client.post(page(batch), posted, follow=True)
    while b"data-goes-on" in answer.content:
        answer = client.post(page(batch), {"go_on": "1"}, follow=True)
    return answer


def check(client, batch, **columns):
    """Check the rows with the columns as they were taken, but for these."""
    taken = {f"column-{place}": key for place, key in enumerate(batch.mapping)}
    return act(client, batch, check="1", **taken | columns)


def words(answer):
    return " ".join(answer.content.decode().split())


def test_a_file_leads_to_its_columns_and_what_was_not_taken(client):
    answer = send(client)
    batch = ImportBatch.objects.get()
    assert batch.mapping == ["family_name", "given_name", "date_of_birth", ""]
    assert "Smith · Jones" in words(answer)
    assert batch.state == "read"


def test_another_choice_of_a_column_counts(client):
    send(client)
    batch = ImportBatch.objects.get()
    check(client, batch, **{"column-3": "medical_notes"})
    batch.refresh_from_db()
    assert (batch.mapping[3], batch.state) == ("medical_notes", "checked")


def test_two_columns_for_one_field_are_refused(client):
    send(client)
    chosen = {"column-1": "middle_name", "column-3": "family_name"}
    answer = words(check(client, ImportBatch.objects.get(), **chosen))
    assert "Surname, Colour: only one can be the family name." in answer
    # What was chosen is not lost.
    assert '<option value="middle_name" selected>' in answer


def test_unclear_dates_are_asked_with_what_they_would_mean(client):
    send(client, "Surname,DOB\nSmith,03/04/1980\n")
    batch = ImportBatch.objects.get()
    answer = words(check(client, batch))
    assert "03/04/1980: 3 Apr 1980" in answer
    assert "03/04/1980: 4 Mar 1980" in answer
    check(client, batch, **{"order-date_of_birth": "month"})
    batch.refresh_from_db()
    assert (batch.state, batch.readings["date_of_birth"]) == ("checked", "month")


def test_problems_and_who_is_known_stand_by_row_before_anything_is_saved(client, started):
    PatientFactory(
        family_name="Smith", given_name="Ann", date_of_birth=timezone.datetime(1980, 1, 31).date()
    )
    send(client)
    batch = ImportBatch.objects.get()
    answer = words(check(client, batch))
    assert "<bdi>DOB</bdi>:</strong> “30/02/1975” is no day" in answer
    assert "Same person: Smith, Ann (P-000001): same name and date of birth" in answer
    refused = words(act(client, batch, save="1", leave_out="1"))
    assert "Say who it is." in refused
    act(client, batch, decide="1", **{"row-2": "another-0"})
    assert batch.rows.get(number=2).decision == "another"
    assert started == []


def test_saving_runs_apart_and_the_page_tells_how_far_it_is(client, started, manager):
    send(client)
    batch = ImportBatch.objects.get()
    check(client, batch)
    answer = words(act(client, batch, save="1", leave_out="1"))
    assert "Being saved: 0 of 2 rows" in answer
    [command] = started
    assert command[2:] == [
        "import_records",
        "--resume",
        f"--batch={batch.pk}",
        f"--by={manager.username}",
        "--yes",
        "--leave-out",
    ]
    again = words(act(client, batch, save="1", leave_out="1"))
    assert "This import is being saved." in again
    running.save(batch, by=manager, leaves_out=True)
    assert "1 patient" in words(client.get(page(batch)))
    assert Patient.objects.get().full_name == "Smith, Ann"


def test_what_was_saved_is_undone_from_its_page(client, started, manager):
    send(client)
    batch = ImportBatch.objects.get()
    check(client, batch)
    act(client, batch, save="1", leave_out="1")
    running.save(batch, by=manager, leaves_out=True)
    assert "is marked as entered in error" in words(act(client, batch, undo="1"))
    assert Patient.objects.get().in_error


def test_a_save_that_was_ended_from_outside_can_be_begun_again(client, started):
    batch = ImportBatchFactory(state="checked", saving_since=timezone.now() - running.BEGINS_WITHIN)
    batch.rows.create(number=2)
    act(client, batch, save="1")
    assert len(started) == 1


def test_a_save_by_the_command_is_seen_and_begun_by_nobody_else(client, started, manager):
    send(client, TEXT.replace("30/02", "28/02"))
    batch = ImportBatch.objects.get()
    check(client, batch)
    seen = []

    def look(_rows):
        seen.append(words(client.get(page(batch))))
        with pytest.raises(ValidationError, match="This import is being saved"):
            running.save(batch, by=manager)

    running.save(batch, by=manager, step=look)
    assert "Being saved: 2 of 2 rows" in seen[0]
    assert not running.is_running(ImportBatch.objects.get())


def test_whatever_ends_a_save_is_told(client, started, manager, monkeypatch):
    send(client, TEXT.replace("30/02", "28/02"))
    batch = ImportBatch.objects.get()
    check(client, batch)
    act(client, batch, save="1")
    monkeypatch.setattr(keeping.Keeper, "note", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        running.save(batch, by=manager)
    told = "Nothing was saved. Something went wrong (ZeroDivisionError)."
    assert told in words(client.get(page(batch)))
    assert not running.is_running(ImportBatch.objects.get())


def test_a_command_that_ends_before_it_saves_tells_the_browser(client, started, manager):
    send(client, TEXT.replace("30/02", "28/02"))
    batch = ImportBatch.objects.get()
    check(client, batch)
    act(client, batch, save="1")
    batch.rows.filter(number=2).update(problems=[["DOB", "no day"]])
    with pytest.raises(CommandError):
        call_command("import_records", resume=True, batch=batch.pk, by=manager.username, yes=True)
    assert "Nothing was saved. 1 row has a problem." in words(client.get(page(batch)))


def test_a_save_that_was_ended_from_outside_is_told(client):
    batch = ImportBatchFactory(state="checked", saving_since=timezone.now() - running.BEGINS_WITHIN)
    assert "The saving was ended from outside" in words(client.get(page(batch)))


def test_what_was_said_of_rows_stays_when_they_are_checked_again(client, started):
    known = PatientFactory(
        family_name="Smith", given_name="Ann", date_of_birth=timezone.datetime(1980, 1, 31).date()
    )
    send(client)
    batch = ImportBatch.objects.get()
    check(client, batch)
    for _time in range(2):
        act(client, batch, decide="1", **{"row-2": f"same-patient-{known.pk}"})
    checking.to_be_checked_again(batch)
    check(client, batch)
    assert batch.rows.get(number=2).decision == "same"


def test_why_nothing_was_saved_stands_on_the_page(client):
    batch = ImportBatchFactory(state="checked", refusal="Somebody was quicker.")
    assert "Nothing was saved. Somebody was quicker." in words(client.get(page(batch)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "The submitted file is empty."),
        ("Surname,DOB\n", "clients.csv has no rows below its headings."),
        ("Name,name\na,b\n", "Columns A and B are both headed “name”"),
        ("a\n" + "x\n" * 5001, "More than 5000 rows."),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(client, text, told):
    assert told in words(send(client, text))
    assert ImportBatch.objects.count() == 0


def test_what_is_given_up_may_be_sent_again(client):
    send(client)
    assert "on its way already: import" in words(send(client))
    act(client, ImportBatch.objects.get(), give_up="1")
    send(client)
    assert [*ImportBatch.objects.order_by("pk").values_list("state", flat=True)] == [
        "given_up",
        "read",
    ]


def test_our_own_template_is_read_as_ours(client):
    url = reverse("admin:consultations_import_template", args=["patients"])
    send(client, client.get(url).content.decode("utf-8-sig"))
    batch = ImportBatch.objects.get()
    assert (batch.format, batch.target, "" in batch.mapping) == ("own", "patients", False)


def test_the_first_rows_are_shown_as_they_were_read(client):
    send(client, 'Name,DOB\n"Smith, Ann",25/4/1980\n')
    answer = words(check(client, ImportBatch.objects.get()))
    for label, read in (("Family name", "Smith"), ("Given name", "Ann"), ("birth", "25 Apr 1980")):
        assert f"{label}</dt> <dd> <bdi>{read}</bdi>" in answer


def test_rows_that_were_left_out_are_named(client, manager):
    send(client)
    batch = ImportBatch.objects.get()
    check(client, batch)
    saving.save(ImportBatch.objects.get(), by=manager, leaves_out=True)
    answer = words(client.get(page(batch)))
    assert "<li>1 patient</li>" in answer
    assert "1 row was left out: 3" in answer


def test_a_file_of_which_nothing_is_left_is_not_saved(client, manager):
    send(client, "Surname,DOB\nSmith,30/02/1980\n")
    batch = ImportBatch.objects.get()
    check(client, batch)
    with pytest.raises(ValidationError) as refused:
        saving.save(ImportBatch.objects.get(), by=manager, leaves_out=True)
    assert refused.value.messages == ["Every row is left out or skipped: there is nothing to save."]


def test_of_an_appointment_only_same_person_or_skip_may_be_said(client):
    PatientFactory(family_name="Hill", given_name="Ada")
    send(
        client, "Client name,Service,Employee,Date,Start time\nAda Hill,Review,X,31/12/2027,9:00\n"
    )
    batch = ImportBatch.objects.get()
    answer = words(check(client, batch))
    assert "1 row says by its name alone who it is about" in answer
    assert "Same person: Hill, Ada (P-000001), born " in answer
    assert "Another person" not in answer
    act(client, batch, decide="1", rest="same")
    assert batch.rows.get().decision == "same"


def test_what_every_row_needs_is_said_and_may_be_said_of_all_rows_at_once(client):
    area = AssessmentFactory(area="neck", consultation__consulted_on=date(2025, 1, 5))
    number = area.patient.record_number
    send(client, f"Patient number,Treatment date,Staff,Fluence\n{number},2025-03-04,X,12\n")
    batch = ImportBatch.objects.get()
    page_of = words(client.get(page(batch)))
    assert "<li>performed on or started on</li>" not in page_of
    for lacking in ("area", "laser type or laser and mode"):
        assert f"<li> {lacking} – <strong>no column yet</strong> </li>" in page_of
    answer = words(check(client, batch))
    assert "No column was taken for: area, laser type." in answer
    assert "Of all rows at once may be said: laser type, area." in answer
    said = {"order-area": "neck", "order-laser_type": "non_ablative"}
    check(client, batch, **said)
    batch.refresh_from_db()
    assert (batch.state, [*batch.rows.values_list("problems", flat=True)]) == ("checked", [[]])
    saving.save(batch, by=batch.made_by)
    assert TreatmentSession.objects.get().plan.laser_type == "non_ablative"
