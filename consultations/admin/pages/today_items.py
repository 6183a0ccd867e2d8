"""The lines of Today's lists: who, what, how late, and the acts that deal with it."""

from dataclasses import replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.admin.parts.displays import (
    Step,
    admin_url,
    chip,
    due_state,
    event_state,
    follow_up_acts,
    send_step,
    touch_up_step,
    unreached,
)
from consultations.admin.parts.photo_uses import presses_of
from consultations.admin.parts.referrals import closing_acts, referral_presses
from consultations.models.record import late_to_sign
from consultations.models.text import day_in_words, moment_in_words
from consultations.summaries.timeline import name_of
from consultations.summaries.today import LASER_DUE_SOON
from consultations.vocabulary import Urgency

from .drafts import may_open
from .today_diary import DIARY_ITEMS, overdue_item, to_book_item
from .today_item import Item, days_late, today_at


def _event_item(event, found, user):
    return Item(
        what=_("%(kind)s, %(area)s")
        % {
            "kind": event.get_kind_display(),
            "area": event.session.plan.assessment.get_area_display().lower(),
        },
        url=admin_url("adverseevent", "change", event.pk),
        patient=event.patient,
        when=_since(event.onset_on, found.day),
        chips=(chip(event.severity, event.severity_word), event_state(event)),
        steps=_event_steps(event, user),
    )


def _to_report_item(event, found, user):
    return replace(_event_item(event, found, user), steps=_open_step("adverseevent", event, user))


def _event_steps(event, user):
    """A clinician clears what keeps the laser away; all else is followed until it is over."""
    if event.is_stopping and user.has_perm("consultations.clear_adverseevent"):
        return (Step(_("Clear"), f"{admin_url('adverseevent', 'change', event.pk)}#id_clearance"),)
    return _open_step("adverseevent", event, user)


def _follow_up_item(follow_up, found, user):
    late = follow_up.due_on < found.day
    return Item(
        what=", ".join(_words_of_follow_up(follow_up)),
        url=admin_url("followup", "change", follow_up.pk),
        patient=follow_up.patient,
        when=days_late(follow_up.due_on, found.day) if late else today_at(follow_up),
        is_late=late,
        chips=(*((due_state(follow_up),) if late else ()), *unreached(follow_up)),
        phone=follow_up.patient.phone,
        acts=follow_up_acts(follow_up, user),
    )


def _words_of_follow_up(follow_up):
    yield follow_up.get_kind_display()
    if follow_up.assessment:
        yield follow_up.assessment.get_area_display().lower()


def _to_send_item(referral, found, user):
    consulted = referral.assessment.consultation.consulted_on
    urgent = referral.urgency != Urgency.ROUTINE
    send = send_step(referral, user)
    return Item(
        what=referral.assessment.get_area_display(),
        url=admin_url("surgicalreferral", "change", referral.pk),
        patient=referral.patient,
        when=_since(consulted, found.day),
        chips=(chip("", referral.get_urgency_display(), "stop"),) if urgent else (),
        steps=(send,) if send else (),
    )


def _sent_item(referral, found, user):
    again = send_step(referral, user)
    return Item(
        what=referral.assessment.get_area_display(),
        url=admin_url("surgicalreferral", "change", referral.pk),
        patient=referral.patient,
        when=_sent_in_words(referral, found.day),
        is_late=_has_no_reply(referral, found.day),
        chips=(chip("", _("no reply"), "stop"),) if _has_no_reply(referral, found.day) else (),
        steps=(replace(again, is_primary=False),) if again else (),
        presses=referral_presses(referral, user),
        acts=closing_acts(referral, user),
    )


def _has_no_reply(referral, today):
    sent_on = referral.sent_on
    return sent_on is not None and (today - sent_on).days >= referral.reply_days


def _sent_in_words(referral, today):
    """When it was sent and to whom, as far as that is known."""
    told = {"surgeon": referral.surgeon or _("a surgeon not named")}
    if referral.sent_on is None:
        return _("Sent to %(surgeon)s") % told
    days = (today - referral.sent_on).days
    if not days:
        return _("Sent today to %(surgeon)s") % told
    words = ngettext(
        "Sent %(days)s day ago to %(surgeon)s", "Sent %(days)s days ago to %(surgeon)s", days
    )
    return words % (told | {"days": days})


