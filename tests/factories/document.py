"""An issued document, its file a few bytes that pretend to be a PDF."""

import hashlib

import factory
from django.core.files.base import ContentFile

from consultations.models import IssuedDocument
from consultations.vocabulary import DocumentKind

from .patient import PatientFactory
from .record import RecordFactory, part


class DocumentFactory(RecordFactory):
    class Meta:
        model = IssuedDocument

    class Params:
        content = factory.Sequence("%PDF-1.7 {}".format)

    patient = part(PatientFactory)
    kind = DocumentKind.APPOINTMENT_CARD
    number = factory.Sequence("D-9{:05d}".format)  # those that are counted begin with 000001
    file = factory.LazyAttribute(lambda one: ContentFile(one.content.encode(), "document.pdf"))
    digest = factory.LazyAttribute(lambda one: hashlib.sha256(one.content.encode()).hexdigest())
    size = factory.LazyAttribute(lambda one: len(one.content))
