"""The whole story of one person: one of every kind of record, each saved twice, with two photos."""

from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from consultations.models import (
    AdverseEvent,
    Appointment,
    AreaAssessment,
    Consultation,
    FollowUp,
    Patient,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind, Area, DocumentKind, FollowUpKind

from .addendum import AddendumFactory
from .appointment import appointment_for
from .assessment import AssessmentFactory
from .consent import ConsentFactory
from .consultation import ConsultationFactory
from .document import DocumentFactory
from .draft import DraftFactory
from .event import EventFactory
from .follow_up import FollowUpFactory
from .message import MessageAttemptFactory, MessageFactory
from .money import DiscountFactory, PaymentFactory
from .patch import TestPatchFactory
from .patient import PatientFactory
from .photo import PhotoFactory, PhotoUseFactory
from .plan import PlanFactory
from .referral import ReferralFactory, SendingFactory
from .session import SessionFactory


@dataclass(frozen=True)
class Story:
    patient: Patient
    merged: Patient
    consultation: Consultation
    assessment: AreaAssessment
    plan: TreatmentPlan
    session: TreatmentSession
    event: AdverseEvent
    referral: SurgicalReferral
    follow_up: FollowUp
    booked: Appointment
    patch: TestPatch
    records: tuple


def make_story(by, **patient):
    """A person with two records of which one was merged, a face under treatment and a neck
    referred, a test patch, consents, photos, a correction, follow-ups, drafts, who has looked."""
    person = PatientFactory(by=by, phone="020 7946 0000", **patient)
    merged = PatientFactory(by=by, family_name=person.family_name)
    consultation = ConsultationFactory(by=by, patient=person)
    face = AssessmentFactory(by=by, consultation=consultation)
    neck = AssessmentFactory(by=by, consultation=consultation, area=Area.NECK, severe=True)
    plan = PlanFactory(by=by, assessment=face)
    booked = appointment_for(plan, by=by)
    missed = appointment_for(plan, by=by, missed=True)
    session = SessionFactory(by=by, plan=plan)
    event = EventFactory(by=by, session=session, moderate=True)
    referral = ReferralFactory(by=by, assessment=neck)
    follow_up = FollowUpFactory(by=by, patient=person, plan=plan)
    patch = TestPatchFactory(by=by, patient=person, area=Area.LEGS, reaction=True)
    others = [
        booked,
        missed,
        *booked.courses.all(),
        *missed.courses.all(),
        follow_up,
        SendingFactory(by=by, referral=referral),
        FollowUpFactory(by=by, patient=person, session=session, kind=FollowUpKind.INFECTION_WATCH),
        ConsentFactory(by=by, patient=person),
        *plan.consents.all(),
        PaymentFactory(by=by, plan=plan, words="For Eva"),
        DiscountFactory(by=by, plan=plan),
        PhotoFactory(by=by, patient=person),
        (photo := PhotoFactory(by=by, patient=person)),
        PhotoUseFactory(by=by, photo=photo),
        DocumentFactory(by=by, patient=person, plan=plan, kind=DocumentKind.PLAN_AND_QUOTE),
        AddendumFactory(by=by, consultation=consultation),
        AddendumFactory(by=by, consultation=None, session=session),
        # Of the other record, before it was merged.
        ConsultationFactory(by=by, patient=merged),
    ]
    merged.entered_in_error_by, merged.entered_in_error_reason = by, "Twice here."
    merged.entered_in_error_at, merged.merged_into = timezone.now(), person
    merged.save(by=by)
    for number, form in enumerate(drafts_of(person, plan)):
        DraftFactory(user=by, form=form, title=f"Form {number}", values={"notes": "Half a"})
    chosen = {"patient": {"value": str(person.pk), "label": str(person)}}
    DraftFactory(form="/admin/consultations/followup/add/", values=chosen)
    message = MessageFactory(patient=person, to="eva@example.org", subject="Soon", body="On Monday")
    MessageAttemptFactory(message=message)
    record_access(
        by=by, kind=AccessKind.CHART, address="127.0.0.1", patient=person, record=person, detail="x"
    )
    records = (
        consultation,
        face,
        neck,
        plan,
        session,
        event,
        referral,
        patch,
        *others,
        person,
        merged,
    )
    return Story(
        patient=person,
        merged=merged,
        consultation=consultation,
        assessment=face,
        plan=plan,
        session=session,
        event=event,
        referral=referral,
        follow_up=follow_up,
        booked=booked,
        patch=patch,
        records=records,
    )


def drafts_of(patient, plan):
    """Addresses of forms about this patient."""
    admin = "/admin/consultations"
    yield f"{admin}/patient/{patient.pk}/change/"
    yield f"{admin}/patient/{patient.pk}/visit/"
    yield f"{admin}/consultation/add/?patient={patient.pk}"
    yield f"{admin}/treatmentsession/add/?plan={plan.pk}"


def texts_of(model):
    """The fields in which anybody can write what they like."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField)
        if is_text and not field.choices and not field.generated:
            yield field
