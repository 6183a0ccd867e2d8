"""Referrals: sent and answered with their dates, closed with a word, and back to touch-up."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.documents.batch import LETTER
from consultations.documents.issuing import draft_of
from consultations.models import AreaAssessment, SurgicalReferral
from consultations.models.text import day_in_words
from consultations.vocabulary import ReferralStatus
from tests.factories import (
    AssessmentFactory,
    PlanFactory,
    ReferralFactory,
    SendingFactory,
    SurgeonFactory,
)

from .browsing import Browser, add_url, change_url, page_url, words

pytestmark = pytest.mark.django_db

OPERATED = {
    "status": ReferralStatus.RECOVERED,
    "sent_on": date(2025, 3, 4),
    "accepted_on": date(2025, 3, 20),
    "operated_on": date(2025, 5, 1),
    "recovered_on": date(2025, 8, 1),
}
RETURNED = {"status": "closed", "closed_on": "2025-09-01", "closure": "returned_for_touch_up"}


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.mark.parametrize(
    ("former", "status", "told"),
    [
        (
            "to_send",
            "sent",
            "Press “Send referral” instead: it asks to whom it goes, and how.",
        ),
        (
            "to_send",
            "accepted",
            "“Accepted” cannot follow on “To send”, only: sent, operated, recovered or closed.",
        ),
        (
            "operated",
            "to_send",
            "“To send” cannot follow on “Operated”, only: accepted, recovered or closed.",
        ),
    ],
)
def test_step_that_makes_no_sense_is_refused(browser, former, status, told):
    page = browser.fill(change_url(ReferralFactory(status=former)), {"status": status})
    assert page.errors == {"status": [told]}


def test_new_referral_is_sent_on_its_own_page(browser):
    severe = AssessmentFactory(severe=True)
    page = browser.fill(add_url("surgicalreferral", assessment=severe.pk), {"status": "sent"})
    told = "Press “Send referral” instead: it asks to whom it goes, and how."
    assert page.errors == {"status": [told]}


def test_referral_sent_before_there_were_sendings_stays(browser):
    referral = ReferralFactory(status="sent", sent_on=date(2025, 3, 4), surgeon="Dr Old")
    browser.fill(change_url(referral), {"notes": "Rang them."})
    referral.refresh_from_db()
    assert [referral.status, referral.surgeon, referral.notes] == ["sent", "Dr Old", "Rang them."]


def test_what_went_to_nobody_is_not_reopened_as_sent(browser):
    closed = {"status": "closed", "closed_on": date(2025, 3, 9), "closure": "withdrawn"}
    referral = ReferralFactory(**closed)
    opened = {"status": "sent", "sent_on": "2025-03-04", "closed_on": "", "closure": ""}
    page = browser.fill(change_url(referral), opened)
    [told] = page.errors["status"]
    assert told.startswith("Nobody was sent this. Close it, reopen it as “To send”")
    assert SurgicalReferral.objects.get().status == "closed"


def test_surgeon_is_typed_only_where_one_was_typed_before(browser):
    typed, chosen = ReferralFactory(surgeon="Dr Old"), SurgeonFactory(name="A. Rao", practice="")
    for referral in (ReferralFactory(), ReferralFactory(surgeon="A. Rao", addressed_to=chosen)):
        assert browser.open(change_url(referral)).names() & {"surgeon", "addressed_to"} == {
            "addressed_to"
        }
    assert browser.open(change_url(typed)).form["surgeon"] == "Dr Old"
    browser.fill(change_url(typed), {"addressed_to": chosen.pk})
    typed.refresh_from_db()
    assert typed.surgeon == "A. Rao"
    browser.fill(change_url(typed), {"addressed_to": ""})
    typed.refresh_from_db()
    assert typed.surgeon == ""


def test_surgeon_is_not_typed_where_a_sending_says_it(browser):
    sending = SendingFactory()
    page = browser.open(change_url(sending.referral))
    assert page.names() & {"surgeon", "sent_on", "notes"} == {"notes"}
    typed = {"surgeon": "Another", "sent_on": "2025-03-05", "notes": "Rang them."}
    browser.fill(change_url(sending.referral), typed)
    kept = SurgicalReferral.objects.get()
    assert [kept.surgeon, kept.sent_on, kept.notes] == [
        sending.surgeon.name,
        date(2025, 3, 4),
        "Rang them.",
    ]


def test_another_surgeon_is_named_once_the_first_declined(browser):
    referral = SendingFactory().referral
    for page in ("declined", "another"):
        referral.refresh_from_db()
        browser.post(page_url(referral, page), {"version": referral.version})
    other = SurgeonFactory(name="B. Sato")
    browser.fill(change_url(referral), {"addressed_to": other.pk})
    referral.refresh_from_db()
    assert [referral.addressed_to, referral.surgeon] == [other, str(other)]
    assert draft_of(LETTER, referral, browser.user).recipient == "B. Sato"


def test_surgeon_is_added_on_the_page_of_the_referral(browser):
    referral = ReferralFactory()
    browser.fill(change_url(referral), {"new_name": "Ms C. Lind", "new_practice": "Rooms"})
    referral.refresh_from_db()
    assert [referral.addressed_to.name, referral.surgeon] == ["Ms C. Lind", "Ms C. Lind, Rooms"]


def test_closed_otherwise_without_words_is_refused(browser):
    closed = {"status": "closed", "closed_on": "2025-03-09", "closure": "other"}
    page = browser.fill(change_url(ReferralFactory()), closed)
    assert page.errors["closure_words"][0] == "Say in words how it ended."
    browser.fill(change_url(SurgicalReferral.objects.get()), closed | {"closure_words": "Moved."})
    assert SurgicalReferral.objects.get().closure_words == "Moved."


def test_day_that_was_taken_out_is_asked_for(browser):
    referral = ReferralFactory(status="sent", sent_on=date(2025, 3, 4))
    assert browser.fill(change_url(referral), {"sent_on": ""}).errors == {
        "sent_on": ["Give the date."]
    }


def test_recovered_without_the_day_of_the_operation_is_refused(browser):
    """What may be done to the area depends on how long ago it was operated on."""
    page = browser.fill(change_url(ReferralFactory()), {"status": "recovered"})
    assert page.errors == {"operated_on": ["Give the day of the operation."]}


def test_closed_without_how_it_ended_is_refused(browser):
    page = browser.fill(change_url(ReferralFactory()), {"status": "closed"})
    assert "Say how it ended." in page.errors["closure"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "operated"}, "operated_on"),
        ({"status": "recovered", "operated_on": "2025-05-01"}, "recovered_on"),
        ({"status": "closed", "closure": "patient_declined"}, "closed_on"),
    ],
)
def test_what_is_done_now_has_todays_date(browser, changes, name):
    referral = ReferralFactory()
    page = browser.fill(change_url(referral), changes)
    referral.refresh_from_db()
    assert getattr(referral, name) == timezone.localdate()
    state, today = referral.get_status_display(), day_in_words(timezone.localdate())
    assert page.messages[0] == f"{state} on {today}, as no other day was given. Change"
    assert page.select(".messagelist a.step")[0]["href"] == change_url(referral)


def test_days_that_are_typed_move_the_referral_on(browser):
    referral = ReferralFactory(
        status="accepted", sent_on=date(2025, 3, 4), accepted_on=date(2025, 3, 9)
    )
    typed = {"operated_on": "2025-05-01", "recovered_on": "2025-08-01"}
    page = browser.fill(change_url(referral), typed)
    assert SurgicalReferral.objects.get().status == "recovered"
    assert page.messages[0] == "The area is back from surgery. Assess for touch-up"


def test_day_in_the_future_is_refused(browser):
    day = timezone.localdate() + timedelta(days=1)
    page = browser.fill(change_url(ReferralFactory()), {"status": "operated", "operated_on": day})
    assert page.errors == {"operated_on": ["This date is in the future."]}


def test_days_out_of_order_are_refused(browser):
    referral = ReferralFactory(**OPERATED)
    page = browser.fill(change_url(referral), {"operated_on": "2025-03-05"})
    told = "The dates are out of order: sent, accepted, operated, recovered, closed."
    assert page.errors == {"operated_on": [told]}


def test_day_of_operation_and_of_recovery_are_recorded_in_a_press(browser):
    referral = ReferralFactory(status="accepted", accepted_on=date(2025, 3, 20))
    for label, day in (("Operated", "2025-05-01"), ("Recovered", "2025-08-01")):
        page = browser.open(change_url(referral))
        offered = [words(one).partition(" ")[0] for one in page.select("details.act summary")]
        assert offered == [label, "Close"]
        referral.refresh_from_db()
        posted = {"day": day, "version": referral.version}
        browser.post(page_url(referral, "goes_on"), posted)
    referral.refresh_from_db()
    assert [referral.status, referral.operated_on, referral.recovered_on] == [
        "recovered",
        date(2025, 5, 1),
        date(2025, 8, 1),
    ]


@pytest.mark.parametrize(
    ("status", "day", "told"),
    [
        ("accepted", "", "Give the date."),
        ("accepted", "2025-03-01", "The dates are out of order"),
        ("accepted", timezone.localdate() + timedelta(days=1), "This date is in the future."),
        ("to_send", "2025-05-01", "This referral does not wait for surgery or recovery."),
    ],
)
def test_day_in_a_press_that_cannot_be_is_refused(browser, status, day, told):
    accepted_on = date(2025, 3, 20) if status == "accepted" else None
    referral = ReferralFactory(status=status, accepted_on=accepted_on)
    posted = {"day": day, "version": referral.version}
    page = browser.post(page_url(referral, "goes_on"), posted)
    assert page.messages[0].startswith(told)
    referral.refresh_from_db()
    assert referral.status == status


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("to_send", ["Patient declined", "Withdrawn"]),
        ("sent", ["No reply", "Patient declined", "Withdrawn"]),
        ("accepted", ["Patient declined", "Withdrawn"]),
    ],
)
def test_no_reply_ends_only_what_waits_for_one(browser, status, offered):
    page = browser.open(change_url(ReferralFactory(status=status)))
    assert [one["value"] for one in page.select(".act-form button[name=words]")] == offered


@pytest.mark.parametrize(
    ("closure", "told"),
    [
        ("no_reply", "No reply is waited for: it was not sent, or answered."),
        ("surgeon_declined", "No surgeon was asked yet."),
    ],
)
def test_what_was_never_sent_does_not_end_by_a_surgeons_silence(browser, closure, told):
    closed = {"status": "closed", "closure": closure, "closed_on": "2025-09-01"}
    page = browser.fill(change_url(ReferralFactory()), closed)
    assert page.errors == {"closure": [told]}


@pytest.mark.parametrize(("status", "is_offered"), [("accepted", True), ("recovered", False)])
def test_letter_is_offered_until_the_area_was_operated(browser, status, is_offered):
    known = OPERATED if status == "recovered" else {"status": status}
    page = browser.open(change_url(ReferralFactory(**known)))
    assert ("Referral letter" in page.links) is is_offered


def test_return_offers_a_consultation_for_touch_up(browser):
    referral = ReferralFactory(**OPERATED)
    page = browser.fill(change_url(referral), RETURNED)
    assert page.messages[0] == "The area is back from surgery. Assess for touch-up"
    again = add_url("consultation", patient=referral.patient.pk, follows=referral.pk)
    assert page.links["Assess for touch-up"] == again


def test_recovered_offers_a_consultation_for_touch_up(browser):
    referral = ReferralFactory(**OPERATED)
    again = add_url("consultation", patient=referral.patient.pk, follows=referral.pk)
    for url in (change_url(referral), page_url(referral.patient, "chart")):
        assert browser.open(url).links["Assess for touch-up"] == again


def test_touch_up_closes_the_referral_so_that_a_plan_can_start(browser):
    referral = ReferralFactory(**OPERATED)
    again = add_url("consultation", patient=referral.patient.pk, follows=referral.pk)
    page = browser.fill(again, {"assessments-0-severity": "mild"})
    area = AreaAssessment.objects.latest("pk")
    [start] = [link["href"] for link in page.select(".messagelist a.step")]
    assert start == add_url("treatmentplan", assessment=area.pk)
    browser.fill(start)
    assert area.plans.count() == 1
    referral.refresh_from_db()
    assert [referral.status, referral.closure, referral.closed_on] == [
        "closed",
        "returned_for_touch_up",
        timezone.localdate(),
    ]
    assert "Assess for touch-up" not in browser.open(change_url(referral)).links


def test_no_plan_is_offered_beside_an_open_referral(browser):
    """An area assessed anew while its referral is open leads to that, not to a refusal."""
    referral = ReferralFactory(status="accepted", accepted_on=date(2025, 3, 20))
    anew = add_url("consultation", patient=referral.patient.pk)
    page = browser.fill(anew, {"assessments-0-area": "face", "assessments-0-severity": "mild"})
    assert [link["href"] for link in page.select(".messagelist a.step")] == [change_url(referral)]
    consultation = AreaAssessment.objects.latest("pk").consultation
    assert "Start plan" not in browser.open(change_url(consultation)).links


def test_touch_up_starts_with_the_surgery_filled_in(browser):
    referral = ReferralFactory(**OPERATED | RETURNED)
    again = add_url("consultation", patient=referral.patient.pk, follows=referral.pk)
    form = browser.open(again).form
    names = ["area", "surgery_on", "recovered_from_surgery", "follows_referral"]
    carried = [form[f"assessments-0-{name}"] for name in names]
    assert carried == ["face", "Thu 1 May 2025", "true", str(referral.pk)]
    assert "assessments-0-severity" not in form


def test_touch_up_is_judged_with_the_surgery(browser):
    referral = ReferralFactory(**OPERATED | RETURNED)
    again = add_url("consultation", patient=referral.patient.pk, follows=referral.pk)
    changes = {"consulted_on": "2025-12-01", "assessments-0-severity": "mild"}
    if timezone.localdate() < date(2025, 12, 1):
        changes["consulted_on"] = timezone.localdate()
    page = browser.fill(again, changes)
    area = AreaAssessment.objects.latest("pk")
    assert [area.outcome, area.follows_referral, area.surgery_on] == [
        "touch_up",
        referral,
        date(2025, 5, 1),
    ]
    assert page.messages[0].startswith("Face: Suitable for touch-up after surgery, 35 not asked.")


def test_touch_up_of_another_area_is_refused(browser):
    referral = ReferralFactory(**OPERATED | RETURNED)
    again = add_url("consultation", patient=referral.patient.pk, follows=referral.pk)
    changes = {"assessments-0-area": "neck", "assessments-0-severity": "mild"}
    page = browser.fill(again, changes)
    told = ["The referral this follows was for another area."]
    assert page.errors == {"assessments-0-area": told}


def test_referral_reopened_beside_a_plan_is_refused(browser):
    referral = ReferralFactory(
        status="closed", closed_on=date(2025, 3, 5), closure="patient_declined"
    )
    PlanFactory(assessment=AssessmentFactory(consultation__patient=referral.patient))
    changes = {"status": "sent", "sent_on": "2025-03-04", "closed_on": "", "closure": ""}
    page = browser.fill(change_url(referral), changes)
    told = "This area has an open plan. Stop or pause the plan first."
    assert page.errors == {"status": [told]}


def test_second_referral_of_an_area_is_refused(browser):
    referral = ReferralFactory()
    page = browser.fill(add_url("surgicalreferral", assessment=referral.assessment_id))
    assert ["This area already has a referral."] in page.errors.values()
    assert SurgicalReferral.objects.count() == 1


def test_referral_without_an_area_is_refused(browser):
    page = browser.fill(add_url("surgicalreferral"))
    assert list(page.errors) == ["assessment"]


def test_reception_sees_no_referral(reception):
    assert Browser(reception).open(change_url(ReferralFactory())).status == 403


def test_practitioner_reads_a_referral(practitioner):
    browser, referral = Browser(practitioner), ReferralFactory()
    assert browser.open(change_url(referral)).select("input[name=_save]") == []
    assert browser.post(change_url(referral), {"status": "closed"}).status == 403
