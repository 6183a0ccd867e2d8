"""The way to a document from where the need for it arises: one press to the page before it."""

from consultations.documents.kinds import KINDS, may_issue, model_of
from consultations.models import (
    Appointment,
    Consent,
    Payment,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
    patient_of,
)
from consultations.models.document import ABOUT
from consultations.vocabulary import DocumentKind

from .displays import Step, admin_url

# What is asked for on the page of a record; it may be about what the record is part of.
ON_PAGE_OF = {
    SurgicalReferral: (DocumentKind.REFERRAL_LETTER,),
    TreatmentPlan: (DocumentKind.PLAN_AND_QUOTE, DocumentKind.AFTERCARE),
    TreatmentSession: (DocumentKind.SESSION_RECORD, DocumentKind.AFTERCARE),
    Appointment: (DocumentKind.APPOINTMENT_CARD,),
    Payment: (DocumentKind.RECEIPT,),
    Consent: (DocumentKind.CONSENT_COPY,),
}


def preview_url(kind, about, patient, page="document"):
    """The page on which a document about a record is looked at before it is issued."""
    return admin_url("patient", page, patient.pk, kind=kind.value, about=about.pk)


def document_steps(record, user):
    """The documents that this person may issue from the page of a record, a quiet button each."""
    if type(record) not in ON_PAGE_OF or record.in_error or patient_of(record).why_ended:
        return []
    patient = patient_of(record)
    return [
        Step(kind.label, preview_url(kind, record.nearest(model_of(kind)), patient), False)
        for kind in ON_PAGE_OF[type(record)]
        if may_issue(user, kind)
    ]


def offers_of(patient, user):
    """What can be issued about a patient now, on the page of all documents."""
    if patient.why_ended:
        return []
    kinds = [kind for kind in KINDS if may_issue(user, kind)]
    alone = [
        Step(one.label, preview_url(one, patient, patient)) for one in kinds if one not in ABOUT
    ]
    plans = TreatmentPlan.objects.standing().of(patient).select_related("assessment")
    of_plans = [
        Step(f"{kind.label}: {_area_of(plan)}", preview_url(kind, plan, patient))
        for plan in plans.order_by("-pk")
        for kind in kinds
        if ABOUT.get(kind) == "plan"
    ]
    return alone + of_plans


def _area_of(plan):
    return plan.assessment.get_area_display().lower()
