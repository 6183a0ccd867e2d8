"""Sending a referral: to whom, how and when; and what a press records of the answer."""

import hashlib
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from consultations.documents.issuing import issue
from consultations.models import IssuedDocument, ReferralSending, Surgeon, SurgicalReferral
from consultations.models.text import day_in_words
from consultations.vocabulary import DocumentKind
from tests.documents.reading import by_poppler
from tests.factories import (
    ConsentFactory,
    PhotoFactory,
    PlanFactory,
    ReferralFactory,
    SendingFactory,
    SurgeonFactory,
)
from tests.pictures import picture

from .browsing import Browser, add_url, change_url, list_url, page_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def send_url(referral, **more):
    return add_url("referralsending", referral=referral.pk, **more)


def typed(surgeon, **changes):
    sent = {"surgeon": surgeon.pk, "how": "post", "words": "Own letter.", "sent_on": "2025-03-04"}
    return {"document": ""} | sent | changes


def save_button(page):
    return page.select("input[name=_save]")[0]["value"]


def state(referral):
    referral.refresh_from_db()
    return [referral.status, referral.surgeon, referral.sent_on]


def test_referral_is_sent(browser):
    referral, surgeon = ReferralFactory(), SurgeonFactory(name="A. Rao", practice="Rooms")
    ConsentFactory(patient=referral.patient)
    send = browser.open(change_url(referral)).links["Send referral"]
    assert send == send_url(referral)
    page = browser.fill(send, typed(surgeon, photographs="true"))
    [sending] = ReferralSending.objects.all()
    assert [sending.referral, sending.surgeon, sending.how, sending.photographs] == [
        referral,
        surgeon,
        "post",
        True,
    ]
    assert state(referral) == ["sent", "A. Rao", date(2025, 3, 4)]
    assert page.path == page_url(referral.patient, "chart")
    assert "Face: Sent to A. Rao, Rooms on 4 Mar 2025 (post)" in page.text


def test_everything_is_asked_for(browser):
    page = browser.fill(send_url(ReferralFactory()), {"sent_on": "", "document": ""})
    assert page.errors == {
        "surgeon": ["This field is required."],
        "words": ["Choose the letter, or say what was sent and how."],
        "sent_on": ["This field is required."],
    }
    assert ReferralSending.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (timezone.localdate() + timedelta(days=1), "This date is in the future."),
        (date(2025, 3, 2), "This is before the consultation."),
    ],
)
def test_day_that_cannot_be_is_refused(browser, day, told):
    page = browser.fill(send_url(ReferralFactory()), typed(SurgeonFactory(), sent_on=day))
    assert page.errors == {"sent_on": [told]}
    assert page.form["words"] == "Own letter."


def test_surgeon_who_takes_no_more_is_refused(browser):
    away = SurgeonFactory(name="A. Rao", practice="", is_active=False)
    page = browser.fill(send_url(ReferralFactory()), typed(away))
    told = "A. Rao takes no more referrals. Choose another surgeon."
    assert page.errors == {"surgeon": [told]}


def test_closed_referral_is_not_sent(browser):
    referral = ReferralFactory(
        status="closed", closure="patient_declined", closed_on=date(2025, 3, 9)
    )
    page = browser.fill(send_url(referral), typed(SurgeonFactory()))
    assert page.errors == {"": ["This referral cannot be sent now: closed."]}


def test_same_surgeon_on_the_same_day_is_asked(browser):
    sending = SendingFactory()
    url = send_url(sending.referral)
    assert browser.open(url).form["surgeon"] == str(sending.surgeon.pk)
    page = browser.fill(url, {"words": "Fax.", "sent_on": "2025-03-04"})
    told = f"It went to {sending.surgeon} on that day already. Tick this if it went again."
    assert page.errors == {"again": [told]}
    browser.post(url, page.form | {"again": "on", "_save": "1"})
    assert ReferralSending.objects.count() == 2


def test_reminder_starts_the_wait_anew(browser):
    sending = SendingFactory()
    browser.fill(send_url(sending.referral), {"words": "Rang.", "sent_on": "2025-04-04"})
    assert state(sending.referral) == ["sent", sending.surgeon.name, date(2025, 4, 4)]


