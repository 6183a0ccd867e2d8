"""Signing and marking in error: once, by somebody, and not while something rests on the record."""

from contextlib import suppress
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from consultations.actions.assessments import record_assessments
from consultations.actions.signing import add_addendum, mark_in_error, sign
from consultations.models import (
    AreaAssessment,
    Consultation,
    SignedRecordError,
    SurgicalReferral,
    TreatmentPlan,
    patient_of,
)
from consultations.vocabulary import ShortCourseReason
from tests.factories import (
    AddendumFactory,
    AppointmentFactory,
    AssessmentFactory,
    ConsultationFactory,
    LaserFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
)

pytestmark = pytest.mark.django_db


def refusal(action, **arguments):
    with pytest.raises(ValidationError) as told:
        action(**arguments)
    return told.value.messages


@pytest.mark.parametrize("factory", [ConsultationFactory, SessionFactory])
def test_signed_record_is_read_only(factory, clinician):
    record = sign(record=factory(), by=clinician)
    assert [record.signed_by, record.is_signed] == [clinician, True]
    assert record.history.first().history_change_reason == "Signed."
    with pytest.raises(SignedRecordError):
        record.save(by=clinician)


def test_signing_twice_is_refused(clinician):
    record = sign(record=ConsultationFactory(), by=clinician)
    assert refusal(sign, record=record, by=clinician) == ["This is already signed."]


def test_signing_what_was_signed_meanwhile_is_refused(clinician, admin):
    record = ConsultationFactory()
    sign(record=Consultation.objects.get(), by=clinician)
    with pytest.raises(SignedRecordError):
        sign(record=record, by=admin)
    assert Consultation.objects.get().signed_by == clinician


def test_signing_a_booking_is_refused(clinician):
    session = SessionFactory(booked=True)
    assert refusal(sign, record=session, by=clinician) == [
        "Only a session that was done is signed."
    ]


def test_signing_what_is_in_error_is_refused(clinician):
    record = mark_in_error(record=ConsultationFactory(), by=clinician, reason="Wrong patient.")
    assert refusal(sign, record=record, by=clinician) == [
        "This was entered in error and cannot be signed."
    ]


def test_practitioner_signs_own_sessions_only(practitioner, clinician):
    own = SessionFactory(operator=practitioner)
    assert sign(record=own, by=practitioner).signed_by == practitioner
    with pytest.raises(PermissionDenied):
        sign(record=SessionFactory(operator=clinician), by=practitioner)


def test_history_from_elsewhere_is_the_work_of_who_wrote_it(practitioner):
    own = SessionFactory(elsewhere=True, by=practitioner)
    assert sign(record=own, by=practitioner).is_signed
    with pytest.raises(PermissionDenied):
        sign(record=SessionFactory(elsewhere=True), by=practitioner)


def test_clinician_signs_any(practitioner, clinician):
    session = SessionFactory(operator=practitioner)
    consultation = ConsultationFactory(clinician=UserFactory())
    assert [sign(record=one, by=clinician).signed_by for one in (session, consultation)] == [
        clinician
    ] * 2


@pytest.mark.parametrize("role", ["reception", "practitioner", "manager"])
def test_others_sign_no_consultation(role, request):
    user = request.getfixturevalue(role)
    with pytest.raises(PermissionDenied):
        sign(record=ConsultationFactory(clinician=user), by=user)
    assert not Consultation.objects.get().is_signed


@pytest.mark.parametrize("role", ["reception", "manager"])
def test_others_sign_no_session(role, request):
    user = request.getfixturevalue(role)
    with pytest.raises(PermissionDenied):
        sign(record=SessionFactory(operator=user), by=user)


# What is signed stays


def test_signed_page_is_kept_in_the_record_and_its_history(clinician):
    record = sign(record=ConsultationFactory(concern="Loose chin."), by=clinician)
    assert record.history.first().signed_as == Consultation.objects.get().signed_as
    assert "Loose chin." in str(Consultation.objects.get().signed_as)


def test_area_under_a_signature_takes_no_write(clinician):
    area = AssessmentFactory()
    sign(record=area.consultation, by=clinician)
    area.decision, area.decision_reason = "hold", "After the summer."
    area.decided_by, area.decided_at = clinician, timezone.now()
    with pytest.raises(SignedRecordError):
        area.save(by=clinician)
    with pytest.raises(SignedRecordError):
        AssessmentFactory(consultation=area.consultation, area="neck")
    assert list(AreaAssessment.objects.values_list("decision", "version")) == [("", 1)]


def test_area_under_a_signature_is_not_moved_away(clinician):
    area = AssessmentFactory()
    sign(record=area.consultation, by=clinician)
    area.consultation = ConsultationFactory()
    with pytest.raises(SignedRecordError):
        area.save(by=clinician)


