"""What the rules are told: every answer in its place, and blank as not known."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.actions.assessments import record_assessments
from consultations.models import AreaAssessment, TreatmentPlan, TreatmentSession
from consultations.rules.facts import AreaFacts
from consultations.rules.readiness import DoneBefore, LaserFacts, Said, SessionFacts
from consultations.rules.readiness.settings import SETTINGS
from consultations.summaries.facts import area_facts, is_judged, session_facts
from consultations.vocabulary import Area, LaserType, Outcome, PlanStatus, Pulse
from tests.courses import assessed_again
from tests.factories import (
    AssessmentFactory,
    LaserModeFactory,
    PlanFactory,
    SessionFactory,
    appointment_for,
)

pytestmark = pytest.mark.django_db

BACKGROUND = {
    "phototype": "III",
    "herpes_history": True,
    "gold_therapy": False,
    "smoker": True,
    "wants_instant_result": False,
    "accepts_five_sessions": True,
    "preferred_pace": "rapid",
    "max_downtime_days": 4,
    "bdd_screen": "negative",
}
VISIT = {
    "isotretinoin": "past",
    "isotretinoin_last_dose_on": date(2023, 1, 2),
    "pregnant": False,
    "tanned_on": date(2024, 12, 1),
}
LIFETIME = ("phototype", "herpes_history", "gold_therapy")


def answered_assessment(**options):
    given = {
        f"consultation__{'patient__' if name in LIFETIME else ''}{name}": value
        for name, value in BACKGROUND.items()
    }
    given |= {f"consultation__{name}": value for name, value in VISIT.items()}
    return AssessmentFactory(grade=Decimal("1.5"), tattoo=True, **given | options)


def test_area_facts_of_an_area_of_which_nothing_was_asked():
    assert area_facts(AssessmentFactory(area=Area.NECK)) == AreaFacts(
        on=date(2025, 3, 3), area="neck", severity="mild", age=44
    )


def test_area_facts_gather_patient_consultation_and_area():
    assert area_facts(answered_assessment()) == AreaFacts(
        on=date(2025, 3, 3),
        area="face",
        severity="mild",
        age=44,
        grade=Decimal("1.5"),
        tattoo=True,
        **BACKGROUND,
        **VISIT,
    )


def test_session_facts_take_the_answers_of_the_day():
    plan = PlanFactory(assessment=answered_assessment())
    session = SessionFactory(plan=plan, performed_on=date(2025, 5, 17), infection=True)
    today = session_facts(session).today
    assert today == AreaFacts(
        on=date(2025, 5, 17),
        area="face",
        severity="mild",
        age=45,
        grade=Decimal("1.5"),
        infection=True,
        tattoo=True,
        tanned=False,
        isotretinoin="never",
        pregnant=False,
        breastfeeding=False,
        **BACKGROUND,
    )


def test_what_was_assessed_last_counts_whichever_assessment_the_plan_rests_on():
    plan = PlanFactory(assessment=answered_assessment())
    assessed_again(
        plan,
        date(2025, 5, 2),
        severity="moderate",
        radiotherapy=True,
        suspicious_lesion=True,
        skin_problem=False,
        consultation__accepts_five_sessions=False,
        consultation__filler_on=date(2025, 5, 1),
    )
    assessed_again(plan, date(2025, 5, 18), severity="severe")
    session = SessionFactory(plan=plan, performed_on=date(2025, 5, 17), infection=False)
    assert session_facts(session).today == AreaFacts(
        on=date(2025, 5, 17),
        area="face",
        severity="moderate",
        radiotherapy=True,
        suspicious_lesion=True,
        tattoo=True,
        infection=False,
        isotretinoin="never",
        pregnant=False,
        breastfeeding=False,
        age=45,
        filler_on=date(2025, 5, 1),
        tanned=False,
        **BACKGROUND | {"accepts_five_sessions": False},
    )


def test_a_yes_counts_until_it_is_asked_again():
    plan = PlanFactory(assessment__suspicious_lesion=True)
    first = SessionFactory(plan=plan, performed_on=date(2025, 4, 1))
    second = SessionFactory(plan=plan, performed_on=date(2025, 5, 1), suspicious_lesion=False)
    third = SessionFactory(plan=plan, performed_on=date(2025, 6, 1))
    told = [session_facts(one).today.suspicious_lesion for one in (first, second, third)]
    assert told == [True, False, None]


def test_session_facts_of_the_course_and_the_laser():
    plan = PlanFactory()
    mode = LaserModeFactory(laser__service_due_on=date(2025, 12, 1))
    last = SessionFactory(plan=plan, fluence_j_cm2=20, performed_on=date(2025, 3, 31))
    session = SessionFactory(
        plan=plan, laser_mode=mode, fluence_j_cm2=22, performed_on=date(2025, 4, 28)
    )
    facts = session_facts(session)
    assert facts == SessionFacts(
        today=facts.today,
        laser_type=LaserType.NON_ABLATIVE,
        plan_status=PlanStatus.ACTIVE,
        done=(DoneBefore(last.performed_on, LaserType.NON_ABLATIVE),),
        laser=LaserFacts(
            laser_type=LaserType.NON_ABLATIVE,
            pulse=Pulse.LONG,
            in_service=True,
            service_due_on=date(2025, 12, 1),
            envelope={"fluence_j_cm2": (10, 50)},
        ),
        settings=dict.fromkeys(SETTINGS) | {"fluence_j_cm2": 22},
        last_settings=dict.fromkeys(SETTINGS) | {"fluence_j_cm2": 20},
        eyewear_worn=True,
        consent=facts.consent,
    )
    [agreed] = facts.consent.answers
    assert (facts.consent.number, facts.consent.reflection_days) == (2, 2)
    assert (agreed.on, agreed.said, agreed.sessions) == (date(2025, 2, 17), Said.YES, 60)


def test_laser_in_error_is_not_in_service(manager):
    session = SessionFactory(
        laser_mode__laser__entered_in_error_at=timezone.now(),
        laser_mode__laser__entered_in_error_by=manager,
        laser_mode__laser__entered_in_error_reason="Sold.",
    )
    assert session_facts(session).laser.in_service is False


def decided_plan(by, **options):
    """A plan on a severe area that was decided to be treated all the same."""
    return PlanFactory(
        assessment__severe=True,
        assessment__decision=Outcome.CANDIDATE,
        assessment__decision_reason="Too frail for surgery.",
        assessment__decided_by=by,
        assessment__decided_at=timezone.now(),
        **options,
    )


def test_what_a_decision_answered_is_accepted(clinician):
    plan = decided_plan(clinician, assessment__infection=True)
    assert session_facts(SessionFactory(plan=plan)).accepted == {"laxity.severe"}


def test_what_a_verdict_excludes_is_not_accepted_by_agreeing():
    plan = PlanFactory(assessment__skin_problem=True, assessment__decision=Outcome.CANDIDATE)
    assert session_facts(SessionFactory(plan=plan)).accepted == frozenset()


def test_what_an_earlier_decision_answered_is_not_accepted_of_a_newer_assessment(clinician):
    plan = decided_plan(clinician)
    assessed_again(plan, date(2025, 4, 1), severity="severe")
    assert session_facts(SessionFactory(plan=plan, performed_on=date(2025, 5, 1))).accepted == set()


def test_what_was_found_after_deciding_is_not_accepted(clinician):
    plan = decided_plan(clinician)
    assessment = plan.assessment
    assessment.skin_problem = True
    record_assessments(consultation=assessment.consultation, by=clinician, changed=[assessment])
    session = SessionFactory(plan=TreatmentPlan.objects.get())
    assert session_facts(session).accepted == {"laxity.severe"}


def test_last_settings_are_of_the_same_laser_type_and_before():
    plan = PlanFactory()
    SessionFactory(plan=plan, fluence_j_cm2=20, performed_on=date(2025, 4, 1))
    SessionFactory(plan=plan, fluence_j_cm2=40, performed_on=date(2025, 6, 1))
    other = PlanFactory(
        assessment__consultation__patient=plan.patient, laser_type=LaserType.ABLATIVE_FRACTIONAL
    )
    SessionFactory(plan=other, fluence_j_cm2=30, performed_on=date(2025, 4, 15))
    session = SessionFactory(plan=plan, performed_on=date(2025, 5, 1))
    assert session_facts(session).last_settings["fluence_j_cm2"] == 20


def test_done_before_spans_plans_but_not_areas_or_patients():
    session = SessionFactory(performed_on=date(2025, 6, 2))
    patient = session.patient
    face = PlanFactory(assessment__consultation__patient=patient)
    neck = PlanFactory(assessment__consultation__patient=patient, assessment__area=Area.NECK)
    earlier = SessionFactory(plan=session.plan, performed_on=date(2025, 4, 1))
    elsewhere = SessionFactory(plan=face, elsewhere=True, performed_on=date(2025, 5, 1))
    SessionFactory(plan=neck)
    appointment_for(face)
    SessionFactory()
    assert [one.on for one in session_facts(session).done] == [
        elsewhere.performed_on,
        earlier.performed_on,
    ]


@pytest.mark.parametrize(
    ("trait", "judged"),
    [("done", True), ("booked", False), ("missed", False), ("elsewhere", False)],
)
def test_is_judged(trait, judged):
    assert is_judged(SessionFactory(**{trait: True})) is judged


def test_area_facts_take_four_queries(django_assert_num_queries):
    AssessmentFactory()
    with django_assert_num_queries(4):
        area_facts(AreaAssessment.objects.select_related("consultation__patient").get())


@pytest.mark.parametrize("plans", [1, 30])
def test_session_facts_take_ten_queries_whatever_came_before(plans, django_assert_num_queries):
    session = SessionFactory()
    for _ in range(plans):
        plan = PlanFactory(assessment__consultation__patient=session.patient)
        SessionFactory(plan=plan)
    related = ("plan__assessment__consultation__patient", "laser_mode__laser")
    with django_assert_num_queries(10):
        facts = session_facts(TreatmentSession.objects.select_related(*related).get(pk=session.pk))
    assert len(facts.done) == plans
