"""Small pieces of page: status chips, progress dots, the next step of an area."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.actions.referral_steps import MAY_BE_SENT, TO_ANOTHER
from consultations.actions.referrals import standing_plan, standing_referral
from consultations.models.text import day_in_words, moment_in_words
from consultations.permissions import sees_clinical, writes_clinical
from consultations.summaries.progress import Progress
from consultations.summaries.timeline import name_of
from consultations.vocabulary import (
    ABLATIVE,
    AppointmentStatus,
    Closure,
    ConsentState,
    EventSeverity,
    FollowUpKind,
    Outcome,
    PlanStatus,
    ReferralStatus,
)

TONES = {
    Outcome.CANDIDATE: "good",
    Outcome.TOUCH_UP: "good",
    Outcome.HOLD: "wait",
    Outcome.NOT_A_CANDIDATE: "stop",
    Outcome.REFER_TO_SURGERY: "refer",
    ReferralStatus.TO_SEND: "wait",
    ReferralStatus.SENT: "info",
    ReferralStatus.ACCEPTED: "info",
    ReferralStatus.OPERATED: "info",
    ReferralStatus.RECOVERED: "good",
    ReferralStatus.CLOSED: "quiet",
    PlanStatus.ACTIVE: "good",
    PlanStatus.PAUSED: "wait",
    PlanStatus.COMPLETED: "quiet",
    PlanStatus.STOPPED: "stop",
    AppointmentStatus.BOOKED: "info",
    AppointmentStatus.ARRIVED: "good",
    AppointmentStatus.IN_ROOM: "good",
    AppointmentStatus.DONE: "quiet",
    AppointmentStatus.MISSED: "wait",
    AppointmentStatus.CANCELLED: "quiet",
    EventSeverity.MILD: "info",
    EventSeverity.MODERATE: "wait",
    EventSeverity.SEVERE: "stop",
    ConsentState.GIVEN: "good",
    ConsentState.REFLECTING: "wait",
    ConsentState.MISSING: "stop",
    ConsentState.REFUSED: "stop",
    ConsentState.WITHDRAWN: "stop",
}

# What is said most often, one tap each; anything else is typed.
WHY_NO_ANSWER = (_lazy("Tried once"), _lazy("Tried twice"))
CAME_OF_IT = {
    FollowUpKind.INFECTION_WATCH: (_lazy("No sign of infection"),),
    FollowUpKind.RESULT_REVIEW: (_lazy("Reviewed, all well"), _lazy("Declined a review")),
    FollowUpKind.REFERRAL_REPLY: (_lazy("The surgeon replied"), _lazy("No longer expected")),
    FollowUpKind.RECALL: (_lazy("Booked"), _lazy("Declined")),
}


def chip(value, label, tone=None):
    """A status in a word, coloured for the eye; the word alone carries the meaning."""
    return format_html(
        '<span class="chip chip-{}">{}</span>', tone or TONES.get(value, "info"), label
    )


def chips(pairs):
    return format_html_join(" ", "{}", ((one,) for one in pairs))


def dots(progress: Progress):
    """●●●○○ 3 of 5; screen readers hear the words."""
    return format_html(
        '<span class="progress"><span class="dots" aria-hidden="true">{}</span> {}</span>',
        progress.dots,
        progress.words,
    )


def event_state(event):
    """Whether an adverse event is over, and whether its area was cleared."""
    if event.is_stopping:
        return chip("", _("not cleared"), "stop")
    if event.resolved_on is None:
        return chip("", _("open"), "wait")
    return chip("", _("resolved"), "quiet")


def consent_chip(standing, user, *, alone=False):
    """Where consent leaves a course; to those who read nothing clinical, a no is a no. `alone` it
    says that it is about consent."""
    is_no = standing.state in {ConsentState.REFUSED, ConsentState.WITHDRAWN}
    words = standing.words
    if is_no and not sees_clinical(user):
        words = _("refused or withdrawn")
    if alone and standing.may_treat_from is None:
        words = _("consent %(state)s") % {"state": words}
    return chip(ConsentState(standing.state), words)


def due_state(follow_up):
    """Whether a follow-up is done, still to come, or was missed."""
    if not follow_up.is_waiting:
        return chip("", _("done"), "quiet")
    if follow_up.due_on < timezone.localdate():
        return chip("", _("missed"), "stop")
    return chip("", _("to do"), "info")


def due_in_words(follow_up):
    """The day it is due, and the time where it has one."""
    day = day_in_words(follow_up.due_on)
    return f"{day} {follow_up.due_time:%H:%M}" if follow_up.due_time else day


def unreached(follow_up):
    """That nobody answered, and who is to try again."""
    if not follow_up.is_waiting:
        return
    if follow_up.no_answer_on:
        day = day_in_words(follow_up.no_answer_on)
        yield chip("", _("no answer on %(day)s") % {"day": day}, "wait")
    if follow_up.handed_to:
        yield chip("", _("for %(name)s") % {"name": name_of(follow_up.handed_to)}, "info")


def person(name):
    """A name kept apart from what stands beside it, whatever its script's direction."""
    return format_html("<bdi>{}</bdi>", name)


