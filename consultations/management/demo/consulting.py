"""Write patients, consultations with their assessed areas, and referrals."""

from datetime import timedelta
from decimal import Decimal

from consultations.actions.assessments import carried_over, record_assessments
from consultations.actions.referral_steps import send_referral
from consultations.actions.referrals import change_referral
from consultations.actions.signing import mark_in_error
from consultations.models import (
    AreaAssessment,
    Consultation,
    Patient,
    ReferralSending,
    Surgeon,
    SurgicalReferral,
)
from consultations.vocabulary import BddScreen, Pace, ReferralStatus, Sex

from .diary import sign
from .patches import enter_patch
from .treating import enter_course
from .words import HEALTHY, NOTHING_HERE

REASONABLE = {
    "wants_instant_result": False,
    "wants_inexpensive_fix": False,
    "accepts_five_sessions": True,
    "preferred_pace": Pace.GRADUAL,
    "worried_about_side_effects": False,
    "max_downtime_days": 3,
    "bdd_screen": BddScreen.NEGATIVE,
}
IN_A_HURRY = {"preferred_pace": Pace.RAPID, "max_downtime_days": 10}
DAYS = {
    "delivered_days": "delivered_on",
    "tanned_days": "tanned_on",
    "filler_days": "filler_on",
    "isotretinoin_last_dose_days": "isotretinoin_last_dose_on",
    "surgery_days": "surgery_on",
}
STEPS = ("accepted", "operated", "recovered", "closed")
SURGEON = {"name": "Plastic surgery", "practice": "Exampleton Hospital"}
HEIGHTS = {Sex.FEMALE: (152, 178), Sex.MALE: (165, 192)}


def register(diary, ago, person):
    number, by = diary.number, diary.account("reception")
    usual = {
        "phone": f"07700 900{100 + number:03d}",
        "email": f"patient{number}@example.org",
        "address": f"{number} Sample Street\nExampleton",
        "emergency_contact": f"Next of kin, 07700 900{500 + number:03d}",
        "general_practitioner": "Exampleton Surgery",
        "keloid_history": False,
        "connective_tissue_disease": False,
        "herpes_history": False,
        "gold_therapy": False,
    }
    diary.patient = Patient(
        record_number=f"D-{number:06d}",
        family_name=person.family_name,
        given_name=person.given_name,
        date_of_birth=born(diary, person.age),
        sex=person.sex,
        phototype=person.phototype,
        created_at=diary.clinic.stamp(ago, "12:00"),
        **(usual | person.more),
    )
    diary.patient.save(by=by)


def born(diary, age):
    """A birth date some way from a birthday, so that the age holds for weeks."""
    return diary.clinic.today - timedelta(days=int(age * 365.25) + diary.chance.randint(20, 300))


def enter_visit(diary, ago, visit):
    diary.enter(ago, consult, visit)
    for assessed in visit.areas:
        if assessed.reconsidered:
            diary.enter(assessed.reconsidered[0], reconsider, assessed)
        if assessed.patch:
            enter_patch(diary, assessed)
        if assessed.referral:
            enter_referral(diary, assessed)
        if assessed.course:
            enter_course(diary, assessed)


def consult(diary, ago, visit):
    by = diary.account("clinician")
    consultation = Consultation(
        patient=diary.patient,
        clinician=by,
        consulted_on=diary.clinic.day(ago),
        concern=visit.concern,
        created_at=diary.clinic.stamp(ago, "11:00"),
        **answers_of(diary, ago, visit),
    )
    consultation.save(by=by)
    areas = {area: assessment_of(diary, ago, consultation, area) for area in visit.areas}
    record_assessments(consultation=consultation, by=by, changed=list(areas.values()))
    diary.assessments |= areas
    for area in areas.values():
        date_referral(diary, ago, area)
    if visit.signed and not any(assessed.reconsidered for assessed in visit.areas):
        sign(consultation, by=by, at=diary.clinic.stamp(ago, "12:30"))
    if visit.mistaken:
        mark_in_error(record=consultation, by=by, reason=visit.mistaken)