def test_letter_is_written_looked_at_and_sent_on_one_page(browser):
    referral, other = ReferralFactory(), SurgeonFactory(name="B. Sato")
    surgeon = SurgeonFactory(name="Mr A. Rao", practice="Rooms", address="1 High Street")
    page = browser.open(send_url(referral))
    assert [page.form["document"], save_button(page)] == ["new", "Preview the letter"]
    page = browser.fill(send_url(referral), {"surgeon": surgeon.pk})
    assert [page.errors, save_button(page)] == [{}, "Issue the letter and send"]
    assert "Not asked or not recorded: address, phone" in page.text
    draft = browser.client.get(page.links["Open as PDF"])
    for said in ("Mr A. Rao", "1 High Street", "Dear Mr A. Rao,"):
        assert said in by_poppler(draft.content)
    assert [*IssuedDocument.objects.all(), *ReferralSending.objects.all()] == []
    changed = browser.post(send_url(referral), page.form | {"surgeon": other.pk, "_save": ""})
    assert "The letter is not the one you looked at before." in changed.text
    page = browser.post(send_url(referral), page.form | {"_save": ""})
    [sending], [letter] = ReferralSending.objects.all(), IssuedDocument.objects.all()
    assert [sending.surgeon, sending.document, letter.recipient] == [surgeon, letter, "Mr A. Rao"]
    assert state(referral) == ["sent", "Mr A. Rao", timezone.localdate()]
    assert [one["href"] for one in page.select(".messagelist a")] == [page_url(letter, "file")]
    press(browser, referral, "declined")
    press(browser, referral, "another")
    # That letter went; another one is written, and not to whoever declined.
    assert browser.open(send_url(referral)).form["document"] == "new"


def test_only_surgeon_on_the_list_is_chosen_beforehand(browser):
    surgeon = SurgeonFactory(name="Mr A. Rao")
    page = browser.open(send_url(ReferralFactory()))
    assert page.form["surgeon"] == str(surgeon.pk)
    assert save_button(page) == "Preview the letter"
    referral = SendingFactory(surgeon=surgeon).referral
    press(browser, referral, "declined")
    press(browser, referral, "another")
    assert browser.open(send_url(referral)).form.get("surgeon", "") == ""


def test_photos_go_along_in_the_letter(browser):
    referral = ReferralFactory()
    PhotoFactory(
        patient=referral.patient,
        area=referral.assessment.area,
        image=ContentFile(picture(), "image.jpg"),
        digest=hashlib.sha256(picture()).hexdigest(),
    )
    ConsentFactory(patient=referral.patient)
    SurgeonFactory()
    page = browser.open(send_url(referral))
    page = browser.post(page.path, page.form | {"photographs": "true", "_save": ""})
    assert "photos=on" in page.links["Open as PDF"]
    browser.post(page.path, page.form | {"_save": ""})
    letter = ReferralSending.objects.get().document
    assert "Face, front" in by_poppler(letter.file.read())


def test_how_it_went_otherwise_is_said_beside_a_new_letter(browser):
    SurgeonFactory()
    page = browser.fill(send_url(ReferralFactory()), {"how": "other"})
    assert page.errors == {"words": ["Say how it went."]}


def test_letter_that_cannot_be_printed_is_not_sent(browser):
    referral = ReferralFactory(notes="𓀀")
    page = browser.fill(send_url(referral), {"surgeon": SurgeonFactory().pk})
    assert page.errors[""][0].startswith("“𓀀” (U+13000) cannot be printed.")
    assert ReferralSending.objects.count() == 0


def test_forged_surgeon_of_a_draft_is_refused(browser):
    sent = {"surgeon": SurgeonFactory().pk}
    draft = browser.fill(send_url(ReferralFactory()), sent).links["Open as PDF"]
    assert browser.client.get(f"{draft}x").status_code == 404


