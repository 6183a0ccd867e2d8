"""Referral letters that wait, in one go: each is a document of its own, issued by itself."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from consultations.models import IssuedDocument, StaleRecordError, SurgicalReferral
from consultations.models.spine import STANDING
from consultations.summaries.sendings import unsent
from consultations.vocabulary import DocumentKind, ReferralStatus

from .issuing import draft_of, issue

LETTER = DocumentKind.REFERRAL_LETTER
AT_ONCE = 10  # about a second


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


def issue_some(by, after=0):
    """Issue the letters of the next referrals that wait, after this key. What cannot be issued is
    left for `why_not` to explain, and stops no other."""
    some = list(waiting_for_letter().filter(pk__gt=after)[:AT_ONCE])
    made, failed = [], []
    for referral in some:
        waits = waiting_for_letter().filter(pk=referral.pk).exists
        try:
            made.append(issue(LETTER, referral, by, only_if=waits))
        except (ValidationError, StaleRecordError):
            failed.append(referral)
    issued = tuple(one for one in made if one)  # somebody else may have been quicker
    return Batch(issued, tuple(failed), some[-1].pk if some else after)


def why_not(referral, by):
    """Return in words why there is no letter about a referral; "" where there can be one now."""
    try:
        draft_of(LETTER, referral, by).pdf()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
