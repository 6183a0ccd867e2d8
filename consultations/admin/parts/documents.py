"""The way to a document from where the need for it arises: one press to the page before it."""

from django.core import signing
from django.db.models import Sum
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from consultations.documents.kinds import KINDS, may_issue, model_of
from consultations.models import (
    Appointment,
    ClinicSettings,
    Consent,
    IssuedDocument,
    Payment,
    Surgeon,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
    patient_of,
)
from consultations.models.document import ABOUT
from consultations.models.money import in_words
from consultations.models.text import day_in_words
from consultations.vocabulary import DocumentKind

from .displays import Step, admin_url

SESSION = DocumentKind.SESSION_RECORD
SALT = "letter to a surgeon"
# What is read of issued documents to tell them apart.
ABOUT_READ = (
    *("plan__assessment", "referral__assessment", "session__plan__assessment"),
    *("payment__plan__assessment", "consent__plan__assessment", "consent__wording"),
)
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


def letter_draft_url(sending):
    """The PDF of a letter as it would go with a sending; its surgeon need not be stored yet."""
    referral, surgeon = sending.referral, sending.surgeon
    named = {name: getattr(surgeon, name) for name in ("name", "practice", "address")}
    asked = {"to": signing.dumps(named, salt=SALT, compress=True)}
    asked |= {"photos": "on"} if sending.photographs else {}
    url = preview_url(
        DocumentKind.REFERRAL_LETTER, referral, patient_of(referral), "document_draft"
    )
    return f"{url}&{urlencode(asked)}"


def surgeon_named(token):
    """The surgeon whom `letter_draft_url` named, unsaved. Raises BadSignature for anything else."""
    return Surgeon(**signing.loads(token, salt=SALT))


def document_steps(record, user):
    """The documents that this person may issue from the page of a record, a quiet button each."""
    if type(record) not in ON_PAGE_OF or record.in_error or patient_of(record).why_ended:
        return []
    if isinstance(record, SurgicalReferral) and (record.operated_by or not record.is_open):
        return []  # nobody is written to any more
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
        Step(f"{kind.label}: {_course(plan)}", preview_url(kind, plan, patient))
        for plan in plans.order_by("-pk")
        for kind in kinds
        if ABOUT.get(kind) == "plan"
    ]
    return alone + of_plans + (_last_sessions(patient) if SESSION in kinds else [])


def _last_sessions(patient):
    """The record of the last session of each course; those before have it on their own pages."""
    done = TreatmentSession.objects.done().of(patient).select_related("plan__assessment")
    last = {one.plan_id: one for one in done.order_by("performed_on", "pk")}
    return [
        Step(f"{SESSION.label}: {_about_session(one)}", preview_url(SESSION, one, patient))
        for _plan, one in sorted(last.items(), reverse=True)
    ]


def about_in_words(documents):
    """Return by key what each issued document is about, to tell it from others of its kind."""
    receipts = {one.payment.receipt_number for one in documents if one.payment_id}
    found = Payment.objects.filter(receipt_number__in=receipts).order_by() if receipts else None
    sums = found.values("receipt_number").annotate(total=Sum("amount")) if receipts else ()
    totals = {one["receipt_number"]: one["total"] for one in sums}
    currency = ClinicSettings.objects.current().currency if receipts else ""
    return {one.pk: _about(one, totals, currency) for one in documents}


def _about(document, totals, currency):
    if payment := document.payment:
        amount = in_words(totals[payment.receipt_number], currency)
        kind = payment.get_kind_display().lower()
        return ", ".join((payment.receipt_number, kind, amount, payment.plan.name))
    if document.session:
        return _about_session(document.session)
    if document.consent and not document.consent.plan:
        return str(document.consent.wording.get_kind_display()).lower()
    if plan := document.plan or (document.consent and document.consent.plan):
        return plan.name
    return _area_of(document.referral) if document.referral else ""


def _about_session(session):
    return f"{_area_of(session.plan)}, {day_in_words(session.performed_on)}"


def replaced_quotes(documents):
    """Return by key the number of the quote that replaced each of these: a later one of its course
    that stands. One query."""
    plans = {one.plan_id for one in documents if one.kind == DocumentKind.PLAN_AND_QUOTE}
    quotes = IssuedDocument.objects.standing().filter(kind=DocumentKind.PLAN_AND_QUOTE)
    latest = {one.plan_id: one for one in quotes.filter(plan__in=plans).order_by("pk")}
    return {
        one.pk: latest[one.plan_id].number
        for one in documents
        if one.plan_id in latest and one.kind == DocumentKind.PLAN_AND_QUOTE
        if one.pk < latest[one.plan_id].pk
    }


def _course(plan):
    """A course by its name, and whether it ended."""
    return plan.name if plan.is_open else f"{plan.name}, {plan.get_status_display().lower()}"


def _area_of(record):
    return record.assessment.get_area_display().lower()


def receipt_link(payment, user):
    """The way from an entry of a ledger on to its receipt, for those who may issue it; or ""."""
    if not may_issue(user, DocumentKind.RECEIPT):
        return ""
    url = preview_url(DocumentKind.RECEIPT, payment, patient_of(payment))
    return format_html('<a class="step" href="{}">{}</a>', url, _("Issue receipt"))
