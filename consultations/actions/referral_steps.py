"""A referral's way to a surgeon: sent, answered, sent to another one, closed."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from consultations.models import SurgicalReferral
from consultations.models.referral import MAY_FOLLOW
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic
from consultations.vocabulary import Closure, DocumentKind, ReferralStatus, SurgeonAnswer

from .consents import photo_consent_of
from .locking import lock_patient_of
from .referrals import change_referral, close, refuse_open_beside_plan

# A surgeon who declined, or never replied, may be followed by another one.
TO_ANOTHER = (Closure.SURGEON_DECLINED, Closure.NO_REPLY)
MAY_BE_SENT = (ReferralStatus.TO_SEND, ReferralStatus.SENT)
# What a referral that was accepted goes on to, and the day that says so.
GOES_ON_TO = {
    ReferralStatus.ACCEPTED: (ReferralStatus.OPERATED, "operated_on"),
    ReferralStatus.OPERATED: (ReferralStatus.RECOVERED, "recovered_on"),
}
LONGEST_SURGEON = SurgicalReferral._meta.get_field("surgeon").max_length


# What makes no sense


def refuse_step(referral, former):
    """Raise ValidationError if this status cannot follow on the `former` one, "" of a new one."""
    former = ReferralStatus(former or ReferralStatus.TO_SEND)
    if referral.status == former:
        return
    if (former, referral.status) == (ReferralStatus.TO_SEND, ReferralStatus.SENT):
        words = _("Press “Send referral” instead: it asks to whom it goes, and how.")
        raise ValidationError({"status": words})
    if referral.status == ReferralStatus.CLOSED:
        refuse_closure(referral, former)
    if referral.status not in MAY_FOLLOW[former]:
        allowed = [str(ReferralStatus(one).label).lower() for one in MAY_FOLLOW[former]]
        words = _("“%(status)s” cannot follow on “%(former)s”, only: %(allowed)s.") % {
            "status": referral.get_status_display(),
            "former": former.label,
            "allowed": get_text_list(allowed, _("or")),
        }
        raise ValidationError({"status": words})
    if referral.status == ReferralStatus.SENT and not _has_gone(referral):
        words = _(
            "Nobody was sent this. Close it, reopen it as “To send”, then press “Send referral”: "
            "it asks to whom it goes, and how."
        )
        raise ValidationError({"status": words})


def refuse_closure(referral, former):
    """Raise ValidationError if a referral cannot end like this that was at `former` before."""
    if referral.closure == Closure.NO_REPLY and former != ReferralStatus.SENT:
        raise ValidationError(
            {"closure": _("No reply is waited for: it was not sent, or answered.")}
        )
    if referral.closure == Closure.SURGEON_DECLINED and former == ReferralStatus.TO_SEND:
        raise ValidationError({"closure": _("No surgeon was asked yet.")})


def _has_gone(referral):
    """Whether a referral is stored as gone to a surgeon, whatever is typed now."""
    return SurgicalReferral.objects.filter(pk=referral.pk, sent_on__isnull=False).exists()


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
    elif (operated_on := referral.operated_by) and sending.sent_on > operated_on:
        words = _("The referral says that the area was operated by %(day)s.")
        told["sent_on"] = words % {"day": day_in_words(operated_on)}
    if not sending.surgeon.stands or not sending.surgeon.is_active:
        words = _("%(surgeon)s takes no more referrals. Choose another surgeon.")
        told["surgeon"] = words % {"surgeon": sending.surgeon}
    if why := _why_no_such_letter(sending):
        told["document"] = why
    if sending.photographs and photo_consent_of(referral.patient) is None:
        told["photographs"] = _("The patient does not agree to photos: none can go along.")
    if told:
        raise ValidationError(told)
    refuse_open_beside_plan(referral)


def _why_no_such_letter(sending):
    """Why the letter chosen cannot have gone to this surgeon; "" where it can."""
    letter, referral = sending.document, sending.referral
    if letter is None:
        return ""
    is_letter = letter.kind == DocumentKind.REFERRAL_LETTER and letter.stands
    if not is_letter or letter.referral_id != referral.pk:
        return _("Choose a letter that was issued about this referral and not in error.")
    others = referral.sendings.standing().filter(document=letter)
    others = others.exclude(surgeon=sending.surgeon.pk)
    if former := others.select_related("surgeon").first():
        words = _("This letter went to %(surgeon)s. Issue another one.")
        return words % {"surgeon": former.surgeon}
    return ""


def was_sent_alike(sending):
    """Whether the referral went to the same surgeon on the same day already."""
    others = sending.referral.sendings.standing().exclude(pk=sending.pk)
    return others.filter(surgeon=sending.surgeon.pk, sent_on=sending.sent_on).exists()


# What happens


def address_to(referral, surgeon):
    """Let a referral say whom its letter is written to, unsaved; None for nobody yet."""
    referral.addressed_to = surgeon
    referral.surgeon = str(surgeon)[:LONGEST_SURGEON] if surgeon else ""


@atomic()
def send_referral(*, sending, by):
    """Record that a referral went to a surgeon; it waits for the answer from then on.

    Raises ValidationError as `refuse_sending` does.
    """
    referral = sending.referral
    lock_patient_of(referral)
    refuse_sending(sending)
    sending.save(by=by)
    referral.status, referral.accepted_on = ReferralStatus.SENT, None
    words = _("Sent to %(surgeon)s, %(how)s.") % {
        "surgeon": sending.surgeon,
        "how": sending.get_how_display().lower(),
    }
    _take_over(referral, sending)
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
def go_on(*, referral, day, by):
    """Record on what day an accepted referral was operated, or the patient had recovered from that.

    Raises ValidationError where neither is to come, or for a day that cannot be.
    """
    lock_patient_of(referral)
    if referral.in_error or referral.status not in GOES_ON_TO:
        raise ValidationError(_("This referral does not wait for surgery or recovery."))
    if day > timezone.localdate():
        raise ValidationError(_("This date is in the future."))
    referral.status, name = GOES_ON_TO[referral.status]
    setattr(referral, name, day)
    referral.full_clean(validate_unique=False)
    return change_referral(referral=referral, by=by)


@atomic()
def close_referral(*, referral, words, by):
    """Close a referral today. `words` are those of a closure, or say how it ended otherwise."""
    lock_patient_of(referral)
    if not referral.is_open:
        raise ValidationError(_("This referral is closed already."))
    if not words:
        raise ValidationError(_("Say how it ended."))
    former = ReferralStatus(referral.status)
    named = {str(closure.label): closure for closure in Closure if closure != Closure.OTHER}
    close(referral, named.get(words, Closure.OTHER))
    if referral.closure == Closure.OTHER:
        referral.closure_words = words
    refuse_closure(referral, former)
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
    address_to(referral, None)
    words = _("To another surgeon. Before: %(surgeon)s, %(closure)s.") % told
    return change_referral(referral=referral, by=by, reason=words)


def why_not_taken_back(sending):
    """Why a sending cannot be marked as entered in error; "" where it can."""
    referral = sending.referral
    has_moved_on = referral.sent_on is not None and referral.status not in MAY_BE_SENT
    if not (referral.stands and has_moved_on and sending == referral.latest_sending()):
        return ""
    words = _("The referral moved on since: %(status)s. Set it back to “Sent” first.")
    return words % {"status": referral.get_status_display().lower()}


@atomic()
def take_back_sending(*, sending, by):
    """A sending was entered in error. If it was the last, and what the referral says of its way,
    the referral is where the others leave it: with the surgeon before, or as it was before it went.
    """
    referral, latest = sending.referral, sending.referral.latest_sending()
    if referral.sent_on is None or (latest and _order(latest) > _order(sending)):
        return
    if latest and not latest.answer:
        _take_over(referral, latest)
    else:
        _put_back(referral, latest)
    change_referral(referral=referral, by=by, reason=_("A sending was entered in error."))


def _order(sending):
    return sending.sent_on, sending.pk


def _take_over(referral, sending):
    """Let a referral say when and to whom it was sent last, unsaved."""
    referral.sent_on = sending.sent_on
    referral.surgeon, referral.addressed_to = sending.surgeon.name, sending.surgeon


def _put_back(referral, latest):
    """Let a referral be as it was before it first went after `latest`, or went at all, unsaved."""
    later = referral.sendings.filter(pk__gt=latest.pk) if latest else referral.sendings
    went_at = later.order_by("pk").first().history.earliest().history_date
    before = referral.history.filter(history_date__lt=went_at).first()
    referral.status = before.status if before else ReferralStatus.TO_SEND
    for name in ("surgeon", "addressed_to_id", "sent_on", "accepted_on"):
        setattr(referral, name, getattr(before or SurgicalReferral(), name))
