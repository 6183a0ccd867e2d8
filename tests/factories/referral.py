"""A referral of a severe area, still to be sent; and a sending of one, which then waits."""

from datetime import date

import factory

from consultations.models import ReferralSending, SurgicalReferral
from consultations.vocabulary import ReferralStatus

from .assessment import AssessmentFactory
from .record import RecordFactory, part
from .surgeon import SurgeonFactory


class ReferralFactory(RecordFactory):
    class Meta:
        model = SurgicalReferral

    assessment = part(AssessmentFactory, severe=True)


class SendingFactory(RecordFactory):
    class Meta:
        model = ReferralSending

    surgeon = part(SurgeonFactory)
    sent_on = date(2025, 3, 4)
    words = "Letter by post."
    referral = part(
        ReferralFactory,
        status=ReferralStatus.SENT,
        sent_on=factory.SelfAttribute("..sent_on"),
        surgeon=factory.SelfAttribute("..surgeon.name"),
    )