def formerly(names):
    """The former names by which somebody was found, in words; "" for none."""
    told = ", ".join(" ".join(filter(None, (given, family))) for family, given in names)
    return _("formerly %(names)s") % {"names": told} if names else ""


def whose(patient):
    """A patient in a list: the name, and the record number below it."""
    number = format_html('<span class="record-number">{}</span>', patient.record_number)
    return format_html("{} {}", person(patient.full_name), number)


STRUCK = '<s class="in-error">'


def struck(record, content):
    """Content of a record, struck through and said so where it was entered in error."""
    whole = getattr(record, "consultation", None)
    if not record.in_error and not (whole is not None and whole.in_error):
        return content
    return format_html(STRUCK + "{}</s> {}", content, chip("", _("in error"), "stop"))


def is_struck(content):
    """Whether what a list shows of a record is struck through."""
    return STRUCK in str(content)


def field_names(fieldset):
    """The fields of an admin fieldset, those that share a line included."""
    for line in fieldset.fields:
        yield from [line] if isinstance(line, str) else line


@dataclass(frozen=True)
class Step:
    """One button: what to do next for an area."""

    label: str
    url: str
    is_primary: bool = True


@dataclass(frozen=True)
class Act:
    """Something done in two clicks: the button, the words to choose from, and the version of the
    record that is shown."""

    label: str
    url: str
    choices: tuple
    version: int


def follow_up_acts(follow_up, user):
    """Writing what came of a follow-up, for those who may."""
    if not user.has_perm("consultations.change_followup"):
        return ()
    version = follow_up.version
    done = admin_url("followup", "done", follow_up.pk)
    no_answer = admin_url("followup", "no_answer", follow_up.pk)
    return (
        Act(_("Done"), done, CAME_OF_IT[follow_up.kind], version),
        Act(_("No answer"), no_answer, WHY_NO_ANSWER, version),
    )


def admin_url(model, page, *args, **query):
    url = reverse(f"admin:consultations_{model}_{page}", args=args)
    return f"{url}?{'&'.join(f'{name}={value}' for name, value in query.items())}" if query else url


def addendum_url(addendum):
    """An addendum on the page of the record that it adds to."""
    record = addendum.corrects
    return f"{admin_url(record._meta.model_name, 'change', record.pk)}#addendum-{addendum.pk}"


def next_steps(assessment, user, referrals=(), *, latest=None, standing=None):
    """What this person can do next for an assessed area, the main step first. No plan is started
    beside an open one of the patient's `referrals` for the same area. `latest` is the assessment
    that counts for the area where it is another, `standing` where consent leaves its plan."""
    if assessment.in_error or assessment.consultation.in_error:
        return []
    if plan := standing_plan(assessment):
        if resuming := resume_steps(plan, latest or assessment, user):
            return resuming
        open_plan = Step(_("Open plan"), admin_url("treatmentplan", "change", plan.pk), False)
        return [*plan_steps(plan, user, standing), open_plan]
    if (referral := standing_referral(assessment)) and (steps := referral_steps(referral, user)):
        return steps
    for referral in referrals if assessment.is_treatable else ():
        if referral.is_open and referral.assessment.area == assessment.area:
            return referral_steps(referral, user)
    if assessment.is_treatable and user.has_perm("consultations.add_treatmentplan"):
        url = admin_url("treatmentplan", "add", assessment=assessment.pk)
        return [Step(_("Start plan"), url)]
    return []


