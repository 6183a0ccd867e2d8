"""The letter of a referral that is being sent: to the surgeon chosen there, issued as it goes."""

from copy import copy

from consultations.actions.locking import lock_patient_of
from consultations.actions.referral_steps import address_to, refuse_sending, send_referral
from consultations.actions.referrals import change_referral
from consultations.models.transactions import atomic
from consultations.vocabulary import DocumentKind

from .issuing import draft_of, issue

LETTER = DocumentKind.REFERRAL_LETTER


def addressed(referral, surgeon):
    """Return a referral as if it named this surgeon, who need not be stored yet; to read only."""
    as_if = copy(referral)
    address_to(as_if, surgeon)
    return as_if


def letter_of(sending, by):
    """Return the letter as it would be issued to go with a sending.

    Raises ValidationError where there can be none, or where it cannot be printed.
    """
    referral = addressed(sending.referral, sending.surgeon)
    draft = draft_of(LETTER, referral, by, with_photos=bool(sending.photographs))
    draft.pdf()
    return draft


@atomic()
def send_with_letter(*, sending, by, stamp):
    """Issue the letter to a sending's surgeon, and record that it went.

    `stamp` is that of the draft that was looked at. Raises what `issue` and `send_referral` raise.
    """
    referral, surgeon = sending.referral, sending.surgeon
    lock_patient_of(referral)
    refuse_sending(sending)
    if (referral.addressed_to, referral.surgeon) != (surgeon, str(surgeon)):
        address_to(referral, surgeon)
        change_referral(referral=referral, by=by)
    with_photos = bool(sending.photographs)
    sending.document = issue(LETTER, referral, by, with_photos=with_photos, stamp=stamp)
    return send_referral(sending=sending, by=by)
