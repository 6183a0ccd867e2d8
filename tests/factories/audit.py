"""What the audit keeps; none of it is a record, so it is saved without a writer of its own."""

import factory

from consultations.models import AccessRecord, AuditSeal, Erasure
from consultations.vocabulary import AccessKind

from .patient import PatientFactory
from .user import UserFactory


class AccessRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AccessRecord

    user = factory.SubFactory(UserFactory)
    kind = AccessKind.CHART
    patient = factory.SubFactory(PatientFactory, by=factory.SelfAttribute("..user"))
    address = "127.0.0.1"


class AuditSealFactory(factory.django.DjangoModelFactory):
    """A row of its shape only; real seals are made by `seal`."""

    class Meta:
        model = AuditSeal

    number = factory.Sequence(lambda number: number + 1)
    table = "consultations_accessrecord"
    columns = ["id"]
    up_to = 0
    rows = 0
    digests = b""
    key_name = "0" * 16
    head = "0" * 64


class ErasureFactory(factory.django.DjangoModelFactory):
    """A row of its shape only; real erasures are made by `erase_patient`."""

    class Meta:
        model = Erasure

    by = factory.SubFactory(UserFactory)
    patient = factory.SubFactory(PatientFactory, by=factory.SelfAttribute("..by"))
    reason = "Asked by the patient."
    key_name = "0" * 16
    proof = "0" * 64
