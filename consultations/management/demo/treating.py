"""Write plans and their sessions."""

from decimal import Decimal

from consultations.actions.courses import keep_plan, keep_session
from consultations.actions.money import keep_payments
from consultations.actions.prefilled import prefilled_plan
from consultations.actions.signing import mark_in_error
from consultations.models import Payment, TreatmentSession
from consultations.vocabulary import (
    Anaesthesia,
    AppointmentStatus,
    Area,
    GlobalImprovement,
    Pace,
    PaymentMethod,
)

from .booking import BOOKED_AHEAD, attend, book, call_off
from .consenting import ASKED_BEFORE, consent
from .diary import sign
from .following import enter_trouble, recall
from .lasers import AB, AF, NA, NF, usual_mode, usual_settings
from .schedule import days_of, interval_of, start_of
from .words import HEALTHY, NOTHING_HERE, laser_of

PRICES = {NA: 180, NF: 320, AF: 650, AB: 1400}
PAIN = {NA: 3, NF: 4, AF: 6, AB: 7}
ENDPOINTS = {
    NA: "Mild, even redness",
    NF: "Even redness and slight swelling",
    AF: "Even pinpoint frosting, no bleeding",
    AB: "Even whitening, wiped once",
}
ANAESTHESIA = {
    NA: Anaesthesia.NONE,
    NF: Anaesthesia.TOPICAL,
    AF: Anaesthesia.TOPICAL,
    AB: Anaesthesia.NERVE_BLOCK,
}
# By the number of the session, 1 on.
IMPROVEMENT = (
    GlobalImprovement.NO_CHANGE,
    GlobalImprovement.IMPROVED,
    GlobalImprovement.IMPROVED,
    GlobalImprovement.MUCH_IMPROVED,
    GlobalImprovement.MUCH_IMPROVED,
    GlobalImprovement.VERY_MUCH_IMPROVED,
)
UNSIGNED_DAYS = 2
MISTAKE_AFTER = 14


def enter_course(diary, assessed):
    course, seed = assessed.course, diary.number
    days = days_of(assessed, seed)
    diary.enter(start_of(assessed, seed), open_plan, assessed)
    for number, ago in enumerate(days, start=1):
        # What was done elsewhere is entered when the course goes on here.
        written = max(start_of(assessed, seed), 0) if number <= course.elsewhere else ago
        diary.enter(written, record_session, assessed, number, ago)
        if course.extended and number == 5:
            diary.enter(ago, extend, assessed)
    if course.mistaken:
        diary.enter(days[-1] - MISTAKE_AFTER, record_by_mistake, assessed)
    for status in (AppointmentStatus.MISSED, AppointmentStatus.CANCELLED):
        if undone := getattr(course, status):
            diary.enter(undone[0], call_off, assessed, status, undone[1])
    if course.then:
        diary.enter(course.then[1], change_status, assessed)
    if course.trouble:
        enter_trouble(diary, assessed)
    if course.recall_in is not None:
        diary.enter(0, recall, assessed)
    if course.booked:
        written = max(BOOKED_AHEAD - course.booked[0], 0)
        diary.enter(min(written, start_of(assessed, seed)), book, assessed)


def open_plan(diary, ago, assessed):
    course, laser = assessed.course, laser_of(assessed)
    plan = prefilled_plan(diary.assessments[assessed])
    plan.laser_type, plan.pace = laser, Pace(course.pace)
    plan.interval_days = interval_of(assessed)
    plan.planned_sessions = course.planned
    plan.short_course_reason = course.short_course_reason
    plan.price_per_session = Decimal(PRICES[laser])
    plan.started_on = diary.clinic.day(ago)
    plan.created_at = diary.clinic.stamp(ago, "09:10")
    diary.plans[assessed] = keep_plan(plan=plan, by=diary.account("clinician"))
    if course.done or ago:
        # Of a course that begins today consent is still to be taken.
        consent(diary, ago + ASKED_BEFORE, assessed)


def extend(diary, ago, assessed):
    plan = diary.plans[assessed]
    plan.planned_sessions, plan.extension_reason = assessed.course.extended
    keep_plan(plan=plan, by=diary.account("clinician"), reason=plan.extension_reason)
    consent(diary, ago, assessed)