def test_surgeon_is_added_on_the_way_and_nothing_typed_is_lost(browser):
    referral = ReferralFactory()
    new = {"new_name": "Ms C. Lind", "new_address": "3 Low Street", "words": "By hand."}
    page = browser.fill(send_url(referral), new)
    assert [page.errors, page.form["words"], page.form.get("surgeon")] == [
        {},
        "By hand.",
        None,
    ]
    assert page.select("fieldset details[open] #id_new_name")
    assert "3 Low Street" in by_poppler(browser.client.get(page.links["Open as PDF"]).content)
    browser.post(send_url(referral), page.form | {"_save": ""})
    surgeon, sending = Surgeon.objects.get(), ReferralSending.objects.get()
    assert [surgeon.name, surgeon.address] == ["Ms C. Lind", "3 Low Street"]
    assert [sending.surgeon, sending.words, sending.document.recipient] == [
        surgeon,
        "By hand.",
        "Ms C. Lind",
    ]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ({"new_name": "A. Rao"}, "There is a surgeon of that name and practice already."),
        ({"new_practice": "Rooms"}, "Write the surgeon’s name too."),
    ],
)
def test_surgeon_who_cannot_be_added_is_told_where_it_was_typed(browser, new, told):
    SurgeonFactory(name="A. Rao", practice="")
    page = browser.fill(send_url(ReferralFactory()), new)
    assert page.errors == {"new_name": [told]}


def test_only_those_who_take_referrals_are_offered(browser):
    taking = SurgeonFactory(name="A. Rao")
    SurgeonFactory(name="B. Rao", is_active=False)
    asked = {"app_label": "consultations", "model_name": "referralsending"}
    asked |= {"field_name": "surgeon", "term": "rao"}
    found = browser.client.post("/admin/autocomplete/", asked).json()["results"]
    assert found == [{"id": str(taking.pk), "text": str(taking)}]


def press(browser, referral, page, **more):
    referral.refresh_from_db()
    back = {"next": change_url(referral), "version": referral.version}
    return browser.post(page_url(referral, page), back | more)


def test_surgeon_accepts(browser):
    sending, today = SendingFactory(), timezone.localdate()
    page = press(browser, sending.referral, "accepted")
    sending.refresh_from_db()
    assert [sending.answer, sending.answered_on] == ["accepted", today]
    assert SurgicalReferral.objects.get().accepted_on == today
    assert page.messages == ["Accepted today."]
    assert f"Accepted on {day_in_words(today)}" in page.text


def test_declined_referral_goes_to_another_surgeon(browser):
    sending, today = SendingFactory(surgeon__name="A. Rao"), timezone.localdate()
    referral = sending.referral
    press(browser, referral, "declined")
    assert SurgicalReferral.objects.get().closure == "surgeon_declined"
    page = press(browser, referral, "another")
    assert state(referral) == ["to_send", "", None]
    assert f"Declined on {day_in_words(today)}" in page.text
    other = SurgeonFactory(name="B. Sato")
    browser.fill(page.links["Send referral"], typed(other, sent_on=today))
    assert state(referral) == ["sent", "B. Sato", today]
    answers = ReferralSending.objects.order_by("pk").values_list("surgeon__name", "answer")
    assert list(answers) == [("A. Rao", "declined"), ("B. Sato", "")]


def test_only_a_letter_that_went_to_nobody_is_chosen_beforehand(browser):
    first, other = SurgeonFactory(name="A. Rao"), SurgeonFactory(name="B. Sato")
    referral = ReferralFactory(surgeon="A. Rao")
    letter = issue(DocumentKind.REFERRAL_LETTER, referral, browser.user)
    today = timezone.localdate()
    assert browser.open(send_url(referral)).form["document"] == str(letter.pk)
    browser.fill(send_url(referral), {"surgeon": first.pk, "sent_on": today})
    press(browser, referral, "declined")
    press(browser, referral, "another")
    assert browser.open(send_url(referral)).form["document"] == "new"
    forwarded = {"surgeon": other.pk, "document": letter.pk, "words": "As before."}
    page = browser.fill(send_url(referral), forwarded)
    assert page.errors == {"document": [f"This letter went to {first}. Issue another one."]}
    assert page.form["words"] == "As before."


def test_what_is_sent_again_beside_a_plan_is_refused_and_stays_typed(browser):
    referral = ReferralFactory()
    PlanFactory(assessment__consultation__patient=referral.patient)
    page = browser.fill(send_url(referral), typed(SurgeonFactory()))
    assert page.errors == {"": ["This area has an open plan. Stop or pause the plan first."]}
    assert page.form["words"] == "Own letter."


