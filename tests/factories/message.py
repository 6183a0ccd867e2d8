"""A confirmation by e-mail that waits, of an appointment tomorrow; and what messages say."""

import factory

from consultations.models import Message, MessageAttempt, MessageTemplate, PreCare
from consultations.vocabulary import (
    LaserType,
    MessageChannel,
    MessageKind,
    MessageStatus,
)

from .appointment import AppointmentFactory, free_day
from .patient import PatientFactory
from .record import RecordFactory


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Message
        skip_postgeneration_save = True
        exclude = ("starts_at",)

    patient = factory.SubFactory(PatientFactory, email="eva@example.org", email_reminders=True)
    starts_at = factory.LazyAttribute(lambda one: free_day(one.patient))
    appointment = factory.LazyAttribute(
        lambda one: AppointmentFactory(
            by=one.patient.created_by, patient=one.patient, starts_at=one.starts_at
        )
    )
    kind = MessageKind.CONFIRMATION
    channel = MessageChannel.EMAIL
    to = factory.LazyAttribute(lambda one: one.patient.email)


class MessageAttemptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MessageAttempt

    message = factory.SubFactory(MessageFactory)
    status = MessageStatus.CLAIMED


class MessageTemplateFactory(RecordFactory):
    class Meta:
        model = MessageTemplate

    kind = MessageKind.REMINDER
    subject = "Soon at {clinic}"
    body = "We expect you on {when}."


class PreCareFactory(RecordFactory):
    class Meta:
        model = PreCare

    laser_type = LaserType.NON_ABLATIVE
    text = "Please stay out of the sun for two weeks."
