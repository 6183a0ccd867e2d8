"""The audit: what was opened and written, by whom, whose and from where, in one list; and who has
looked at one patient."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.admin.pages.audit import MOST_UNSEALED
from consultations.models import AccessRecord
from consultations.trust import audit
from consultations.trust.digests import unsealed_rows
from consultations.trust.sealing import seal
from consultations.vocabulary import AccessKind
from tests.factories import (
    AccessRecordFactory,
    AssessmentFactory,
    ErasureFactory,
    LaserFactory,
    PatientFactory,
    SessionFactory,
    UserFactory,
)

from .browsing import Browser, page_url, words

pytestmark = pytest.mark.django_db

URL = "/admin/audit/"
EXPORT = "/admin/audit/export/"


@pytest.fixture
def browser(manager):
    return Browser(manager)


def openings(**narrowed):
    rows = AccessRecord.objects.filter(**narrowed).order_by("pk")
    return list(rows.values_list("user__username", "kind", "model", "object_id", "address"))


def rows_of(page):
    return [[words(cell) for cell in row.select("th, td")] for row in page.select("tbody tr")]


# The list


@pytest.mark.parametrize("role", ["reception", "practitioner", "clinician"])
def test_audit_is_the_managers(role, request):
    browser = Browser(request.getfixturevalue(role))
    looked = page_url(PatientFactory(), "looked")
    assert [browser.open(url).status for url in (URL, EXPORT, looked)] == [403, 403, 403]
    assert browser.open("/admin/").select(f'a[href="{URL}"]') == []


def test_audit_tells_openings_and_writes_latest_first(browser, clinician):
    patient = PatientFactory(by=clinician, family_name="Opened", given_name="Ann")
    patient.save(by=clinician, reason="Married.")
    Browser(clinician).open(page_url(patient, "chart"))
    whose = f"Opened, Ann {patient.record_number}"
    told = [row[1:] for row in rows_of(browser.open(f"{URL}?user={clinician.pk}"))]
    assert told == [
        ["Chart opened", "clinician", whose, "127.0.0.1", "–"],
        ["Changed Details", "clinician", whose, "–", "Married."],
        ["Created Details", "clinician", whose, "–", "–"],
    ]


def test_change_leads_to_its_history(browser):
    patient = PatientFactory()
    page = browser.open(f"{URL}?kind=created&patient={patient.pk}")
    assert page.select(f'tbody a[href="{page_url(patient, "history")}"]')


def test_accounts_are_told_too(browser, manager):
    user = UserFactory(username="new")
    page = browser.open(f"{URL}?kind=created")
    [link] = page.select(f'tbody a[href="/admin/auth/user/{user.pk}/history/"]')
    assert words(link) == "User new"


@pytest.fixture
def two(clinician, manager):
    """Two patients; what one clinician did with the first, and a manager with the second."""
    first = PatientFactory(by=clinician, family_name="Abbot")
    second = PatientFactory(by=manager, family_name="Zeller")
    AccessRecordFactory(user=clinician, patient=first, kind=AccessKind.CHART)
    AccessRecordFactory(user=manager, patient=second, kind=AccessKind.EXPORT)
    AccessRecordFactory(user=manager, patient=None, kind=AccessKind.SIGN_IN)
    return first, second


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("patient={first.pk}", ["Chart opened", "Created Details"]),
        ("who=abbot", ["Chart opened", "Created Details"]),
        ("who={first.record_number}", ["Chart opened", "Created Details"]),
        ("kind=export", ["Exported"]),
        ("kind=opened", ["Chart opened"]),
        ("kind=sign_in", ["Signed in"]),
        ("kind=erased", []),
        ("patient={second.pk}&kind=created", ["Created Details"]),
    ],
)
def test_audit_is_narrowed(browser, two, query, kinds):
    first, second = two
    told = rows_of(browser.open(f"{URL}?{query.format(first=first, second=second)}"))
    assert [row[1] for row in told] == kinds


@pytest.mark.parametrize(
    ("url", "kind", "named"), [(URL, "record", "Record opened"), (EXPORT, "export", "Exported")]
)
@pytest.mark.parametrize("query", ["", "?who=abbot", "?kind=created"])
def test_reading_the_audit_is_in_it(browser, two, url, kind, named, query):
    """A patient is told by number, not in the words that were looked for."""
    b"".join(browser.open(f"{url}{query}").response)
    kept = AccessRecord.objects.get(model="accessrecord")
    patient = two[0] if "abbot" in query else None
    said = f"patient={two[0].pk}" if patient else query.removeprefix("?")
    assert (kept.user.username, kept.kind, kept.patient) == ("manager", kind, patient)
    assert kept.detail == f"audit {said}".strip()
    assert rows_of(browser.open(f"{URL}?kind={kind}"))[0][1] == f"{named} Access record"


def test_several_patients_are_offered(browser):
    patients = [PatientFactory(family_name="Twin") for _ in range(2)]
    page = browser.open(f"{URL}?who=twin&kind=created")
    links = [link["href"] for link in page.select(".audit-found a")]
    assert links == [f"?patient={one.pk}&kind=created" for one in patients]


def test_nobody_of_that_name(browser, two):
    page = browser.open(f"{URL}?who=nobody")
    assert "No patients found" in page.text
    [export] = [url for words, url in page.links.items() if "CSV" in words]
    exported = b"".join(browser.client.get(export)).decode()
    assert len(exported.splitlines()) == 1


def test_days_the_wrong_way_round_are_refused_beside_the_field(browser):
    page = browser.open(f"{URL}?since=2026-05-04&until=2026-05-03")
    assert words(page.select("#id_until_error")[0]) == "This is before the first day."
    assert rows_of(page) == []


@pytest.mark.parametrize("query", ["user=99999", "user=abc", "kind=nothing"])
def test_unknown_choices_are_refused_beside_the_field(browser, query):
    page = browser.open(f"{URL}?{query}")
    [told] = page.select(f"#id_{query.partition('=')[0]}_error")
    assert words(told) == "Choose one from the list."
    assert rows_of(page) == []


@pytest.mark.parametrize("query", ["since=0001-01-01", "until=9999-12-31"])
def test_days_too_far_away_are_refused_beside_the_field(browser, query):
    page = browser.open(f"{URL}?{query}")
    [told] = page.select(f"#id_{query.partition('=')[0]}_error")
    assert words(told) == "This date is out of range."
    assert rows_of(page) == []


def test_audit_is_narrowed_to_days(browser):
    now = timezone.now()
    for days in range(4):
        AccessRecordFactory(
            user=None, patient=None, at=now - timedelta(days=days), detail=f"{days}"
        )
    days = {
        name: timezone.localdate() - timedelta(days=days)
        for name, days in (("since", 2), ("until", 1))
    }
    url = f"{URL}?kind=chart&since={days['since']}&until={days['until']}"
    assert [row[-1] for row in rows_of(browser.open(url))] == ["1", "2"]


def test_writes_to_everything_of_a_patient_are_theirs(browser):
    session = SessionFactory()
    page = browser.open(f"{URL}?patient={session.plan.patient.pk}&kind=created")
    assert {row[1] for row in rows_of(page)} == {
        "Created Details",
        f"Created Consultation {session.plan.assessment.consultation_id}",
        f"Created Assessed area {session.plan.assessment_id}",
        f"Created Treatment plan {session.plan_id}",
        f"Created Session {session.pk}",
        f"Created Consent {session.plan.consents.get().pk}",
    }
    whose = {row[3] for row in rows_of(page)}
    assert len(whose) == 1


def test_what_was_moved_stays_with_whose_it_was(browser, clinician):
    assessment = AssessmentFactory()
    consultation, before = assessment.consultation, assessment.patient
    consultation.patient = PatientFactory()
    consultation.save(by=clinician, reason="Wrong patient.")
    told = [row[-1] for row in rows_of(browser.open(f"{URL}?patient={before.pk}&kind=changed"))]
    assert told == ["Wrong patient."]


def test_erasure_is_told(browser, manager):
    erasure = ErasureFactory(by=manager)
    [row] = rows_of(browser.open(f"{URL}?kind=erased"))
    assert row[1:3] + row[-1:] == ["Erased", "manager", erasure.reason]


def test_reasons_are_for_those_who_read_them(browser, monkeypatch, clinician):
    PatientFactory(by=clinician).save(by=clinician, reason="Has HIV.")
    monkeypatch.setattr("consultations.admin.pages.audit.sees_clinical", lambda user: False)
    assert "HIV" not in browser.open(f"{URL}?kind=changed").text


def test_pages_follow_one_another_without_loss(browser, monkeypatch):
    """Twelve openings, half of them at one moment, and as many writes at that moment."""
    moment = timezone.now() - timedelta(days=1)
    for number in range(12):
        AccessRecordFactory(
            user=None, patient=None, at=moment - timedelta(seconds=number // 2 * (number % 2))
        )
    lasers = [LaserFactory(name=f"L{number}") for number in range(5)]
    for laser in lasers:
        laser.history.model._base_manager.filter(id=laser.pk).update(history_date=moment)
    whole = audit.entries(audit.Asked(), limit=1000)
    pieces, after = [], None
    while some := audit.entries(audit.Asked(), after=after, limit=3):
        pieces += some
        after = audit.After(some[-1].at, some[-1].place, some[-1].key)
    assert pieces == whole
    assert len(set(whole)) == len(whole) >= 22


def test_earlier_leads_on_with_what_was_asked(browser):
    AccessRecordFactory.create_batch(51, user=None, patient=None, kind=AccessKind.EXPORT)
    page = browser.open(f"{URL}?kind=export")
    [earlier] = [one["href"] for one in page.select("nav.steps a") if words(one) == "Earlier"]
    assert "kind=export" in earlier
    assert [len(rows_of(page)), len(rows_of(browser.open(URL + earlier)))] == [50, 1]


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=2026-13-45T00:00:00.000000Z~1~1",
        "after=0001-01-01T00:00:00.000000Z~1~1",
        "after=2026-01-01T00:00:00.000000Z~99999999~99999999999999999999",
        "since=0001-01-01",
        "until=9999-12-31",
        "since=x&until=%FF",
        "patient=abc&user=abc",
        "patient=99999999999999999999&user=99999999999999999999",
        "kind=nothing",
        "who=%00",
        "who=" + "x" * 500,
    ],
)
def test_wrong_questions_are_answered(browser, query):
    for url in (URL, EXPORT):
        assert browser.open(f"{url}?{query}").status in {200, 400}


def test_audit_says_how_far_it_is_sealed(browser):
    assert "Nothing is sealed yet." in browser.open(URL).text
    made = seal()
    AccessRecordFactory(user=None, patient=None)
    page = browser.open(URL)
    assert made[-1].head in page.text
    assert "1 entry is not sealed." in page.text


@pytest.mark.parametrize(
    ("rows", "told"),
    [(1000, "1000 entries are not sealed."), (1001, "More than 1,000 entries are not sealed.")],
)
def test_what_is_not_sealed_is_counted_no_further_than_is_said(browser, rows, told):
    seal()
    missing = rows - unsealed_rows(MOST_UNSEALED)
    AccessRecord.objects.bulk_create(AccessRecord(kind=AccessKind.SIGN_IN) for _ in range(missing))
    assert told in words(browser.open(URL).select(".seal")[0])


# The table


def exported(browser, query=""):
    answer = browser.open(f"{EXPORT}{query}").response
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))


def test_export_holds_what_is_asked_for(browser, two):
    head, *rows = exported(browser, "?kind=export")
    assert head[:5] == ["When", "What", "Who", "Record", "Number"]
    # The first is this very export.
    assert [row[1] for row in rows] == ["Exported", "Exported"]
    assert rows[0][-1] == "audit kind=export"


def test_export_is_an_opening_of_its_own(browser, two):
    exported(browser, f"?patient={two[0].pk}")
    last = AccessRecord.objects.last()
    assert [last.kind, last.patient, last.user.username] == ["export", two[0], "manager"]


def test_export_goes_to_the_end(browser, monkeypatch):
    monkeypatch.setattr("consultations.admin.pages.audit.rows.IN_A_PIECE", 4)
    AccessRecordFactory.create_batch(9, user=None, patient=None, kind=AccessKind.DOCUMENT)
    assert len(exported(browser, "?kind=document")) == 10


def test_export_escapes_what_was_typed(browser, clinician):
    patient = PatientFactory(by=clinician, family_name="=1+1")
    patient.save(by=clinician, reason="@SUM(A1)")
    [_head, row] = exported(browser, f"?kind=changed&patient={patient.pk}")
    assert row[-1] == "'@SUM(A1)"
    assert not any(cell.startswith(("=", "@")) for cell in row)


# Access log


def test_who_has_looked_is_told_by_day_and_person(browser, clinician, reception):
    patient = PatientFactory()
    noon = timezone.localtime().replace(hour=12, minute=0) - timedelta(days=1)
    for minutes in (0, 5):
        at = noon + timedelta(minutes=minutes)
        AccessRecordFactory(user=clinician, patient=patient, at=at)
    AccessRecordFactory(user=reception, patient=patient, kind=AccessKind.RECORD, at=noon)
    page = browser.open(page_url(patient, "looked"))
    assert [words(one) for one in page.select(".looked li")] == [
        "reception 12:00 Record opened",
        "clinician 12:00–12:05 Chart opened × 2",
    ] or [words(one) for one in page.select(".looked li")] == [
        "clinician 12:00–12:05 Chart opened × 2",
        "reception 12:00 Record opened",
    ]


def test_looking_who_has_looked_is_an_opening(browser):
    patient = PatientFactory()
    url = page_url(patient, "looked")
    assert "Nobody has viewed" in browser.open(url).text
    assert "History opened" in browser.open(url).text
    assert browser.open(f"{url}?before=2000-01-01").status == 200
    assert browser.open(f"{url}?before=nonsense").status == 200


def test_who_has_looked_goes_back_by_days(browser, monkeypatch, clinician):
    monkeypatch.setattr(audit, "MOST_LOOKED", 2)
    patient, now = PatientFactory(), timezone.now()
    for days in (1, 1, 2, 3):
        at = now - timedelta(days=days)
        AccessRecordFactory(user=UserFactory(), patient=patient, at=at)
    page = browser.open(page_url(patient, "looked"))
    assert len(page.select(".looked li")) == 2
    [earlier] = [one["href"] for one in page.select("nav.steps a") if words(one) == "Earlier"]
    page = browser.open(page_url(patient, "looked") + earlier)
    assert len(page.select(".looked li")) == 2


def test_chart_leads_the_manager_there(browser, clinician):
    patient = PatientFactory()
    link = f'a[href="{page_url(patient, "looked")}"]'
    assert browser.open(page_url(patient, "chart")).select(link)
    assert not Browser(clinician).open(page_url(patient, "chart")).select(link)
