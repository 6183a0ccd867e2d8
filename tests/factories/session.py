"""A session done one interval after the last one of its plan: eyewear worn, and all answered that
must be asked on the day."""

from datetime import UTC, datetime, timedelta

import factory
from django.utils import timezone

from consultations.actions.courses import settle_plan
from consultations.models import TreatmentSession
from consultations.vocabulary import Isotretinoin, SessionStatus

from .laser import LaserModeFactory
from .plan import PlanFactory
from .record import RecordFactory, part

UNDONE = {
    "performed_on": None,
    "operator": None,
    "laser_mode": None,
    "pregnant": None,
    "breastfeeding": None,
    "isotretinoin": "",
    "tanned": None,
    "infection": None,
    "eyewear_worn": None,
}


def next_day(session):
    plan = session.plan
    return plan.started_on + timedelta(days=plan.interval_days * (plan.done_sessions().count() + 1))


class SessionFactory(RecordFactory):
    class Meta:
        model = TreatmentSession

    class Params:
        done = factory.Trait(status=SessionStatus.DONE)
        # Former bookings, from before there was a diary.
        booked = factory.Trait(
            **UNDONE,
            status=SessionStatus.BOOKED,
            booked_for=factory.LazyFunction(lambda: timezone.now() + timedelta(days=7)),
        )
        missed = factory.Trait(
            **UNDONE,
            status=SessionStatus.MISSED,
            status_reason="Did not come.",
            booked_for=datetime(2025, 3, 31, 10, tzinfo=UTC),
        )
        elsewhere = factory.Trait(
            performed_elsewhere="Another clinic", operator=None, laser_mode=None
        )

    plan = part(PlanFactory)
    status = SessionStatus.DONE
    performed_on = factory.LazyAttribute(next_day)
    operator = factory.SelfAttribute("by")
    laser_mode = part(LaserModeFactory, laser_type=factory.SelfAttribute("..plan.laser_type"))
    pregnant = False
    breastfeeding = False
    isotretinoin = Isotretinoin.NEVER
    tanned = False
    infection = False
    eyewear_worn = True

    @classmethod
    def _create(cls, model_class, *args, by, **kwargs):
        session = model_class(*args, **kwargs)
        if session.is_former:
            # As it was stored before there was a diary.
            session.day = session.day_of_session()
            super(TreatmentSession, session).save(by=by)
            return session
        session.save(by=by)
        if settle_plan(session.plan):
            session.plan.save(by=by)
        return session
