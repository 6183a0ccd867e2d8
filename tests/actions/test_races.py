"""What people do at the same moment: each on a connection of their own, and one of them first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Event
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from consultations.actions.assessments import record_assessments
from consultations.actions.consents import give_photo_consent
from consultations.actions.courses import keep_plan, keep_session
from consultations.actions.drafts import keep_draft
from consultations.actions.money import counter, keep_payments, refuse_new_currency
from consultations.actions.photos import keep_photo
from consultations.models import (
    AreaAssessment,
    ClinicSettings,
    Consent,
    ConsentWording,
    Draft,
    Patient,
    Payment,
    RecordCounter,
    StaleRecordError,
    TreatmentPlan,
)
from consultations.summaries.money import balance_of
from consultations.trust.erasure import erase
from consultations.vocabulary import Outcome
from tests.factories import (
    AssessmentFactory,
    ClinicSettingsFactory,
    ConsentFactory,
    LaserModeFactory,
    PatientFactory,
    PaymentFactory,
    PlanFactory,
    SessionFactory,
    UserFactory,
)
from tests.pictures import picture, upload

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3
PATIENCE = 30


def at_once(*actions):
    """Run the actions together; returns what each gave or raised, in their order."""
    start = Barrier(len(actions), timeout=PATIENCE)

    def run(action):
        start.wait()
        try:
            return action()
        except (ValidationError, IntegrityError, StaleRecordError) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as people:
        return [done.result(PATIENCE) for done in [people.submit(run, act) for act in actions]]


def refused(results):
    return sum(isinstance(result, Exception) for result in results)


def test_one_session_recorded_by_ten_at_once_is_stored_once():
    user, mode = UserFactory(), LaserModeFactory()
    override = {
        "override_reason": "Leaves the country.",
        "overridden_by": user,
        "overridden_at": timezone.now(),
    }

    def record(plan):
        session = SessionFactory.build(
            plan=plan, operator=user, laser_mode=mode, performed_on=date(2025, 4, 1), **override
        )
        return lambda: keep_session(session=session, by=user)

    for plan in PlanFactory.create_batch(ROUNDS):
        results = at_once(*[record(plan) for _ in range(10)])
        plan.refresh_from_db()
        assert [refused(results), plan.sessions.count(), plan.version] == [9, 1, 2]
        assert plan.next_due_on == date(2025, 4, 29)


def test_done_sessions_never_exceed_planned():
    user = UserFactory(is_superuser=True)

    def record(plan, day):
        session = SessionFactory.build(plan=plan, elsewhere=True, performed_on=day)
        return lambda: keep_session(session=session, by=user)

    days = [date(2025, 4, 1) + timedelta(days=28 * number) for number in range(10)]
    for plan in PlanFactory.create_batch(ROUNDS):
        results = at_once(*[record(plan, day) for day in days])
        plan.refresh_from_db()
        assert [refused(results), plan.done_sessions().count()] == [5, 5]
        assert plan.status == "completed"


def test_plan_and_referral_raced_for_one_area_leave_one():
    user = UserFactory()

    def plan_on(assessment):
        return lambda: keep_plan(plan=PlanFactory.build(assessment=assessment), by=user)

    def refer(assessment):
        area = AreaAssessment.objects.get(pk=assessment.pk)
        area.decision, area.decision_reason = Outcome.REFER_TO_SURGERY, "Very loose."
        area.decided_by, area.decided_at = user, timezone.now()
        return lambda: record_assessments(consultation=area.consultation, by=user, changed=[area])

    for assessment in AssessmentFactory.create_batch(ROUNDS):
        results = at_once(plan_on(assessment), refer(assessment))
        held = [assessment.plans.count(), assessment.referrals.count()]
        assert refused(results) == 1
        assert sorted(held) == [0, 1]


def test_two_plans_at_once_for_patient_and_area_leave_one():
    user = UserFactory()

    def plan_on(assessment):
        return lambda: keep_plan(plan=PlanFactory.build(assessment=assessment), by=user)

    for patient in PatientFactory.create_batch(ROUNDS):
        areas = AssessmentFactory.create_batch(2, consultation__patient=patient)
        results = at_once(*[plan_on(assessment) for assessment in areas])
        plans = TreatmentPlan.objects.of(patient, areas[0].area)
        assert [refused(results), plans.count()] == [1, 1]


def test_patients_registered_at_once_have_numbers_of_their_own():
    user = UserFactory()
    for so_far in range(0, 10 * ROUNDS, 10):
        RecordCounter.objects.all().delete()
        assert refused(at_once(*[lambda: PatientFactory(by=user)] * 10)) == 0
        numbers = Patient.objects.values_list("record_number", flat=True)
        assert sorted(numbers) == [f"P-{number:06d}" for number in range(1, so_far + 11)]


def test_one_photo_uploaded_by_five_at_once_is_kept_once():
    user, content = UserFactory(), picture()
    patient = ConsentFactory().patient

    def keep():
        where = {"area": "face", "view": "front", "taken_on": date(2025, 3, 3), "by": user}
        return keep_photo(patient=patient, file=upload(content), **where)

    results = at_once(*[keep] * 5)
    assert [refused(results), patient.photos.count()] == [4, 1]
    told = {message for one in results if isinstance(one, Exception) for message in one.messages}
    assert told == {"This photo is already in the patient's record."}


def test_first_consents_of_a_clinic_share_one_wording():
    user, today = UserFactory(), timezone.localdate()

    def agree(patient):
        signed = {"signed_name": "Eva", "given_on": today, "wording": None}
        return lambda: give_photo_consent(patient=patient, by=user, **signed)

    results = at_once(*[agree(patient) for patient in PatientFactory.create_batch(5)])
    assert ConsentWording.objects.count() == 1
    # Who came a moment later is asked to read the wording that is there now.
    assert Consent.objects.count() == 5 - refused(results) >= 1


def test_one_patient_agrees_once():
    user, wording = UserFactory(), ConsentFactory().wording
    patient, today = PatientFactory(), timezone.localdate()

    def agree():
        signed = {"signed_name": "Eva", "given_on": today, "wording": wording}
        return give_photo_consent(patient=patient, by=user, **signed)

    results = at_once(*[agree] * 5)
    assert [refused(results), patient.consents.count()] == [4, 1]


def test_money_given_back_twice_at_once_is_given_back_once():
    user = UserFactory()

    def refund(plan):
        entry = PaymentFactory.build(
            plan=TreatmentPlan.objects.get(pk=plan.pk),
            kind="refund",
            amount=Decimal(-50),
            words="Moved away.",
        )
        return lambda: keep_payments(payments=[entry], by=user)

    for plan in PlanFactory.create_batch(ROUNDS, price_per_session=Decimal(100)):
        PaymentFactory(plan=plan, amount=Decimal(50))
        results = at_once(*[refund(plan) for _ in range(5)])
        assert [refused(results), balance_of(plan).held] == [4, 0]


def test_entry_countered_by_two_at_once_is_countered_once():
    user = UserFactory()
    for payment in PaymentFactory.create_batch(ROUNDS):

        def correct(payment=payment):
            found = Payment.objects.get(pk=payment.pk)
            return counter(payment=found, by=user, reason="A slip.")

        results = at_once(*[correct] * 5)
        assert [refused(results), payment.countered_by.count()] == [4, 1]


def test_payments_of_many_patients_at_once_have_receipts_without_gaps():
    user, plans = UserFactory(), PlanFactory.create_batch(8, price_per_session=Decimal(100))

    def pay(plan):
        entry = PaymentFactory.build(plan=plan, amount=Decimal(50))
        return lambda: keep_payments(payments=[entry], by=user)

    assert refused(at_once(*[pay(plan) for plan in plans])) == 0
    numbers = Payment.objects.values_list("receipt_number", flat=True)
    assert sorted(numbers) == [f"R-{number:06d}" for number in range(1, 9)]


def test_currency_does_not_change_beside_the_first_payment():
    user = UserFactory()
    clinic = ClinicSettingsFactory()

    @transaction.atomic
    def change(currency):
        refuse_new_currency(currency)
        settings = ClinicSettings.objects.get()
        settings.currency = currency
        settings.save(by=user)

    for number, plan in enumerate(PlanFactory.create_batch(ROUNDS, price_per_session=Decimal(9))):
        currency = "JPY" if number == 0 else "EUR"
        entry = PaymentFactory.build(plan=plan, amount=Decimal("8.50"))
        paid, changed = at_once(
            lambda entry=entry: keep_payments(payments=[entry], by=user),
            lambda currency=currency: change(currency),
        )
        clinic.refresh_from_db()
        stored = Payment.objects.get(plan=plan).amount
        assert not isinstance(paid, Exception)
        # Whoever came first: an amount is in the currency that stands.
        assert stored == (9 if clinic.currency == "JPY" else Decimal("8.50"))
        assert isinstance(changed, Exception) == (clinic.currency != currency)


def test_draft_saved_beside_an_erasure_is_gone_with_it():
    user, patient = UserFactory(), PatientFactory()
    erased, form = Event(), f"/admin/consultations/consultation/add/?patient={patient.pk}"

    @transaction.atomic
    def erase_slowly():
        erase(patient=patient, by=user, reason="Asked.", legal_reason="A court asks for it.")
        erased.set()
        sleep(0.5)  # not committed yet: whoever saves a draft now does not see it

    def save_draft():
        erased.wait(PATIENCE)
        return keep_draft(form=form, title=f"New · {patient.full_name}", values={}, by=user)

    keep_draft(form=form, title=f"New · {patient.full_name}", values={}, by=user)
    _erasure, saved = at_once(erase_slowly, save_draft)
    assert isinstance(saved, ValidationError)
    assert Draft.objects.count() == 0
