"""A patient's documents: looked at, issued in one press, opened as issued, withdrawn."""

import hashlib
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from consultations.actions.signing import mark_in_error
from consultations.documents.issuing import issue
from consultations.models import AccessRecord, IssuedDocument
from consultations.vocabulary import AccessKind, DocumentKind
from tests.documents.reading import by_poppler, words
from tests.factories import (
    ConsentFactory,
    DocumentFactory,
    PatientFactory,
    PaymentFactory,
    PhotoFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    appointment_for,
)
from tests.pictures import picture

from .browsing import Browser, add_url, change_url, list_url, page_url

pytestmark = pytest.mark.django_db
LETTER, CARD = DocumentKind.REFERRAL_LETTER, DocumentKind.APPOINTMENT_CARD


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.fixture
def referral(clinician):
    return ReferralFactory(by=clinician, surgeon="Ms A. Okafor")


def new_url(kind, about, page="document", **more):
    query = "&".join(f"{k}={v}" for k, v in {"kind": kind.value, "about": about.pk, **more}.items())
    return f"{page_url(about.patient, page)}?{query}"


def file_url(document):
    return reverse("admin:consultations_issueddocument_file", args=[document.pk])


def test_letter_is_one_press_from_the_referral_and_another_from_issued(browser, referral):
    page = browser.open(change_url(referral))
    page = browser.open(page.links["Referral letter"])
    assert "height" in page.text
    [frame] = page.select("iframe")
    assert browser.client.get(frame["src"]).headers["Content-Type"] == "application/pdf"
    page = browser.post(page.path, page.form)
    document = IssuedDocument.objects.get()
    assert page.path == page_url(referral.patient, "documents")
    assert page.messages[0].startswith("Issued: Referral letter D-000001")
    assert "Referral letter D-000001" in page.links
    assert document.created_by == browser.user


def test_document_is_opened_as_it_was_issued(browser, referral):
    document = issue(LETTER, referral, browser.user)
    answer = browser.client.get(file_url(document))
    content = b"".join(answer.streaming_content)
    told = {name: answer.headers[name] for name in ("Content-Type", "X-Frame-Options")}
    assert told == {"Content-Type": "application/pdf", "X-Frame-Options": "SAMEORIGIN"}
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert hashlib.sha256(content).hexdigest() == document.digest
    opened = AccessRecord.objects.get(kind=AccessKind.DOCUMENT)
    assert (opened.user, opened.patient, opened.object_id) == (
        browser.user,
        referral.patient,
        document.pk,
    )


def test_documents_of_one_kind_are_told_apart(browser, clinician):
    plan = PlanFactory(by=clinician, price_per_session=100)
    payment = PaymentFactory(by=clinician, plan=plan, receipt_number="R-000007", kind="deposit")
    session = SessionFactory(by=clinician, plan=plan)
    issue(DocumentKind.RECEIPT, payment, clinician)
    issue(DocumentKind.PLAN_AND_QUOTE, plan, clinician)
    issue(DocumentKind.SESSION_RECORD, session, clinician)
    text = browser.open(page_url(plan.patient, "documents")).text
    assert "Receipt D-000001 R-000007, deposit, £50.00, Face, from 3 Mar 2025" in text
    assert "Plan and quote D-000002 Face, from 3 Mar 2025" in text
    assert "Session record D-000003 face, " in text


def test_quote_that_a_later_one_replaced_says_so(browser, clinician):
    plan = PlanFactory(by=clinician, price_per_session=100)
    for _time in range(3):
        last = issue(DocumentKind.PLAN_AND_QUOTE, plan, clinician)
    mark_in_error(record=last, by=clinician, reason="A slip.")
    url = page_url(plan.patient, "documents")
    assert [chip.text for chip in browser.open(url).select(".documents .chip")] == [
        "entered in error",
        "replaced by D-000002",
    ]
    kinds = [row[1] for row in browser.open(list_url("issueddocument")).rows]
    assert kinds == ["Plan and quote", "Plan and quote", "Plan and quote replaced by D-000002"]


def test_quote_is_offered_for_a_stopped_course_by_that_name(browser, clinician):
    plan = PlanFactory(by=clinician, status="stopped", status_reason="Moved away.")
    offered = browser.open(page_url(plan.patient, "documents")).links
    assert "Plan and quote: Face, from 3 Mar 2025, stopped" in offered


