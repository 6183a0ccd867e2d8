"""What any visit was told counts at every later session, until it is asked again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import TreatmentSession
from consultations.rules.readiness import check
from consultations.summaries.facts import session_facts
from consultations.summaries.visit import visit_of
from tests.courses import assessed_again, course_since
from tests.factories import ConsultationFactory, PlanFactory, SessionFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
BEFORE, MID, LATE = (TODAY - timedelta(days=days) for days in (90, 40, 20))
ASKED = {"pregnant": False, "isotretinoin": "never", "infection": False}
FRACTIONAL = {"laser_type": "ablative_fractional", "interval_days": 60}


def on_the_neck(plan):
    """A course of the same patient on another area."""
    consultation = plan.assessment.consultation
    return PlanFactory(assessment__area="neck", assessment__consultation=consultation)


def stopped(plan, **said):
    """Whether what was told before stops a session of today."""
    session = TreatmentSession(plan=plan, performed_on=TODAY, status="done", **(ASKED | said))
    return "screen.changed" in [one.id for one in check(session_facts(session))]


def test_lesion_seen_on_the_day_of_a_session_that_said_no():
    plan = course_since(BEFORE)
    SessionFactory(plan=plan, performed_on=LATE, suspicious_lesion=False)
    assessed_again(plan, LATE, suspicious_lesion=True)
    assert stopped(plan)


def test_blank_of_a_newer_visit_is_no_answer_expectations():
    plan = course_since(BEFORE)
    assessed_again(plan, MID, consultation__bdd_screen="positive")
    assessed_again(plan, LATE)
    assert stopped(plan)


def test_blank_of_a_newer_visit_is_no_answer_radiotherapy():
    plan = course_since(BEFORE, **FRACTIONAL)
    assessed_again(plan, MID, radiotherapy=True)
    assessed_again(plan, LATE)
    assert stopped(plan)


def test_expectation_said_where_another_area_was_assessed():
    plan = course_since(BEFORE)
    assessed_again(plan, LATE, area="neck", consultation__bdd_screen="positive")
    assert stopped(plan)


def test_health_said_at_a_session_of_another_area():
    plan = course_since(BEFORE)
    neck = on_the_neck(plan)
    SessionFactory(plan=neck, performed_on=LATE, uncontrolled_diabetes=True)
    assert stopped(plan)


def test_health_denied_at_a_session_of_another_area():
    plan = course_since(BEFORE)
    assessed_again(plan, MID, consultation__uncontrolled_diabetes=True)
    neck = on_the_neck(plan)
    SessionFactory(plan=neck, performed_on=LATE, uncontrolled_diabetes=False)
    assert not stopped(plan)


def test_health_said_at_a_consultation_without_areas():
    plan = course_since(BEFORE)
    ConsultationFactory(patient=plan.patient, consulted_on=LATE, uncontrolled_diabetes=True)
    assert stopped(plan)


def test_last_dose_known_where_today_says_only_that_it_is_past():
    plan = course_since(BEFORE, laser_type="ablative_full", interval_days=200)
    assessed_again(
        plan, LATE, consultation__isotretinoin="past", consultation__isotretinoin_last_dose_on=MID
    )
    assert stopped(plan, isotretinoin="past")


def test_visit_shows_what_the_newest_assessment_said():
    plan = course_since(BEFORE, assessment__suspicious_lesion=False)
    newest = assessed_again(plan, LATE, suspicious_lesion=True)
    assert visit_of(plan.patient, TODAY).areas[0].answers["suspicious_lesion"] == (LATE, newest)


# The day that belongs to an answer


def today_of(plan, **said):
    """The facts of a session of today at which only this was said."""
    return session_facts(TreatmentSession(plan=plan, performed_on=TODAY, **said)).today


def told(plan, question, **said):
    """The answer to a question, and its day, as they count today."""
    today = today_of(plan, **said)
    return getattr(today, question), getattr(today, f"{question}_on")


def consulted(plan, on, **said):
    ConsultationFactory(patient=plan.patient, consulted_on=on, **said)


RECENT = TODAY - timedelta(days=10)


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        ({}, (True, RECENT)),
        ({"tanned": True}, (True, None)),
        ({"tanned": True, "tanned_on": LATE}, (True, LATE)),
        ({"tanned": False}, (None, None)),
        ({"tanned_on": LATE}, (True, LATE)),
    ],
)
def test_later_answer_about_a_tan_does_not_take_the_earlier_day(later, counts):
    plan = course_since(BEFORE)
    consulted(plan, MID, tanned=True, tanned_on=RECENT)
    consulted(plan, LATE, **later)
    assert told(plan, "tanned") == counts


@pytest.mark.parametrize("said", [{"tanned": True}, {"tanned": False}])
def test_answer_of_today_about_a_tan_does_not_take_the_earlier_day(said):
    plan = course_since(BEFORE)
    consulted(plan, LATE, tanned=True, tanned_on=RECENT)
    assert told(plan, "tanned", **said) == (said["tanned"], None)


@pytest.mark.parametrize(("days", "counts"), [(27, True), (28, None)])
def test_tan_that_is_over_does_not_count_as_asked(days, counts):
    plan = course_since(BEFORE)
    day = TODAY - timedelta(days=days)
    consulted(plan, LATE, tanned=True, tanned_on=day)
    assert told(plan, "tanned") == (counts, counts and day)


def test_tan_without_its_day_counts_until_it_is_asked_again():
    plan = course_since(BEFORE)
    consulted(plan, BEFORE, tanned=True)
    assert told(plan, "tanned") == (True, None)


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        ({}, ("laser", RECENT)),
        ({"recent_procedure": "peel"}, ("peel", None)),
        ({"recent_procedure": "peel", "recent_procedure_on": LATE}, ("laser", RECENT)),
        ({"recent_procedure": "none"}, (None, None)),
    ],
)
def test_later_procedure_does_not_take_the_earlier_day(later, counts):
    plan = course_since(BEFORE)
    assessed_again(plan, MID, recent_procedure="laser", recent_procedure_on=RECENT)
    assessed_again(plan, LATE, **later)
    assert told(plan, "recent_procedure") == counts


def test_procedure_said_today_does_not_take_the_earlier_day():
    plan = course_since(BEFORE)
    assessed_again(plan, LATE, recent_procedure="laser", recent_procedure_on=RECENT)
    assert told(plan, "recent_procedure", recent_procedure="peel") == ("peel", None)


def test_procedure_of_another_area_says_nothing_of_this_one():
    plan = course_since(BEFORE)
    assessed_again(plan, LATE, area="neck", recent_procedure="laser")
    assert told(plan, "recent_procedure") == (None, None)


# Questions asked until edition 2026.12, and what answers them since


@pytest.mark.parametrize(
    ("later", "today", "counts"),
    [
        ({}, {}, (None, True)),
        ({"photosensitiser": "none"}, {}, (None, None)),
        ({"photosensitiser": "other"}, {}, ("other", None)),
        ({}, {"photosensitiser": "none"}, ("none", None)),
    ],
)
def test_earlier_yes_to_a_photosensitiser_counts_until_it_is_asked_anew(later, today, counts):
    plan = course_since(BEFORE)
    consulted(plan, MID, photosensitising_drug=True)
    consulted(plan, LATE, **later)
    facts = today_of(plan, **today)
    assert (facts.photosensitiser, facts.photosensitising_drug) == counts


ABLATIVE_ANSWERS = {
    "assessment__consultation__patient__phototype": "II",
    "assessment__consultation__patient__keloid_history": False,
    "assessment__consultation__patient__herpes_history": False,
}


@pytest.mark.parametrize(
    ("joint", "found"),
    [
        (True, ["screen.changed"]),
        (False, []),
        (None, ["screen.required", "screen.required"]),
    ],
)
def test_earlier_joint_answer_holds_and_answers_both(joint, found):
    plan = course_since(BEFORE, **FRACTIONAL, **ABLATIVE_ANSWERS)
    said = {"isotretinoin": "never", "infection": False, "tanned": False}
    care = {"eyewear_worn": True, "antiviral_given": True}
    session = TreatmentSession(
        plan=plan, performed_on=TODAY, pregnant_or_breastfeeding=joint, **said, **care
    )
    judged = [one for one in check(session_facts(session)) if not one.id.startswith("laser")]
    assert [one.id for one in judged] == found


# What carries to a later session


@pytest.mark.parametrize(
    ("said", "carried"),
    [
        ({"weight_loss_medicine": "taking"}, "taking"),
        ({"weight_loss_medicine": "past"}, "past"),
        ({"weight_loss_medicine": "never"}, None),
        ({"weight_changing": True}, True),
        ({"weight_changing": False}, None),
        ({"photosensitiser": "pdt_drug"}, "pdt_drug"),
        ({"photosensitiser": "none"}, None),
        ({"koebner_disease": True}, True),
        ({"koebner_disease": False}, None),
        ({"breastfeeding": True}, True),
        ({"breastfeeding": False}, None),
        ({"pregnant": True}, None),
    ],
)
def test_what_is_no_mere_no_carries_to_a_later_session(said, carried):
    plan = course_since(BEFORE)
    consulted(plan, LATE, **said)
    [name] = said
    assert getattr(today_of(plan), name) == carried


@pytest.mark.parametrize(
    ("said", "carried"),
    [({"melasma": True}, True), ({"melasma": False}, None)],
)
def test_melasma_carries_to_a_later_session_and_its_no_does_not(said, carried):
    plan = course_since(BEFORE)
    assessed_again(plan, LATE, **said)
    assert today_of(plan).melasma == carried


FULL = {"laser_type": "ablative_full", "interval_days": 180}
LONG_AGO = TODAY - timedelta(days=400)


def test_dose_before_it_was_taken_again_is_not_the_last():
    plan = course_since(BEFORE, **FULL)
    past = {"isotretinoin": "past", "isotretinoin_last_dose_on": LONG_AGO}
    consulted(plan, BEFORE, **past)
    consulted(plan, MID, isotretinoin="taking")
    said = {"isotretinoin": "past"}
    assert today_of(plan, **said).isotretinoin_last_dose_on is None
    assert stopped(plan, **said)


def test_dose_told_after_it_was_taken_counts():
    plan = course_since(BEFORE, **FULL)
    consulted(plan, MID, isotretinoin="taking")
    consulted(plan, LATE, isotretinoin="past", isotretinoin_last_dose_on=MID)
    assert today_of(plan, isotretinoin="past").isotretinoin_last_dose_on == MID


@pytest.mark.parametrize("lesser", ["botulinum_toxin", "radiofrequency"])
def test_lesser_procedure_since_does_not_hide_one_that_still_holds(lesser):
    plan = course_since(BEFORE, **FRACTIONAL)
    done_on = TODAY - timedelta(days=100)
    assessed_again(plan, MID, recent_procedure="full_ablation", recent_procedure_on=done_on)
    today = {"recent_procedure": lesser, "recent_procedure_on": TODAY - timedelta(days=3)}
    assert told(plan, "recent_procedure", **today) == ("full_ablation", done_on)
    assert stopped(plan, **today)


def test_procedure_that_is_over_leaves_the_answer_of_today():
    plan = course_since(BEFORE)
    assessed_again(plan, BEFORE, recent_procedure="peel", recent_procedure_on=LONG_AGO)
    today = {"recent_procedure": "ultrasound", "recent_procedure_on": MID}
    assert told(plan, "recent_procedure", **today) == ("ultrasound", MID)
