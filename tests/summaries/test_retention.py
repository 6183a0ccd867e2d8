"""How long a record is kept: from whichever contact came last, and not a day longer."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from consultations.models import Patient
from consultations.summaries.person import person_of
from consultations.trust.retention import (
    due_for_erasure,
    retention_of,
    retention_years,
    years_after,
)
from consultations.vocabulary import FollowUpKind
from tests.factories import (
    ClinicSettingsFactory,
    ConsentFactory,
    ConsultationFactory,
    DocumentFactory,
    EventFactory,
    FollowUpFactory,
    PatientFactory,
    PhotoFactory,
    PlanFactory,
    SessionFactory,
    appointment_for,
)

pytestmark = pytest.mark.django_db

REGISTERED = datetime(2010, 1, 1, 12, tzinfo=UTC)
DAY = date(2014, 6, 1)
NOON = time(12)
ENDS = date(2024, 6, 1)


def old(**options):
    return PatientFactory(created_at=REGISTERED, **options)


def last_of(patient):
    return retention_of(person_of(patient)).last_contact


def due():
    return [one.patient for one in due_for_erasure()[0]]


def contacts():
    yield lambda patient: ConsultationFactory(patient=patient, consulted_on=DAY)
    yield lambda patient: PhotoFactory(patient=patient, taken_on=DAY)
    yield lambda patient: DocumentFactory(patient=patient, issued_on=DAY)
    yield lambda patient: FollowUpFactory(
        patient=patient, due_on=DAY, done_on=DAY, done_by=patient.created_by, outcome="Well."
    )
    yield lambda patient: ConsentFactory(patient=patient, given_on=DAY)
    yield lambda patient: SessionFactory(plan=plan_of(patient), performed_on=DAY)
    yield lambda patient: EventFactory(session=SessionFactory(plan=plan_of(patient)), onset_on=DAY)


def plan_of(patient):
    consultation = ConsultationFactory(patient=patient, consulted_on=date(2011, 1, 1))
    return PlanFactory(assessment__consultation=consultation)


@pytest.mark.parametrize("make", [*contacts()])
def test_every_kind_of_contact_counts(make):
    patient = old()
    make(patient)
    assert last_of(patient) == DAY
    with time_machine.travel(datetime(2024, 5, 31, 12, tzinfo=UTC)):
        assert due() == []
    with time_machine.travel(datetime(2024, 6, 1, 12, tzinfo=UTC)):
        assert due() == [patient]


def test_registration_alone():
    retention = retention_of(person_of(old()))
    assert (retention.last_contact, retention.ends_on) == (date(2010, 1, 1), date(2020, 1, 1))


def test_what_is_in_error_booked_or_waiting_does_not_count(clinician):
    patient = old()
    now = {"entered_in_error_at": REGISTERED, "entered_in_error_by": clinician}
    ConsultationFactory(patient=patient, entered_in_error_reason="Wrong.", **now)
    FollowUpFactory(patient=patient, kind=FollowUpKind.RECALL)
    appointment_for(plan_of(patient))
    assert last_of(patient) == date(2011, 1, 1)
    assert due() == [patient]


def test_the_clinic_sets_the_period():
    patient = old()
    ClinicSettingsFactory(retention_years=30)
    assert retention_of(person_of(patient)).ends_on == date(2040, 1, 1)
    assert due() == []


def test_a_merged_record_counts_with_the_one_that_goes_on(clinician):
    patient, merged = old(), old()
    merged.entered_in_error_by, merged.entered_in_error_reason = clinician, "Twice."
    merged.entered_in_error_at, merged.merged_into = REGISTERED, patient
    merged.save(by=clinician)
    assert due() == [patient]
    ConsultationFactory(patient=merged, consulted_on=date(2025, 1, 1))
    assert due() == []


def test_the_erased_are_not_due():
    patient = old()
    Patient.objects.filter(pk=patient.pk).update(erased_at=REGISTERED)
    assert due() == []


def test_a_leap_day():
    assert years_after(date(2016, 2, 29), 10) == date(2026, 3, 1)
    patient = PatientFactory(created_at=datetime(2016, 2, 29, 12, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 2, 28, 12, tzinfo=UTC)):
        assert due() == []
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        assert due() == [patient]


def test_queries_do_not_grow(django_assert_num_queries):
    old()
    with django_assert_num_queries(16):
        due_for_erasure()
    for _number in range(5):
        plan_of(old())
    with django_assert_num_queries(16):
        due_for_erasure()


def test_the_period_is_never_below_the_floor(settings):
    ClinicSettingsFactory(retention_years=1)
    assert retention_years() == 8
    settings.RETENTION_FLOOR_YEARS = 20
    assert retention_years() == 20


@pytest.mark.parametrize(
    ("born", "last", "years", "ends"),
    [
        (date(2008, 3, 5), date(2014, 6, 1), 10, date(2033, 3, 5)),  # a child of six
        (date(1997, 6, 2), date(2014, 6, 1), 10, date(2024, 6, 1)),  # 16, and the period is longer
        (date(1998, 6, 1), date(2014, 6, 1), 8, date(2023, 6, 1)),  # 16 since that very day
        (date(1997, 6, 1), date(2014, 6, 1), 8, date(2023, 6, 1)),  # 17: the 26th birthday
        (date(1996, 6, 2), date(2014, 6, 1), 8, date(2022, 6, 2)),  # 17 for one day more
        (date(1996, 6, 1), date(2014, 6, 1), 8, date(2022, 6, 1)),  # an adult since that very day
        (date(2008, 3, 5), date(2014, 6, 1), 30, date(2044, 6, 1)),  # never before the period
        (date(2008, 2, 29), date(2014, 6, 1), 10, date(2033, 3, 1)),  # a leap day
    ],
)
def test_a_childs_record_is_kept_until_it_is_25_or_26(born, last, years, ends):
    ClinicSettingsFactory(retention_years=years)
    patient = old(date_of_birth=born)
    ConsultationFactory(patient=patient, consulted_on=last)
    assert retention_of(person_of(patient)).ends_on == ends
    with time_machine.travel(datetime.combine(ends - timedelta(days=1), NOON, UTC)):
        assert due() == []
    with time_machine.travel(datetime.combine(ends, NOON, UTC)):
        assert due() == [patient]
