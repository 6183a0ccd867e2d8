"""Preview a consultation's move to another patient: what goes along, changes, or is in the way.

The page shows it, and the action obeys it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import (
    AdverseEvent,
    Appointment,
    AppointmentPlan,
    AreaAssessment,
    Consent,
    Consultation,
    IssuedDocument,
    Patient,
    Payment,
    Photo,
    ReferralSending,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.record import Record
from consultations.models.text import day_in_words

from .clashes import (
    Obstacle,
    Part,
    about,
    clashes,
    naming_patient,
    open_plans,
    parts_of_areas,
    pauses,
    pauses_as_decided,
)
from .record_tree import RecordTree
from .sendings import sent_in_words
from .timeline import name_of


@dataclass(frozen=True, slots=True)
class Move:
    """What a move would do.

    `along` are the records that name their patient themselves, the consultation first.
    `follows_no_more` are the areas that followed a referral which stays.
    """

    consultation: Consultation
    source: Patient
    to: Patient
    goes: tuple[Part, ...]
    stays: tuple[str, ...]
    notes: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]
    assessments: tuple[AreaAssessment, ...]
    along: tuple[Record, ...]
    follows_no_more: tuple[AreaAssessment, ...]
    stamp: str


def move_of(consultation, to):
    """Return what moving this consultation, and all that hangs on it, to `to` would do."""
    source = consultation.patient
    if source.pk == to.pk:
        return _no_move(consultation, to)
    both = RecordTree(source, to)
    consultation = next(one for one in both[Consultation] if one.pk == consultation.pk)
    moving = both.part(lambda root: root is consultation)
    there = both.part(lambda root: root.patient is to)
    left = both.part(lambda root: root is not consultation and root.patient is source)
    return Move(
        consultation=consultation,
        source=source,
        to=to,
        goes=tuple(parts_of_areas(moving)),
        stays=tuple(_what_stays(consultation, left)),
        notes=(
            *pauses(moving, there),
            *_paused_behind(left),
            *_resumed(moving, left),
            *_cut_off(moving),
        ),
        obstacles=(
            *_why_not_moved(consultation, moving, to),
            *_followers(moving, left),
            *_shared_appointments(moving, left),
            *_money(moving),
            *_issued(moving, left),
            *clashes(moving, there),
        ),
        assessments=tuple(one for one in moving[AreaAssessment] if one.stands),
        along=tuple(naming_patient(moving)),
        follows_no_more=tuple(_followers_of_others(moving)),
        stamp=both.stamp(),
    )


def _no_move(consultation, to):
    words = _("This consultation is already in the record of %(number)s.")
    return Move(
        consultation=consultation,
        source=to,
        to=to,
        goes=(),
        stays=(),
        notes=(),
        obstacles=(Obstacle(words % {"number": to.record_number}),),
        assessments=(),
        along=(),
        follows_no_more=(),
        stamp="",
    )


def _paused_behind(left):
    for plan in open_plans(left):
        yield from pauses_as_decided(plan, left[AreaAssessment])


def _what_stays(consultation, left):
    """Yield what staff might expect to go along, and does not."""
    photos = [one for one in left[Photo] if one.taken_on == consultation.consulted_on]
    if photos := [one for one in photos if not one.in_error]:
        words = ngettext(
            "%(n)s photo of that day stays: a photo belongs to the person. Look whose it is.",
            "%(n)s photos of that day stay: photos belong to the person. Look whose they are.",
            len(photos),
        )
        yield words % {"n": len(photos)}
    patches = [one for one in left[TestPatch] if one.done_on == consultation.consulted_on]
    if patches := [one for one in patches if not one.in_error]:
        words = ngettext(
            "%(n)s test patch of that day stays. Look whose it is.",
            "%(n)s test patches of that day stay. Look whose they are.",
            len(patches),
        )
        yield words % {"n": len(patches)}
    if any(one.patient_id and not one.in_error for one in left[Consent]):
        yield _("The consent to photos stays: the person gave it.")
    answers = consultation.patient.history.filter(
        history_change_reason=consultation.gave_answers, history_type="~"
    )
    if answers.exists():
        yield _("Medical history recorded here stays. Correct it on the patient’s page.")


def _why_not_moved(consultation, moving, to):
    if consultation.in_error:
        yield Obstacle(_("This consultation was entered in error."))
    if consultation.is_signed:
        words = _("This consultation is signed by %(name)s. What is signed is not moved.")
        yield Obstacle(words % {"name": name_of(consultation.signed_by)}, (consultation,))
    if to.why_ended:
        yield Obstacle(str(to.why_ended), (to.kept_record,))
    for consent in moving[Consent]:
        if not consent.in_error:
            words = _("A consent was signed on %(day)s for the plan that rests on it.")
            yield Obstacle(words % {"day": day_in_words(consent.given_on)}, (consent,))
    for sending in moving[ReferralSending]:
        if sending.stands:
            words = _("%(sending)s in this name. Mark that as entered in error first.")
            yield Obstacle(words % {"sending": sent_in_words(sending)}, (sending,))
    for session in moving[TreatmentSession]:
        if session.is_signed and not session.in_error:
            words = _("The session of %(day)s, which rests on it, is signed.")
            yield Obstacle(words % {"day": day_in_words(session.day)}, (session,))
    days = [one.day for one in moving[TreatmentSession] if one.stands]
    first = min([consultation.consulted_on, *days])
    if first < to.date_of_birth:
        words = _("%(day)s is before %(number)s was born.")
        yield Obstacle(words % {"day": day_in_words(first), "number": to.record_number}, (to,))


def _shared_appointments(moving, left):
    """Yield appointments for a course that would move and one that stays."""
    staying = {one.pk for one in left[Appointment]}
    shared = {one.appointment.pk: one.appointment for one in moving[AppointmentPlan]}
    for key, appointment in shared.items():
        if key in staying:
            words = _("%(appointment)s is for a course that stays, too. Change it first.")
            yield Obstacle(words % {"appointment": appointment}, (appointment,))


def _money(moving):
    """Yield plans that would move with what was paid for them."""
    for plan in dict.fromkeys(one.plan for one in moving[Payment]):
        words = _("%(area)s: there are payments for this course. Whoever paid keeps it.")
        yield Obstacle(about(plan.assessment, words), (plan,))


def _issued(moving, left):
    """Yield the documents about what would move: they name the patient they were issued to."""
    models = {
        "plan": TreatmentPlan,
        "referral": SurgicalReferral,
        "session": TreatmentSession,
        "payment": Payment,
        "consent": Consent,
    }
    going = {(name, one.pk) for name, model in models.items() for one in moving[model]}
    for document in left[IssuedDocument]:
        about = {(name, getattr(document, f"{name}_id")) for name in models}
        if document.stands and about & going:
            words = _("%(document)s was issued about it. Withdraw it first.")
            yield Obstacle(words % {"document": document}, (document,))


def _followers(moving, left):
    """Yield areas of other consultations that follow a referral which would move away."""
    referrals = {one.pk for one in moving[SurgicalReferral]}
    for assessment in left[AreaAssessment]:
        if assessment.follows_referral_id in referrals and assessment.stands:
            words = _(
                "The consultation of %(day)s follows the referral of the %(area)s made here. "
                "Move that one first, or mark it as entered in error."
            )
            consultation = assessment.consultation
            named = {
                "day": day_in_words(consultation.consulted_on),
                "area": assessment.get_area_display().lower(),
            }
            yield Obstacle(words % named, (consultation,))


def _followers_of_others(moving):
    """Yield areas here that follow a referral of a consultation which stays."""
    own = {one.pk for one in moving[SurgicalReferral]}
    for assessment in moving[AreaAssessment]:
        if assessment.follows_referral_id and assessment.follows_referral_id not in own:
            yield assessment


def _cut_off(moving):
    for assessment in _followers_of_others(moving):
        words = _(
            "%(area)s no longer follows the referral that stays. Check what it says of surgery."
        )
        yield words % {"area": assessment.get_area_display()}


def _resumed(moving, left):
    """Yield plans of the patient that wait for an event which moves away."""
    events = {one.pk for one in moving[AdverseEvent]}
    for plan in open_plans(left):
        if plan.paused_for_id in events:
            words = _("%(area)s: the plan that stays no longer waits for the event that moves.")
            yield about(plan.assessment, words)
