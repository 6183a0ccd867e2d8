"""Entered in error: asks why, stays visible struck through, and no longer counts."""

from datetime import date

import pytest

from consultations.vocabulary import ReferralStatus
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    LaserFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
)

from .browsing import Browser, change_url, list_url, page_url

pytestmark = pytest.mark.django_db

MARKED = "Marked as entered in error. It no longer counts."


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def mark(browser, record, reason="Wrong patient."):
    return browser.fill(page_url(record, "entered_in_error"), {"reason": reason})


@pytest.mark.parametrize("reason", ["", "   ", "\u3000"])
def test_mark_without_a_reason_is_refused(browser, reason):
    session = SessionFactory()
    page = mark(browser, session, reason)
    assert page.errors["reason"] == ["This field is required."]
    session.refresh_from_db()
    assert not session.in_error


@pytest.mark.parametrize("reason", ["\x00", "x" * 2001])
def test_mark_with_a_reason_out_of_bounds_is_refused(browser, reason):
    page = mark(browser, SessionFactory(), reason)
    assert list(page.errors) == ["reason"]


def test_mark_of_what_was_changed_meanwhile_is_refused_once(browser):
    session = SessionFactory()
    data = browser.open(page_url(session, "entered_in_error")).form | {"reason": "Wrong."}
    browser.fill(change_url(session), {"notes": "Mended."})
    page = browser.post(page_url(session, "entered_in_error"), data)
    assert page.errors == {"": ["Somebody has just changed this. Check it, then try again."]}
    assert page.form["reason"] == "Wrong."
    page = browser.post(page_url(session, "entered_in_error"), page.form)
    assert page.messages == [MARKED]


def test_marked_keeps_who_when_and_why(browser, clinician):
    session = SessionFactory()
    page = mark(browser, session)
    assert page.messages == [MARKED]
    assert "Wrong patient." in page.text
    session.refresh_from_db()
    kept = [session.entered_in_error_by, session.entered_in_error_reason, session.in_error]
    assert kept == [clinician, "Wrong patient.", True]


def test_marked_session_no_longer_counts(browser):
    plan = PlanFactory()
    *_others, last = SessionFactory.create_batch(5, plan=plan)
    mark(browser, last)
    plan.refresh_from_db()
    assert [plan.status, plan.completed_on, plan.next_due_on] == ["active", None, date(2025, 7, 21)]
    page = browser.open(list_url("treatmentplan"))
    assert "4 of 5" in page.text


def test_marked_is_read_only(browser):
    session = SessionFactory()
    data = browser.open(change_url(session)).form | {"notes": "Later."}
    mark(browser, session)
    assert browser.open(change_url(session)).select("input[name=_save]") == []
    page = browser.post(change_url(session), data)
    told = "This was marked as entered in error and can no longer be changed."
    assert page.messages == [told]
    session.refresh_from_db()
    assert session.notes == ""


def test_marked_is_struck_through_in_lists(browser):
    session = SessionFactory()
    mark(browser, session)
    page = browser.open(list_url("treatmentsession"))
    assert [len(page.select("#result_list s.in-error")), "in error" in page.text] == [1, True]


def test_marked_twice_is_refused(browser):
    session = SessionFactory()
    mark(browser, session)
    page = mark(browser, session)
    assert "already marked as entered in error" in page.text
    assert session.history.count() == 2


def test_signed_can_be_marked(browser):
    session = SessionFactory()
    browser.sign(change_url(session))
    assert mark(browser, session).messages == [MARKED]


def test_marked_consultation_withdraws_its_unsent_referral(browser):
    referral = ReferralFactory()
    mark(browser, referral.assessment.consultation)
    referral.refresh_from_db()
    assert [referral.status, referral.closure] == ["closed", "withdrawn"]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: AssessmentFactory().patient, "This patient has consultations."),
        (lambda: PlanFactory().assessment.consultation, "A treatment plan is based on this."),
        (lambda: SessionFactory().plan, "This plan has sessions."),
        (lambda: SessionFactory().laser_mode.laser, "Sessions were done with this."),
        (
            lambda: (
                ReferralFactory(
                    status=ReferralStatus.SENT, sent_on=date(2025, 3, 4)
                ).assessment.consultation
            ),
            "A sent referral is based on this.",
        ),
    ],
)
def test_mark_while_something_rests_on_it_is_refused(browser, make, told):
    record = make()
    page = mark(browser, record)
    assert page.status == 200
    assert told in page.text
    record.refresh_from_db()
    assert not record.in_error


@pytest.mark.parametrize(
    "factory",
    [
        PatientFactory,
        ConsultationFactory,
        AssessmentFactory,
        ReferralFactory,
        PlanFactory,
        SessionFactory,
        LaserFactory,
    ],
)
def test_every_record_can_be_marked_and_opened_again(browser, factory):
    record = factory()
    assert mark(browser, record).messages == [MARKED]
    assert browser.open(change_url(record)).status == 200
    assert browser.open(page_url(record, "history")).status == 200
    assert browser.open(list_url(record._meta.model_name)).status == 200


@pytest.mark.parametrize("role", ["reception", "practitioner", "manager"])
def test_others_cannot_mark(role, request):
    browser, patient = Browser(request.getfixturevalue(role)), PatientFactory()
    url = page_url(patient, "entered_in_error")
    assert [browser.open(url).status, browser.post(url, {"reason": "x"}).status] == [403, 403]


@pytest.mark.parametrize("pk", ["999999", "abc", "9" * 40, "1_2F3"])
def test_unknown_record_is_not_found(browser, pk):
    url = f"/admin/consultations/patient/{pk}/entered-in-error/"
    assert [browser.open(url).status, browser.post(url, {"reason": "x"}).status] == [404, 404]


def test_area_marked_leaves_room_for_another(browser):
    face = AssessmentFactory()
    mark(browser, face)
    AssessmentFactory(consultation=face.consultation)
    page = browser.open(change_url(face.consultation))
    assert [page.status, len(page.select(".verdict.is-in-error"))] == [200, 1]
    assert browser.fill(change_url(face.consultation), {"notes": "Again."}).errors == {}
