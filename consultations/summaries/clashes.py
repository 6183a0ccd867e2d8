"""What would clash if the records of two patients were one person's, and what goes along.

`records` are parts of a `RecordTree`: lists by kind.
"""

from dataclasses import dataclass
from itertools import product

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import (
    Addendum,
    AdverseEvent,
    Appointment,
    AppointmentPlan,
    AreaAssessment,
    Consent,
    Consultation,
    Discount,
    FollowUp,
    Patient,
    Payment,
    Photo,
    ReferralSending,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
    record_kinds,
)
from consultations.models.text import day_in_words
from consultations.vocabulary import Outcome, PlanStatus

# The first of one and of several.
WORDS = {
    Consultation: lambda n: ngettext("%(n)s consultation", "%(n)s consultations", n),
    TreatmentPlan: lambda n: ngettext("%(n)s plan", "%(n)s plans", n),
    TreatmentSession: lambda n: ngettext("%(n)s session", "%(n)s sessions", n),
    Appointment: lambda n: ngettext("%(n)s appointment", "%(n)s appointments", n),
    SurgicalReferral: lambda n: ngettext("%(n)s referral", "%(n)s referrals", n),
    ReferralSending: lambda n: ngettext("%(n)s sent referral", "%(n)s sent referrals", n),
    AdverseEvent: lambda n: ngettext("%(n)s adverse event", "%(n)s adverse events", n),
    TestPatch: lambda n: ngettext("%(n)s test patch", "%(n)s test patches", n),
    FollowUp: lambda n: ngettext("%(n)s follow-up", "%(n)s follow-ups", n),
    Consent: lambda n: ngettext("%(n)s consent", "%(n)s consents", n),
    Payment: lambda n: ngettext("%(n)s payment", "%(n)s payments", n),
    Discount: lambda n: ngettext("%(n)s discount", "%(n)s discounts", n),
    Photo: lambda n: ngettext("%(n)s photo", "%(n)s photos", n),
    Addendum: lambda n: ngettext("%(n)s addendum", "%(n)s addenda", n),
}


# Told with what they are parts of.
UNTOLD = (Patient, AreaAssessment, AppointmentPlan)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why it cannot be done, and the records where that can be settled."""

    words: str
    records: tuple = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One line of what goes along: an area and what hangs on it, or records of one kind."""

    label: str
    details: tuple[str, ...] = ()


def open_plans(records):
    closed = {PlanStatus.COMPLETED, PlanStatus.STOPPED}
    return [one for one in records[TreatmentPlan] if one.stands and one.status not in closed]


def open_referrals(records):
    return [one for one in records[SurgicalReferral] if one.stands and one.is_open]


def stopping_events(records):
    return [one for one in records[AdverseEvent] if one.is_stopping and one.session.stands]


def naming_patient(records):
    """Yield records with a key to their patient; what hangs on them goes along."""
    for found in records.values():
        yield from (one for one in found if "patient" in one.hangs_on and one.patient_id)


# In words


def parts_of_areas(records):
    """Yield what hangs on each area, in words; it goes along even if in error."""
    below = {kind: found for kind, found in records.items() if kind is not AreaAssessment}
    for assessment in records[AreaAssessment]:
        on_it = {
            kind: [one for one in found if one.nearest(AreaAssessment) is assessment]
            for kind, found in below.items()
        }
        yield Part(str(assessment.get_area_display()), tuple(counted(on_it)))


def counted(found):
    """Yield how many there are of each kind, in words, in the order of WORDS.

    Kinds with no records are left out.
    """
    for kind, words in WORDS.items():
        if count := len(found.get(kind, ())):
            yield words(count) % {"n": count}
    for kind in record_kinds():
        if kind not in (*WORDS, *UNTOLD) and (count := len(found.get(kind, ()))):
            yield f"{count} × {kind._meta.verbose_name}"


# What would clash


def clashes(these, those):
    """Yield what would stand twice for one area, or a plan beside a referral."""
    plans = (open_plans(these), open_plans(those))
    referrals = (open_referrals(these), open_referrals(those))
    for one, other in _of_one_area(*plans):
        words = _("%(area)s: each has an open plan. Complete or stop one of them first.")
        yield Obstacle(about(one.assessment, words), (one, other))
    crossed = [*_of_one_area(plans[0], referrals[1]), *_of_one_area(plans[1], referrals[0])]
    for plan, referral in crossed:
        # A paused plan may wait beside a referral.
        if plan.status == PlanStatus.ACTIVE:
            words = _(
                "%(area)s: one has an active plan, the other an open referral. Pause or stop the "
                "plan, or close the referral, first."
            )
            yield Obstacle(about(plan.assessment, words), (plan, referral))
    for one, other in _of_one_area(*referrals):
        words = _("%(area)s: each has an open referral. Close one of them first.")
        yield Obstacle(about(one.assessment, words), (one, other))
    for one, other in product(these[Appointment], those[Appointment]):
        if one.is_holding and other.is_holding and _overlap(one, other):
            words = _("%(one)s and %(other)s overlap. Move or cancel one of them first.")
            yield Obstacle(words % {"one": one, "other": other}, (one, other))


def _overlap(one, other):
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _of_one_area(these, those):
    pairs = product(these, those)
    return [(one, other) for one, other in pairs if one.assessment.area == other.assessment.area]


def about(assessment, words):
    return words % {"area": assessment.get_area_display()}


def pauses(these, those):
    """Yield plans that will wait once both are one record.

    The other side has an adverse event of the area, or decided against laser there since.
    """
    for ours, theirs in ((these, those), (those, these)):
        for plan in open_plans(ours):
            events = [one for one in stopping_events(theirs) if one.area == plan.area]
            if events and plan.status == PlanStatus.ACTIVE:
                yield _("%(area)s: the plan is paused until this is cleared: %(event)s.") % {
                    "area": plan.assessment.get_area_display(),
                    "event": events[0],
                }
            elif not events:
                yield from pauses_as_decided(plan, [*ours[AreaAssessment], *theirs[AreaAssessment]])


def pauses_as_decided(plan, assessments):
    """Yield an active plan that will wait because its area's latest decision is against laser."""
    on_area = [one for one in assessments if one.area == plan.area and one.stands]
    latest = max(on_area, key=lambda one: (one.consultation.consulted_on, one.pk), default=None)
    if latest is None or latest.decision not in Outcome.refusing():
        return
    if plan.status != PlanStatus.ACTIVE:
        return
    yield _("%(area)s: the plan is paused: %(outcome)s, as decided on %(day)s.") % {
        "area": plan.assessment.get_area_display(),
        "outcome": latest.get_decision_display().lower(),
        "day": day_in_words(timezone.localdate(latest.decided_at)),
    }