def _recovered_item(referral, found, user):
    step = touch_up_step(referral, user)
    return Item(
        what=referral.assessment.get_area_display(),
        url=admin_url("surgicalreferral", "change", referral.pk),
        patient=referral.patient,
        when=_since(referral.recovered_on, found.day) if referral.recovered_on else "",
        steps=(step,) if step else (),
    )


def _unsigned_session_item(session, found, user):
    return Item(
        what=session.plan.assessment.get_area_display(),
        url=admin_url("treatmentsession", "change", session.pk),
        patient=session.patient,
        when=_since(session.performed_on, found.day),
        late_to_sign=session.day <= late_to_sign(found.day),
        progress=found.progress[session.plan_id],
        steps=_open_step("treatmentsession", session, user),
    )


def _late_session_item(session, found, user):
    return replace(_unsigned_session_item(session, found, user), note=name_of(session.operator))


def _unsigned_consultation_item(consultation, found, user):
    return Item(
        what=_("Consultation"),
        url=admin_url("consultation", "change", consultation.pk),
        patient=consultation.patient,
        when=_since(consultation.consulted_on, found.day),
        late_to_sign=consultation.consulted_on <= late_to_sign(found.day),
        note=name_of(consultation.clinician),
        steps=_open_step("consultation", consultation, user),
    )


def _laser_item(laser, found, user):
    days = {
        _("service due %(day)s"): laser.service_due_on,
        _("review of local rules due %(day)s"): laser.local_rules_review_due_on,
    }
    due = {words: day for words, day in days.items() if day and day <= found.day + LASER_DUE_SOON}
    return Item(
        what=laser.name,
        url=admin_url("laser", "change", laser.pk),
        when=", ".join(words % {"day": day_in_words(day)} for words, day in due.items()),
        is_late=min(due.values()) < found.day,
    )


def _to_take_down_item(use, found, user):
    return Item(
        what=use.where,
        url=admin_url("photouse", "change", use.pk),
        patient=use.patient,
        when=_since(use.since, found.day),
        note=str(use.photo),
        presses=presses_of(use, user),
    )


def _draft_item(draft, found, user):
    ours = may_open(user, draft.form)
    return Item(
        what=draft.title,
        url=draft.form if ours else "",
        when=_since(timezone.localdate(draft.saved_at), found.day),
        steps=(Step(_("Go on"), draft.form),) if ours else (),
        discards=draft.form if ours else "",
    )


def _message_item(message, found, user):
    """Whom to ring, and why."""
    return Item(
        what=str(message),
        url="",
        patient=message.patient,
        when=_("appointment %(when)s") % {"when": moment_in_words(message.appointment.starts_at)},
        chips=(chip(message.status, message.get_status_display(), "stop"),),
        note=message.to,
        phone=message.patient.phone,
        sends=message.pk,
    )


def _slowed_item(limit, found, user):
    about = _("Many accounts") if not limit.account else _("A name that is no account’s")
    url = reverse("admin:auth_user_change", args=[limit.user_id]) if limit.user_id else ""
    return Item(
        what=name_of(limit.user) or str(about),
        url=url,
        when=moment_in_words(limit.slowed_at),
        note=_from_where(limit),
        steps=(Step(_("Open"), url, False),) if url else (),
    )


def _from_where(limit):
    if limit.browser:
        return _("from a browser that they use")
    if limit.address:
        address = limit.address.replace("?", _("somewhere unknown"))
        return _("from %(address)s") % {"address": address}
    return _("from several addresses")


ITEMS = {
    **DIARY_ITEMS,
    "overdue": overdue_item,
    "to_book": to_book_item,
    "events": _event_item,
    "to_report": _to_report_item,
    "follow_ups": _follow_up_item,
    "to_send": _to_send_item,
    "sent": _sent_item,
    "recovered": _recovered_item,
    "unsigned_sessions": _unsigned_session_item,
    "late_sessions": _late_session_item,
    "unsigned_consultations": _unsigned_consultation_item,
    "lasers_due": _laser_item,
    "to_take_down": _to_take_down_item,
    "messages": _message_item,
    "slowed": _slowed_item,
    "drafts": _draft_item,
}


def _open_step(model, record, user):
    """Dealing with it on its own page, for those who may change it."""
    if not user.has_perm(f"consultations.change_{model}"):
        return ()
    return (Step(_("Open"), admin_url(model, "change", record.pk), False),)


def _since(day, today):
    days = (today - day).days
    if days <= 0:
        return _("today")
    ago = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return _("since %(day)s, %(ago)s") % {"day": day_in_words(day), "ago": ago}
