"""Today, the front page: each role its own lists, and the acts that deal with an item."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models.text import day_in_words
from consultations.summaries import figures
from consultations.summaries import today as summary
from consultations.vocabulary import EventSeverity, FollowUpKind
from tests.factories import (
    ConsultationFactory,
    DraftFactory,
    EventFactory,
    FollowUpFactory,
    LaserFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SendingFactory,
    SessionFactory,
    appointment_for,
    at,
)

from .browsing import Browser, add_url, change_url, form_data, list_url, page_url, words

pytestmark = pytest.mark.django_db

HOME = "/admin/"
ARRANGE = ("to_book_again", "to_move", "to_assign")
LISTS = {
    "reception": [
        "booked",
        "to_book_again",
        "recalls",
        "to_move",
        "to_assign",
        "not_recorded",
        "overdue",
        "to_book",
        "tomorrow",
        "messages",
        "drafts",
    ],
    "practitioner": [
        "booked",
        "events",
        "to_take_down",
        "follow_ups",
        "unsigned_sessions",
        "not_recorded",
        *ARRANGE,
        "overdue",
        "to_book",
        "messages",
        "drafts",
    ],
    "clinician": [
        "booked",
        "events",
        "to_report",
        "to_take_down",
        "follow_ups",
        "to_send",
        "sent",
        "recovered",
        "unsigned_consultations",
        "unsigned_sessions",
        "late_sessions",
        "not_recorded",
        *ARRANGE,
        "overdue",
        "to_book",
        "messages",
        "drafts",
    ],
    "manager": [
        "booked",
        "events",
        "to_report",
        "to_take_down",
        "follow_ups",
        "to_send",
        "sent",
        "recovered",
        "unsigned_consultations",
        "late_sessions",
        "not_recorded",
        "to_book_again",
        "overdue",
        "to_book",
        "lasers_due",
        "slowed",
        "drafts",
    ],
}


def home(user):
    return Browser(user).open(HOME)


def panel(page, name):
    return page.soup.select_one(f"section.panel-{name}")


def noon(days=0):
    return at(12, days=days)


def busy_day():
    """Something on every list."""
    session = appointment_for(starts_at=noon())
    for days in (-1, 1):
        appointment_for(starts_at=noon(days))
    PlanFactory(next_due_on=timezone.localdate() - timedelta(days=20))
    EventFactory(moderate=True)
    watched = SessionFactory()
    FollowUpFactory(kind=FollowUpKind.INFECTION_WATCH, session=watched, patient=watched.patient)
    ReferralFactory()
    ConsultationFactory()
    return session


@pytest.mark.parametrize("role", LISTS)
def test_each_role_sees_its_own_lists(role, request):
    busy_day()
    page = home(request.getfixturevalue(role))
    assert [one["aria-labelledby"] for one in page.select("section.panel")] == LISTS[role]


@pytest.mark.parametrize("role", LISTS)
def test_an_empty_day_is_calm(role, request):
    PatientFactory()
    page = home(request.getfixturevalue(role))
    assert "Nothing overdue." in page.text
    assert page.select(".item") == []


def test_reception_reads_no_clinical_word(reception):
    busy_day()
    text = home(reception).text.lower()
    for word in ("laser", "suitable", "surg", "referral", "burn", "adverse", "infection", "watch"):
        assert word not in text


def test_the_page_says_what_day_it_is(clinician):
    assert home(clinician).soup.select_one(".day-line time")["datetime"] == str(
        timezone.localdate()
    )


def test_only_whoever_runs_the_clinic_sees_the_plots(manager, clinician):
    AREAS = "Areas by outcome"
    PatientFactory()
    assert AREAS in home(manager).text
    assert AREAS not in home(clinician).text


def test_plots_are_told_in_words_and_in_a_table(manager):
    ConsultationFactory()
    SessionFactory(performed_on=timezone.localdate())
    page = home(manager)
    for drawing in page.select("svg[role=img]"):
        named = [page.soup.find(id=key) for key in drawing["aria-labelledby"].split()]
        assert [one.name for one in named] == ["title", "desc"]
    rows = [words(row) for row in page.select(".plot-numbers tr")]
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    assert f"{monday:%-d %b} 1" in rows


def test_plots_say_when_they_were_counted_a_while_ago(manager, monkeypatch):
    PatientFactory()
    assert "Counted at" not in home(manager).text
    monkeypatch.setattr(figures, "MANY", 0)
    page = home(manager)
    cache.clear()
    assert ["Counted at" in words(one) for one in page.select("figure")] == [True, True, True]


def test_counting_ends_where_nobody_would_read_on(clinician, monkeypatch):
    assert summary.Few.cap == summary.COUNTED_AT_MOST == 500
    monkeypatch.setattr(summary, "COUNTED_AT_MOST", 2)
    monkeypatch.setattr(summary.Few, "cap", 2)
    FollowUpFactory.create_batch(4)
    assert words(panel(home(clinician), "follow_ups").select_one(".panel-count")) == "over 2"


def test_manager_reads_and_does_nothing(manager):
    busy_day()
    page = home(manager)
    assert page.select(".item")
    assert page.select(".item-acts") == []


def test_reception_books_and_does_not_record(reception):
    busy_day()
    page = home(reception)
    offered = {words(one).split()[0] for one in page.select(".item-acts a, .item-acts summary")}
    assert offered <= {"Book", "Change", "Missed", "Cancelled"}
    assert {"Book", "Cancelled"} <= offered


def test_booking_is_recorded_from_here(practitioner):
    session = busy_day()
    page = home(practitioner)
    link = panel(page, "booked").select_one(".item-acts a")
    query = f"on={session.day.isoformat()}&plan={session.courses.get().plan_id}"
    assert link["href"] == f"{page_url(session.patient, 'visit')}?{query}"


def test_past_booking_is_recorded_where_it_was_booked(practitioner):
    session = appointment_for(starts_at=noon(-2))
    link = panel(home(practitioner), "not_recorded").select_one(".item-acts a")
    plan = session.courses.get().plan_id
    day = session.day.isoformat()
    visit = f"{page_url(session.patient, 'visit')}?on={day}&plan={plan}"
    assert link["href"] == visit
    form = Browser(practitioner).open(visit).form
    shown = DayInput().format_value(session.day)
    assert (form["performed_on"], form[f"plan-{plan}-include"]) == (shown, "on")


def test_booking_stays_until_it_is_called_off(reception):
    session = appointment_for(starts_at=at(0))
    browser = Browser(reception)
    form = panel(browser.open(HOME), "booked").select_one(".act form")
    back = browser.post(form["action"], form_data(form) | {"words": "Did not come"})
    assert back.path == HOME
    session.refresh_from_db()
    assert (session.status, session.reason) == ("missed", "Did not come")
    assert len(panel(back, "to_book_again").select(".item")) == 1
    assert panel(back, "booked").select(".item") == []


def test_follow_up_stays_until_something_came_of_it(practitioner):
    follow_up = FollowUpFactory(due_on=timezone.localdate() - timedelta(days=900))
    browser = Browser(practitioner)
    page = browser.open(HOME)
    assert "900 days late" in words(panel(page, "follow_ups"))
    form = panel(page, "follow_ups").select_one(".act form")
    assert form.select_one("button[name=words]")["value"] == "Booked"
    back = browser.post(form["action"], form_data(form) | {"words": "Booked"})
    follow_up.refresh_from_db()
    assert follow_up.outcome == "Booked"
    assert panel(back, "follow_ups").select(".item") == []


def test_area_back_from_surgery_is_assessed_from_here(clinician):
    referral = ReferralFactory(
        status="recovered", operated_on=date(2025, 5, 1), recovered_on=date(2025, 8, 1)
    )
    found = panel(home(clinician), "recovered")
    link = found.select_one(".item-acts a")
    assert "since 1 Aug 2025" in words(found)
    assert words(link).startswith("Assess for touch-up")
    assert link["href"] == add_url("consultation", patient=referral.patient.pk, follows=referral.pk)


@pytest.mark.parametrize(("role", "step"), [("clinician", "Clear"), ("practitioner", "Open")])
def test_event_leads_to_what_one_may_do_about_it(role, step, request):
    event = EventFactory(moderate=True)
    page = home(request.getfixturevalue(role))
    link = panel(page, "events").select_one(".item-acts a")
    where = f"{change_url(event)}#id_clearance" if step == "Clear" else change_url(event)
    assert (words(link).split()[0], link["href"]) == (step, where)


def test_a_long_list_leads_to_the_whole(clinician):
    for _number in range(summary.SHOWN + 1):
        FollowUpFactory()
    found = panel(home(clinician), "follow_ups")
    assert words(found.select_one(".panel-count")) == str(summary.SHOWN + 1)
    url = found.select_one(".panel-more a")["href"]
    assert url == list_url("followup", state="due")
    assert len(Browser(clinician).open(url).rows) == summary.SHOWN + 1


@pytest.mark.parametrize(
    ("name", "make", "url"),
    [
        (
            "booked",
            lambda: appointment_for(starts_at=noon()),
            list_url("appointment", day="today"),
        ),
        (
            "not_recorded",
            lambda: appointment_for(starts_at=noon(-2)),
            list_url("appointment", state="not_written_down"),
        ),
        (
            "to_book_again",
            lambda: appointment_for(missed=True),
            list_url("appointment", state="to_book_again"),
        ),
        (
            "overdue",
            lambda: PlanFactory(next_due_on=timezone.localdate() - timedelta(days=7)),
            list_url("treatmentplan", due="overdue"),
        ),
        (
            "to_book",
            lambda: PlanFactory(next_due_on=timezone.localdate() - timedelta(days=1)),
            list_url("treatmentplan", due="to_book"),
        ),
        ("events", EventFactory, list_url("adverseevent", state="open")),
        ("to_send", ReferralFactory, list_url("surgicalreferral", status="to_send")),
        ("unsigned_consultations", ConsultationFactory, list_url("consultation", signed="no")),
    ],
)
def test_whole_lists_hold_what_the_page_counts(clinician, monkeypatch, name, make, url):
    make(), make()
    monkeypatch.setattr(summary, "SHOWN", 1)
    browser = Browser(clinician)
    found = panel(browser.open(HOME), name)
    assert found.select_one(".panel-more a")["href"] == url
    assert str(len(browser.open(url).rows)) == words(found.select_one(".panel-count")) == "2"


def test_whole_list_of_sessions_to_sign(practitioner, clinician):
    mine = SessionFactory(operator=practitioner)
    SessionFactory(operator=clinician)
    page = Browser(practitioner).open(list_url("treatmentsession", signed="mine"))
    assert [link["href"] for link in page.select("#result_list th a, #result_list td a")] == [
        change_url(mine)
    ]


def test_whole_list_of_others_sessions_late_to_sign(practitioner, clinician, manager):
    late = SessionFactory(operator=practitioner)
    SessionFactory(operator=practitioner, performed_on=timezone.localdate())
    page = Browser(manager).open(HOME)
    found = panel(page, "late_sessions")
    assert [link["href"] for link in found.select(".item-what a")] == [change_url(late)]
    whole = Browser(manager).open(list_url("treatmentsession", signed="late"))
    assert [link["href"] for link in whole.select("#result_list a")] == [change_url(late)]


def test_late_to_sign_is_said_in_words_with_a_drawing(clinician):
    two_days_ago = timezone.localdate() - timedelta(days=2)
    ConsultationFactory(clinician=clinician, consulted_on=two_days_ago)
    ConsultationFactory(clinician=clinician, consulted_on=two_days_ago + timedelta(days=1))
    SessionFactory(operator=clinician, performed_on=two_days_ago)
    page = home(clinician)
    for name, told in (("unsigned_consultations", [1, 0, 1]), ("unsigned_sessions", [1])):
        items = panel(page, name).select(".item")
        assert [words(one).count("signature overdue") for one in items] == told
        assert [len(one.select(".chip .icon")) for one in items] == told


def test_drafts_lead_back_to_their_form(reception):
    DraftFactory(user=reception, form="/admin/consultations/patient/add/", title="New patient")
    DraftFactory(user=reception, form="//elsewhere.example/", title="Strange")
    page = home(reception)
    found = {link["href"] for link in panel(page, "drafts").select("a")}
    assert found == {add_url("patient")}
    assert "Strange" in words(panel(page, "drafts"))


def test_drafts_are_discarded_from_here(reception):
    PatientFactory()
    draft = DraftFactory(user=reception, form="/admin/consultations/patient/add/")
    browser = Browser(reception)
    form = panel(browser.open(HOME), "drafts").select_one("form")
    data = {one["name"]: one["value"] for one in form.select("[name]") if one.get("value")}
    back = browser.post(form["action"], data)
    assert back.path == HOME
    assert panel(back, "drafts").select(".item") == []
    assert not type(draft).objects.exists()


def test_names_lead_to_the_chart_of_those_who_may_read_it(clinician, reception):
    session = appointment_for(starts_at=noon())
    for user, url in (
        (clinician, page_url(session.patient, "chart")),
        (reception, change_url(session.patient)),
    ):
        assert panel(home(user), "booked").select_one(".item-name a")["href"] == url


def test_two_of_one_name_are_told_apart(reception):
    """Beside buttons that act at once, to mistake one for the other is to act on the other."""
    for born in (date(1980, 5, 17), date(1991, 5, 17)):
        patient = PatientFactory(family_name="Smith", given_name="Ann", date_of_birth=born)
        appointment_for(PlanFactory(assessment__consultation__patient=patient), starts_at=at(0))
    found = panel(home(reception), "booked")
    assert [words(one) for one in found.select(".item-name")] == [
        "00:00 Smith, Ann 17 May 1980 · P-000001",
        "00:00 Smith, Ann 17 May 1991 · P-000002",
    ]
    missed = [words(one) for one in found.select("summary") if "Missed" in words(one)]
    assert missed == ["Missed Smith, Ann (P-000001)", "Missed Smith, Ann (P-000002)"]


def test_markup_in_names_is_text(clinician):
    patient = PatientFactory(family_name="<b>x</b>")
    appointment_for(PlanFactory(assessment__consultation__patient=patient), starts_at=noon())
    assert b"<b>x" not in home(clinician).response.content


def test_manager_is_told_of_services_and_reviews_due_within_30_days(manager):
    today = timezone.localdate()
    late = LaserFactory(service_due_on=today - timedelta(days=1))
    both = {"local_rules_review_due_on": today, "service_due_on": today + timedelta(days=30)}
    soon = LaserFactory(**both)
    LaserFactory(service_due_on=today + timedelta(days=31))
    lines = panel(home(manager), "lasers_due").select(".item")
    said = [day_in_words(day) for day in (late.service_due_on, *both.values())]
    assert [words(line) for line in lines] == [
        f"{late.name} service due {said[0]}",
        f"{soon.name} service due {said[2]}, review of local rules due {said[1]}",
    ]
    assert ["is-late" in line["class"] for line in lines] == [True, False]
    assert [line.a["href"] for line in lines] == [change_url(late), change_url(soon)]


def test_severe_event_stands_until_it_is_reported(clinician, manager):
    event = EventFactory(severity=EventSeverity.SEVERE)
    for user in (clinician, manager):
        [line] = panel(home(user), "to_report").select(".item")
        assert line.select_one(".item-what a")["href"] == change_url(event)
    event.not_reportable_reason = "Not of the laser."
    event.save(by=clinician)
    assert panel(home(manager), "to_report").select(".item") == []


def test_reception_is_told_whom_to_call_back_and_no_more(reception):
    recall = FollowUpFactory(due_on=timezone.localdate() - timedelta(days=2))
    recall.patient.phone = "020 7946 0000"
    recall.patient.save(by=reception)
    watched = SessionFactory()
    FollowUpFactory(kind=FollowUpKind.INFECTION_WATCH, session=watched, patient=watched.patient)
    [item] = panel(home(reception), "recalls").select(".item")
    told = words(item)
    assert "Recall 2 days late 020 7946 0000" in told
    assert "Book" in told


@pytest.mark.parametrize(
    ("ago", "words_of_it", "is_late"),
    [
        (0, "Sent today to A. Rao", False),
        (1, "Sent 1 day ago to A. Rao", False),
        (27, "Sent 27 days ago to A. Rao", False),
        (28, "Sent 28 days ago to A. Rao", True),
    ],
)
def test_referral_without_a_reply_is_asked_about(clinician, ago, words_of_it, is_late):
    sent_on = timezone.localdate() - timedelta(days=ago)
    consulted = {"referral__assessment__consultation__consulted_on": sent_on}
    SendingFactory(surgeon__name="A. Rao", sent_on=sent_on, **consulted)
    [item] = Browser(clinician).open(HOME).select(".panel-sent .item")
    assert words(item.select_one(".item-when")) == words_of_it
    assert ("no reply" in item.text, "is-late" in item["class"]) == (is_late, is_late)


def test_referral_that_waits_is_answered_sent_again_or_closed(clinician):
    sending = SendingFactory()
    [item] = Browser(clinician).open(HOME).select(".panel-sent .item")
    send = add_url("referralsending", referral=sending.referral_id)
    assert [link["href"] for link in item.select(".item-acts a")] == [send]
    acts = [form["action"] for form in item.select("form")]
    pages = ("accepted", "declined", "close")
    assert acts == [page_url(sending.referral, page) for page in pages]


def test_manager_sees_what_waits_for_a_reply_and_answers_nothing(manager):
    SendingFactory()
    [item] = Browser(manager).open(HOME).select(".panel-sent .item")
    assert item.select(".item-acts") == []


def test_who_comes_without_consent_is_told(reception, clinician):
    for made in ({"consented": False}, {}):
        appointment_for(PlanFactory(**made), starts_at=at(12))
    for user in (reception, clinician):
        rows = Browser(user).open(HOME).select(".panel-booked .items > li")
        assert ["consent missing" in words(row) for row in rows].count(True) == 1