def test_area_under_a_signature_may_be_marked_in_error(clinician):
    area = AssessmentFactory()
    kept = sign(record=area.consultation, by=clinician).signed_as
    mark_in_error(record=area, by=clinician, reason="The other side.")
    assert AreaAssessment.objects.get().in_error
    assert Consultation.objects.get().signed_as == kept


def test_marked_in_error_keeps_the_signed_page(clinician):
    record = sign(record=ConsultationFactory(), by=clinician)
    kept = record.signed_as
    mark_in_error(record=record, by=clinician, reason="Wrong patient.")
    assert Consultation.objects.get().signed_as == kept


# Addenda


@pytest.mark.parametrize("factory", [ConsultationFactory, SessionFactory])
def test_addendum_is_dated_and_signed_and_leaves_the_record(factory, clinician):
    record = sign(record=factory(), by=clinician)
    addendum = add_addendum(record=record, text="  The left side. ", by=clinician)
    assert [addendum.corrects, addendum.text, addendum.created_by] == [
        record,
        "The left side.",
        clinician,
    ]
    assert addendum.history.get().history_user == clinician
    record.refresh_from_db()
    assert record.version == 2  # made, signed


def test_addendum_to_what_is_not_signed_is_refused(clinician):
    told = refusal(add_addendum, record=ConsultationFactory(), text="More.", by=clinician)
    assert told == ["This is not signed yet. Edit it instead."]


def test_addendum_to_what_is_in_error_is_refused(clinician):
    record = sign(record=ConsultationFactory(), by=clinician)
    mark_in_error(record=Consultation.objects.get(), by=clinician, reason="Wrong patient.")
    told = refusal(add_addendum, record=record, text="More.", by=clinician)
    assert told == ["This was entered in error. Nothing can be added to it."]


@pytest.mark.parametrize("text", ["", " \n "])
def test_addendum_without_words_is_refused(text, clinician):
    record = sign(record=ConsultationFactory(), by=clinician)
    told = refusal(add_addendum, record=record, text=text, by=clinician)
    assert told == ["Write what is to be added."]


@pytest.mark.parametrize("role", ["reception", "practitioner", "manager"])
def test_addendum_by_those_who_sign_no_consultation_is_refused(role, clinician, request):
    record = sign(record=ConsultationFactory(), by=clinician)
    with pytest.raises(PermissionDenied):
        add_addendum(record=record, text="More.", by=request.getfixturevalue(role))


def test_practitioner_adds_to_own_sessions_only(practitioner, clinician):
    own = sign(record=SessionFactory(operator=practitioner), by=clinician)
    assert add_addendum(record=own, text="She called.", by=practitioner).session == own
    other = sign(record=SessionFactory(operator=clinician), by=clinician)
    with pytest.raises(PermissionDenied):
        add_addendum(record=other, text="She called.", by=practitioner)
    assert add_addendum(record=own, text="So she did.", by=clinician).session == own


def test_addendum_may_be_marked_in_error(clinician):
    addendum = AddendumFactory(text="The left side.")
    mark_in_error(record=addendum, by=clinician, reason="Wrong patient.")
    addendum.refresh_from_db()
    assert [addendum.in_error, addendum.text] == [True, "The left side."]


def test_mark_in_error_says_who_when_why(clinician):
    before = timezone.now()
    record = mark_in_error(record=LaserFactory(), by=clinician, reason="  Sold. ")
    assert [record.entered_in_error_by, record.entered_in_error_reason] == [clinician, "Sold."]
    assert before <= record.entered_in_error_at <= timezone.now()
    assert record.history.first().history_change_reason == "Sold."


@pytest.mark.parametrize("reason", ["", "  "])
def test_mark_in_error_without_a_reason_is_refused(reason, clinician):
    laser = LaserFactory()
    assert refusal(mark_in_error, record=laser, by=clinician, reason=reason) == [
        "Say why this was entered in error."
    ]


def test_mark_in_error_twice_is_refused(clinician):
    laser = LaserFactory()
    mark_in_error(record=type(laser).objects.get(), by=clinician, reason="Sold.")
    assert refusal(mark_in_error, record=laser, by=clinician, reason="Sold.") == [
        "This is already marked as entered in error."
    ]


def test_signed_consultation_may_be_marked_in_error(clinician):
    record = sign(record=ConsultationFactory(), by=clinician)
    mark_in_error(record=record, by=clinician, reason="Wrong patient.")
    kept = Consultation.objects.get()
    assert [kept.in_error, kept.is_signed] == [True, True]