def test_record_of_the_last_session_is_offered_among_the_documents(browser, clinician):
    plan = PlanFactory(by=clinician)
    SessionFactory(by=clinician, plan=plan, performed_on=date(2026, 3, 2))
    last = SessionFactory(by=clinician, plan=plan, performed_on=date(2026, 4, 13))
    links = browser.open(page_url(plan.patient, "documents")).links
    offered = {label: url for label, url in links.items() if label.startswith("Session record")}
    assert offered == {
        "Session record: face, 13 Apr 2026": new_url(DocumentKind.SESSION_RECORD, last)
    }


@pytest.mark.parametrize("who", ["reception", "manager"])
def test_receipt_is_one_press_from_the_payment(who, clinician, request):
    payment = PaymentFactory(by=clinician)
    browser = Browser(request.getfixturevalue(who))
    page = browser.open(change_url(payment))
    page = browser.open(page.links["Receipt"])
    browser.post(page.path, page.form)
    made = IssuedDocument.objects.get()
    assert (made.payment, made.created_by) == (payment, browser.user)
    assert browser.client.get(file_url(made)).status_code == 200


@pytest.mark.parametrize("key", ["x", "0", "9" * 30, "1%2F2"])
def test_document_that_is_not_there(key, browser):
    DocumentFactory()
    address = file_url(DocumentFactory()).rsplit("/", 3)[0]
    assert browser.open(f"{address}/{key}/file/").status == 404


def test_exchanged_file_is_not_served(browser, caplog):
    document = DocumentFactory()
    document.file.storage.delete(document.file.name)
    with document.file.storage.open(document.file.name, "wb") as file:
        file.write(b"%PDF-1.7 forged")
    assert browser.open(file_url(document)).status == 404
    assert f"document {document.pk} is not the one that was issued" in caplog.text


def test_what_changed_since_it_was_looked_at_is_looked_at_again(browser, referral):
    url = new_url(LETTER, referral)
    form = browser.open(url).form
    referral.patient.phone = "020 7946 0999"
    referral.patient.save(by=browser.user)
    page = browser.post(url, form)
    assert "Something changed since you looked at it. Check it again." in page.text
    assert not IssuedDocument.objects.exists()
    browser.post(url, page.form)
    assert IssuedDocument.objects.count() == 1


def test_letter_without_a_surgeon_is_refused_in_words(browser, clinician):
    page = browser.open(new_url(LETTER, ReferralFactory(by=clinician)))
    assert "The referral does not say to whom. Name the surgeon." in page.text
    assert page.select("iframe") == []


def test_character_that_cannot_be_printed_is_named(browser, clinician, referral):
    referral.patient.given_name = "Ana 𐎀"
    referral.patient.save(by=clinician)
    page = browser.open(new_url(LETTER, referral))
    assert page.status == 200
    assert "“𐎀” (U+10380) cannot be printed." in page.text
    page = browser.post(new_url(LETTER, referral), {})
    assert (page.status, IssuedDocument.objects.count()) == (200, 0)


@pytest.fixture
def photo(clinician, referral):
    patient, content = referral.patient, picture()
    ConsentFactory(by=clinician, patient=patient)
    return PhotoFactory(
        by=clinician,
        patient=patient,
        area=referral.assessment.area,
        image=ContentFile(content, "image.jpg"),
        digest=hashlib.sha256(content).hexdigest(),
    )


def test_photographs_go_along_only_by_a_yes(browser, referral, photo):
    words_of_photo = "Face, front"
    without = browser.client.get(new_url(LETTER, referral, "document_draft")).content
    along = browser.client.get(new_url(LETTER, referral, "document_draft", photos="on")).content
    assert words_of_photo not in words(by_poppler(without))
    assert words_of_photo in words(by_poppler(along))


def test_photos_that_were_ticked_are_looked_at_before_the_letter_is_issued(
    browser, referral, photo
):
    url = new_url(LETTER, referral)
    page = browser.post(url, browser.open(url).form | {"photos": "on"})
    assert "The photos were chosen since. Look at it again, then issue it." in page.text
    assert page.select("iframe")[0]["src"].count("photos=on") == 1
    assert not IssuedDocument.objects.exists()
    browser.post(url, page.form)
    content = IssuedDocument.objects.get().file.read()
    assert "Face, front" in words(by_poppler(content))


