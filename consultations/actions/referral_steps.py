"""A referral's way to a surgeon: sent, answered, sent to another one, closed."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from consultations.models.referral import MAY_FOLLOW
from consultations.models.transactions import atomic
from consultations.vocabulary import Closure, ReferralStatus, SurgeonAnswer

from .locking import lock_patient_of
from .referrals import change_referral, close

# A surgeon who declined, or never replied, may be followed by another one.
TO_ANOTHER = (Closure.SURGEON_DECLINED, Closure.NO_REPLY)
MAY_BE_SENT = (ReferralStatus.TO_SEND, ReferralStatus.SENT)


# What makes no sense


def refuse_step(referral, former):
    """Raise ValidationError if this status cannot follow on the `former` one, "" of a new one."""
    former = ReferralStatus(former or ReferralStatus.TO_SEND)
    if referral.status == former:
        return
    if (former, referral.status) == (ReferralStatus.TO_SEND, ReferralStatus.SENT):
        words = _("Press “Send referral” instead: it asks to whom it goes, and how.")
        raise ValidationError({"status": words})
    if referral.status not in MAY_FOLLOW[former]:
        allowed = [str(ReferralStatus(one).label).lower() for one in MAY_FOLLOW[former]]
        words = _("“%(status)s” cannot follow on “%(former)s”, only: %(allowed)s.") % {
            "status": referral.get_status_display(),
            "former": former.label,
            "allowed": get_text_list(allowed, _("or")),
        }
        raise ValidationError({"status": words})


def refuse_sending(sending):
    """Raise ValidationError, by field, for a sending that cannot have been."""
    referral, told = sending.referral, {}
    if not (referral.stands and referral.status in MAY_BE_SENT):
        words = _("This referral cannot be sent now: %(status)s.")
        told["__all__"] = words % {"status": referral.get_status_display().lower()}
    if sending.sent_on > timezone.localdate():
        told["sent_on"] = _("This date is in the future.")
    elif sending.sent_on < referral.assessment.consultation.consulted_on:
        told["sent_on"] = _("This is before the consultation.")
    if not sending.surgeon.stands or not sending.surgeon.is_active:
        words = _("%(surgeon)s takes no more referrals. Choose another surgeon.")
        told["surgeon"] = words % {"surgeon": sending.surgeon}
    if told:
        raise ValidationError(told)


def was_sent_alike(sending):
    """Whether the referral went to the same surgeon on the same day already."""
    others = sending.referral.sendings.standing().exclude(pk=sending.pk)
    return others.filter(surgeon=sending.surgeon, sent_on=sending.sent_on).exists()


# What happens


@atomic()
def send_referral(*, sending, by):
    """Record that a referral went to a surgeon; it waits for the answer from then on.

    Raises ValidationError as `refuse_sending` does.
    """
    referral = sending.referral
    lock_patient_of(referral)
    refuse_sending(sending)
    sending.save(by=by)
    referral.status = ReferralStatus.SENT
    words = _("Sent to %(surgeon)s, %(how)s.") % {
        "surgeon": sending.surgeon,
        "how": sending.get_how_display().lower(),
    }
    _take_over(referral)
    change_referral(referral=referral, by=by, reason=words)
    return sending


@atomic()
def answer_referral(*, referral, answer, by):
    """Record what the surgeon answered today. Raises ValidationError if nobody was asked."""
    lock_patient_of(referral)
    if referral.status != ReferralStatus.SENT or referral.in_error:
        raise ValidationError(_("This referral does not wait for a reply."))
    if answer == SurgeonAnswer.ACCEPTED:
        referral.status, referral.accepted_on = ReferralStatus.ACCEPTED, timezone.localdate()
    else:
        close(referral, Closure.SURGEON_DECLINED)
    return change_referral(referral=referral, by=by)


@atomic()
def close_referral(*, referral, words, by):
    """Close a referral today. `words` are those of a closure, or say how it ended otherwise."""
    lock_patient_of(referral)
    if not referral.is_open:
        raise ValidationError(_("This referral is closed already."))
    if not words:
        raise ValidationError(_("Say how it ended."))
    named = {str(closure.label): closure for closure in Closure if closure != Closure.OTHER}
    close(referral, named.get(words, Closure.OTHER))
    if referral.closure == Closure.OTHER:
        referral.closure_words = words
    referral.full_clean(validate_unique=False)
    return change_referral(referral=referral, by=by)


@atomic()
def refer_to_another(*, referral, by):
    """Put a referral back among those to send; what was sent and answered stays beside it."""
    lock_patient_of(referral)
    if referral.closure not in TO_ANOTHER:
        raise ValidationError(_("Only a referral that was declined, or not answered, goes on."))
    told = {"closure": referral.get_closure_display(), "surgeon": referral.surgeon or "?"}
    referral.status, referral.closure = ReferralStatus.TO_SEND, ""
    referral.sent_on = referral.accepted_on = referral.closed_on = None
    referral.surgeon, referral.addressed_to = "", None
    words = _("To another surgeon. Before: %(surgeon)s, %(closure)s.") % told
    return change_referral(referral=referral, by=by, reason=words)


@atomic()
def take_back_sending(*, sending, by):
    """A sending was entered in error: the referral is where the others leave it."""
    referral = sending.referral
    _take_over(referral)
    if referral.status == ReferralStatus.SENT and referral.sent_on is None:
        referral.status = ReferralStatus.TO_SEND
    change_referral(referral=referral, by=by, reason=_("A sending was entered in error."))


def _take_over(referral):
    """Let a referral say when and to whom it was sent last, unsaved."""
    latest = referral.latest_sending()
    referral.sent_on = latest.sent_on if latest else None
    referral.surgeon = latest.surgeon.name if latest else ""
    referral.addressed_to = latest.surgeon if latest else None
