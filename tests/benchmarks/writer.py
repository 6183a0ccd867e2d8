"""Make believable patients and their courses up, and write them in bulk."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from consultations.models import (
    AdverseEvent,
    Appointment,
    AppointmentPlan,
    AreaAssessment,
    Consultation,
    FollowUp,
    Laser,
    LaserMode,
    Patient,
    Payment,
    SearchKey,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.event import STOPPING
from consultations.models.patient import sort_name
from consultations.rules import RULEBOOK
from consultations.rules.follow_up import review_days, watch_days
from consultations.vocabulary import (
    AppointmentStatus,
    Area,
    Closure,
    EventKind,
    EventSeverity,
    FollowUpKind,
    Isotretinoin,
    LaserType,
    Outcome,
    Pace,
    PaymentKind,
    PaymentMethod,
    PlanStatus,
    Pulse,
    ReasonOf,
    ReferralStatus,
    SessionStatus,
    Severity,
)

PREFIX = "B-"
LASER = "Benchmark laser"
ROWS_A_STATEMENT = 500
INTERVAL = 28
TREATED = (
    Consultation,
    AreaAssessment,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
    AdverseEvent,
    FollowUp,
    Appointment,
    AppointmentPlan,
    Payment,
)

GIVEN = """
Maria Anna Martha Magdalena Sofia Emma Olivia José Zoë Chloé Fatima Aisha Priya Mei Yuki Ingrid
Astrid Lucia Carmen Elena Irina Natalia Grace Hannah Ruth Sarah Laura Julia Marta Marek Pavel Ivan
John James Ahmed Omar Ravi Chen Li Peter
"""
STEMS = """
Ander Berg Carl Dahl Eriks Ferr Garc Hans Ivan Jens Kowal Lind Mart Nowak Olse Peters Quint Ross
Smit Thom Ulri Vann Weber Young Zimmer Maca Marsh Mai Mc Novo
"""
ENDINGS = """
son berg ez ini sen ski ova man er ton ley field ford worth ia ano etti ard ier ac
"""
RARE_FAMILY_NAME = "Xylophone"
REASONS = {
    Outcome.CANDIDATE: "Mild laxity: laser suits.",
    Outcome.HOLD: "Wait until the skin has recovered.",
    Outcome.NOT_A_CANDIDATE: "Laser does not suit this area.",
    Outcome.REFER_TO_SURGERY: "Severe laxity needs surgery first.",
}
FINDING_OF = {
    Outcome.CANDIDATE: ("laxity.mild", "info"),
    Outcome.HOLD: ("tan.recent", "hold"),
    Outcome.NOT_A_CANDIDATE: ("expectations.instant", "exclude"),
    Outcome.REFER_TO_SURGERY: ("laxity.severe", "refer"),
}
REFERRAL_WEIGHTS = {
    ReferralStatus.TO_SEND: 2,
    ReferralStatus.SENT: 10,
    ReferralStatus.ACCEPTED: 10,
    ReferralStatus.OPERATED: 10,
    ReferralStatus.RECOVERED: 5,
    ReferralStatus.CLOSED: 63,
}
STEPS = {
    ReferralStatus.SENT: "sent_on",
    ReferralStatus.ACCEPTED: "accepted_on",
    ReferralStatus.OPERATED: "operated_on",
    ReferralStatus.RECOVERED: "recovered_on",
    ReferralStatus.CLOSED: "closed_on",
}
LASER_WEIGHTS = {
    LaserType.NON_ABLATIVE: 75,
    LaserType.NON_ABLATIVE_FRACTIONAL: 15,
    LaserType.ABLATIVE_FRACTIONAL: 10,
}
SEVERITY_WEIGHTS = {EventSeverity.MILD: 75, EventSeverity.MODERATE: 22, EventSeverity.SEVERE: 3}
GRADES = {Severity.MILD: (1, 1.5), Severity.MODERATE: (2, 2.5), Severity.SEVERE: (3, 3.5, 4)}
PRICE = 180  # a session
EVENT_KINDS = (EventKind.ERYTHEMA, EventKind.OEDEMA, EventKind.BURN, EventKind.HYPERPIGMENTATION)


def number_of(place):
    return f"{PREFIX}{place:06d}"


@dataclass
class Writer:
    """Makes records in memory, a batch of patients at a time, and writes them in bulk."""

    by: object
    random: random.Random
    today: date
    modes: dict | None = None

    def __post_init__(self):
        self.modes = self._find_modes() or self._make_modes()

    def _find_modes(self):
        return {mode.laser_type: mode for mode in LaserMode.objects.filter(laser__name=LASER)}

    def _make_modes(self):
        laser = Laser(name=LASER, manufacturer="Bench")
        laser.save(by=self.by)
        for laser_type in LASER_WEIGHTS:
            LaserMode(
                laser=laser,
                name=laser_type.label,
                laser_type=laser_type,
                wavelength_nm=1064,
                pulse=Pulse.LONG,
            ).save(by=self.by)
        return self._find_modes()

    def register(self, numbers):
        patients = self._keep([self.patient(number) for number in numbers], Patient)
        SearchKey.objects.add_many(patients)

    def treat(self, keys):
        """Everything that happened to these patients; returns the span of keys by model."""
        visits = [visit for key in keys for visit in self.consultations(key)]
        visits = self._keep(visits, Consultation)
        areas = [area for visit in visits for area in self.assessments(visit)]
        areas = self._keep(areas, AreaAssessment)
        severe = [area for area in areas if area.outcome == Outcome.REFER_TO_SURGERY]
        referrals = self._keep([self.referral(area) for area in severe], SurgicalReferral)
        suitable = [area for area in areas if area.outcome == Outcome.CANDIDATE]
        courses = [self.course(area) for area in suitable if self.chance(0.97)]
        plans = self._keep([plan for plan, _sessions, _booked in courses], TreatmentPlan)
        done = [one for _plan, sessions, _booked in courses for one in sessions]
        done = self._keep(done, TreatmentSession)
        appointments, of_plans = self._book(pair for *_, booked in courses for pair in booked)
        events = [self.event(one) for one in done if self.chance(0.02)]
        events = self._keep(events, AdverseEvent)
        contacts = [one for session in done for one in self.watches(session)]
        contacts += [one for plan in plans for one in self.reviews(plan)]
        contacts = self._keep(contacts, FollowUp)
        payments = self._keep([one for plan in plans for one in self.paid(plan)], Payment)
        records = (visits, areas, referrals, plans, done, events, contacts)
        records += (appointments, of_plans, payments)
        kept = zip(TREATED, records, strict=True)
        return {model: (rows[0].pk, rows[-1].pk) for model, rows in kept if rows}

    def _book(self, pairs):
        pairs = list(pairs)
        appointments = self._keep([one for _plan, one in pairs], Appointment)
        courses = [AppointmentPlan(plan=plan, appointment=one) for plan, one in pairs]
        return appointments, self._keep(courses, AppointmentPlan)

    def _keep(self, records, model):
        for record in records:
            record.created_by = record.changed_by = self.by
        return model._base_manager.bulk_create(records, batch_size=ROWS_A_STATEMENT)

    def chance(self, share):
        return self.random.random() < share

    def one_of(self, weights):
        return self.random.choices([*weights], [*weights.values()])[0]

    def patient(self, number):
        family = self.random.choice(STEMS.split()) + self.random.choice(ENDINGS.split())
        family = RARE_FAMILY_NAME if number % 9973 == 7 else family
        given = self.random.choice(GIVEN.split())
        return Patient(
            record_number=number_of(number),
            family_name=family,
            given_name=given,
            sort_name=sort_name(family, given),
            date_of_birth=date(1940, 1, 1) + timedelta(days=self.random.randrange(24_000)),
            sex=self.random.choice(("female", "female", "female", "male")),
            phone=f"07{self.random.randrange(10**9):09d}",
            phototype=self.random.choice(("", "I", "II", "III", "IV", "V", "VI")),
            allergies="Penicillin" if self.chance(0.05) else "",
            keloid_history=False,
            herpes_history=self.chance(0.1),
            gold_therapy=False,
        )

    def consultations(self, patient_id):
        for _visit in range(self.random.choice((1, 1, 1, 2))):
            day = self.today - timedelta(days=self.random.randrange(5 * 365))
            signed = (self.today - day).days > 14 or self.chance(0.5)
            yield Consultation(
                patient_id=patient_id,
                clinician=self.by,
                consulted_on=day,
                concern="My skin has become loose.",
                pregnant=False,
                isotretinoin=Isotretinoin.NEVER,
                photosensitising_drug=False,
                immunosuppressed=False,
                accepts_five_sessions=True,
                preferred_pace=Pace.GRADUAL,
                signed_by=self.by if signed else None,
                signed_at=timezone.now() if signed else None,
            )

    def assessments(self, consultation):
        count = self.random.choice((1, 1, 2))
        for area in self.random.sample([*Area], count):
            severity = self.random.choices([*Severity], (55, 30, 15))[0]
            yield self.assessment(consultation, area, severity)

    def assessment(self, consultation, area, severity):
        if severity == Severity.SEVERE:
            outcome = Outcome.REFER_TO_SURGERY
        else:
            weights = {Outcome.CANDIDATE: 85, Outcome.HOLD: 12, Outcome.NOT_A_CANDIDATE: 3}
            outcome = self.one_of(weights)
        suits = outcome == Outcome.CANDIDATE
        finding, level = FINDING_OF[outcome]
        lasers = [laser.value for laser in LASER_WEIGHTS] if suits else []
        return AreaAssessment(
            consultation=consultation,
            area=area,
            severity=severity,
            grade=self.random.choice(GRADES[severity]),
            skin_problem=False,
            infection=False,
            suspicious_lesion=False,
            tattoo=False,
            outcome=outcome,
            lasers=lasers,
            proposed_laser=LaserType.NON_ABLATIVE if suits else "",
            pace=Pace.GRADUAL if suits else "",
            reason=REASONS[outcome],
            findings=[
                {
                    "id": finding,
                    "level": level,
                    "message": REASONS[outcome],
                    "hint": "Explain what to expect.",
                    "until": None,
                    "lasers": lasers,
                    "source": "Benchmark",
                }
            ],
            facts={"on": consultation.consulted_on.isoformat(), "severity": severity.value},
            rulebook=RULEBOOK,
        )

    def referral(self, assessment):
        day = assessment.consultation.consulted_on
        status = self.one_of(REFERRAL_WEIGHTS)
        closed = status == ReferralStatus.CLOSED
        reached = [] if status == ReferralStatus.TO_SEND else list(STEPS)
        reached = reached[: reached.index(status) + 1] if reached else []
        dates = {
            STEPS[step]: min(day + timedelta(days=20 * place), self.today)
            for place, step in enumerate(reached)
        }
        return SurgicalReferral(
            assessment=assessment,
            status=status,
            surgeon="Dr Cutter" if reached else "",
            closure=Closure.RETURNED_FOR_TOUCH_UP if closed else "",
            **dates,
        )

    def course(self, assessment):
        started = assessment.consultation.consulted_on
        plan = TreatmentPlan(
            assessment=assessment,
            laser_type=self.one_of(LASER_WEIGHTS),
            interval_days=INTERVAL,
            started_on=started,
            price_per_session=PRICE,
        )
        days = [started + timedelta(days=INTERVAL * place) for place in range(1, 6)]
        days = [day for day in days if day <= self.today]
        if len(days) == plan.planned_sessions and self.chance(0.08):
            days = days[: self.random.randrange(5)]
        sessions = [self.done(plan, day) for day in days]
        booked = []
        if self.chance(0.2) and days:
            booked.append(self.missed(plan, days[0] - timedelta(days=7)))
        self._settle(plan, days, booked)
        return plan, sessions, booked

    def _settle(self, plan, days, booked):
        if len(days) == plan.planned_sessions:
            plan.status, plan.completed_on = PlanStatus.COMPLETED, days[-1]
        elif self.chance(0.3):
            plan.status = self.random.choice((PlanStatus.PAUSED, PlanStatus.STOPPED))
            plan.status_reason = "Asked for a pause."
        else:
            due = days[-1] + timedelta(days=INTERVAL) if days else plan.started_on
            plan.next_due_on = due
            if self.chance(0.6):
                booked.append(self.booked(plan))

    def done(self, plan, day):
        signed = (self.today - day).days > 7
        return TreatmentSession(
            plan=plan,
            status=SessionStatus.DONE,
            performed_on=day,
            day=day,
            operator=self.by,
            laser_mode=self.modes[plan.laser_type],
            pregnant=False,
            isotretinoin=Isotretinoin.NEVER,
            infection=False,
            fluence_j_cm2=20,
            spot_size_mm=8,
            passes=2,
            grade=self.random.choice((None, 0.5, 1, 1.5, 2)),
            satisfaction=self.random.choice((None, 6, 7, 8, 9)),
            rulebook=RULEBOOK,
            signed_by=self.by if signed else None,
            signed_at=timezone.now() if signed else None,
        )

    def missed(self, plan, day):
        """Not come to, or cancelled late."""
        late = self.chance(0.4)
        return self.appointment(
            plan,
            day,
            status=AppointmentStatus.CANCELLED if late else AppointmentStatus.MISSED,
            reason="Did not come",
            reason_of=ReasonOf.PATIENT,
            cancelled_late=late,
        )

    def paid(self, plan):
        """A deposit, and mostly the rest two months later."""
        rest = plan.started_on + timedelta(days=60)
        for number, (kind, day, sessions) in enumerate(
            ((PaymentKind.DEPOSIT, plan.started_on, 1), (PaymentKind.PAYMENT, rest, 4))
        ):
            if day <= self.today and self.chance(0.85):
                yield Payment(
                    plan=plan,
                    kind=kind,
                    paid_on=day,
                    amount=PRICE * sessions,
                    method=self.random.choice((PaymentMethod.CARD, PaymentMethod.CASH)),
                    receipt_number=f"{PREFIX}{number}",
                )

    def booked(self, plan):
        """From today on; a few were for earlier days, and nobody wrote what became of them."""
        days = self.random.randrange(-14, 0) if self.chance(0.02) else self.random.randrange(40)
        return self.appointment(plan, self.today + timedelta(days=days), practitioner=None)

    def appointment(self, plan, day, **state):
        """Each patient at a minute of their own: nobody is in two places."""
        start = at_ten(day) + timedelta(minutes=self.random.randrange(480))
        return plan, Appointment(
            patient_id=plan.assessment.consultation.patient_id,
            starts_at=start,
            ends_at=start + timedelta(minutes=1),
            **state,
        )

    def event(self, session):
        onset = session.day + timedelta(days=self.random.randrange(4))
        over = onset + timedelta(days=self.random.randrange(3, 30))
        severity = self.one_of(SEVERITY_WEIGHTS)
        resolved = over <= self.today and self.chance(0.99)
        cleared = resolved and severity in STOPPING and self.chance(0.98)
        return AdverseEvent(
            session=session,
            kind=self.random.choice(EVENT_KINDS),
            severity=severity,
            onset_on=min(onset, self.today),
            resolved_on=over if resolved else None,
            clearance="Healed without a trace." if cleared else "",
            cleared_by=self.by if cleared else None,
            cleared_at=at_ten(over) if cleared else None,
        )

    def watches(self, session):
        for day in watch_days(session.plan.laser_type, session.day):
            yield self.follow_up(session.plan, FollowUpKind.INFECTION_WATCH, day, session=session)

    def reviews(self, plan):
        if plan.status == PlanStatus.COMPLETED:
            for day in review_days(plan.completed_on):
                yield self.follow_up(plan, FollowUpKind.RESULT_REVIEW, day, plan=plan)

    def follow_up(self, course, kind, day, **follows):
        """Done on its day, unless that is still to come or was missed."""
        done = day <= self.today and not self.chance(0.003)
        return FollowUp(
            patient_id=course.assessment.consultation.patient_id,
            kind=kind,
            due_on=day,
            done_on=day if done else None,
            done_by=self.by if done else None,
            outcome="All is well." if done else "",
            **follows,
        )


def at_ten(day):
    return timezone.make_aware(datetime.combine(day, time(10)))
