"""Messages on the screens: whom reception may write to, what was said, and whom to ring."""

import pytest
from django.urls import reverse

from consultations.models import Message, MessageTemplate
from consultations.vocabulary import MessageStatus
from tests.factories import (
    ClinicSettingsFactory,
    MessageFactory,
    MessageTemplateFactory,
    PatientFactory,
)

from .browsing import Browser, add_url, change_url, page_url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.EMAIL_IS_ON = True


def test_reception_writes_down_who_may_be_written_to_and_when_that_was_said(reception):
    patient = PatientFactory(email="eva@example.org")
    Browser(reception).fill(change_url(patient), {"email_reminders": "true", "language": "de"})
    patient.refresh_from_db()
    told = (patient.email_reminders, patient.email_reminders_by, patient.language)
    assert told == (True, reception, "de")
    assert patient.text_reminders is None


def test_an_answer_that_changes_is_taken_anew(reception, clinician):
    patient = PatientFactory(by=clinician, email_reminders=True)
    Browser(reception).fill(change_url(patient), {"phone": "020 7946 0001"})
    patient.refresh_from_db()
    assert patient.email_reminders_by == clinician
    Browser(reception).fill(change_url(patient), {"email_reminders": "false"})
    patient.refresh_from_db()
    assert (patient.email_reminders, patient.email_reminders_by) == (False, reception)


@pytest.mark.parametrize("page", ["chart", "change"])
def test_what_was_said_stands_on_the_patients_page(clinician, reception, page):
    message = MessageFactory(body="You are booked.", status=MessageStatus.WITHDRAWN)
    user = clinician if page == "chart" else reception
    text = Browser(user).open(page_url(message.patient, page)).text
    assert "Confirmation by e-mail" in text
    assert "Withdrawn" in text
    assert "You are booked." in text
    assert "Send again" not in text


def test_today_says_whom_to_ring_and_sends_again(reception):
    patient = PatientFactory(email="eva@example.org", email_reminders=True, phone="020 7946 0007")
    message = MessageFactory(patient=patient, status=MessageStatus.NOT_KNOWN)
    today = Browser(reception).open(reverse("admin:index")).text
    for words in ("Messages to look after", "Not known whether sent", "020 7946 0007"):
        assert words in today
    Browser(reception).post(page_url(patient, "send_again"), {"message": message.pk})
    message.refresh_from_db()
    assert message.status == "waiting"
    assert "Not known whether sent" not in Browser(reception).open(reverse("admin:index")).text


@pytest.mark.parametrize("key", ["", "x", "0", "9" * 30])
def test_a_message_that_is_not_the_patients_is_not_there(client_for, reception, key):
    url = page_url(PatientFactory(), "send_again")
    other = MessageFactory(status=MessageStatus.REFUSED)
    for one in (key, other.pk):
        assert client_for(reception).post(url, {"message": one}).status_code == 404
    assert Message.objects.get().status == "refused"


def test_a_template_is_refused_beside_its_field(manager):
    browser = Browser(manager)
    page = browser.fill(
        add_url("messagetemplate"),
        {"kind": "reminder", "channel": "email", "subject": "{name}", "body": "{laser} {date}"},
    )
    assert "{name} would name the patient. Messages name nobody." in page.text
    assert "{laser} would tell something clinical. Messages hold none of it." in page.text
    assert not MessageTemplate.objects.exists()


def test_a_new_template_begins_with_our_own_words_and_shows_what_it_says(manager):
    page = Browser(manager).open(add_url("messagetemplate"))
    assert page.form["subject"] == "Your appointment at {clinic}"
    ClinicSettingsFactory()
    template = MessageTemplateFactory(subject="Soon at {clinic}")
    assert "Soon at Clinic at the park" in Browser(manager).open(change_url(template)).text


def test_what_is_typed_is_previewed_and_not_saved(manager):
    template = MessageTemplateFactory(body="Come on {when}.")
    typed = {"body": "See you on {when}, {clinic}."}
    page = Browser(manager).fill(change_url(template), typed, button="_preview")
    assert page.soup.select_one("#preview").get_text(strip=True) == "Preview, not saved yet"
    assert "See you on " in page.soup.select_one("section[aria-labelledby=preview]").get_text()
    assert page.form["body"] == typed["body"]
    template.refresh_from_db()
    assert (template.body, template.version) == ("Come on {when}.", 1)
    page = Browser(manager).fill(add_url("messagetemplate"), {"body": "{x}"}, button="_preview")
    assert list(page.errors) == ["body"]
    assert page.soup.select_one("#preview") is None
    page = Browser(manager).fill(add_url("messagetemplate", kind="moved"), button="_preview")
    assert page.soup.select_one("#preview") is not None
    assert MessageTemplate.objects.count() == 1


def test_the_clinics_page_says_that_no_mail_leaves(manager, settings):
    url = change_url(ClinicSettingsFactory())
    words = "No e-mails are sent or queued: EMAIL_URL is not set on the server."
    assert words not in Browser(manager).open(url).text
    settings.EMAIL_IS_ON = False
    assert words in Browser(manager).open(url).text
    clinic = reverse("admin:app_list", args=["consultations"])
    assert words in Browser(manager).open(clinic).text
