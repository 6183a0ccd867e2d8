"""Today: what needs a person now. Each list is its first few and how many there are in all."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from consultations.models import (
    AdverseEvent,
    Appointment,
    AppointmentReason,
    ClinicSettings,
    Consultation,
    Draft,
    FollowUp,
    Laser,
    PhotoUse,
    SignInLimit,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.clinic import ONLY, REPLY_DAYS
from consultations.vocabulary import ReferralStatus

from .appointments import with_courses
from .consents import standings_at
from .counts import counts_of
from .first_steps import first_steps
from .progress import progress_of
from .today_diary import DIARY_LISTS, PATIENT

SHOWN = 8
ALL_SHOWN = {"drafts": 200, "messages": 200, "slowed": 200}  # what stands in no list of its own
COUNTED_AT_MOST = 500
TREATED = ("booked", "tomorrow")  # the lists of whom to treat
LASER_DUE_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Few:
    """The first of a list. `count` is of the whole list, as far as was counted."""

    rows: tuple
    count: int

    cap = COUNTED_AT_MOST

    @property
    def is_capped(self):
        return self.count > self.cap

    @property
    def is_cut(self):
        return self.count > len(self.rows)


@dataclass(frozen=True, slots=True)
class Today:
    day: object
    lists: dict
    progress: dict
    standings: dict
    first_steps: dict
    reasons: object


def today_of(user, names):
    """The lists called `names`, in that order, with the progress of the courses they show, and
    where consent leaves those that are to be treated today or tomorrow."""
    today = timezone.localdate()
    asked = {name: LISTS[name](user, today) for name in names}
    counts, steps = _counts(asked)
    shown = {name: ALL_SHOWN.get(name, SHOWN) for name in names}
    lists = {name: Few((), 0) for name in names}
    for name in filter(counts.get, names):  # an empty list is not read
        rows = FIRST.get(name, _first)(asked[name], user, shown[name])
        lists[name] = Few(tuple(rows), counts[name])
    rows = [row for few in lists.values() for row in few.rows]
    with_courses(row for row in rows if isinstance(row, Appointment))
    plans = {plan.pk: plan for row in rows for plan in plans_of(row)}
    return Today(
        day=today,
        lists=lists,
        progress=progress_of(plans.values()),
        standings=standings_at(
            row for name in TREATED if name in lists for row in lists[name].rows
        ),
        first_steps=steps,
        reasons=SimpleLazyObject(AppointmentReason.objects.offered),
    )


def _counts(asked):
    """The counts of lists, and which first steps are done, by their names; in one query."""
    steps = first_steps()
    done = {f"did_{name}": is_done for name, is_done in steps.items()}
    lists = {f"count_{name}": rows for name, rows in asked.items()}
    row = counts_of(lists, most=COUNTED_AT_MOST, **done)
    counts = {name: row[f"count_{name}"] for name in asked}
    return counts, {name: row[f"did_{name}"] for name in steps}


def plans_of(record):
    """The courses that a record on a list is part of, where its list shows them."""
    match record:
        case TreatmentPlan():
            return [record]
        case TreatmentSession():
            return [record.plan]
        case Appointment():
            return [course.plan for course in record.course_list]
    return []


# Only what a line shows: the rows behind it are wide.
NAME = ("first_name", "last_name", "username")
AREA = (
    "area",
    "consultation__consulted_on",
    *(f"consultation__patient__{name}" for name in PATIENT),
)
PLAN = (
    "planned_sessions",
    "interval_days",
    "status",
    "next_due_on",
    "entered_in_error_at",
    *(f"assessment__{name}" for name in AREA),
)
WHO = "assessment__consultation__patient"


def _under(path, names):
    return [f"{path}__{name}" for name in names]


SESSION = ("version", "day", "performed_on", *_under("plan", PLAN))


def _sessions(sessions):
    return sessions.select_related(f"plan__{WHO}").only(*SESSION)


def _to_book(user, today):
    plans = TreatmentPlan.objects.to_book(today).select_related(WHO).only(*PLAN)
    return plans.order_by("next_due_on", "pk")


def _overdue(user, today):
    plans = TreatmentPlan.objects.overdue(today).select_related(WHO).only(*PLAN)
    return plans.order_by("next_due_on", "pk")


def _events(user, today):
    return _shown_events(AdverseEvent.objects.open(), today)


def _to_report(user, today):
    return _shown_events(AdverseEvent.objects.to_report(), today)


def _shown_events(events, today):
    return (
        events.filter(onset_on__lte=today)
        .select_related(f"session__plan__{WHO}")
        .only(
            *("kind", "severity", "onset_on", "resolved_on", "cleared_at", "entered_in_error_at"),
            *_under("session__plan__assessment", AREA),
        )
        .order_by("onset_on", "pk")
    )


def _lasers_due(user, today):
    """Those whose service or review of local rules is due soon or past."""
    return Laser.objects.due_by(today + LASER_DUE_SOON)


def _follow_ups(user, today):
    return (
        FollowUp.objects.due(today)
        .select_related(
            *("patient", "handed_to"),
            *("session__plan__assessment", "plan__assessment", "referral__assessment"),
        )
        .only(
            *("version", "kind", "due_on", "due_time", "done_on", "no_answer_on"),
            "entered_in_error_at",
            *_under("handed_to", ("first_name", "last_name", "username")),
            *_under("patient", PATIENT),
            "session__plan__assessment__area",
            "plan__assessment__area",
            "referral__assessment__area",
        )
        .order_by("due_on", "pk")
    )


def _referrals(status):
    def referrals(user, today):
        found = SurgicalReferral.objects.waiting(status).select_related(WHO)
        shown = ("urgency", "status", "closure", "sent_on", "recovered_on", "surgeon")
        shown += ("version", "entered_in_error_at")
        return found.only(*shown, *_under("assessment", AREA)).order_by("pk")

    return referrals


def _sent(user, today):
    """Those that wait longest first, with the days that a surgeon may take."""
    kept = ClinicSettings.objects.filter(pk=ONLY).values("referral_reply_days")
    reply_days = Coalesce(Subquery(kept), REPLY_DAYS)
    sent = _referrals(ReferralStatus.SENT)(user, today).annotate(reply_days=reply_days)
    return sent.order_by("sent_on", "pk")


def _unsigned_sessions(user, today):
    return _sessions(TreatmentSession.objects.to_sign_by(user)).order_by("day", "pk")


def _late_sessions(user, today):
    """What colleagues have not signed for two days, with whose it is."""
    late = TreatmentSession.objects.late_of_others(user)
    return (
        late.select_related("operator", f"plan__{WHO}")
        .only(*SESSION, *_under("operator", NAME))
        .order_by("day", "pk")
    )


def _unsigned_consultations(user, today):
    consultations = Consultation.objects.unsigned().filter(consulted_on__lte=today)
    return (
        consultations.select_related("patient", "clinician")
        .only(
            "consulted_on",
            *_under("patient", PATIENT),
            *_under("clinician", NAME),
        )
        .order_by("consulted_on", "pk")
    )


def _own_first(consultations, user, count):
    """One's own first, then those of others, the oldest first: both are read off their index, and
    only those few put in order."""
    keys = Consultation.objects.values("pk")
    own, oldest = (
        keys.filter(pk__in=some.values("pk")[:count])
        for some in (consultations.filter(clinician=user), consultations)
    )
    is_own = Case(When(clinician=user, then=0), default=1)
    few = consultations.filter(pk__in=own.union(oldest))
    return few.order_by(is_own, "consulted_on", "pk")[:count]


def _first(rows, user, count):
    return rows[:count]


def _first_by_key(rows, user, count):
    """The same, but their keys are found first, off an index that holds all that is asked."""
    return rows.filter(pk__in=rows.values("pk")[:count])


def _earliest_due(lasers, user, count):
    return lasers.earliest_first()[:count]


def _to_take_down(user, today):
    """What is still up though the patient no longer agrees, by where it is and since when."""
    return (
        PhotoUse.objects.to_take_down()
        .select_related("photo__patient")
        .only(
            *("version", "where", "since", "down_on", "entered_in_error_at"),
            *_under("photo", ("area", "view", "taken_on", "taken_at")),
            *_under("photo__patient", PATIENT),
        )
        .order_by("since", "pk")
    )


def _slowed(user, today):
    """Where sign-ins were turned away: a guess at a password, or a colleague who needs help."""
    return (
        SignInLimit.objects.slowed()
        .select_related("user")
        .only(*("account", "address", "browser", "slowed_at"), *_under("user", NAME))
    )


def _drafts(user, today):
    return Draft.objects.of(user).defer("values")


FIRST = {
    "unsigned_consultations": _own_first,
    "late_sessions": _first_by_key,
    "lasers_due": _earliest_due,
}
LISTS = {
    **DIARY_LISTS,
    "overdue": _overdue,
    "to_book": _to_book,
    "events": _events,
    "to_report": _to_report,
    "follow_ups": _follow_ups,
    "to_send": _referrals(ReferralStatus.TO_SEND),
    "sent": _sent,
    "recovered": _referrals(ReferralStatus.RECOVERED),
    "unsigned_sessions": _unsigned_sessions,
    "late_sessions": _late_sessions,
    "unsigned_consultations": _unsigned_consultations,
    "lasers_due": _lasers_due,
    "to_take_down": _to_take_down,
    "slowed": _slowed,
    "drafts": _drafts,
}