def answers_of(diary, ago, visit):
    """The health screen and the rest, answered as most people do where the story is silent."""
    low, high = HEIGHTS.get(diary.patient.sex, (155, 185))
    height = diary.chance.randint(low, high)
    usual = {
        "smoker": diary.chance.random() < 0.12,
        "drinks_alcohol": diary.chance.random() < 0.4,
        "sun_exposure": diary.chance.random() < 0.2,
        "chemical_exposure": diary.chance.random() < 0.05,
        "height_cm": height,
        "weight_kg": round(Decimal(diary.chance.randint(205, 285)) / 100_000 * height**2, 1),
    }
    if any(area.course and area.course.pace == Pace.RAPID for area in visit.areas):
        usual |= IN_A_HURRY
    return HEALTHY | REASONABLE | usual | on_days(diary, ago, visit.answers)


def on_days(diary, ago, answers):
    """Answers with each "tanned_days=5", five days before the visit, turned into "tanned_on"."""
    days = {name: value for name, value in answers.items() if name in DAYS}
    others = {name: value for name, value in answers.items() if name not in DAYS}
    return others | {DAYS[name]: diary.clinic.day(ago + value) for name, value in days.items()}


def assessment_of(diary, ago, consultation, assessed):
    """An unsaved assessment, the surgery carried over where it follows a referral."""
    if assessed.touches_up:
        referral = SurgicalReferral.objects.of(diary.patient, area=assessed.area).latest("pk")
        assessment = carried_over(referral)
    else:
        assessment = AreaAssessment(area=assessed.area)
    assessment.consultation = consultation
    assessment.severity = assessed.severity
    assessment.grade = None if assessed.grade is None else Decimal(str(assessed.grade))
    assessment.created_at = diary.clinic.stamp(ago, "11:00")
    for name, value in (
        {"radiotherapy": False} | NOTHING_HERE | on_days(diary, ago, assessed.answers)
    ).items():
        setattr(assessment, name, value)
    if assessed.decision:
        decide(diary, ago, assessment, assessed.decision, assessed.decision_reason)
    return assessment


def decide(diary, ago, assessment, decision, reason):
    assessment.decision, assessment.decision_reason = decision, reason
    assessment.decided_by = diary.account("clinician")
    assessment.decided_at = diary.clinic.stamp(ago, "11:30")


def reconsider(diary, ago, assessed):
    """The clinician decides otherwise before signing; an unsent referral is withdrawn with it."""
    _, decision, reason = assessed.reconsidered
    assessment = diary.assessments[assessed]
    decide(diary, ago, assessment, decision, reason)
    by = diary.account("clinician")
    record_assessments(consultation=assessment.consultation, by=by, changed=[assessment])
    for referral in assessment.referrals.filter(closed_on__isnull=False):
        referral.closed_on = diary.clinic.day(ago)
        change_referral(referral=referral, by=by, reason="Withdrawn on that day.")
    sign(assessment.consultation, by=by, at=diary.clinic.stamp(ago, "12:30"))


def date_referral(diary, ago, assessment):
    """The referral that came of an assessment is as old as that."""
    for referral in assessment.referrals.all():
        referral.created_at = diary.clinic.stamp(ago, "11:00")
        change_referral(referral=referral, by=diary.account("clinician"))


def enter_referral(diary, assessed):
    if assessed.referral.sent is not None:
        diary.enter(assessed.referral.sent, send, assessed)
    for step in STEPS:
        ago = getattr(assessed.referral, step)
        if ago is not None:
            diary.enter(ago, move_on, assessed, step)


def send(diary, ago, assessed):
    by, stamp = diary.account("clinician"), diary.clinic.stamp(ago)
    referral = SurgicalReferral.objects.get(assessment=diary.assessments[assessed])
    referral.urgency, referral.notes = assessed.referral.urgency, assessed.referral.notes
    surgeon = Surgeon.objects.filter(**SURGEON).first()
    if surgeon is None:
        surgeon = Surgeon(**SURGEON, created_at=diary.clinic.stamp(900))
        surgeon.save(by=by)
    sending = ReferralSending(
        referral=referral,
        surgeon=surgeon,
        sent_on=diary.clinic.day(ago),
        words="Own letter.",
        created_at=stamp,
    )
    send_referral(sending=sending, by=by)


def move_on(diary, ago, assessed, step):
    referral = SurgicalReferral.objects.get(assessment=diary.assessments[assessed])
    referral.status = ReferralStatus(step)
    setattr(referral, f"{step}_on", diary.clinic.day(ago))
    referral.urgency, referral.notes = assessed.referral.urgency, assessed.referral.notes
    if step == "closed":
        referral.closure = assessed.referral.closure
        referral.closure_words = assessed.referral.closure_words
    change_referral(referral=referral, by=diary.account("clinician"))
