"""Erasing a person: refused without a reason, too early, twice, or with the name in the reason."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.courses import keep_plan, keep_session
from consultations.actions.events import keep_event
from consultations.models import (
    Appointment,
    Consultation,
    Discount,
    FollowUp,
    Patient,
    Payment,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.summaries.person import person_of
from consultations.summaries.today import today_of
from consultations.trust.erased_fields import only_values, treatments_of, without_words
from consultations.trust.erasure import erase
from consultations.trust.retention import retention_of
from tests.factories import ConsultationFactory, PatientFactory, PaymentFactory, PlanFactory
from tests.factories.person import make_story

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=11 * 365)
ERASED = "This person's data were erased. Nothing can be added."


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def refused(**options):
    with pytest.raises(ValidationError) as refusal:
        erase(**options)
    return refusal.value


def test_somebody_registered_long_ago_is_erased_without_a_legal_reason(manager):
    patient = PatientFactory(created_at=LONG_AGO)
    erasure = erase(patient=patient, by=manager, reason="Past retention.")
    reason = "Past retention. (Kept for 10 years after the last visit.)"
    assert (erasure.reason, erasure.legal_reason, erasure.by) == (reason, "", manager)


def test_too_early_needs_a_legal_reason(manager):
    patient = PatientFactory()
    told = refused(patient=patient, by=manager, reason="Asked to.").message_dict
    assert list(told) == ["legal_reason"]
    assert told["legal_reason"][0].startswith("The record is kept until ")
    assert erase(patient=patient, by=manager, reason="Asked to.", legal_reason="Article 17.")


def test_no_reason(manager):
    told = refused(patient=PatientFactory(created_at=LONG_AGO), by=manager, reason="  ")
    assert told.message_dict == {"reason": ["Say why this person's data are erased."]}


@pytest.mark.parametrize(
    "reason",
    ["Asked by Mrs Müller", "MULLER asked", "P-000001", "born 1980-05-17", "eva@example.org"],
)
def test_a_reason_that_names_the_person(manager, reason):
    patient = PatientFactory(
        created_at=LONG_AGO, family_name="Müller", email="eva@example.org", phone="0900 123456"
    )
    if reason == "P-000001":
        reason = f"{patient.record_number} asked"
    told = refused(patient=patient, by=manager, reason=reason).message_dict
    assert told == {"reason": ["This is kept permanently. Leave out names, numbers and contacts."]}


def test_nobody_is_erased_twice(manager):
    patient = PatientFactory(created_at=LONG_AGO)
    erase(patient=patient, by=manager, reason="Past retention.")
    told = refused(patient=patient, by=manager, reason="Past retention.")
    assert told.messages == ["This person's data are erased already."]


def test_a_merged_record_goes_with_the_one_that_goes_on(manager):
    kept, merged = PatientFactory(created_at=LONG_AGO), PatientFactory(created_at=LONG_AGO)
    merged.entered_in_error_by, merged.entered_in_error_reason = manager, "Twice."
    merged.entered_in_error_at, merged.merged_into = timezone.now(), kept
    merged.save(by=manager)
    told = refused(patient=merged, by=manager, reason="Past retention.")
    words = f"This record was merged into {kept.record_number}. Erase that one."
    assert told.messages == [words]


@pytest.fixture
def erased(clinician, manager):
    story = make_story(clinician)
    erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    return story


def test_nothing_of_an_erased_person_waits(erased, clinician, manager):
    assert not Appointment.objects.holding().exists()
    assert not Appointment.objects.to_book_again().exists()
    assert not TreatmentPlan.objects.open().exists()
    assert not SurgicalReferral.objects.open().exists()
    assert not FollowUp.objects.waiting().exists()
    for user in (clinician, manager):
        names = [
            *("booked", "not_recorded", "tomorrow", "to_book_again", "to_assign", "overdue"),
            *("to_book", "events", "follow_ups"),
            *("to_send", "sent", "unsigned_sessions", "unsigned_consultations", "drafts"),
        ]
        lists = today_of(user, names).lists
        assert {name: few.count for name, few in lists.items() if few.count} == {}


def test_an_erased_person_is_in_no_list_and_found_by_nothing(erased):
    assert not Patient.objects.in_lists().exists()
    assert not Patient.objects.standing().exists()
    for word in ("Erased", "E-000001", "Family", erased.patient.record_number, "1980-01-01"):
        assert not Patient.objects.found_by(word).exists()


def test_nothing_can_be_added_to_an_erased_person(erased, clinician):
    erased.plan.refresh_from_db()
    writes = (
        lambda: keep_plan(plan=erased.plan, by=clinician),
        lambda: keep_session(session=TreatmentSession(plan=erased.plan), by=clinician),
        lambda: keep_event(event=erased.event, by=clinician),
    )
    for write in writes:
        with pytest.raises(ValidationError, match=ERASED):
            write()


def test_done_sessions_still_count(erased):
    assert TreatmentSession.objects.done().count() == 1
    assert Consultation.objects.standing().count() == 2


def test_money_stays_without_its_words_and_its_receipt(erased, clinician):
    payment, discount = Payment.objects.get(), Discount.objects.get()
    kept = [payment.amount, payment.method, payment.paid_on, payment.created_by]
    assert kept == [50, "card", timezone.localdate(), clinician]
    assert [payment.receipt_number, payment.words] == [f"erased {payment.pk}", "Erased."]
    assert [discount.amount, discount.reason] == [10, "Erased."]
    of_history = payment.history.values_list("receipt_number", "words", "amount")
    assert set(of_history) == {(f"erased {payment.pk}", "Erased.", Decimal("50.00"))}


def test_a_payment_keeps_a_record(manager):
    plan = PlanFactory(assessment__consultation__consulted_on=LONG_AGO.date())
    patient = plan.patient
    Patient.objects.filter(pk=patient.pk).update(created_at=LONG_AGO)
    patient.refresh_from_db()
    assert retention_of(person_of(patient)).is_over
    PaymentFactory(plan=plan)
    assert not retention_of(person_of(patient)).is_over


def test_a_number_is_given_once(clinician, manager):
    first, second = PatientFactory(created_at=LONG_AGO), PatientFactory(created_at=LONG_AGO)
    for patient in (second, first):
        erase(patient=patient, by=manager, reason="Past retention.")
    numbers = Patient.objects.order_by("pk").values_list("record_number", flat=True)
    assert list(numbers) == ["E-000002", "E-000001"]


def test_histories_of_others_lose_the_number_where_a_consultation_changed_hands(manager, clinician):
    patient, other = PatientFactory(created_at=LONG_AGO), PatientFactory()
    number, kept = patient.record_number, other.record_number
    consultation = ConsultationFactory(patient=patient, by=clinician)
    consultation.patient = other
    consultation.save(by=clinician, reason=f"Moved from {number} to {kept}: Wrong one.")
    other.save(by=clinician, reason=f"Moved here from {number}: was {patient.family_name}'s.")
    erasure = erase(patient=patient, by=manager, reason="Past retention.")
    assert consultation.history.first().history_change_reason == (
        f"Moved from E-000001 to {kept}: Wrong one."
    )
    assert other.history.first().history_change_reason == "Erased."
    for record in (consultation, other):
        row = record.history.first()
        assert str(row.pk) in erasure.rows[row._meta.db_table]
    assert not Patient.objects.get(pk=other.pk).erased_at


# Fields


def test_findings_without_words():
    finding = {"id": "laxity.severe", "level": "refer", "lasers": [], "message": "m", "hint": "h"}
    silent = {"id": "laxity.severe", "level": "refer", "lasers": []}
    assert without_words([finding], 1) == [
        silent | {"message": "laxity.severe", "hint": "", "source": ""}
    ]


def test_facts_without_anything_written():
    facts = {"area": "face", "on": "2025-03-03", "age": 44, "smoker": None, "tattoo": True}
    more = {"severity": "awful", "phototype": "Eva", "remark": "Eva"}
    assert only_values(facts | more, 1) == facts


def test_a_birth_date_keeps_its_year():
    assert treatments_of(Patient)["date_of_birth"](date(1961, 7, 23), 1) == date(1961, 1, 1)
