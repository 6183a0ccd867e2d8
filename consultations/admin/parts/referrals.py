"""How a referral is shown on its way to a surgeon, and what can be done about it in a press."""

from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.actions.referral_steps import GOES_ON_TO, TO_ANOTHER
from consultations.models import ReferralSending, SurgicalReferral
from consultations.summaries.sendings import answer_in_words, sent_in_words
from consultations.vocabulary import Closure, ReferralStatus

from .appointments import Press
from .days import DayInput
from .displays import Act, admin_url

MAY_CHANGE = "consultations.change_surgicalreferral"
MAY_CLOSE_AS = (Closure.NO_REPLY, Closure.PATIENT_DECLINED, Closure.WITHDRAWN)


@dataclass(frozen=True)
class DayAct:
    """Something done in two clicks: the button, and the field for the day on which it was."""

    label: str
    url: str
    day: str
    version: int


@dataclass(frozen=True)
class Told:
    """One sending on the page of its referral."""

    url: str
    sent: str
    answer: str
    words: str
    in_error: bool


def told_sendings(referral):
    """What was sent and answered, the latest first."""
    with_surgeon = ReferralSending.objects.select_related("surgeon")
    prefetch_related_objects([referral], Prefetch("sendings", with_surgeon))
    return tuple(
        Told(
            url=admin_url("referralsending", "change", one.pk),
            sent=sent_in_words(one),
            answer=answer_in_words(one),
            words=one.words,
            in_error=one.in_error,
        )
        for one in referral.sendings_latest_first()
    )


def referral_presses(referral, user):
    """What is recorded in one press, for those who may: the surgeon's answer, or another one."""
    if referral.in_error or not user.has_perm(MAY_CHANGE):
        return ()
    pages = ()
    if referral.status == ReferralStatus.SENT:
        pages = ((_("Accepted"), "accepted"), (_("Declined"), "declined"))
    elif referral.closure in TO_ANOTHER:
        pages = ((_("Refer to another surgeon"), "another"),)
    return tuple(
        Press(label, admin_url("surgicalreferral", page, referral.pk), referral.version)
        for label, page in pages
    )


def day_acts(referral, user):
    """That an accepted referral was operated, or recovered, for those who may."""
    if referral.in_error or referral.status not in GOES_ON_TO or not user.has_perm(MAY_CHANGE):
        return ()
    status, name = GOES_ON_TO[referral.status]
    label = SurgicalReferral._meta.get_field(name).verbose_name
    day = DayInput().render(
        "day", timezone.localdate(), {"id": "id_day", "aria-label": capfirst(label)}
    )
    url = admin_url("surgicalreferral", "goes_on", referral.pk)
    return (DayAct(ReferralStatus(status).label, url, day, referral.version),)


def closing_acts(referral, user):
    """Closing a referral with a word how it ended, for those who may."""
    if not referral.is_open or not user.has_perm(MAY_CHANGE):
        return ()
    url = admin_url("surgicalreferral", "close", referral.pk)
    is_waiting = referral.status == ReferralStatus.SENT
    may = [one for one in MAY_CLOSE_AS if one != Closure.NO_REPLY or is_waiting]
    choices = tuple(str(one.label) for one in may)
    return (Act(_("Close"), url, choices, referral.version),)
