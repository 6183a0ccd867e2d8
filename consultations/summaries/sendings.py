"""What was sent to surgeons and what they answered, in words."""

from django.utils.translation import gettext as _

from consultations.models.text import day_in_words


def sent_in_words(sending):
    """To whom, how and when a referral was sent."""
    return _("Sent to %(surgeon)s on %(day)s, %(how)s") % {
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
