"""Moves and merges beside one another and beside ordinary work: one of them first, nothing lost."""

from itertools import permutations

import pytest

from consultations.actions.assessments import record_assessments
from consultations.actions.courses import keep_plan
from consultations.actions.moving import merge_patients, move_consultation
from consultations.models import AreaAssessment, Consultation, Patient, TreatmentPlan
from tests.admin.browsing import Browser, add_url
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PatientFactory,
    PlanFactory,
    UserFactory,
)

from .test_races import ROUNDS, at_once, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.trust]


def merge(keep, other, by):
    return lambda: merge_patients(keep=keep, other=other, reason="Same.", by=by)


def move(consultation, to, by):
    return lambda: move_consultation(consultation=consultation, to=to, reason="Wrong.", by=by)


def test_two_who_merge_each_into_the_other_end_in_one_record():
    user = UserFactory()
    for _round in range(ROUNDS):
        one, two = PatientFactory.create_batch(2, by=user)
        results = at_once(merge(one, two, user), merge(two, one, user))
        standing = Patient.objects.standing().filter(pk__in=[one.pk, two.pk])
        assert [refused(results), standing.count()] == [1, 1]


def test_merges_in_a_ring_never_wait_for_one_another():
    user = UserFactory()
    for _round in range(ROUNDS):
        three = PatientFactory.create_batch(3, by=user)
        results = at_once(*[merge(keep, other, user) for keep, other in permutations(three, 2)])
        standing = Patient.objects.standing().filter(pk__in=[one.pk for one in three])
        [last] = standing
        assert {Patient.objects.get(pk=one.pk).kept_record for one in three} == {last}
        assert refused(results) == 4


def test_one_consultation_moved_by_three_at_once_goes_to_one():
    user = UserFactory()
    for _round in range(ROUNDS):
        consultation = AssessmentFactory(by=user).consultation
        source = consultation.patient
        to = PatientFactory.create_batch(3, by=user)
        results = at_once(*[move(consultation, one, user) for one in to])
        # Whoever came later was about to move it away from a patient whose it no longer is.
        consultation.refresh_from_db()
        assert [refused(results), consultation.patient in to] == [2, True]
        assert source.history.count() == 2


def test_moves_to_and_fro_and_a_merge_never_wait_for_one_another():
    user = UserFactory()
    for _round in range(ROUNDS):
        one, two = PatientFactory.create_batch(2, by=user)
        here, there = (ConsultationFactory(by=user, patient=patient) for patient in (one, two))
        at_once(move(here, two, user), move(there, one, user), merge(one, two, user))
        assert not Consultation.objects.filter(patient__merged_into__isnull=False).exists()


def test_two_plans_moved_together_leave_one_open_for_the_area():
    user = UserFactory()
    for _round in range(ROUNDS):
        to = PatientFactory(by=user)
        plans = PlanFactory.create_batch(2, by=user, consented=False)
        at_once(*[move(plan.assessment.consultation, to, user) for plan in plans])
        assert TreatmentPlan.objects.open().of(to, "face").count() == 1


def test_a_plan_is_not_started_where_the_consultation_no_longer_is():
    user = UserFactory()
    for _round in range(ROUNDS):
        to = PlanFactory(by=user, consented=False).patient
        area = AssessmentFactory(by=user)
        mine = AreaAssessment.objects.select_related("consultation__patient").get(pk=area.pk)
        plan = PlanFactory.build(assessment=mine)
        at_once(move(area.consultation, to, user), lambda plan=plan: keep_plan(plan=plan, by=user))
        assert TreatmentPlan.objects.open().of(to, "face").count() == 1


def test_areas_are_not_judged_for_a_patient_whose_they_no_longer_are():
    user = UserFactory()
    for _round in range(ROUNDS):
        area, to = AssessmentFactory(by=user), PatientFactory(by=user)
        mine = Consultation.objects.select_related("patient").get(pk=area.consultation_id)
        at_once(
            move(area.consultation, to, user),
            lambda mine=mine: record_assessments(consultation=mine, by=user),
        )
        area.refresh_from_db()
        assert area.consultation.patient == to


@pytest.mark.parametrize("field", ["concern"])
def test_a_consultation_saved_while_its_patient_is_merged_is_never_on_the_merged_record(field):
    user = UserFactory(is_superuser=True)
    for _round in range(ROUNDS):
        keep, other = PatientFactory.create_batch(2, by=user)
        browser, url = Browser(user), add_url("consultation", patient=other.pk)
        data = browser.open(url).form | {field: "Loose skin.", "_save": "1"}
        merged, page = at_once(
            merge(keep, other, user), lambda b=browser, u=url, d=data: b.post(u, d)
        )
        assert merged == keep
        kept = Consultation.objects.filter(patient__in=[keep, other])
        if not kept.exists():
            assert f"was merged into {keep.record_number}. Save again" in page.text
            browser.post(url, page.form | {"_save": "1"})
        assert [(one.patient, one.concern) for one in kept.all()] == [(keep, "Loose skin.")]
