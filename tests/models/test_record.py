"""Every record: written by somebody, version by version, with its history, and never deleted."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations.models import (
    AnonymousWriteError,
    Laser,
    Patient,
    RecordCounter,
    SignedRecordError,
    StaleRecordError,
)
from tests.factories import (
    AbsenceFactory,
    AddendumFactory,
    AppointmentFactory,
    AppointmentLengthFactory,
    AppointmentPlanFactory,
    AppointmentReasonFactory,
    AssessmentFactory,
    AuthorisedUserFactory,
    ClinicSettingsFactory,
    ClosedDayFactory,
    ConsentFactory,
    ConsentWordingFactory,
    ConsultationFactory,
    DiscountFactory,
    DocumentFactory,
    EventFactory,
    FollowUpFactory,
    LaserFactory,
    LaserIncidentFactory,
    LaserModeFactory,
    LaserServiceFactory,
    MessageTemplateFactory,
    OpeningHoursFactory,
    PatientFactory,
    PaymentFactory,
    PhotoFactory,
    PhotoUseFactory,
    PlanFactory,
    PreCareFactory,
    ReferralFactory,
    RoomFactory,
    SendingFactory,
    SessionFactory,
    SurgeonFactory,
    TestPatchFactory,
)

from .promises import breaks

pytestmark = pytest.mark.django_db


def test_save_without_a_writer_is_refused():
    with pytest.raises(AnonymousWriteError):
        PatientFactory.build().save()
    assert [Patient.objects.count(), Patient.history.count()] == [0, 0]
    assert RecordCounter.objects.count() == 0


def test_change_without_a_writer_is_refused():
    laser = LaserFactory(name="Before")
    laser.name = "After"
    with pytest.raises(AnonymousWriteError):
        laser.save()
    assert list(Laser.objects.values_list("name", "version")) == [("Before", 1)]


def test_new_record_may_name_its_writer(clinician):
    laser = Laser.objects.create(name="Gentle", created_by=clinician)
    assert [laser.created_by, laser.changed_by] == [clinician, clinician]


def test_change_keeps_its_author_and_names_its_writer(clinician, manager):
    laser = LaserFactory(by=manager)
    laser.save(by=clinician)
    laser.refresh_from_db()
    assert [laser.created_by, laser.changed_by] == [manager, clinician]
    assert laser.created_at < laser.changed_at


def test_version_goes_up_by_one_with_every_save(manager):
    laser = LaserFactory(by=manager)
    laser.name = "Renamed"
    laser.save(by=manager)
    laser.save(by=manager)  # unchanged, yet somebody pressed save
    assert laser.version == 3
    assert list(Laser.history.order_by("pk").values_list("version", flat=True)) == [1, 2, 3]


def test_stale_save_is_refused_and_writes_nothing(manager):
    laser = LaserFactory(name="First")
    stale = Laser.objects.get()
    laser.name = "Second"
    laser.save(by=manager)
    stale.name = "Third"
    with pytest.raises(StaleRecordError):
        stale.save(by=manager)
    assert list(Laser.objects.values_list("name", "version")) == [("Second", 2)]
    assert Laser.history.count() == 2


def test_stale_save_is_welcome_after_reading_again(manager):
    laser = LaserFactory()
    Laser.objects.get().save(by=manager)
    laser.refresh_from_db()
    laser.save(by=manager)
    assert laser.version == 3


def test_history_has_user_and_reason(clinician, manager):
    laser = LaserFactory(by=manager)
    laser.in_service = False
    laser.save(by=clinician, reason="Lamp broken.")
    rows = laser.history.order_by("pk")
    assert list(
        rows.values_list("history_type", "history_user", "history_change_reason", "in_service")
    ) == [("+", manager.pk, None, True), ("~", clinician.pk, "Lamp broken.", False)]


@pytest.mark.parametrize(
    "factory", [PatientFactory, ConsultationFactory, LaserFactory, SessionFactory]
)
def test_delete_is_refused(factory):
    record = factory()
    with pytest.raises(NotImplementedError):
        record.delete()
    with pytest.raises(NotImplementedError):
        type(record).objects.all().delete()
    assert type(record).objects.count() == 1


def test_history_is_never_changed_nor_deleted():
    laser = LaserFactory()
    row = laser.history.get()
    for rows in (laser.history.all(), Laser.history.all(), Laser.history.model.objects.all()):
        for write in (rows.delete, lambda rows=rows: rows.update(name="Other")):
            with pytest.raises(NotImplementedError):
                write()
    for write in (row.save, row.delete):
        with pytest.raises(NotImplementedError):
            write()
    assert list(laser.history.all()) == [row]


def test_history_cannot_be_switched_off(settings):
    settings.SIMPLE_HISTORY_ENABLED = False
    with pytest.raises(ImproperlyConfigured):
        apps.get_app_config("consultations").ready()


def test_one_form_makes_one_record(manager):
    token = uuid4()
    LaserFactory(form_token=token)
    with pytest.raises(IntegrityError), transaction.atomic():
        LaserFactory(form_token=token)
    assert Laser.objects.count() == 1


def test_signed_record_refuses_save(clinician):
    consultation = ConsultationFactory(signed_by=clinician, signed_at=timezone.now())
    consultation.concern = "Changed."
    with pytest.raises(SignedRecordError):
        consultation.save(by=clinician)
    consultation.refresh_from_db()
    assert [consultation.concern, consultation.version] == ["", 1]


def test_record_signed_meanwhile_refuses_save(clinician):
    consultation = ConsultationFactory()
    other = type(consultation).objects.get()
    other.signed_by, other.signed_at = clinician, timezone.now()
    other.save(by=clinician)
    with pytest.raises(SignedRecordError):
        consultation.save(by=clinician)


def test_signed_record_may_be_corrected_as_a_whole(clinician):
    consultation = ConsultationFactory(signed_by=clinician, signed_at=timezone.now())
    consultation.save(by=clinician, correcting=True)
    assert consultation.version == 2


IN_ERROR = [
    (PatientFactory, "patient_in_error_says_who_when_why"),
    (ConsultationFactory, "consultation_in_error_says_who_when_why"),
    (AssessmentFactory, "areaassessment_in_error_says_who_when_why"),
    (ReferralFactory, "surgicalreferral_in_error_says_who_when_why"),
    (PlanFactory, "treatmentplan_in_error_says_who_when_why"),
    (SessionFactory, "treatmentsession_in_error_says_who_when_why"),
    (EventFactory, "adverseevent_in_error_says_who_when_why"),
    (FollowUpFactory, "followup_in_error_says_who_when_why"),
    (DocumentFactory, "issueddocument_in_error_says_who_when_why"),
    (AddendumFactory, "addendum_in_error_says_who_when_why"),
    (ClinicSettingsFactory, "clinicsettings_in_error_says_who_when_why"),
    (LaserFactory, "laser_in_error_says_who_when_why"),
    (LaserModeFactory, "lasermode_in_error_says_who_when_why"),
    (AuthorisedUserFactory, "authoriseduser_in_error_says_who_when_why"),
    (LaserServiceFactory, "laserservice_in_error_says_who_when_why"),
    (LaserIncidentFactory, "laserincident_in_error_says_who_when_why"),
    (PhotoFactory, "photo_in_error_says_who_when_why"),
    (PhotoUseFactory, "photouse_in_error_says_who_when_why"),
    (ConsentFactory, "consent_in_error_says_who_when_why"),
    (ConsentWordingFactory, "consentwording_in_error_says_who_when_why"),
    (AppointmentFactory, "appointment_in_error_says_who_when_why"),
    (AppointmentPlanFactory, "appointmentplan_in_error_says_who_when_why"),
    (TestPatchFactory, "testpatch_in_error_says_who_when_why"),
    (SurgeonFactory, "surgeon_in_error_says_who_when_why"),
    (SendingFactory, "referralsending_in_error_says_who_when_why"),
    (RoomFactory, "room_in_error_says_who_when_why"),
    (OpeningHoursFactory, "openinghours_in_error_says_who_when_why"),
    (ClosedDayFactory, "closedday_in_error_says_who_when_why"),
    (AbsenceFactory, "absence_in_error_says_who_when_why"),
    (AppointmentReasonFactory, "appointmentreason_in_error_says_who_when_why"),
    (AppointmentLengthFactory, "appointmentlength_in_error_says_who_when_why"),
    (MessageTemplateFactory, "messagetemplate_in_error_says_who_when_why"),
    (PreCareFactory, "precare_in_error_says_who_when_why"),
    (PaymentFactory, "payment_in_error_says_who_when_why"),
    (DiscountFactory, "discount_in_error_says_who_when_why"),
]


@pytest.mark.parametrize(
    ("missing", "blank"),
    [
        ("entered_in_error_at", None),
        ("entered_in_error_by", None),
        ("entered_in_error_reason", ""),
    ],
)
@pytest.mark.parametrize(("factory", "promise"), IN_ERROR)
def test_in_error_in_part(factory, promise, missing, blank, clinician):
    whole = {
        "entered_in_error_at": timezone.now(),
        "entered_in_error_by": clinician,
        "entered_in_error_reason": "Wrong patient.",
    }
    breaks(promise, factory(), **whole | {missing: blank})


def test_standing_leaves_out_what_is_in_error(manager):
    standing = LaserFactory()
    in_error = LaserFactory(
        entered_in_error_at=timezone.now(),
        entered_in_error_by=manager,
        entered_in_error_reason="Sold.",
    )
    assert list(Laser.objects.standing()) == [standing]
    assert [standing.in_error, in_error.in_error] == [False, True]
