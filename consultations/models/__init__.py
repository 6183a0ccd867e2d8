"""What is stored, and what must always hold of it. One record a file."""

from .addendum import Addendum
from .assessment import AreaAssessment
from .audit import AccessRecord, AuditSeal, Erasure
from .authorised_user import AuthorisedUser
from .clinic import ClinicSettings
from .consent import Consent, ConsentWording
from .consultation import Consultation
from .draft import Draft
from .event import AdverseEvent
from .follow_up import FollowUp
from .laser import Laser, LaserMode
from .laser_incident import LaserIncident
from .laser_service import LaserService
from .patch import TestPatch
from .patient import Patient, RecordCounter
from .photo import Photo
from .plan import TreatmentPlan
from .record import AnonymousWriteError, SignedRecordError, StaleRecordError
from .referral import SurgicalReferral
from .search import SearchKey
from .session import TreatmentSession
from .sign_in import RefusalCount, SignInLimit
from .spine import kinds, patient_of, record_kinds
from .staff import GivenPassword, StaffHistory

__all__ = [
    "AccessRecord",
    "Addendum",
    "AdverseEvent",
    "AnonymousWriteError",
    "AreaAssessment",
    "AuditSeal",
    "AuthorisedUser",
    "ClinicSettings",
    "Consent",
    "ConsentWording",
    "Consultation",
    "Draft",
    "Erasure",
    "FollowUp",
    "GivenPassword",
    "Laser",
    "LaserIncident",
    "LaserMode",
    "LaserService",
    "Patient",
    "Photo",
    "RecordCounter",
    "RefusalCount",
    "SearchKey",
    "SignInLimit",
    "SignedRecordError",
    "StaffHistory",
    "StaleRecordError",
    "SurgicalReferral",
    "TestPatch",
    "TreatmentPlan",
    "TreatmentSession",
    "kinds",
    "patient_of",
    "record_kinds",
]
