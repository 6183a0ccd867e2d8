"""Referral letters that wait, in one go: each is a document of its own, issued by itself."""

import logging
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from consultations.models import IssuedDocument, StaleRecordError, SurgicalReferral
from consultations.models.spine import STANDING
from consultations.summaries.integrity import is_as_recorded, read_file
from consultations.summaries.sendings import unsent
from consultations.vocabulary import DocumentKind, ReferralStatus

from .issuing import draft_of, issue
from .typesetting import pdf_of

logger = logging.getLogger(__name__)
LETTER = DocumentKind.REFERRAL_LETTER
AT_ONCE = 10  # about a second
PAGE = re.compile(rb"/Type\s*/Page(?![a-z])")


@dataclass(frozen=True)
class Batch:
    """What a part of the run came to: the documents made, the referrals without, the last key."""

    made: tuple[IssuedDocument, ...]
    failed: tuple[SurgicalReferral, ...]
    last: int


def waiting_for_letter():
    """Return the referrals still to be sent that have no letter since they went last, oldest
    first."""
    letters = IssuedDocument.objects.filter(STANDING, referral=OuterRef("pk"), kind=LETTER)
    letters = unsent(letters)
    waiting = SurgicalReferral.objects.waiting(ReferralStatus.TO_SEND).not_erased()
    return waiting.filter(~Exists(letters)).with_patient().order_by("pk")


def addressed_to_somebody(referrals):
    """Return those of these that say to whom: of the others there can be no letter."""
    return referrals.exclude(surgeon="")


def issue_some(by, after=0):
    """Issue the letters of the next referrals that wait, after this key. What cannot be issued is
    left for `why_not` to explain, and stops no other."""
    waiting = addressed_to_somebody(waiting_for_letter())
    some = list(waiting.filter(pk__gt=after)[:AT_ONCE])
    made, failed = [], []
    for referral in some:
        waits = waiting_for_letter().filter(pk=referral.pk).exists
        try:
            made.append(issue(LETTER, referral, by, only_if=waits))
        except (ValidationError, StaleRecordError):
            failed.append(referral)
    issued = tuple(one for one in made if one)  # somebody else may have been quicker
    return Batch(issued, tuple(failed), some[-1].pk if some else after)


def print_run(documents):
    """Return one PDF of issued documents, each as it was issued, and those of them that it holds:
    one whose file is not what was issued is left out."""
    held, told = [], []
    for document in documents:
        content = read_file(document.file)
        if content is None or not is_as_recorded(document, "file", content):
            logger.error("The file of document %s is not the one that was issued.", document.pk)
            continue
        # Its pages stand in the open: the file is our own.
        pages = len(PAGE.findall(content))
        told.append({"path": document.file.path, "pages": pages, "alt": str(document)})
        held.append(document)
    # A PDF in another one can be no PDF/A. What is kept are the documents themselves.
    return (pdf_of("print_run", {"documents": told}, standards=[]) if told else b""), held


def why_not(referral, by):
    """Return in words why there is no letter about a referral; "" where there can be one now."""
    try:
        draft_of(LETTER, referral, by).pdf()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
