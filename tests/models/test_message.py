"""Messages: claimed by somebody, sent at a time, waiting once, and nothing clinical in them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations.models import Message, MessageAttempt, MessageTemplate, PreCare
from consultations.vocabulary import MessageChannel, MessageStatus
from tests.factories import (
    MessageAttemptFactory,
    MessageFactory,
    MessageTemplateFactory,
    PatientFactory,
    PreCareFactory,
)

from .promises import breaks, constraints, how_told

pytestmark = pytest.mark.django_db


def refused(name, **changes):
    """The database refuses a message with these changes, by this promise."""
    model, constraint = constraints()[name]
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        MessageFactory(**changes)
    assert how_told(model, constraint) in str(error.value)


def test_a_claim_without_a_run():
    refused(
        "message_claimed_says_by_whom_when",
        status=MessageStatus.CLAIMED,
        claimed_at=timezone.now(),
    )


def test_a_claim_without_a_time():
    refused("message_claimed_says_by_whom_when", status=MessageStatus.CLAIMED, claimed_by="a 1 1")


def test_sent_without_a_time():
    refused("message_sent_says_when", status=MessageStatus.SENT)


def test_the_same_message_waits_once():
    first = MessageFactory()
    refused("message_waits_once", appointment=first.appointment, patient=first.patient)
    Message.objects.update(status=MessageStatus.WITHDRAWN)
    MessageFactory(appointment=first.appointment, patient=first.patient)


def test_two_messages_of_one_id():
    MessageFactory(message_id="<a@b>")
    refused("message_id_once", message_id="<a@b>")


def test_attempts_are_only_added_to():
    attempt = MessageAttemptFactory()
    for change in (attempt.save, attempt.delete, MessageAttempt.objects.all().delete):
        with pytest.raises(NotImplementedError):
            change()


# Templates


def test_two_templates_of_one_kind():
    MessageTemplateFactory()
    breaks("messagetemplate_once", MessageTemplateFactory(language="de"), language="")


@pytest.mark.parametrize(
    ("channel", "subject"), [(MessageChannel.EMAIL, ""), (MessageChannel.TEXT, "Soon")]
)
def test_subjects_are_of_emails(channel, subject):
    template = MessageTemplateFactory()
    breaks("messagetemplate_subject_of_emails_alone", template, channel=channel, subject=subject)


def test_two_texts_of_one_laser_type():
    PreCareFactory()
    breaks("precare_once", PreCareFactory(language="de"), language="")


def test_a_template_with_every_place():
    template = MessageTemplateFactory.build(body="{when} {clinic} {address} {phone} {instructions}")
    template.clean()


KNOWN = "{when}, {clinic}, {address}, {phone}, {instructions}"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("On {date}.", f"There is no place {{date}} here. There are: {KNOWN}."),
        ("{area}", "{area} would tell something clinical. Messages hold none of it."),
        ("Dear {name}", "{name} would name the patient. Messages name nobody."),
        ("{when", "A { or } stands alone. Write places as {when}, and a brace itself twice: {{."),
        (
            "} {when}",
            "A { or } stands alone. Write places as {when}, and a brace itself twice: {{.",
        ),
        ("{}", "{} is not a place."),
        ("{when.year}", "{when.year} is not a place."),
        ("{when!r}", "{when} is not a place."),
        ("{when:>999999999}", "{when} is not a place."),
        ("Your FACE", "“face” would tell what it is about. Messages hold nothing clinical."),
        (
            "Before laser treatment",
            "“laser” would tell what it is about. Messages hold nothing clinical.",
        ),
    ],
)
def test_a_text_that_cannot_be_filled_in_or_says_too_much(body, words):
    template = MessageTemplateFactory.build(body=body)
    with pytest.raises(ValidationError) as refusal:
        template.clean()
    assert refusal.value.message_dict == {"body": [words]}


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("{name}", "{name} would name the patient. Messages name nobody."),
        ("{phone}", "There is no place {phone} here. There are: {when}, {clinic}."),
    ],
)
def test_a_subject_that_says_too_much(subject, words):
    template = MessageTemplateFactory.build(subject=subject)
    with pytest.raises(ValidationError) as refusal:
        template.clean()
    assert refusal.value.message_dict == {"subject": [words]}


def test_a_text_message_holds_no_instructions_and_is_short():
    texts = {"channel": MessageChannel.TEXT, "subject": ""}
    with pytest.raises(ValidationError) as refusal:
        MessageTemplate(kind="reminder", body="{instructions}", **texts).clean()
    assert "body" in refusal.value.message_dict
    with pytest.raises(ValidationError, match="at most 480"):
        MessageTemplate(kind="reminder", body="x" * 481, **texts).clean()


def test_how_to_prepare_names_no_laser_and_no_area():
    with pytest.raises(ValidationError, match="“legs” would tell what it is about"):
        PreCare(laser_type="ablative", text="Do not shave your legs.").clean()


# Whether a patient may be written to


@pytest.mark.parametrize("name", ["email_reminders", "text_reminders", "email_instructions"])
def test_an_answer_has_a_day_and_who_took_it(name, reception):
    assert "patient_email_reminders_says_who_when" in constraints()
    assert "patient_text_reminders_says_who_when" in constraints()
    assert "patient_email_instructions_says_who_when" in constraints()
    patient = PatientFactory(by=reception, **{name: True})
    today = timezone.localdate()
    assert (getattr(patient, f"{name}_on"), getattr(patient, f"{name}_by")) == (today, reception)
    with pytest.raises(IntegrityError, match=f"patient_{name}_says_who_when"), transaction.atomic():
        type(patient)._base_manager.filter(pk=patient.pk).update(**{f"{name}_on": None})


def test_an_answer_that_is_taken_back_has_neither(reception):
    patient = PatientFactory(by=reception, email_reminders=False)
    patient.email_reminders = None
    patient.save(by=reception)
    assert (patient.email_reminders_on, patient.email_reminders_by) == (None, None)
