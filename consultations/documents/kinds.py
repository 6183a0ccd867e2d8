"""The kinds of documents: who may issue each, what it is about, and what gathers its words.

Another kind is a value of `DocumentKind`, a file here that gathers its data, a template if neither
`letter` nor `paper` fits, and a line below.
"""

from collections.abc import Callable
from dataclasses import dataclass

from consultations.models import IssuedDocument, Patient
from consultations.models.document import ABOUT
from consultations.vocabulary import DocumentKind

from . import (
    aftercare,
    appointment_card,
    chart,
    consent_copy,
    gp_letter,
    plan_and_quote,
    receipt,
    referral_letter,
    session_record,
)

HANDOUTS, PLANS, LETTERS, CHART = (
    (f"consultations.issue_{name}",) for name in ("handouts", "plans", "letters", "chart")
)
# Whoever takes money or gives it back hands the receipt over.
RECEIPTS = (*HANDOUTS, "consultations.add_payment", "consultations.refund_payment")


def _nothing(record):
    return ""


def _none(record):
    return []


def _no_more(record, by):
    """Nothing follows from issuing it."""


@dataclass(frozen=True)
class Kind:
    """One kind of document, issued by those with one of its `permissions`.

    `gather` returns its words for a record, `refusal` why there can be none, `missing` what it
    should say and nobody asked, `follows` does what follows from issuing it for the record and
    whoever issues it.
    """

    template: str
    permissions: tuple
    gather: Callable
    refusal: Callable = _nothing
    missing: Callable = _none
    photos: Callable = _none
    follows: Callable = _no_more
    for_desk: bool = False  # opened by those too who read nothing clinical


KINDS = {
    DocumentKind.REFERRAL_LETTER: Kind(
        "letter",
        LETTERS,
        referral_letter.gather,
        refusal=referral_letter.refusal,
        missing=referral_letter.missing_of,
        photos=referral_letter.photos_for,
    ),
    DocumentKind.GP_LETTER: Kind(
        "letter",
        LETTERS,
        gp_letter.gather,
        refusal=gp_letter.refusal,
        missing=gp_letter.missing_of,
    ),
    DocumentKind.PLAN_AND_QUOTE: Kind(
        "paper",
        PLANS,
        plan_and_quote.gather,
        refusal=plan_and_quote.refusal,
        missing=plan_and_quote.missing_of,
        follows=plan_and_quote.follows,
        for_desk=True,
    ),
    DocumentKind.RECEIPT: Kind(
        "paper", RECEIPTS, receipt.gather, refusal=receipt.refusal, for_desk=True
    ),
    DocumentKind.CONSENT_COPY: Kind(
        "consent", PLANS, consent_copy.gather, refusal=consent_copy.refusal
    ),
    DocumentKind.APPOINTMENT_CARD: Kind(
        "paper",
        HANDOUTS,
        appointment_card.gather,
        refusal=appointment_card.refusal,
        missing=appointment_card.missing_of,
        for_desk=True,
    ),
    DocumentKind.AFTERCARE: Kind(
        "paper",
        HANDOUTS,
        aftercare.gather,
        refusal=aftercare.refusal,
        missing=aftercare.missing_of,
        for_desk=True,
    ),
    DocumentKind.SESSION_RECORD: Kind(
        "paper",
        PLANS,
        session_record.gather,
        refusal=session_record.refusal,
    ),
    DocumentKind.CHART: Kind("paper", CHART, chart.gather),
}


def model_of(kind):
    """Return the model of what a kind of document is about."""
    name = ABOUT.get(kind)
    return IssuedDocument._meta.get_field(name).related_model if name else Patient


def may_issue(user, kind):
    return kind in KINDS and any(user.has_perm(one) for one in KINDS[kind].permissions)


def may_open(user, document):
    """Whether somebody may read an issued document; that it exists more people may know."""
    if not user.has_perm("consultations.view_issueddocument"):
        return False
    kind = KINDS.get(document.kind)
    return user.has_perm("consultations.view_clinical") or bool(kind and kind.for_desk)
