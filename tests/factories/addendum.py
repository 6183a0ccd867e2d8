"""An addendum to a consultation."""

from consultations.models import Addendum

from .consultation import ConsultationFactory
from .record import RecordFactory, part


class AddendumFactory(RecordFactory):
    class Meta:
        model = Addendum

    consultation = part(ConsultationFactory)
    text = "The left side was treated, not the right."
