"""Consent to a course: kept as read, refused as well as given, and due days that follow it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.booking import why_not_booked
from consultations.actions.consents import answer_treatment, settle_reflection, withdraw
from consultations.actions.courses import keep_session
from consultations.actions.signing import mark_in_error
from consultations.models import Consent, ConsentWording, TreatmentPlan, TreatmentSession
from consultations.models.first_wordings import first_wording
from consultations.summaries.consent_reading import reading_of
from consultations.summaries.consents import standings_of
from consultations.vocabulary import ConsentKind, ConsentState, LaserType, PlanStatus
from tests.factories import (
    AppointmentFactory,
    AssessmentFactory,
    ClinicSettingsFactory,
    ConsentWordingFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
    TreatmentConsentFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LINE = [[[10 * n, 100, 20 * n] for n in range(20)]]


def today():
    return timezone.localdate()


def ago(days):
    return today() - timedelta(days=days)


def plan_of(**options):
    made = PlanFactory(consented=False, started_on=ago(30), **options)
    return TreatmentPlan.objects.with_patient().get(pk=made.pk)


def answer(plan, by, **signed):
    given = {"signed_name": "Given Family", "given_on": today(), "points": LINE} | signed
    return answer_treatment(plan=plan, stamp=reading_of(plan).stamp, by=by, **given)


def state(plan):
    return standings_of([plan])[plan.pk]


def test_consent_is_kept_as_read(clinician):
    plan = plan_of(price_per_session=150)
    reading = reading_of(plan)
    consent = Consent.objects.get(pk=answer(plan, clinician).pk)
    assert (consent.laser_type, consent.severity, consent.sessions) == ("non_ablative", "mild", 5)
    assert consent.read_as == reading.as_read
    assert consent.points == LINE
    assert consent.wording.text == first_wording(ConsentKind.TREATMENT, plan.laser_type)
    assert (consent.created_by, consent.is_as_signed) == (clinician, True)
    titles = [one["title"] for one in consent.read_as["parts"]]
    assert titles == [
        "What is planned",
        "What it costs",
        "What adds to the risk in your case",
        "What else could be done",
    ]


def test_risks_are_those_of_the_patient(clinician):
    area = AssessmentFactory(consultation__smoker=True)
    plan = plan_of(assessment=area)
    consent = answer(plan, clinician)
    told = consent.read_as["parts"][2]["lines"]
    assert "Smoking, vaping or nicotine slow healing and lessen the result." in told


def test_first_wording_is_written_once(clinician):
    for _number in range(2):
        answer(plan_of(), clinician)
    wording = ConsentWording.objects.get()
    assert (wording.edition, wording.laser_type) == (1, LaserType.NON_ABLATIVE)


def test_wording_of_the_laser_type_goes_before_one_for_all(clinician):
    ConsentWordingFactory(kind=ConsentKind.TREATMENT, text="For all.", edition=9)
    own = ConsentWordingFactory(
        kind=ConsentKind.TREATMENT, laser_type=LaserType.NON_ABLATIVE, text="Own.", edition=1
    )
    assert answer(plan_of(), clinician).wording == own
    assert reading_of(plan_of(laser_type=LaserType.ABLATIVE_FULL)).text == "For all."


@pytest.mark.parametrize(
    "change",
    [
        lambda plan, by: ConsentWordingFactory(kind=ConsentKind.TREATMENT, text="New."),
        lambda plan, by: _changed(plan, by, price_per_session=99),
        lambda plan, by: _changed(plan, by, planned_sessions=6),
        lambda plan, by: AssessmentFactory(
            consultation__patient=plan.patient,
            consultation__consulted_on=today(),
            severity="severe",
        ),
    ],
    ids=["wording", "price", "sessions", "grading"],
)
def test_what_changed_between_reading_and_signing_is_read_again(clinician, change):
    plan = plan_of()
    stamp = reading_of(plan).stamp
    change(plan, clinician)
    with pytest.raises(ValidationError, match="was changed a moment ago"):
        answer_treatment(
            plan=plan, stamp=stamp, by=clinician, signed_name="Given", given_on=today(), points=LINE
        )
    assert not Consent.objects.exists()


def _changed(plan, by, **values):
    for name, value in values.items():
        setattr(plan, name, value)
    plan.save(by=by)


def test_under_age_the_guardian_signs(clinician):
    patient = PatientFactory(date_of_birth=today() - timedelta(days=365 * 16))
    area = AssessmentFactory(consultation__patient=patient, consultation__consulted_on=ago(40))
    plan = plan_of(assessment=area)
    with pytest.raises(ValidationError, match="under age"):
        answer(plan, clinician)
    with pytest.raises(ValidationError, match="The guardian signs in their own name"):
        answer(plan, clinician, by_guardian=True, signed_name=patient.full_name.upper())
    assert answer(plan, clinician, by_guardian=True, signed_name="Ruth Family").by_guardian


@pytest.mark.parametrize("status", [PlanStatus.STOPPED, PlanStatus.COMPLETED])
def test_no_consent_to_a_course_that_ended(clinician, status):
    plan = plan_of()
    plan.status, plan.status_reason = status, "Over."
    plan.completed_on = today() if status == PlanStatus.COMPLETED else None
    plan.save(by=clinician)
    with pytest.raises(ValidationError, match="has ended"):
        answer(plan, clinician)


def test_due_once_the_time_to_reflect_is_over(clinician):
    plan = plan_of(laser_type=LaserType.ABLATIVE_FRACTIONAL)
    answer(plan, clinician)
    plan.refresh_from_db()
    assert plan.next_due_on == today() + timedelta(days=14)
    assert state(plan).may_treat_from == today() + timedelta(days=14)
    withdraw(consent=plan.consents.get(), on=today(), reason="Afraid.", by=clinician)
    plan.refresh_from_db()
    assert plan.next_due_on is None
    answer(plan, clinician)
    plan.refresh_from_db()
    assert plan.next_due_on == today() + timedelta(days=14)


def test_nothing_of_a_course_under_way_is_due_against_a_no(clinician):
    plan = plan_of()
    TreatmentConsentFactory(plan=plan, given_on=ago(20))
    record(plan, clinician)
    withdraw(consent=plan.consents.get(), on=today(), reason="Afraid.", by=clinician)
    assert not TreatmentPlan.objects.to_book(today() + timedelta(days=99)).exists()
    appointment = AppointmentFactory.build(patient=plan.patient, kind="treatment")
    plan.refresh_from_db()
    assert list(why_not_booked(plan, appointment)) == [
        "Face: the patient refused consent or withdrew it."
    ]


def test_clinic_sets_the_time_to_reflect(clinician):
    ClinicSettingsFactory(reflection_days=0)
    plan = plan_of()
    answer(plan, clinician)
    assert state(plan).state == ConsentState.GIVEN


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({}, ConsentState.GIVEN),
        ({"refused": True}, ConsentState.REFUSED),
        ({"withdrawn_on": ago(1), "no_reason": "Afraid."}, ConsentState.WITHDRAWN),
        ({"given_on": ago(1)}, ConsentState.REFLECTING),
        ({"severity": "severe"}, ConsentState.MISSING),
        ({"laser_type": LaserType.ABLATIVE_FULL}, ConsentState.MISSING),
        ({"sessions": 0 + 1, "given_on": ago(9)}, ConsentState.GIVEN),
    ],
)
def test_where_consent_leaves_a_course(made, expected):
    plan = plan_of()
    assert state(plan).state == ConsentState.MISSING
    TreatmentConsentFactory(plan=plan, **{"given_on": ago(30)} | made)
    assert state(plan).state == expected


def test_standings_take_as_many_queries_for_many_plans(django_assert_num_queries):
    plans = [PlanFactory() for _number in range(4)]
    with django_assert_num_queries(4):
        assert {one.state for one in standings_of(plans).values()} == {ConsentState.GIVEN}


def record(plan, by, **values):
    session = TreatmentSession(
        plan=plan,
        status="done",
        performed_on=today(),
        operator=by,
        laser_mode=LaserModeFactory(),
        pregnant=False,
        isotretinoin="never",
        infection=False,
        eyewear_worn=True,
        **values,
    )
    return keep_session(session=session, by=by)


OVERRIDDEN = {"override_reason": "Signed a letter.", "overridden_at": timezone.now()}


def test_no_session_without_consent_but_by_override(clinician):
    plan = plan_of()
    with pytest.raises(ValidationError, match="No consent to this treatment: none was signed"):
        record(plan, clinician)
    done = record(plan, clinician, overridden_by=clinician, **OVERRIDDEN)
    assert [one["id"] for one in done.findings] == ["consent.missing"]


@pytest.mark.parametrize(
    "no",
    [{"refused": True}, {"withdrawn_on": ago(1), "no_reason": "Afraid."}],
    ids=["refused", "withdrawn"],
)
def test_no_session_against_a_no_whoever_overrides(clinician, no):
    plan = plan_of()
    TreatmentConsentFactory(plan=plan, given_on=ago(20), **no)
    with pytest.raises(ValidationError):
        record(plan, clinician, overridden_by=clinician, **OVERRIDDEN)
    assert not plan.sessions.exists()


def test_session_saved_before_a_withdrawal_may_be_corrected(clinician):
    plan = plan_of()
    TreatmentConsentFactory(plan=plan, given_on=ago(20))
    session = record(plan, clinician)
    withdraw(consent=plan.consents.get(), on=today(), reason="Afraid.", by=clinician)
    session.passes = 2
    session = keep_session(session=session, by=clinician)
    assert session.findings == []


def test_withdrawal_told_later_leaves_the_session_of_a_day_it_counts_for(clinician):
    plan = plan_of()
    TreatmentConsentFactory(plan=plan, given_on=ago(20))
    session = record(plan, clinician)
    withdraw(consent=plan.consents.get(), on=ago(1), reason="By letter.", by=clinician)
    session.passes = 2
    assert keep_session(session=session, by=clinician).findings == []
    session.performed_on = ago(1)
    with pytest.raises(ValidationError, match="withdrew"):
        keep_session(session=session, by=clinician)


def before_consent_was_recorded(**options):
    """A course of a clinic that took consent on paper until ten days ago."""
    ClinicSettingsFactory(consent_from=ago(10))
    return plan_of(created_at=timezone.now() - timedelta(days=30), **options)


def test_course_from_before_consent_was_recorded_is_not_stopped(clinician):
    plan = before_consent_was_recorded()
    assert [one["id"] for one in record(plan, clinician).findings] == ["consent.missing"]


def test_start_typed_in_later_asks_for_consent_like_any_other(clinician):
    ClinicSettingsFactory(consent_from=ago(10))
    with pytest.raises(ValidationError, match="No consent to this treatment"):
        record(plan_of(), clinician)


PAPER = {"kept_at": "Archive", "given_on": ago(30), "points": []}


def test_consent_on_paper_keeps_nothing_of_the_screen(clinician):
    consent = answer(before_consent_was_recorded(), clinician, **PAPER)
    assert [consent.kept_at, consent.read_as] == ["Archive", {}]


def test_no_consent_on_paper_to_a_course_of_today(clinician):
    with pytest.raises(ValidationError, match="is signed here, not on paper"):
        answer(plan_of(), clinician, **PAPER)


def test_consent_in_error_leaves_no_time_to_reflect(clinician):
    plan = plan_of()
    consent = answer(plan, clinician)
    mark_in_error(record=consent, by=clinician, reason="Another patient.")
    plan.refresh_from_db()
    assert plan.next_due_on == plan.started_on


def test_new_time_to_reflect_moves_what_is_due(clinician, manager):
    clinic = ClinicSettingsFactory(reflection_days=2)
    plan = plan_of()
    answer(plan, clinician)
    clinic.reflection_days = 7
    clinic.save(by=manager)
    settle_reflection(manager)
    plan.refresh_from_db()
    assert plan.next_due_on == today() + timedelta(days=7)


def test_of_two_answers_of_one_day_the_later_counts(clinician):
    plan = plan_of()
    first, _second = answer(plan, clinician), answer(plan, clinician)
    assert state(plan).state == ConsentState.REFLECTING
    withdraw(consent=first, on=today(), reason="Afraid.", by=clinician)
    assert state(plan).state == ConsentState.WITHDRAWN


def test_session_from_before_consent_was_recorded_is_not_judged():
    ClinicSettingsFactory(consent_from=today())
    session = SessionFactory(plan=plan_of(), performed_on=ago(1))
    assert "consent.missing" not in str(session.findings)


@pytest.mark.parametrize(
    ("on", "reason", "told"),
    [
        (None, "Afraid.", "Give the day."),
        (today() + timedelta(days=1), "Afraid.", "in the future"),
        (ago(90), "Afraid.", "before the consent was given"),
        (today(), " ", "Say why"),
    ],
)
def test_withdrawal_that_cannot_be(clinician, on, reason, told):
    consent = TreatmentConsentFactory(plan=plan_of())
    with pytest.raises(ValidationError, match=told):
        withdraw(consent=consent, on=on, reason=reason, by=clinician)


def test_withdrawn_once(clinician):
    consent = TreatmentConsentFactory(plan=plan_of())
    withdraw(consent=consent, on=today(), reason="Afraid.", by=clinician)
    with pytest.raises(ValidationError, match="does not stand any more"):
        withdraw(consent=consent, on=today(), reason="Afraid.", by=UserFactory())
