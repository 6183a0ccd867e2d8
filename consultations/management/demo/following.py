"""Write what comes after sessions: adverse events, recalls, and outcomes of follow-ups."""

from consultations.actions.events import keep_event
from consultations.models import AdverseEvent, FollowUp, TreatmentSession
from consultations.vocabulary import FollowUpKind

# What was due within these days before today and not done is still to do.
LEFT_UNDONE = 5
CAME_OF_IT = {
    FollowUpKind.INFECTION_WATCH: "No sign of infection",
    FollowUpKind.RESULT_REVIEW: "Reviewed, all well",
}


def enter_trouble(diary, assessed):
    trouble = assessed.course.trouble
    diary.enter(trouble.ago, report, assessed)
    if trouble.resolved is not None:
        diary.enter(trouble.resolved, resolve, assessed)
    if trouble.cleared:
        diary.enter(trouble.cleared[0], clear, assessed)


def report(diary, ago, assessed):
    trouble, plan = assessed.course.trouble, diary.plans[assessed]
    sessions = TreatmentSession.objects.done().filter(plan=plan)
    event = AdverseEvent(
        session=sessions.latest("performed_on"),
        kind=trouble.kind,
        severity=trouble.severity,
        onset_on=diary.clinic.day(ago),
        action_taken=trouble.action,
        created_at=diary.clinic.stamp(ago, "13:00"),
    )
    keep_event(event=event, by=diary.account("practitioner"))
    diary.troubles[assessed] = event
    plan.refresh_from_db()


def resolve(diary, ago, assessed):
    event = diary.troubles[assessed]
    event.resolved_on = diary.clinic.day(ago)
    keep_event(event=event, by=diary.account("practitioner"))


def clear(diary, ago, assessed):
    event = diary.troubles[assessed]
    event.clearance = assessed.course.trouble.cleared[1]
    event.cleared_by = diary.account("clinician")
    event.cleared_at = diary.clinic.stamp(ago, "16:30")
    keep_event(event=event, by=event.cleared_by)
    diary.plans[assessed].refresh_from_db()


def recall(diary, ago, assessed):
    FollowUp(
        patient=diary.patient,
        plan=diary.plans[assessed],
        kind=FollowUpKind.RECALL,
        due_on=diary.clinic.day(-assessed.course.recall_in),
    ).save(by=diary.account("practitioner"))


def answer_past(diary):
    """Follow-ups were done on their day, but for the latest, which were missed."""
    past = FollowUp.objects.waiting().filter(
        patient=diary.patient, due_on__lt=diary.clinic.day(LEFT_UNDONE)
    )
    for follow_up in past:
        # As on the day; the action itself does them today.
        follow_up.done_on, follow_up.done_by = follow_up.due_on, diary.account("practitioner")
        follow_up.outcome = CAME_OF_IT[follow_up.kind]
        follow_up.save(by=follow_up.done_by)
