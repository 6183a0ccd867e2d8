"""What is stored, and what must always hold of it. One record a file."""

from .absence import Absence
from .addendum import Addendum
from .appointment import Appointment
from .appointment_plan import AppointmentPlan
from .appointment_words import AppointmentLength, AppointmentReason
from .assessment import AreaAssessment
from .audit import AccessRecord, AuditSeal, Erasure
from .authorised_user import AuthorisedUser
from .calendar_address import CalendarAddress
from .clinic import ClinicSettings
from .consent import Consent, ConsentWording
from .consultation import Consultation
from .discount import Discount
from .document import IssuedDocument
from .draft import Draft
from .event import AdverseEvent
from .follow_up import FollowUp
from .imports import ImportBatch, ImportedRecord, ImportRow
from .laser import Laser, LaserMode
from .laser_incident import LaserIncident
from .laser_service import LaserService
from .message import Message, MessageAttempt
from .message_words import MessageTemplate, PreCare
from .opening import ClosedDay, OpeningHours
from .patch import TestPatch
from .patient import Patient, RecordCounter
from .payment import Payment
from .photo import Photo
from .photo_use import PhotoUse
from .plan import TreatmentPlan
from .record import AnonymousWriteError, SignedRecordError, StaleRecordError
from .referral import SurgicalReferral
from .referral_sending import ReferralSending
from .room import Room
from .search import SearchKey
from .session import TreatmentSession
from .sign_in import RefusalCount, SignInLimit
from .spine import kinds, patient_of, record_kinds
from .staff import GivenPassword, StaffHistory
from .surgeon import Surgeon

__all__ = [
    "Absence",
    "AccessRecord",
    "Addendum",
    "AdverseEvent",
    "AnonymousWriteError",
    "Appointment",
    "AppointmentLength",
    "AppointmentPlan",
    "AppointmentReason",
    "AreaAssessment",
    "AuditSeal",
    "AuthorisedUser",
    "CalendarAddress",
    "ClinicSettings",
    "ClosedDay",
    "Consent",
    "ConsentWording",
    "Consultation",
    "Discount",
    "Draft",
    "Erasure",
    "FollowUp",
    "GivenPassword",
    "ImportBatch",
    "ImportRow",
    "ImportedRecord",
    "IssuedDocument",
    "Laser",
    "LaserIncident",
    "LaserMode",
    "LaserService",
    "Message",
    "MessageAttempt",
    "MessageTemplate",
    "OpeningHours",
    "Patient",
    "Payment",
    "Photo",
    "PhotoUse",
    "PreCare",
    "RecordCounter",
    "ReferralSending",
    "RefusalCount",
    "Room",
    "SearchKey",
    "SignInLimit",
    "SignedRecordError",
    "StaffHistory",
    "StaleRecordError",
    "Surgeon",
    "SurgicalReferral",
    "TestPatch",
    "TreatmentPlan",
    "TreatmentSession",
    "kinds",
    "patient_of",
    "record_kinds",
]