def resume_steps(plan, assessment, user):
    """Resuming a paused plan, where the area is judged or decided to be treated; nothing resumes by
    itself."""
    waits = plan.status == PlanStatus.PAUSED and not plan.paused_for_id and assessment.is_treatable
    if not (waits and user.has_perm("consultations.change_treatmentplan")):
        return []
    return [Step(_("Resume plan"), admin_url("treatmentplan", "change", plan.pk))]


def may_take_consent(user, plan):
    """Whether somebody may take consent to the laser of a plan: to ablative ones clinicians."""
    may_any = user.has_perm("consultations.take_any_consent")
    return user.has_perm("consultations.add_consent") and (
        may_any or plan.laser_type not in ABLATIVE
    )


def consent_step(plan, standing, user):
    """Taking consent, the main step where the course waits for it; None for those who may not."""
    if plan.patient.why_ended or not may_take_consent(user, plan):
        return None
    waits = standing.state in {ConsentState.MISSING, ConsentState.REFUSED, ConsentState.WITHDRAWN}
    url = admin_url("treatmentplan", "consent", plan.pk)
    return Step(_("Take consent") if waits else _("Take consent anew"), url, waits)


def plan_steps(plan, user, standing=None):
    """Taking consent, recording and booking on an active plan, for those who may; `standing` is
    where consent leaves it, None where nobody asks."""
    if plan.status != PlanStatus.ACTIVE:
        return []
    waits = standing is not None and not standing.is_given
    consent = consent_step(plan, standing, user) if waits else None
    steps = [consent] if consent is not None and consent.is_primary else []
    if writes_clinical(user) and user.has_perm("consultations.add_treatmentsession"):
        record = admin_url("patient", "visit", plan.patient.pk, plan=plan.pk)
        steps.append(Step(_("Record session"), record, not steps))
    if user.has_perm("consultations.add_appointment"):
        steps.append(Step(_("Book"), booking_url(plan), not steps))
    return steps


def booking_url(plan):
    """The page on which the next appointment of a course is booked."""
    return admin_url("appointment", "add", patient=plan.patient.pk, plan=plan.pk)


def words_paused(plan):
    return _("%(area)s: the plan is paused.") % {"area": plan.assessment.get_area_display()}


def referral_steps(referral, user):
    """What this person can do next about a referral, for those who may read it."""
    if not user.has_perm("consultations.view_surgicalreferral"):
        return []
    url = admin_url("surgicalreferral", "change", referral.pk)
    if referral.closure in TO_ANOTHER and user.has_perm("consultations.change_surgicalreferral"):
        return [Step(_("Refer to another surgeon"), url, False)]
    if (send := send_step(referral, user)) and send.is_primary:
        return [send]
    open_referral = Step(_("Open referral"), url, False)
    if step := touch_up_step(referral, user):
        return [step, open_referral]
    return [open_referral] if referral.status != ReferralStatus.CLOSED else []


def send_step(referral, user):
    """Sending a referral, or once more while no answer is there, for those who may; else None."""
    may_send = user.has_perm("consultations.add_referralsending")
    if referral.in_error or referral.status not in MAY_BE_SENT or not may_send:
        return None
    is_first = referral.status == ReferralStatus.TO_SEND
    label = _("Send referral") if is_first else _("Send again or remind")
    return Step(label, admin_url("referralsending", "add", referral=referral.pk), is_first)


def touch_up_step(referral, user):
    """Assessing an area that is back from surgery, for those who may; else None."""
    returned = referral.closure == Closure.RETURNED_FOR_TOUCH_UP
    is_back = returned or referral.status == ReferralStatus.RECOVERED
    if returned and referral.followed_by.standing().exists():
        return None  # assessed already
    if referral.in_error or not is_back or not user.has_perm("consultations.add_consultation"):
        return None
    url = admin_url("consultation", "add", patient=referral.patient.pk, follows=referral.pk)
    return Step(_("Assess for touch-up"), url)


def due_words(progress):
    """Next booking or due date, and overdue in a word; None where nothing is to come."""
    if progress.booked_for:
        when = moment_in_words(progress.booked_for)
        return _("booked %(when)s") % {"when": when}
    if progress.next_due_on is None:
        return None
    day = day_in_words(progress.next_due_on)
    if progress.is_overdue:
        return chips([day, chip("", _("overdue"), "stop")])
    return day
