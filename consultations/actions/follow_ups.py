"""Follow-ups: scheduled with the session or course they follow, done with an outcome."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import FollowUp, Patient, StaleRecordError
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic
from consultations.rules.follow_up import review_days, watch_days
from consultations.vocabulary import FollowUpKind, PlanStatus


def schedule_watch(*, session, by, is_new=False):
    """Schedule the infection watch after a session done here; none if it does not count.

    `is_new` says that nothing can follow it yet.
    """
    days = []
    if session.is_done and not session.performed_elsewhere and session.laser_mode:
        days = watch_days(session.laser_mode.laser_type, session.performed_on)
    since = session.performed_on
    if is_new and not days:
        return
    _keep_due(session.patient, FollowUpKind.INFECTION_WATCH, days, since, by, session=session)


def schedule_reviews(*, plan, by):
    """Schedule the reviews of the result after a completed course; none while it goes on."""
    days = []
    if plan.status == PlanStatus.COMPLETED and not plan.in_error:
        days = review_days(plan.completed_on)
    since = plan.completed_on
    _keep_due(plan.patient, FollowUpKind.RESULT_REVIEW, days, since, by, plan=plan)


def _keep_due(patient, kind, days, since, by, **follows):
    """Make the waiting follow-ups fall on `days`.

    Those done on or after `since` stand for the first of them. If the last of them is past already,
    nothing is scheduled.
    """
    standing = FollowUp.objects.standing().filter(kind=kind, **follows).order_by("due_on", "pk")
    done = [one for one in standing if one.done_on and since and one.done_on >= since]
    waiting = {one.due_on: one for one in standing if one.is_waiting}
    wanted = days[len(done) :]
    for day, follow_up in waiting.items():
        if day not in wanted:
            withdraw(follow_up, by=by)
    if not wanted or (not standing and wanted[-1] < timezone.localdate()):
        return
    for day in wanted:
        if day not in waiting:
            FollowUp(patient=patient, kind=kind, due_on=day, **follows).save(by=by)


def withdraw(follow_up, *, by):
    """Mark a waiting follow-up as no longer due, because what it followed has changed."""
    follow_up.entered_in_error_at, follow_up.entered_in_error_by = timezone.now(), by
    follow_up.entered_in_error_reason = _("The record it followed has changed.")
    follow_up.save(by=by, reason=follow_up.entered_in_error_reason)


def withdraw_waiting(*, by, **follows):
    """Withdraw every waiting follow-up of what was entered in error."""
    for follow_up in FollowUp.objects.waiting().filter(**follows):
        withdraw(follow_up, by=by)


@atomic()
def complete_follow_up(*, follow_up, outcome, by):
    """Record the outcome of a follow-up, today.

    Raises ValidationError without an outcome, or if it is no longer waiting, and StaleRecordError
    if it has changed since its version was read.
    """
    _hold_as_read(follow_up)
    if not outcome.strip():
        raise ValidationError({"outcome": _("Record the outcome.")})
    follow_up.outcome, follow_up.done_by = outcome.strip(), by
    follow_up.done_on = timezone.localdate()
    follow_up.save(by=by, reason=_("Done on %(day)s.") % {"day": day_in_words(follow_up.done_on)})
    return follow_up


@atomic()
def record_no_answer(*, follow_up, words, by):
    """Record that nobody answered today; the follow-up stays open until there is an outcome.

    Raises as `complete_follow_up`.
    """
    _hold_as_read(follow_up)
    follow_up.no_answer_on = timezone.localdate()
    follow_up.save(by=by, reason=_("No answer. %(words)s") % {"words": words})
    return follow_up


def _hold_as_read(follow_up):
    """Lock the patient and read a waiting follow-up again, in the version that was shown."""
    Patient.objects.locked(follow_up.patient_id)
    read = follow_up.version
    follow_up.refresh_from_db()
    if not follow_up.is_waiting:
        raise ValidationError(_("This follow-up is no longer waiting."))
    if follow_up.version != read:
        raise StaleRecordError(
            _("This follow-up is now due on %(day)s. Nothing was changed.")
            % {"day": day_in_words(follow_up.due_on)}
        )
