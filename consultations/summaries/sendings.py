"""What was sent to surgeons and what they answered, in words."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from consultations.models import ReferralSending
from consultations.models.spine import STANDING
from consultations.models.text import day_in_words


def sent_in_words(sending):
    """To whom, how and when a referral was sent."""
    return _("Sent to %(surgeon)s on %(day)s (%(how)s)") % {
        "surgeon": sending.surgeon,
        "day": day_in_words(sending.sent_on),
        "how": sending.get_how_display().lower(),
    }


def answer_in_words(sending):
    """What the surgeon answered and when; "" while nothing is known."""
    if not sending.answer:
        return ""
    return _("%(answer)s on %(day)s") % {
        "answer": sending.get_answer_display(),
        "day": day_in_words(sending.answered_on),
    }


def unsent(letters):
    """Those of these letters about referrals since which the referral went to nobody."""
    # A letter that was issued as it was sent is a moment younger than its sending.
    with_it_or_later = Q(document=OuterRef("pk")) | Q(created_at__gte=OuterRef("created_at"))
    later = ReferralSending.objects.filter(
        STANDING, with_it_or_later, referral=OuterRef("referral")
    )
    return letters.filter(~Exists(later))


def sent_from(assessments, until=None):
    """What was sent to surgeons from assessments, recorded `until` then, and answered, in words,
    by the key of the assessment."""
    found = {}
    sendings = ReferralSending.objects.standing().filter(referral__assessment__in=assessments)
    if until is not None:
        sendings = sendings.filter(created_at__lte=until)
    for one in sendings.select_related("referral", "surgeon").order_by("sent_on", "pk"):
        found.setdefault(one.referral.assessment_id, []).append(_told(one))
    return found


def told_of(referral):
    """What was sent of a referral, or of None, and answered so far, in words, the latest first."""
    sendings = referral.sendings_latest_first() if referral else []
    return [_told(one) for one in sendings if not one.in_error]


def _told(sending):
    return " – ".join(filter(None, (sent_in_words(sending), answer_in_words(sending))))
