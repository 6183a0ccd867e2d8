"""The previews of a move and of a merge: what they read, in a fixed number of queries."""

from datetime import date

import pytest

from consultations.models.text import NOTE_LENGTH
from consultations.summaries.clashes import Part
from consultations.summaries.merging import merge_of
from consultations.summaries.moving import move_of
from tests.factories import (
    ConsentFactory,
    ConsultationFactory,
    EventFactory,
    FollowUpFactory,
    PatientFactory,
    PaymentFactory,
    PhotoFactory,
    PlanFactory,
    ReferralFactory,
    SendingFactory,
    SessionFactory,
    TestPatchFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory()


def make_story(patient, by, area="face"):
    plan = PlanFactory(
        by=by,
        assessment__consultation__patient=patient,
        assessment__area=area,
        consented=False,
    )
    session = SessionFactory(by=by, plan=plan)
    EventFactory(by=by, session=session)
    FollowUpFactory(by=by, patient=patient, plan=plan)
    PhotoFactory(by=by, patient=patient)
    ConsentFactory(by=by, patient=patient)
    return plan.assessment.consultation


def test_move_tells_what_goes_and_what_stays(by):
    consultation = make_story(PatientFactory(by=by), by)
    move = move_of(consultation, PatientFactory(by=by))
    details = ("1 plan", "1 session", "1 adverse event", "1 follow-up")
    assert move.goes == (Part("Face", details),)
    assert [words.partition(" ")[0] for words in move.stays] == ["1", "The"]
    assert [move.notes, move.obstacles] == [(), ()]


def test_what_was_sent_in_a_name_is_not_moved(by):
    sending = SendingFactory(by=by, surgeon__name="A. Rao", surgeon__practice="")
    consultation = sending.referral.assessment.consultation
    move = move_of(consultation, PatientFactory(by=by))
    assert [(one.words, one.records) for one in move.obstacles] == [
        (
            "Sent to A. Rao on 4 Mar 2025 (post) in this name. Mark that as entered in error "
            "first.",
            (sending,),
        )
    ]
    assert move.goes == (Part("Face", ("1 referral", "1 sent referral")),)


def test_course_that_was_paid_for_is_not_moved(by):
    plan = PlanFactory(by=by, consented=False)
    PaymentFactory.create_batch(2, by=by, plan=plan)
    [obstacle] = move_of(plan.assessment.consultation, PatientFactory(by=by)).obstacles
    assert obstacle.words == "Face: there are payments for this course. Whoever paid keeps it."
    assert obstacle.records == (plan,)


def test_move_points_to_test_patches_of_the_day_that_stay(by):
    consultation = ConsultationFactory(by=by)
    TestPatchFactory(by=by, patient=consultation.patient, done_on=consultation.consulted_on)
    assert move_of(consultation, PatientFactory(by=by)).stays == (
        "1 test patch of that day stays. Look whose it is.",
    )


def test_move_points_to_answers_for_life_that_stay(by):
    consultation = ConsultationFactory(by=by)
    patient, to = consultation.patient, PatientFactory(by=by)
    assert move_of(consultation, to).stays == ()
    patient.keloid_history = True
    patient.save(by=by, reason=consultation.gave_answers)
    [told] = move_of(consultation, to).stays
    assert told.startswith("Medical history recorded here stays.")


@pytest.mark.parametrize("more", [0, 2])
def test_previews_take_as_many_queries_whatever_there_is(by, more, django_assert_num_queries):
    one, two = PatientFactory.create_batch(2, by=by)
    consultation = make_story(one, by)
    make_story(two, by, area="neck")
    for area in ("arms", "legs")[:more]:
        make_story(one, by, area=area)
        ReferralFactory(by=by, assessment__consultation__patient=two, assessment__area=area)
    with django_assert_num_queries(9):
        merge_of(one, two)
    with django_assert_num_queries(10):
        move_of(consultation, two)


def test_stamp_changes_with_anything_of_both(by):
    one, two = PatientFactory.create_batch(2, by=by)
    consultation = ConsultationFactory(by=by, patient=one)
    stamps = {merge_of(one, two).stamp}
    for make in (make_story, lambda patient, by: consultation.save(by=by)):
        make(two, by)
        stamps.add(merge_of(one, two).stamp)
    assert len(stamps) == 3
    assert merge_of(one, two).stamp in stamps


def test_unknown_sex_is_no_difference(by):
    keep = PatientFactory(by=by, family_name="Eva", sex="female")
    other = PatientFactory(by=by, family_name="Eva", sex="unknown")
    assert [merge_of(keep, other).choices, merge_of(keep, other).taken] == [(), ()]
    assert [one.name for one in merge_of(other, keep).taken] == ["sex"]


def test_both_is_not_offered_where_it_would_be_too_long(by):
    long = "x" * NOTE_LENGTH
    keep = PatientFactory(by=by, family_name="Eva", allergies="Latex", medicines=long)
    other = PatientFactory(by=by, family_name="Eva", allergies="Nickel", medicines="None")
    choices = merge_of(keep, other).choices
    sides = {one.name: [offer.side for offer in one.offers] for one in choices}
    assert sides == {"allergies": ["keep", "other", "both"], "medicines": ["keep", "other"]}


def test_earliest_day_counts_all_that_was_done(by):
    keep, other = PatientFactory.create_batch(2, by=by)
    assert merge_of(keep, other).earliest is None
    ConsultationFactory(by=by, patient=keep)
    PhotoFactory(by=by, patient=other, taken_on=date(2024, 1, 2))
    assert merge_of(keep, other).earliest == date(2024, 1, 2)


def test_merge_names_only_what_goes_along():
    session = SessionFactory()
    goes = merge_of(PatientFactory(), session.patient).goes
    assert [part.label for part in goes] == ["1 consultation", "1 plan", "1 session", "1 consent"]


def test_consent_signed_for_a_plan_stays_with_whoever_signed(by):
    plan = PlanFactory(by=by)
    move = move_of(plan.assessment.consultation, PatientFactory(by=by))
    assert [str(one.words) for one in move.obstacles] == [
        "A consent was signed on 17 Feb 2025 for the plan that rests on it."
    ]
