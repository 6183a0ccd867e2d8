"""A patient's consent to photos, and the words it was given in."""

from datetime import date

import factory

from consultations.models import Consent, ConsentWording
from consultations.vocabulary import ConsentKind

from .patient import PatientFactory
from .record import RecordFactory, part


class ConsentWordingFactory(RecordFactory):
    class Meta:
        model = ConsentWording

    kind = ConsentKind.PHOTO
    edition = factory.Sequence(lambda number: number + 1)
    text = "I agree."


class ConsentFactory(RecordFactory):
    class Meta:
        model = Consent

    patient = part(PatientFactory)
    wording = part(ConsentWordingFactory)
    given_on = date(2025, 3, 3)
    signed_name = "Given Family"
