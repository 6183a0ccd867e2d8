"""Lists as files: who may have them, what is in them, and what is logged."""

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from consultations.actions.moving import merge_patients
from consultations.admin.pages import lists_out
from consultations.models import AccessRecord
from consultations.models.text import day_in_words, moment_in_words
from consultations.vocabulary import Severity
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PatientFactory,
    PaymentFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
    at,
)
from tests.sweeps.world import MODELS, WITHOUT_LIST, make_world
from tests.undone import undone

from .browsing import Browser, list_url, words

pytestmark = pytest.mark.django_db


def file_url(model, **query):
    app = "auth" if model == "user" else "consultations"
    return reverse(f"admin:{app}_{model}_list_out", query=query or None)


def csv_of(answer):
    """The rows of a CSV file, the headings first."""
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def as_csv(client, model, **query):
    return csv_of(client.get(file_url(model, format="csv", **query)))


def as_xlsx(client, model, **query):
    answer = client.get(file_url(model, **query))
    [sheet] = load_workbook(io.BytesIO(answer.getvalue())).worksheets
    return [[cell.value for cell in row] for row in sheet.rows]


@pytest.fixture
def client(client_for, manager):
    return client_for(manager)


# What is in them


@pytest.fixture(scope="module")
def lists(django_db_setup, django_db_blocker):
    """Every list on the screen, and as both files; by model."""
    with django_db_blocker.unblock(), undone():
        make_world(UserFactory(username="colleague"))
        browser = Browser(UserFactory(is_superuser=True))
        found = {model: shown_and_taken(browser, model) for model in LISTED}
    return found


def shown_and_taken(browser, model):
    app = "auth" if model == "user" else "consultations"
    page = browser.open(reverse(f"admin:{app}_{model}_changelist"))
    columns = [words(one) for one in page.select("#result_list thead th")]
    return [columns, *page.rows], as_csv(browser.client, model), as_xlsx(browser.client, model)


LISTED = [one for one in MODELS if one not in WITHOUT_LIST]
PRESSED = ("Appointment", "Compare")
IN_BRACKETS = re.compile(r" \([^()]+\)$")


@pytest.mark.parametrize("model", LISTED)
def test_every_list_says_in_a_file_what_it_says_on_the_screen(lists, model):
    shown, in_csv, in_xlsx = lists[model]
    kept = [number for number, name in enumerate(shown[0]) if name not in PRESSED]
    headings, *rows = [[row[number] for number in kept] for row in shown]
    assert [IN_BRACKETS.sub("", name) for name in in_csv[0]] == headings
    assert [[said(value) for value in row] for row in in_xlsx[1:]] == [
        [plain(text) for text in row] for row in rows
    ]
    assert in_csv == [
        [in_a_csv(value, name) for name, value in zip(in_csv[0], row, strict=True)]
        for row in in_xlsx
    ]


def said(value):
    """What a list would say of a value of a file."""
    if isinstance(value, datetime):
        is_day = value.time() == datetime.min.time()
        return day_in_words(value) if is_day else moment_in_words(timezone.make_aware(value))
    if isinstance(value, int | float):
        return str(value)
    return plain(value or "")


def plain(text):
    """The words alone: no comma between chips, no age behind a birthday, no sign of money."""
    text = "" if text == "–" else text
    text = re.sub(r"^£(\d+)\.00$", r"\1", text)
    return re.sub(r"(?<=\d{4}) \(\d+\)$", "", text).replace(",", "")