def test_show_again_issues_nothing(browser, referral, photo):
    url = new_url(LETTER, referral)
    page = browser.post(url, browser.open(url).form | {"photos": "on", "_look": ""})
    assert page.select(".errornote") == []
    assert "photos=on" in page.select("iframe")[0]["src"]
    assert not IssuedDocument.objects.exists()


def test_photo_whose_file_is_lost_stays_out_and_is_told(browser, clinician, referral, photo):
    area = referral.assessment.area
    lost = PhotoFactory(by=clinician, patient=referral.patient, area=area)
    lost.image.storage.delete(lost.image.name)
    page = browser.open(new_url(LETTER, referral, photos="on"))
    assert "1 photograph: its file is missing, or not the one that was recorded" in page.text
    assert "1 photo of 3 Mar 2025 goes along" in page.text
    assert browser.client.get(page.select("iframe")[0]["src"]).status_code == 200


def test_issue_pressed_twice_issues_once(browser, referral):
    url = new_url(LETTER, referral)
    form = browser.open(url).form
    for _press in range(2):
        assert browser.post(url, form).messages[0].startswith("Issued: Referral letter D-000001")
    assert IssuedDocument.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "", "1" * 40])
def test_token_that_is_none_is_ignored(token, browser, referral):
    url = new_url(LETTER, referral)
    browser.post(url, browser.open(url).form | {"token": token})
    assert IssuedDocument.objects.count() == 1


def test_what_was_issued_before_is_said_and_another_one_is_looked_at_first(browser, referral):
    url = new_url(LETTER, referral)
    other_tab = browser.open(url).form
    browser.post(url, browser.open(url).form)
    [first] = IssuedDocument.objects.all()
    page = browser.post(url, other_tab)
    assert "It was issued meanwhile. Issue another one only if you need it." in page.text
    assert f"{first.number} was issued on" in page.text
    assert page.links["Open it"] == file_url(first)
    assert IssuedDocument.objects.count() == 1
    browser.post(url, page.form)
    assert IssuedDocument.objects.count() == 2


def test_letter_without_a_surgeon_leads_to_naming_one(browser):
    referral = ReferralFactory(by=browser.user)
    page = browser.open(new_url(LETTER, referral))
    assert page.links["Send referral"] == add_url("referralsending", referral=referral.pk)


def test_nothing_about_another_patient(browser, referral):
    url = f"{page_url(PatientFactory(), 'document')}?kind={LETTER.value}&about={referral.pk}"
    assert browser.open(url).status == 404


@pytest.mark.parametrize("query", ["", "?kind=none", "?kind=chart", "?kind=chart&about=x"])
def test_unknown_document_is_not_found(query, browser, referral):
    assert browser.open(page_url(referral.patient, "document") + query).status == 404


def test_withdrawn_document_stays_and_says_so(browser, referral):
    document = issue(LETTER, referral, browser.user)
    page = browser.open(page_url(referral.patient, "documents"))
    page = browser.open(page.links["Entered in error"])
    page = browser.post(page.path, page.form | {"reason": "The wrong surgeon."})
    assert page.path.startswith(page_url(referral.patient, "documents"))
    assert "Referral letter D-000001 entered in error" in page.text
    document.refresh_from_db()
    assert document.entered_in_error_reason == "The wrong surgeon."
    assert browser.client.get(file_url(document)).status_code == 200


def test_desk_sees_of_letters_kind_day_and_issuer(reception, clinician, referral):
    document = issue(LETTER, referral, clinician)
    desk = Browser(reception)
    page = desk.open(page_url(referral.patient, "documents"))
    assert "Referral letter" in page.text
    assert "clinician" in page.text
    assert document.number not in page.text
    assert "Okafor" not in page.text
    assert desk.open(file_url(document)).status == 403


def test_desk_issues_a_card_and_opens_it(reception, clinician):
    plan = PlanFactory(by=clinician)
    appointment_for(plan, by=clinician)
    desk, url = Browser(reception), new_url(CARD, plan.patient)
    desk.post(url, desk.open(url).form)
    document = IssuedDocument.objects.get()
    content = b"".join(desk.client.get(file_url(document)).streaming_content)
    text = words(by_poppler(content))
    assert "Your appointments" in text
    assert "ablative" not in text


def test_nothing_is_booked(reception):
    page = Browser(reception).open(new_url(CARD, PatientFactory()))
    assert "Nothing is booked." in page.text
