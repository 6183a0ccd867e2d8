"""The lines of Today that are about appointments, and about courses to be booked."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.admin.parts.appointments import (
    MAY_BOOK,
    MAY_CHANGE,
    acts_of,
    clock,
    presses_of,
    rebook_acts,
    rebook_steps,
    record_step,
    state_of,
)
from consultations.admin.parts.displays import Step, admin_url, booking_url, chip, consent_chip
from consultations.models.text import day_in_words, moment_in_words
from consultations.summaries.appointments import area_in_words
from consultations.vocabulary import AppointmentStatus

from .today_item import Item, days_late, today_at


def _about(appointment, found):
    courses = tuple(
        (
            capfirst(area_in_words(one.plan.assessment.area, one.plan.status, is_held=True)),
            found.progress[one.plan_id],
        )
        for one in appointment.course_list
    )
    return {
        "what": appointment.get_kind_display(),
        "url": admin_url("appointment", "change", appointment.pk),
        "patient": appointment.patient,
        "courses": courses,
    }


def _consents(appointment, found, user):
    """Where consent leaves what is to be treated, if it is not given."""
    known = (found.standings.get(one.plan_id) for one in appointment.course_list)
    waiting = (one for one in known if one is not None and not one.is_given)
    return tuple(dict.fromkeys(consent_chip(one, user, alone=True) for one in waiting))


def _booked_item(appointment, found, user):
    is_here = appointment.status != AppointmentStatus.BOOKED
    record = record_step(appointment, user)
    return Item(
        **_about(appointment, found),
        at=clock(appointment.starts_at),
        chips=(
            *((state_of(appointment),) if is_here else ()),
            *_consents(appointment, found, user),
        ),
        steps=(record,) if record else (),
        presses=presses_of(appointment, user),
        acts=acts_of(appointment, user, found.reasons),
    )


def _not_recorded_item(appointment, found, user):
    record = record_step(appointment, user)
    return Item(
        **_about(appointment, found),
        when=moment_in_words(appointment.starts_at),
        is_late=True,
        steps=(record,) if record else (),
        presses=presses_of(appointment, user),
        acts=acts_of(appointment, user, found.reasons),
    )


def _tomorrow_item(appointment, found, user):
    return Item(
        **_about(appointment, found),
        at=clock(appointment.starts_at),
        chips=_consents(appointment, found, user),
        phone=appointment.patient.phone,
        acts=acts_of(appointment, user, found.reasons),
    )


def _to_book_again_item(appointment, found, user):
    words = _("%(status)s %(when)s") % {
        "status": appointment.get_status_display(),
        "when": moment_in_words(appointment.starts_at),
    }
    return Item(
        **_about(appointment, found),
        when=words,
        phone=appointment.patient.phone,
        steps=rebook_steps(appointment, user),
        acts=rebook_acts(appointment, user),
    )


def _to_move_item(appointment, found, user):
    url = admin_url("appointment", "to_move", appointment=appointment.pk)
    return _to_arrange_item(appointment, found, user, Step(_("Other times"), url, False))


def _to_assign_item(appointment, found, user):
    url = admin_url("appointment", "change", appointment.pk)
    return _to_arrange_item(appointment, found, user, Step(_("Change"), url, False))


def _to_arrange_item(appointment, found, user, step):
    """To be moved, or nobody is named to see them."""
    return Item(
        **_about(appointment, found),
        when=moment_in_words(appointment.starts_at),
        phone=appointment.patient.phone,
        steps=(step,) if user.has_perm(MAY_CHANGE) else (),
        acts=acts_of(appointment, user, found.reasons),
    )


def overdue_item(plan, found, user):
    progress = found.progress[plan.pk]
    late = days_late(plan.next_due_on, found.day)
    booked = progress.booked_for
    chips = (chip("", _("booked only %(when)s") % {"when": moment_in_words(booked)}, "wait"),)
    return Item(
        **_about_course(plan, progress, user),
        when=late,
        is_late=True,
        chips=chips if booked else (),
    )


def to_book_item(plan, found, user):
    due = _("due %(day)s") % {"day": day_in_words(plan.next_due_on)}
    return Item(**_about_course(plan, found.progress[plan.pk], user), when=due)


def _about_course(plan, progress, user):
    books = user.has_perm(MAY_BOOK)
    return {
        "what": plan.assessment.get_area_display(),
        "url": admin_url("treatmentplan", "change", plan.pk),
        "patient": plan.patient,
        "progress": progress,
        "phone": plan.patient.phone if books else "",
        "steps": (Step(_("Book"), booking_url(plan)),) if books else (),
    }


def _recall_item(follow_up, found, user):
    is_late = follow_up.due_on < found.day
    book = admin_url("appointment", "add", patient=follow_up.patient_id)
    return Item(
        what=follow_up.get_kind_display(),
        url=admin_url("patient", "change", follow_up.patient_id),
        patient=follow_up.patient,
        when=days_late(follow_up.due_on, found.day) if is_late else today_at(follow_up),
        is_late=is_late,
        phone=follow_up.patient.phone,
        steps=(Step(_("Book"), book),) if user.has_perm(MAY_BOOK) else (),
    )


DIARY_ITEMS = {
    "recalls": _recall_item,
    "booked": _booked_item,
    "not_recorded": _not_recorded_item,
    "tomorrow": _tomorrow_item,
    "to_book_again": _to_book_again_item,
    "to_move": _to_move_item,
    "to_assign": _to_assign_item,
}