def in_a_csv(value, heading):
    """What a CSV file has of a value of an XLSX file."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes").removesuffix(" 00:00")
    if isinstance(value, int) and "(GBP)" in heading:
        return f"{value}.00"
    return "" if value is None else str(value)


def test_what_a_spreadsheet_would_calculate_is_text_in_both(client):
    PatientFactory(family_name="=1+1", given_name="", phone="+44 20 7946 0000")
    PatientFactory(family_name="أوكافور", given_name="آدا", phone="020 7946 0000")
    xlsx = [row[:1] + row[3:4] for row in as_xlsx(client, "patient")[1:]]
    assert xlsx == [["=1+1", "+44 20 7946 0000"], ["أوكافور, آدا", "020 7946 0000"]]
    in_csv = [row[:1] + row[3:4] for row in as_csv(client, "patient")[1:]]
    assert in_csv == [["'=1+1", "'+44 20 7946 0000"], ["أوكافور, آدا", "020 7946 0000"]]


def test_money_is_a_number_in_the_currency_and_a_refund_is_below_nothing(client):
    payment = PaymentFactory(amount=Decimal("120.5"))
    PaymentFactory(plan=payment.plan, kind="refund", amount=Decimal(-20), words="Left.")
    column = as_csv(client, "payment")[0].index("Amount (GBP)")
    assert [row[column] for row in as_csv(client, "payment")[1:]] == ["-20.00", "120.50"]
    assert [row[column] for row in as_xlsx(client, "payment")[1:]] == [-20, 120.5]


def test_time_is_the_clinics_and_the_heading_says_so(client):
    appointment = appointment_for(starts_at=at(9, days=1))
    headings, row = as_xlsx(client, "appointment")
    assert headings[0] == "Time (Europe/London)"
    assert row[0] == timezone.localtime(appointment.starts_at).replace(tzinfo=None)


def test_record_in_error_is_never_a_date_to_be_counted(client, clinician):
    ConsultationFactory(
        consulted_on=date(2025, 3, 3),
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong.",
    )
    assert as_csv(client, "consultation")[1][0] == "3 Mar 2025, in error"
    assert as_xlsx(client, "consultation")[1][0] == "3 Mar 2025, in error"


def test_text_of_staff_that_looks_like_tags_stays(client):
    PatientFactory(family_name="<b>Bold</b> &amp; Co", given_name="")
    assert as_csv(client, "patient")[1][0] == "<b>Bold</b> &amp; Co"


# Which rows


def test_all_pages_are_in_it_in_their_order(client, monkeypatch):
    monkeypatch.setattr(lists_out, "FETCHED_AT_ONCE", 7)
    monkeypatch.setattr("consultations.admin.parts.changelist.FOUND_AT_MOST", 10)
    monkeypatch.setattr("consultations.admin.parts.changelist.NARROWED_AT_MOST", 5)
    PatientFactory.create_batch(60)
    browser = Browser(UserFactory(is_superuser=True))
    pages = [browser.open(list_url("patient", p=number)).rows for number in (1, 2)]
    listed = [row[1] for page in pages for row in page]
    assert len(listed) == 60
    for query in ({}, {"p": "2"}, {"q": "family"}):
        assert [row[1] for row in as_csv(client, "patient", **query)[1:]] == listed
    assert [row[1] for row in as_xlsx(client, "patient")[1:]] == listed


def test_filters_of_the_list_hold(client):
    for severity in ("mild", "moderate"):
        AssessmentFactory(severity=Severity(severity))
    assert [row[2] for row in as_csv(client, "areaassessment", severity="mild")[1:]] == ["Mild"]
    assert as_csv(client, "areaassessment", severity="nonsense")[1:] == []


def test_merged_patients_are_no_more_in_it_than_in_the_list(client, clinician):
    patient = PatientFactory()
    merge_patients(keep=patient, other=PatientFactory(), reason="Twice.", by=clinician)
    assert [row[1] for row in as_csv(client, "patient")[1:]] == [patient.record_number]


def test_a_posted_search_is_exported_by_its_key(manager):
    for name in ("Zephyrine", "Other"):
        PatientFactory(family_name=name)
    browser = Browser(manager)
    page = browser.post(list_url("patient"), {"q": "Zephyrine"})
    urls = {words(one): one["href"] for one in page.select(".list-files a")}
    assert [*urls] == ["XLSX", "CSV"]
    assert "Zephyrine" not in urls["CSV"]
    rows = csv_of(browser.client.get(f"{list_url('patient')}{urls['CSV']}"))
    assert [row[0] for row in rows[1:]] == ["Zephyrine, Given"]


def test_a_search_that_has_ended_exports_nothing(manager):
    PatientFactory()
    page = Browser(manager).open(file_url("patient", s="abcdef", format="csv"))
    assert [page.path, page.messages] == [
        list_url("patient"),
        ["That search has ended. Type it again."],
    ]
    assert not AccessRecord.objects.filter(kind="export").exists()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"format": "pdf", "o": "99", "p": "0", "all": "", "e": "1"}, 200),
        ({"unknown": "1"}, 400),
        ({"_to_field": "allergies"}, 400),
        ({"allergies__startswith": "L"}, 400),
    ],
)
def test_address_with_anything_in_it_is_no_other_list(client, query, status):
    PatientFactory()
    assert client.get(file_url("patient", **query)).status_code == status


# Who may


def test_only_whoever_may_export_finds_the_buttons(manager, clinician):
    PatientFactory()
    pages = [Browser(one).open(list_url("patient")) for one in (manager, clinician)]
    assert [len(page.select(".list-files")) for page in pages] == [1, 0]
    assert "1 row, as listed here." in pages[0].text


@pytest.mark.parametrize("role", ["reception", "practitioner", "clinician"])
def test_other_roles_are_refused(request, client_for, role):
    client = client_for(request.getfixturevalue(role))
    assert client.get(file_url("patient")).status_code == 403
    assert not AccessRecord.objects.filter(kind="export").exists()


def test_the_right_gives_no_list_and_no_column_that_one_does_not_see(reception, client_for):
    ReferralFactory()
    reception.user_permissions.add(Permission.objects.get(codename="export_lists"))
    client = client_for(reception)
    [_headings, row] = as_csv(client, "patient")
    assert row[-1] == ""
    assert client.get(file_url("surgicalreferral")).status_code == 403


# What is logged


def logged():
    return [
        (one.user.username, one.model, one.patient, one.detail)
        for one in AccessRecord.objects.filter(kind="export").order_by("pk")
    ]


def test_who_took_which_list_is_logged_with_the_filter_and_the_count(client):
    AssessmentFactory(severity=Severity("mild"))
    as_csv(client, "areaassessment", severity="mild", area="face")
    as_xlsx(client, "room")
    assert logged() == [
        ("manager", "areaassessment", None, "list as CSV, rows: 1, severity=mild&area=face"),
        ("manager", "room", None, "list as XLSX, rows: 0"),
    ]


def test_words_searched_for_are_not_logged(client):
    PatientFactory(family_name="Zephyrine")
    as_csv(client, "patient", q="Zephyrine")
    assert logged() == [("manager", "patient", None, "list as CSV, rows: 1, searched")]


# At what cost


def test_each_few_hundred_rows_ask_as_often(client, monkeypatch):
    monkeypatch.setattr(lists_out, "FETCHED_AT_ONCE", 4)
    as_csv(client, "treatmentsession")  # what is asked once by a process
    counts = []
    for _batch in range(3):
        for _session in range(4):
            SessionFactory(plan__assessment__consultation__patient=PatientFactory())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            as_csv(client, "treatmentsession")
        counts.append(len(asked))
    first, second, third = counts
    assert second - first == third - second <= 3