def test_answer_on_the_form_stands_beside_the_sending(browser):
    sending = SendingFactory()
    accepted = {"status": "accepted", "accepted_on": "2025-03-20"}
    browser.fill(change_url(sending.referral), accepted)
    sending.refresh_from_db()
    assert [sending.answer, sending.answered_on] == ["accepted", date(2025, 3, 20)]
    browser.fill(change_url(sending.referral), {"status": "sent"})
    sending.refresh_from_db()
    assert [sending.answer, sending.answered_on] == ["", None]
    assert SurgicalReferral.objects.get().accepted_on is None
    again = {"words": "Rang.", "sent_on": "2025-04-04"}
    assert browser.fill(send_url(sending.referral), again).errors == {}
    assert state(sending.referral)[2] == date(2025, 4, 4)


@pytest.mark.parametrize(
    ("words", "closed"),
    [
        ({"words": "No reply"}, ["no_reply", ""]),
        ({"other": "Moved abroad."}, ["other", "Moved abroad."]),
    ],
)
def test_closed_in_a_press(browser, words, closed):
    referral = SendingFactory().referral
    press(browser, referral, "close", **words)
    referral.refresh_from_db()
    assert [referral.status, referral.closed_on] == ["closed", timezone.localdate()]
    assert [referral.closure, referral.closure_words] == closed


@pytest.mark.parametrize(
    ("page", "more", "told"),
    [
        ("accepted", {}, "This referral does not wait for a reply."),
        ("declined", {}, "This referral does not wait for a reply."),
        ("another", {}, "Only a referral that was declined, or not answered, goes on."),
        ("close", {}, "Say how it ended."),
        ("close", {"other": "x" * 201}, "Ensure this value has at most 200 characters"),
    ],
)
def test_press_that_makes_no_sense_is_refused(browser, page, more, told):
    referral = ReferralFactory()
    assert press(browser, referral, page, **more).messages[0].startswith(told)
    assert state(referral) == ["to_send", "", None]


def test_press_on_a_page_that_is_out_of_date_is_refused(browser):
    referral = SendingFactory().referral
    page = press(browser, referral, "accepted", version=referral.version + 1)
    assert state(referral)[0] == "sent"
    assert len(page.messages) == 1


def test_sending_in_error_leaves_the_one_before(browser):
    referral, surgeon = ReferralFactory(), SurgeonFactory(name="A. Rao")
    for day in ("2025-03-04", "2025-04-04"):
        browser.fill(send_url(referral), typed(surgeon, sent_on=day))
    first, reminder = ReferralSending.objects.order_by("pk")
    for sending, left in [
        (reminder, ["sent", "A. Rao", date(2025, 3, 4)]),
        (first, ["to_send", "", None]),
    ]:
        browser.fill(page_url(sending, "entered_in_error"), {"reason": "Never went."})
        assert state(first.referral) == left


def test_sending_is_read_only(browser):
    sending = SendingFactory()
    page = browser.open(change_url(sending))
    assert page.select("input[name=_save]") == []
    assert browser.post(change_url(sending), typed(sending.surgeon)).status == 403


def test_list_tells_whom_and_the_answer(browser):
    sending = SendingFactory(answer="accepted", answered_on=date(2025, 3, 20))
    [row] = browser.open(list_url("referralsending")).rows
    assert row[0] == "4 Mar 2025"
    assert row[2:] == ["Face", str(sending.surgeon), "Post", "Accepted on 20 Mar 2025"]


def test_surgeon_with_referrals_is_not_taken_back(browser):
    surgeon = SendingFactory().surgeon
    page = browser.fill(page_url(surgeon, "entered_in_error"), {"reason": "Twice."})
    told = "Referrals were sent there. Say that no more are taken instead."
    assert told in page.text


def test_same_surgeon_is_not_kept_twice(browser):
    surgeon = SurgeonFactory()
    page = browser.fill(add_url("surgeon"), {"name": surgeon.name, "practice": surgeon.practice})
    told = "There is a surgeon of that name and practice already."
    assert page.errors == {"name": [told]}
