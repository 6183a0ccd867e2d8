"""The figures of the clinic, counted by hand: March 2026 beside February."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from consultations.models import TreatmentPlan
from consultations.summaries import clinic_figures as counting
from consultations.summaries.clinic_figures import clinic_figures
from consultations.summaries.clinic_figures.appointments import CalledOff
from consultations.summaries.clinic_figures.consultations import OutcomeCount
from consultations.summaries.clinic_figures.numbers import Both, Mean
from consultations.summaries.clinic_figures.span import Span, months_of
from consultations.summaries.money import balance_of
from consultations.vocabulary import (
    AppointmentKind,
    Area,
    Closure,
    Outcome,
    PaymentKind,
    PaymentMethod,
    PlanStatus,
    ReferralStatus,
)
from tests.factories import (
    AppointmentFactory,
    AssessmentFactory,
    ClinicSettingsFactory,
    ConsultationFactory,
    DiscountFactory,
    EventFactory,
    LaserFactory,
    LaserModeFactory,
    PaymentFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
)

MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture(autouse=True)
def _counted_anew():
    cache.clear()


@pytest.fixture
def by(db):
    return UserFactory(first_name="Mei", last_name="Chen")


def march(day):
    return date(2026, 3, day)


def february(day):
    return date(2026, 2, day)


def in_error(by):
    return {
        "entered_in_error_at": timezone.now(),
        "entered_in_error_by": by,
        "entered_in_error_reason": "A slip.",
    }


# Spans


@pytest.mark.parametrize(
    ("span", "before", "after"),
    [
        (
            (date(2026, 3, 1), date(2026, 3, 31)),
            (date(2026, 2, 1), date(2026, 2, 28)),
            (date(2026, 4, 1), date(2026, 4, 30)),
        ),
        (
            (date(2026, 1, 1), date(2026, 3, 31)),
            (date(2025, 10, 1), date(2025, 12, 31)),
            (date(2026, 4, 1), date(2026, 6, 30)),
        ),
        (
            (date(2026, 3, 2), date(2026, 3, 8)),
            (date(2026, 2, 23), date(2026, 3, 1)),
            (date(2026, 3, 9), date(2026, 3, 15)),
        ),
        (
            (date(2024, 3, 1), date(2024, 3, 1)),
            (date(2024, 2, 29), date(2024, 2, 29)),
            (date(2024, 3, 2), date(2024, 3, 2)),
        ),
    ],
)
def test_span_before_is_as_many_months_or_days(span, before, after):
    assert Span(*span).before == Span(*before)
    assert Span(*span).after == Span(*after)


@pytest.mark.parametrize(
    ("months", "span"),
    [
        (1, (date(2026, 11, 1), date(2026, 11, 30))),
        (3, (date(2026, 10, 1), date(2026, 12, 31))),
        (12, (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_month_quarter_and_year_of_a_day(months, span):
    assert months_of(date(2026, 11, 30), months) == Span(*span)


@pytest.mark.parametrize(("number", "is_few"), [(0, False), (1, True), (9, True), (10, False)])
def test_few_are_fewer_than_ten(number, is_few):
    assert Mean(30, number).is_few == is_few


# Each group


def test_nothing_yet(db):
    figures = clinic_figures(MARCH)
    nothing = Both(Mean(), Mean())
    assert figures.consultations.held == Both(0, 0)
    assert figures.sessions.satisfaction == nothing
    assert figures.courses.days == nothing
    assert figures.events.all.rate == Both(Mean(0, 0, 100), Mean(0, 0, 100))
    assert figures.money.outstanding.amount == Both(0, 0)


def test_consultations_by_outcome_and_decision(by):
    seen = ConsultationFactory(by=by, consulted_on=march(31))
    suitable = {"outcome": Outcome.CANDIDATE}
    AssessmentFactory(by=by, consultation=seen, **suitable)
    decided = {"decision": "hold", "decision_reason": "A wedding.", "decided_by": by}
    decided |= {"decided_at": timezone.now()}
    neck = {"area": Area.NECK, "consultation": seen}
    AssessmentFactory(by=by, **neck, **suitable, **decided)
    agreed = decided | {"decision": "candidate"}
    AssessmentFactory(by=by, consultation=seen, area=Area.LEGS, **suitable, **agreed)
    AssessmentFactory(by=by, **neck | {"area": Area.ARMS}, **suitable, **in_error(by))
    AssessmentFactory(by=by, consultation__consulted_on=february(1), **suitable)
    for day in (date(2026, 1, 31), date(2026, 4, 1)):
        AssessmentFactory(by=by, consultation__consulted_on=day, **suitable)
    gone = ConsultationFactory(by=by, consulted_on=march(3), **in_error(by))
    AssessmentFactory(by=by, consultation=gone, **suitable)
    found = clinic_figures(MARCH).consultations
    assert [found.held, found.areas, found.decided] == [Both(1, 1), Both(3, 1), Both(1, 0)]
    assert found.outcomes[0] == OutcomeCount(Outcome.CANDIDATE, Both(1, 1), Both(2, 1), Both(0, 0))
    assert found.outcomes[2] == OutcomeCount(Outcome.HOLD, Both(1, 0), Both(1, 0), Both(1, 0))


def test_referrals_by_state_closure_and_days(by):
    def refer(day, **changes):
        return ReferralFactory(by=by, assessment__consultation__consulted_on=day, **changes)

    sent = {"status": ReferralStatus.SENT, "sent_on": march(5)}
    refer(march(3), **sent)
    accepted = {"status": ReferralStatus.ACCEPTED, "accepted_on": date(2026, 4, 4)}
    refer(march(1), **sent | accepted)
    closed = {"status": ReferralStatus.CLOSED, "closure": Closure.NO_REPLY}
    refer(february(2), **sent | closed, closed_on=date(2026, 5, 1))
    refer(march(9), **in_error(by))
    found = clinic_figures(MARCH).referrals
    assert found.made == Both(2, 1)
    assert {one: both for one, both in found.states.items() if both != Both(0, 0)} == {
        ReferralStatus.SENT: Both(1, 0),
        ReferralStatus.ACCEPTED: Both(1, 0),
        ReferralStatus.CLOSED: Both(0, 1),
    }
    assert found.closures[Closure.NO_REPLY] == Both(0, 1)
    assert [*found.days.values()] == [
        Both(Mean(6, 2), Mean(31, 1)),  # assessed, sent
        Both(Mean(30, 1), Mean()),  # sent, accepted
        *[Both(Mean(), Mean())] * 3,
        Both(Mean(), Mean(88, 1)),  # assessed, closed
    ]


def complete(by, *, start, area=Area.FACE, grade=None, grades=()):
    """A course of as many sessions as there are grades, the last on 20 March."""
    assessed = {"area": area, "grade": grade, "consultation__consulted_on": start}
    plan = PlanFactory(
        by=by,
        **{f"assessment__{name}": value for name, value in assessed.items()},
        planned_sessions=len(grades),
        short_course_reason="clinical_decision",
    )
    for place, one in enumerate(reversed(grades)):
        SessionFactory(by=by, plan=plan, performed_on=march(20 - place), grade=one)
    plan.refresh_from_db()
    return plan


def test_courses_begun_and_what_completed_ones_took_and_changed(by):
    for status, day in (("paused", march(1)), ("stopped", march(31)), ("stopped", february(28))):
        PlanFactory(by=by, started_on=day, status=status, status_reason="Moved.")
    PlanFactory(by=by, started_on=march(2), **in_error(by))
    plan = complete(by, start=february(18), grade=Decimal("1.5"), grades=(1, Decimal("0.5"), None))
    SessionFactory(by=by, plan=plan, performed_on=february(19), elsewhere=True)
    complete(by, start=february(28), grade=None, grades=(2,))
    complete(by, start=march(10), area=Area.NECK, grade=1, grades=(None,))
    found = clinic_figures(MARCH).courses
    assert found.begun == Both(3, 3)
    assert found.states == {
        PlanStatus.ACTIVE: Both(0, 0),
        PlanStatus.PAUSED: Both(1, 0),
        PlanStatus.COMPLETED: Both(1, 2),
        PlanStatus.STOPPED: Both(1, 1),
    }
    assert found.completed == Both(3, 0)
    assert found.sessions == Both(Mean(5, 3), Mean())
    assert found.days == Both(Mean(30 + 20 + 10, 3), Mean())
    face = found.grades[0]
    assert (face.at_first.now, face.at_last.now) == (Mean(1.5, 1), Mean(0.5, 1))
    assert found.grades[1].at_last == Both(Mean(), Mean())


def test_sessions_are_those_done_here_with_what_patients_said(by):
    mode = LaserModeFactory(by=by, laser=LaserFactory(by=by, name="Alma"))
    other = UserFactory(username="other")
    plan = PlanFactory(by=by, assessment__consultation__consulted_on=date(2026, 1, 5))
    done = {"by": by, "plan": plan, "laser_mode": mode}
    SessionFactory(**done, performed_on=march(1), satisfaction=8)
    SessionFactory(**done, performed_on=march(31), satisfaction=5, operator=other)
    SessionFactory(**done, performed_on=february(1))
    SessionFactory(**done, performed_on=march(7), **in_error(by))
    SessionFactory(by=by, plan=plan, performed_on=march(8), elsewhere=True)
    SessionFactory(by=by, plan=plan, booked=True, booked_for=datetime(2026, 3, 9, 9, tzinfo=UTC))
    found = clinic_figures(MARCH).sessions
    said = Both(Mean(13, 2), Mean())
    assert (found.done, found.satisfaction) == (Both(2, 1), said)
    for shares, label in ((found.by_laser, "Alma"), (found.by_area, "Face")):
        assert [(one.label, one.sessions, one.satisfaction) for one in shares] == [
            (label, Both(2, 1), said)
        ]
    assert {(one.key, one.label, one.sessions.now) for one in found.by_operator} == {
        (by.pk, "Mei Chen", 1),
        (other.pk, "other", 1),
    }


def test_missed_and_late_by_kind_and_weekday(by):
    monday = datetime(2026, 3, 30, 23, 30, tzinfo=UTC)  # Tuesday already at the clinic
    AppointmentFactory(by=by, missed=True, starts_at=monday)
    late = {"cancelled": True, "cancelled_late": True, "kind": AppointmentKind.REVIEW}
    AppointmentFactory(by=by, **late, starts_at=datetime(2026, 2, 2, 9, tzinfo=UTC))
    AppointmentFactory(by=by, cancelled=True, starts_at=datetime(2026, 3, 3, 9, tzinfo=UTC))
    AppointmentFactory(by=by, starts_at=datetime(2026, 3, 4, 9, tzinfo=UTC))
    nothing, found = Both(0, 0), clinic_figures(MARCH).missed
    assert found.all == CalledOff(None, Both(1, 0), Both(0, 1))
    kinds = {one.key: one for one in found.by_kind}
    assert kinds[AppointmentKind.TREATMENT] == CalledOff("treatment", Both(1, 0), nothing)
    assert kinds[AppointmentKind.REVIEW] == CalledOff("review", nothing, Both(0, 1))
    assert [one.missed.now for one in found.by_weekday] == [0, 1, 0, 0, 0, 0, 0]
    assert [one.late.before for one in found.by_weekday] == [1, 0, 0, 0, 0, 0, 0]


def test_events_to_a_hundred_sessions(by):
    plan = PlanFactory(by=by, assessment__consultation__consulted_on=date(2026, 1, 5))
    done = [SessionFactory(by=by, plan=plan, performed_on=march(day)) for day in (1, 2, 3, 4)]
    EventFactory(by=by, session=done[0], onset_on=march(31))
    EventFactory(by=by, session=done[0], onset_on=date(2026, 4, 1))
    EventFactory(by=by, session=done[1], onset_on=march(2), **in_error(by))
    elsewhere = SessionFactory(by=by, plan=plan, performed_on=march(5), elsewhere=True)
    EventFactory(by=by, session=elsewhere, onset_on=march(6))
    found = clinic_figures(MARCH).events
    assert found.all.events == Both(1, 0)
    assert (found.all.rate.now.value, found.all.rate.now.is_few) == (25, True)
    lasers = {one.key: (one.events.now, one.rate.now.number) for one in found.by_laser}
    assert lasers == {one.laser_mode.laser_id: (int(one is done[0]), 1) for one in done}


def test_money_that_came_in_and_went_back(by):
    plan = PlanFactory(by=by)
    paid = {"by": by, "plan": plan, "paid_on": march(31)}
    PaymentFactory(**paid, amount=100)
    back = {"kind": PaymentKind.REFUND, "words": "Ill."}
    refund = PaymentFactory(**paid, amount=-30, **back)
    corrected = {"kind": PaymentKind.CORRECTION, "words": "A slip."}
    PaymentFactory(**paid, amount=30, counters=refund, **corrected)
    wrong = PaymentFactory(by=by, plan=plan, paid_on=february(28), amount=7)
    PaymentFactory(**paid, amount=-7, counters=wrong, method=PaymentMethod.CASH, **corrected)
    found = clinic_figures(MARCH).money
    assert (found.received.amount, found.received.entries) == (Both(93, 7), Both(2, 1))
    assert (found.returned.amount, found.returned.entries) == (Both(0, 0), Both(2, 0))
    assert found.kept.amount == Both(93, 7)
    assert found.by_method[PaymentMethod.CASH].amount == Both(-7, 0)


@pytest.mark.parametrize("currency", ["GBP", "JPY", "KWD"])
def test_outstanding_is_what_each_course_says_and_never_below_nothing(by, currency):
    ClinicSettingsFactory(by=by, currency=currency)
    priced = {"by": by, "started_on": march(3)}
    terms = [
        {"price_per_session": 200},
        {"price_per_session": 200},
        {"price_per_session": None, "course_price": Decimal("1000.01")},
        {"price_per_session": 200, "status": "stopped", "status_reason": "Moved."},
        {},
    ]
    plans = [PlanFactory(**priced, **one) for one in terms]
    for plan in plans:
        for day in (5, 6):
            SessionFactory(by=by, plan=plan, performed_on=march(day))
    PaymentFactory(by=by, plan=plans[0], amount=900)  # ahead, and owes nothing
    PaymentFactory(by=by, plan=plans[1], amount=50)
    DiscountFactory(by=by, plan=plans[2], amount=Decimal("33.33"))
    SessionFactory(by=by, plan=PlanFactory(by=by, started_on=february(3), price_per_session=10))
    balances = [balance_of(plan).outstanding for plan in TreatmentPlan.objects.order_by("pk")]
    found = clinic_figures(MARCH).money.outstanding
    assert found.amount.now == sum(balances[:5])
    assert found.amount.before == balances[5] == 10
    assert found.entries == Both(3, 1)


# How they are counted


def test_costs_the_same_for_any_span(by, django_assert_num_queries):
    for month in range(1, 4):
        plan = PlanFactory(by=by, assessment__consultation__consulted_on=date(2026, month, 1))
        SessionFactory(by=by, plan=plan, performed_on=date(2026, month, 9))
        ReferralFactory(by=by, assessment__consultation__consulted_on=date(2026, month, 2))
    for span in (MARCH, months_of(march(1), 12), Span(date(1900, 1, 1), date(2100, 1, 1))):
        with django_assert_num_queries(13):
            clinic_figures(span)


def test_many_are_counted_once_in_ten_minutes(by, monkeypatch):
    AssessmentFactory(by=by, consultation__consulted_on=march(3))
    assert clinic_figures(MARCH).counted_at is None
    monkeypatch.setattr(counting, "MANY", 2)
    AssessmentFactory(by=by, consultation__consulted_on=march(3))
    first = clinic_figures(MARCH)
    assert first.counted_at is not None
    AssessmentFactory(by=by, consultation__consulted_on=march(3))
    assert clinic_figures(MARCH) == first


def test_half_of_the_last_decimal_is_rounded_up():
    assert [str(Mean(*parts).with_decimals(1)) for parts in ((5, 4), (1, 3), (9, 4, 100))] == [
        *("1.3", "0.3", "225.0"),
    ]
    assert Mean().with_decimals(1) is None
