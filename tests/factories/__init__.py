"""Records for tests: adults, days in the past, and nothing a test did not ask for."""

from .addendum import AddendumFactory
from .appointment import (
    AbsenceFactory,
    AppointmentFactory,
    AppointmentLengthFactory,
    AppointmentPlanFactory,
    AppointmentReasonFactory,
    ClosedDayFactory,
    OpeningHoursFactory,
    RoomFactory,
    appointment_for,
    at,
)
from .assessment import AssessmentFactory
from .audit import AccessRecordFactory, AuditSealFactory, ErasureFactory
from .calendar_address import CalendarAddressFactory
from .clinic import ClinicSettingsFactory
from .consent import ConsentFactory, ConsentWordingFactory, TreatmentConsentFactory
from .consultation import ConsultationFactory
from .document import DocumentFactory
from .draft import DraftFactory
from .event import EventFactory
from .follow_up import FollowUpFactory
from .imports import ImportBatchFactory, ImportedRecordFactory, ImportRowFactory
from .laser import (
    AuthorisedUserFactory,
    LaserFactory,
    LaserIncidentFactory,
    LaserModeFactory,
    LaserServiceFactory,
)
from .message import (
    MessageAttemptFactory,
    MessageFactory,
    MessageTemplateFactory,
    PreCareFactory,
)
from .money import DiscountFactory, PaymentFactory
from .patch import TestPatchFactory
from .patient import PatientFactory
from .photo import PhotoFactory, PhotoUseFactory
from .plan import PlanFactory
from .record import RecordFactory
from .referral import ReferralFactory, SendingFactory
from .session import SessionFactory
from .surgeon import SurgeonFactory
from .user import UserFactory

__all__ = [
    "AbsenceFactory",
    "AccessRecordFactory",
    "AddendumFactory",
    "AppointmentFactory",
    "AppointmentLengthFactory",
    "AppointmentPlanFactory",
    "AppointmentReasonFactory",
    "AssessmentFactory",
    "AuditSealFactory",
    "AuthorisedUserFactory",
    "CalendarAddressFactory",
    "ClinicSettingsFactory",
    "ClosedDayFactory",
    "ConsentFactory",
    "ConsentWordingFactory",
    "ConsultationFactory",
    "DiscountFactory",
    "DocumentFactory",
    "DraftFactory",
    "ImportBatchFactory",
    "ImportRowFactory",
    "ImportedRecordFactory",
    "ErasureFactory",
    "EventFactory",
    "FollowUpFactory",
    "LaserFactory",
    "LaserIncidentFactory",
    "LaserModeFactory",
    "LaserServiceFactory",
    "MessageAttemptFactory",
    "MessageFactory",
    "MessageTemplateFactory",
    "OpeningHoursFactory",
    "PatientFactory",
    "PaymentFactory",
    "PhotoFactory",
    "PhotoUseFactory",
    "PlanFactory",
    "PreCareFactory",
    "RecordFactory",
    "ReferralFactory",
    "RoomFactory",
    "SendingFactory",
    "SessionFactory",
    "SurgeonFactory",
    "TestPatchFactory",
    "TreatmentConsentFactory",
    "UserFactory",
    "appointment_for",
    "at",
]
