"""What messages say: our own words or the clinic's, in the patient's language, places filled in."""

from datetime import datetime

import pytest
from django.utils import timezone

from consultations.summaries.message_words import preview_of, usual, when_in, words_for
from consultations.vocabulary import Area, LaserType, MessageChannel, MessageKind
from tests.factories import (
    AppointmentFactory,
    AssessmentFactory,
    ClinicSettingsFactory,
    MessageTemplateFactory,
    PatientFactory,
    PlanFactory,
    PreCareFactory,
)

pytestmark = pytest.mark.django_db

EVERY = [(kind, channel) for kind in MessageKind for channel in MessageChannel]


def said(*appointments, kind=MessageKind.REMINDER, channel=MessageChannel.EMAIL, patient=None):
    patient = patient or appointments[0].patient
    return words_for(kind=kind, channel=channel, appointments=appointments, patient=patient)


@pytest.fixture
def treated():
    """A treatment of somebody who asked how to prepare."""
    patient = PatientFactory(email_instructions=True)
    face = PlanFactory(assessment=AssessmentFactory(consultation__patient=patient))
    return AppointmentFactory(plans=[face])


@pytest.mark.parametrize(("kind", "channel"), EVERY)
def test_our_own_words_name_nobody_and_nothing_clinical(treated, kind, channel):
    ClinicSettingsFactory(phone="020 7946 0000")
    words = said(treated, kind=kind, channel=channel)
    told = f"{words.subject} {words.body}".lower()
    patient = treated.patient
    never = [patient.family_name, patient.given_name, *Area.labels, *LaserType.labels]
    never += ["laser", "treatment", "None", "{", "}"]
    assert [word for word in never if str(word).lower() in told] == []
    assert "10:00" in told
    assert "020 7946 0000" in told
    assert bool(words.subject) == (channel == MessageChannel.EMAIL)


@pytest.mark.parametrize(("kind", "channel"), EVERY)
def test_our_own_words_keep_the_promises_of_templates(kind, channel):
    words = usual(kind, channel)
    template = MessageTemplateFactory.build(
        kind=kind, channel=channel, subject=words.subject, body=words.body
    )
    template.full_clean(exclude=["created_by", "changed_by"])


def test_a_clinic_without_phone_or_address_leaves_those_lines_out():
    words = said(AppointmentFactory())
    assert "call" not in words.body
    assert "\n\n\n" not in words.body
    assert words.body.endswith("the clinic")


def test_a_course_names_every_appointment_in_order():
    patient = PatientFactory()
    moments = [timezone.make_aware(datetime(2031, month, 6, 10)) for month in (1, 2)]
    appointments = [AppointmentFactory(patient=patient, starts_at=one) for one in moments]
    words = said(*appointments)
    assert "Monday 6 January 2031, 10:00\nThursday 6 February 2031, 10:00" in words.body


def test_the_clinics_template_in_the_patients_language_then_its_own_then_ours():
    german = PatientFactory(language="de")
    appointment = AppointmentFactory(patient=german)
    assert said(appointment).subject == "Reminder: your appointment at the clinic"
    MessageTemplateFactory(subject="Soon", body="{when}")
    assert said(appointment).subject == "Soon"
    MessageTemplateFactory(subject="Bald", body="{when}", language="de")
    assert said(appointment).subject == "Bald"
    assert said(AppointmentFactory()).subject == "Soon"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-gb", "Monday 6 January 2031, 10:00"),
        ("de", "Montag, 6. Januar 2031, 10:00"),
        ("fr", "lundi, 6 janvier 2031, 10:00"),
        ("el", "Δευτέρα, 06/01/2031, 10:00"),
    ],
)
def test_days_are_in_the_language_of_the_words(language, words):
    assert when_in(language, timezone.make_aware(datetime(2031, 1, 6, 10))) == words


@pytest.mark.parametrize("day", [datetime(2026, 10, 24, 9, 30), datetime(2026, 10, 26, 9, 30)])
def test_times_are_the_clinics_on_either_side_of_the_change_of_clocks(day):
    assert when_in("en", timezone.make_aware(day)).endswith("October 2026, 09:30")


def test_how_to_prepare_stands_in_emails_of_those_who_asked(treated):
    PreCareFactory(laser_type=treated.courses.get().plan.laser_type, text="No sun.")
    assert said(treated).body.endswith("No sun.")
    assert "No sun." not in said(treated, channel=MessageChannel.TEXT).body
    for answer in (None, False):
        treated.patient.email_instructions = answer
        assert "No sun." not in said(treated).body


def test_how_to_prepare_is_in_the_patients_language_if_there_is_such_a_text(treated):
    laser_type = treated.courses.get().plan.laser_type
    PreCareFactory(laser_type=laser_type, text="No sun.")
    PreCareFactory(laser_type=laser_type, text="Keine Sonne.", language="de")
    treated.patient.language = "de"
    assert said(treated).body.endswith("Keine Sonne.")


def test_a_consultation_needs_no_preparing(treated):
    PreCareFactory(laser_type=treated.courses.get().plan.laser_type, text="No sun.")
    other = AppointmentFactory(patient=treated.patient, kind="consultation")
    assert "No sun." not in said(other).body


def test_text_messages_hold_nothing_that_halves_their_room():
    ClinicSettingsFactory(name="Clinic at St John’s")
    words = said(AppointmentFactory(), channel=MessageChannel.TEXT)
    assert words.body.startswith("Clinic at St John's: see you on ")


def test_a_subject_is_one_line():
    MessageTemplateFactory(subject="Soon at {clinic}")
    ClinicSettingsFactory(name="Clinic\nBcc: all@example.org")
    assert said(AppointmentFactory()).subject == "Soon at Clinic Bcc: all@example.org"


def test_a_preview_fills_in_every_place():
    ClinicSettingsFactory(phone="020 7946 0000")
    template = MessageTemplateFactory(subject="{clinic}", body="{when} {phone} {instructions}")
    preview = preview_of(template)
    assert preview.subject == "Clinic at the park"
    assert "020 7946 0000 (How to prepare, as saved for the laser.)" in preview.body