def test_mark_in_error_saves_nothing_else(clinician):
    consultation = ConsultationFactory(concern="Loose chin.")
    consultation.concern = "Not saved."
    mark_in_error(record=consultation, by=clinician, reason="Wrong patient.")
    assert Consultation.objects.get().concern == "Loose chin."


@pytest.mark.parametrize("which", ["consultation", "area"])
def test_unsent_referral_is_withdrawn_with_its_assessment(which, clinician):
    assessment = AssessmentFactory(severe=True)
    consultation = assessment.consultation
    record_assessments(consultation=consultation, by=clinician)
    record = consultation if which == "consultation" else assessment
    mark_in_error(record=record, by=clinician, reason="Wrong patient.")
    referrals = SurgicalReferral.objects.values_list("status", "closure")
    assert list(referrals) == [("closed", "withdrawn")]


def test_areas_of_a_consultation_in_error_do_not_stand(clinician):
    assessment = AssessmentFactory()
    mark_in_error(record=assessment.consultation, by=clinician, reason="Wrong patient.")
    assert list(AreaAssessment.objects.standing()) == []


def resting():
    plan = PlanFactory()
    sent = ReferralFactory(status="sent", sent_on=date(2025, 3, 4))
    mode = LaserModeFactory()
    SessionFactory(laser_mode=mode)
    return {
        "patient": ConsultationFactory().patient,
        "consultation": plan.assessment.consultation,
        "area": plan.assessment,
        "referred": sent.assessment.consultation,
        "plan": SessionFactory().plan,
        "booked": appointment_for().courses.get().plan,
        "to come": AppointmentFactory().patient,
        "mode": mode,
        "laser": mode.laser,
    }


@pytest.mark.parametrize(
    ("which", "message"),
    [
        ("patient", "This patient has consultations. Mark those first."),
        ("consultation", "A treatment plan is based on this. Mark the plan first."),
        ("area", "A treatment plan is based on this. Mark the plan first."),
        ("referred", "A sent referral is based on this. Mark the referral first."),
        ("plan", "This plan has sessions. Mark those first."),
        ("booked", "This plan has appointments. Cancel those first."),
        ("to come", "This patient has appointments. Cancel those first."),
        ("mode", "Sessions were done with this. Take the laser out of service instead."),
        ("laser", "Sessions were done with this. Take the laser out of service instead."),
    ],
)
def test_mark_in_error_is_refused_while_rested_on(which, message, clinician):
    record = resting()[which]
    assert refusal(mark_in_error, record=record, by=clinician, reason="Slip.") == [message]
    record.refresh_from_db()
    assert [record.in_error, record.version] == [False, record.history.count()]


def test_records_are_marked_from_the_session_upwards(clinician):
    session = SessionFactory()
    plan = session.plan
    records = [session, plan, plan.assessment, plan.assessment.consultation, plan.patient]
    for record in records:
        mark_in_error(record=record, by=clinician, reason="Wrong patient.")
    assert [record.in_error for record in records] == [True] * 5


def test_plan_in_error_is_due_no_more(clinician):
    plan = PlanFactory()
    mark_in_error(record=plan, by=clinician, reason="Wrong laser.")
    kept = TreatmentPlan.objects.get()
    assert [kept.in_error, kept.next_due_on, kept.version] == [True, None, 2]


def completed_plan():
    plan = PlanFactory(planned_sessions=1, short_course_reason=ShortCourseReason.TOUCH_UP)
    return SessionFactory(plan=plan)


def test_session_in_error_opens_no_second_plan_beside_an_open_one(clinician):
    session = completed_plan()
    PlanFactory(assessment__consultation__patient=session.patient)
    with suppress(ValidationError):  # refused, or kept from opening: either will do
        mark_in_error(record=session, by=clinician, reason="Wrong patient.")
    assert TreatmentPlan.objects.filter(status="active").count() == 1


def test_session_in_error_opens_no_plan_beside_an_open_referral(clinician):
    session = completed_plan()
    ReferralFactory(assessment__consultation__patient=session.patient)
    with suppress(ValidationError):  # refused, or kept from opening: either will do
        mark_in_error(record=session, by=clinician, reason="Wrong patient.")
    assert TreatmentPlan.objects.filter(status="active").count() == 0


def test_patient_of_each_record():
    session = SessionFactory()
    patient = session.plan.assessment.consultation.patient
    records = [session, session.plan, session.plan.assessment, patient, session.laser_mode]
    assert [patient_of(record) for record in records] == [patient] * 4 + [None]
    assert patient_of(ReferralFactory(assessment__consultation__patient=patient)) == patient
    assert patient_of(PatientFactory()) != patient