def change_status(diary, ago, assessed):
    plan = diary.plans[assessed]
    plan.status, _, plan.status_reason = assessed.course.then
    keep_plan(plan=plan, by=diary.account("clinician"), reason=plan.status_reason)


def keep(diary, assessed, session, by):
    keep_session(session=session, by=by)
    diary.plans[assessed] = session.plan
    return session


def record_session(diary, ago, assessed, number, performed):
    course, laser = assessed.course, laser_of(assessed)
    session = TreatmentSession(
        plan=diary.plans[assessed],
        performed_on=diary.clinic.day(performed),
        created_at=diary.clinic.stamp(ago, "15:00"),
    )
    if number <= course.elsewhere:
        session.performed_elsewhere = "Another clinic, by the patient's own account"
        keep(diary, assessed, session, diary.account("clinician"))
        return
    heavy = laser in {AF, AB}
    by = diary.account("clinician" if heavy or number % 4 == 0 else "practitioner")
    is_last = number == course.done
    fill_in(diary, session, assessed, number, by)
    if is_last:
        fill_in_last(diary, ago, session, course)
    keep(diary, assessed, session, session.overridden_by or by)
    attend(diary, assessed, session)
    if not is_last:
        pay(diary, ago, assessed)
    if ago > UNSIGNED_DAYS and (course.signed or not is_last):
        sign(session, by=by, at=diary.clinic.stamp(ago, "17:30"))


def pay(diary, ago, assessed):
    """Each session is paid for on its day; the latest of a course is still to be paid for."""
    plan = diary.plans[assessed]
    payment = Payment(
        plan=plan,
        paid_on=diary.clinic.day(ago),
        amount=plan.price_per_session,
        method=PaymentMethod.CARD,
        created_at=diary.clinic.stamp(ago, "15:30"),
    )
    keep_payments(payments=[payment], by=diary.account("reception"))


def fill_in(diary, session, assessed, number, by):
    """What was set, seen and said, as a session of this number usually goes."""
    laser = laser_of(assessed)
    mode = assessed.course.mode or usual_mode(laser, assessed.area)
    values = {
        "operator": by,
        "laser_mode": diary.clinic.modes[mode],
        "anaesthesia": ANAESTHESIA[laser],
        "endpoint": ENDPOINTS[laser],
        "eyewear_worn": True,
        "aftercare_given": True,
        "antiviral_given": needs_antiviral(diary, assessed, laser),
        "pain": max(PAIN[laser] - (number - 1) // 2 + diary.chance.choice((-1, 0, 0)), 0),
        "grade": grade_after(assessed.grade, number),
        "global_improvement": IMPROVEMENT[min(number, len(IMPROVEMENT)) - 1],
        "satisfaction": min(4 + number + diary.chance.choice((-1, 0, 1)), 10),
    }
    for name, value in (
        HEALTHY | NOTHING_HERE | usual_settings(mode, laser, number) | values
    ).items():
        setattr(session, name, value)


def needs_antiviral(diary, assessed, laser):
    near_the_mouth = laser in {AF, AB} and assessed.area in {Area.FACE, Area.NECK}
    return near_the_mouth or diary.patient.herpes_history is True


def grade_after(grade, number):
    """Half a step better after every second session."""
    return None if grade is None else max(Decimal(str(grade)) - Decimal(number // 2) / 2, 0)


RAISED = ("fluence_j_cm2", "pulse_energy_mj")


def fill_in_last(diary, ago, session, course):
    """What the story tells of the latest session alone."""
    session.reaction = course.reaction
    for name in RAISED:
        if course.rise and getattr(session, name) is not None:
            setattr(session, name, getattr(session, name) * Decimal(course.rise))
    if course.override:
        session.override_reason = course.override
        session.overridden_by = diary.account("clinician")
        session.overridden_at = diary.clinic.stamp(ago, "10:00")


def record_by_mistake(diary, ago, assessed):
    """A session on the wrong patient, noticed at once."""
    by = diary.account("practitioner")
    session = TreatmentSession(
        plan=diary.plans[assessed],
        performed_on=diary.clinic.day(ago),
        created_at=diary.clinic.stamp(ago, "15:00"),
    )
    fill_in(diary, session, assessed, assessed.course.done, by)
    keep(diary, assessed, session, by)
    clinician = diary.account("clinician")
    mark_in_error(record=session, by=clinician, reason=assessed.course.mistaken)
    diary.plans[assessed].refresh_from_db()
