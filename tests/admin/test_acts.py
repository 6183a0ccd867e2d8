"""Two-tap acts: a follow-up done, an appointment called off – with a word why, and back again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.admin.parts.displays import CAME_OF_IT
from consultations.models import Appointment, FollowUp
from consultations.permissions import PRACTITIONER
from consultations.vocabulary import FollowUpKind
from tests.factories import FollowUpFactory, PlanFactory, UserFactory, appointment_for, at

from .browsing import Browser, change_url, form_data, page_url

pytestmark = pytest.mark.django_db


def call_off(browser, session, status="missed", **data):
    url = reverse("admin:consultations_appointment_call_off", args=[session.pk, status])
    return browser.post(url, {"version": session.version} | data)


def complete(browser, follow_up, **data):
    return browser.post(page_url(follow_up, "done"), {"version": follow_up.version} | data)


def press(browser, appointment, page, **data):
    return browser.post(page_url(appointment, page), {"version": appointment.version} | data)


@pytest.fixture
def session():
    """An appointment of this morning."""
    return appointment_for(starts_at=timezone.now())


def test_whoever_arrives_is_shown_as_here_on_today(reception, session):
    browser, index = Browser(reception), reverse("admin:index")
    page = press(browser, session, "arrive", next=index)
    assert (page.path, page.messages) == (index, [f"{session.patient} has arrived."])
    session.refresh_from_db()
    assert f"Arrived {timezone.localtime(session.arrived_at):%H:%M}" in page.text
    press(browser, session, "enter", next=index)
    session.refresh_from_db()
    page = press(browser, session, "put_back", next=index)
    session.refresh_from_db()
    assert [session.status, session.arrived_at] == ["booked", None]


def test_what_is_to_come_was_not_missed(reception):
    page = call_off(Browser(reception), appointment_for(), words="Did not come")
    assert page.messages == ["This appointment is still to come. Cancel it instead."]


@pytest.mark.parametrize("status", ["missed", "cancelled"])
def test_appointment_is_called_off_with_a_reason(reception, session, status):
    call_off(Browser(reception), session, status, words="Did not come")
    session.refresh_from_db()
    kept = (session.status, session.reason, session.reason_of, session.changed_by)
    assert kept == (status, "Did not come", "patient", reception)


def test_own_words_go_before_the_offered_ones(reception, session):
    call_off(Browser(reception), session, words="Did not come", other="Broke a leg")
    session.refresh_from_db()
    assert (session.reason, session.reason_words) == ("Other", "Broke a leg")


def test_no_reason_no_change(reception, session):
    page = call_off(Browser(reception), session, other=" ")
    assert page.messages == ["Say why."]
    assert Appointment.objects.get().status == "booked"


def test_what_is_over_is_not_called_off(reception):
    page = call_off(Browser(reception), appointment_for(missed=True), words="Did not come")
    assert page.messages == ["This appointment is missed already."]


def test_act_leads_back_to_its_page(reception, session):
    index = reverse("admin:index")
    assert call_off(Browser(reception), session, words="Ill", next=index).path == index


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example/", "x\x00"])
def test_act_leads_nowhere_else(practitioner, session, page):
    answer = call_off(Browser(practitioner), session, words="Ill", next=page)
    assert answer.path == page_url(session.patient, "chart")


def test_appointment_moved_meanwhile_is_not_called_off(reception, practitioner, session):
    moved = Appointment.objects.get()
    moved.starts_at = datetime(2125, 12, 12, 10, 30, tzinfo=timezone.get_current_timezone())
    moved.ends_at = moved.starts_at + timedelta(minutes=30)
    moved.save(by=practitioner)
    page = call_off(Browser(reception), session, "cancelled", words="Ill")
    assert page.messages == [
        "This appointment is now on 12 Dec 2125 10:30, booked. Nothing was changed."
    ]
    assert Appointment.objects.get().status == "booked"
    call_off(Browser(reception), moved, "cancelled", words="Ill")
    assert Appointment.objects.get().status == "cancelled"


def test_whoever_is_not_booked_again_leaves_today(reception):
    missed, index = appointment_for(missed=True), reverse("admin:index")
    browser = Browser(reception)
    assert missed.patient.full_name in browser.open(index).text
    page = press(browser, missed, "decline", words="Wants no more", next=index)
    assert page.messages == [f"{missed.patient} is not booked again."]
    missed.refresh_from_db()
    assert (missed.rebook, missed.declined_reason) == ("declined", "Wants no more")


def test_follow_up_moved_meanwhile_is_not_done(practitioner):
    follow_up = FollowUpFactory()
    moved = FollowUp.objects.get()
    moved.due_on = date(2125, 12, 12)
    moved.save(by=practitioner)
    page = complete(Browser(practitioner), follow_up, words="Booked")
    assert page.messages == ["This follow-up is now due on 12 Dec 2125. Nothing was changed."]
    assert FollowUp.objects.waiting().count() == 1


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "²", "9" * 5000])
def test_act_without_its_version_is_refused(practitioner, session, version):
    browser, follow_up = Browser(practitioner), FollowUpFactory()
    [told] = call_off(browser, session, words="Ill", version=version).messages
    assert told.startswith("This appointment is now on ")
    [told] = complete(browser, follow_up, words="Booked", version=version).messages
    assert told.startswith("This follow-up is now due on ")
    assert Appointment.objects.get().status == "booked"
    assert FollowUp.objects.waiting().count() == 1


def test_unknown_way_of_calling_off(reception):
    assert call_off(Browser(reception), appointment_for(), "done").status == 404


def test_follow_up_is_done_with_an_outcome(practitioner):
    follow_up = FollowUpFactory()
    complete(Browser(practitioner), follow_up, words="Booked")
    follow_up.refresh_from_db()
    assert (follow_up.outcome, follow_up.done_by) == ("Booked", practitioner)


def test_acts_are_for_those_who_may(reception, manager, session):
    follow_up = FollowUpFactory()
    assert call_off(Browser(manager), session, words="Ill").status == 403
    assert [complete(Browser(user), follow_up).status for user in (reception, manager)] == [
        403,
        403,
    ]
    assert FollowUp.objects.waiting().count() == 1


def test_acts_are_posted(reception, session):
    url = reverse("admin:consultations_appointment_call_off", args=[session.pk, "missed"])
    assert Browser(reception).open(url).status == 405


def no_answer(browser, follow_up, **data):
    return browser.post(page_url(follow_up, "no_answer"), {"version": follow_up.version} | data)


def test_no_answer_leaves_a_follow_up_open(practitioner):
    follow_up, index = FollowUpFactory(), reverse("admin:index")
    browser = Browser(practitioner)
    page = no_answer(browser, follow_up, words="Tried twice", next=index)
    assert page.messages == ["Still open: try once more, or hand it to somebody by name."]
    follow_up.refresh_from_db()
    assert (follow_up.is_waiting, follow_up.outcome, follow_up.no_answer_on) == (
        True,
        "",
        timezone.localdate(),
    )
    assert "no answer on" in browser.open(index).text


def test_follow_up_is_handed_to_somebody_by_name(practitioner):
    follow_up, other = FollowUpFactory(), UserFactory(role=PRACTITIONER, last_name="Okafor")
    browser = Browser(practitioner)
    browser.fill(change_url(follow_up), {"handed_to": other.pk})
    follow_up.refresh_from_db()
    assert (follow_up.handed_to, follow_up.is_waiting) == (other, True)
    assert "for Okafor" in browser.open(reverse("admin:index")).text
    assert "for Okafor" in browser.open(page_url(follow_up.patient, "chart")).text


def test_no_answer_of_what_is_done_is_refused(practitioner):
    follow_up, browser = FollowUpFactory(), Browser(practitioner)
    complete(browser, follow_up, words="Booked")
    follow_up.refresh_from_db()
    page = no_answer(browser, follow_up, words="Tried twice")
    assert page.messages == ["This follow-up is no longer waiting."]


def test_reception_writes_no_answer(reception):
    assert no_answer(Browser(reception), FollowUpFactory(), words="Tried").status == 403


def test_no_word_offered_for_an_infection_watch_says_that_nobody_answered():
    assert [str(words) for words in CAME_OF_IT[FollowUpKind.INFECTION_WATCH]] == [
        "No sign of infection"
    ]


def test_a_cancelled_time_is_offered_to_who_would_come_earlier(reception, time_machine):
    time_machine.move_to(datetime(2026, 3, 2, 8, tzinfo=UTC), tick=False)
    plan = PlanFactory(started_on=date(2026, 3, 2))
    waiting = appointment_for(plan, starts_at=at(10, days=9), would_come_earlier=True)
    slot, browser = appointment_for(starts_at=at(10, days=1)), Browser(reception)
    page = call_off(browser, slot, "cancelled", words="Patient cannot come")
    assert "1 patient would come earlier. Fill this time" in page.messages
    form = browser.open(change_url(slot)).select("form[action$='/fill/']")[0]
    page = browser.post(form["action"], form_data(form))
    assert page.messages == [f"{waiting.patient} comes at 3 Mar 2026 10:00."]
    waiting.refresh_from_db()
    assert waiting.starts_at == slot.starts_at
