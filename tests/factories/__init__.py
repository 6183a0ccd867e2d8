"""Records for tests: adults, days in the past, and nothing a test did not ask for."""

from .assessment import AssessmentFactory
from .consent import ConsentFactory, ConsentWordingFactory
from .consultation import ConsultationFactory
from .draft import DraftFactory
from .event import EventFactory
from .follow_up import FollowUpFactory
from .laser import LaserFactory, LaserModeFactory
from .patient import PatientFactory
from .photo import PhotoFactory
from .plan import PlanFactory
from .record import RecordFactory
from .referral import ReferralFactory
from .session import SessionFactory
from .user import UserFactory

__all__ = [
    "AssessmentFactory",
    "ConsentFactory",
    "ConsentWordingFactory",
    "ConsultationFactory",
    "DraftFactory",
    "EventFactory",
    "FollowUpFactory",
    "LaserFactory",
    "LaserModeFactory",
    "PatientFactory",
    "PhotoFactory",
    "PlanFactory",
    "RecordFactory",
    "ReferralFactory",
    "SessionFactory",
    "UserFactory",
]
