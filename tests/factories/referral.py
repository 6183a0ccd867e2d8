"""A referral of a severe area, still to be sent."""

from consultations.models import SurgicalReferral

from .assessment import AssessmentFactory
from .record import RecordFactory, part


class ReferralFactory(RecordFactory):
    class Meta:
        model = SurgicalReferral

    assessment = part(AssessmentFactory, severe=True)
