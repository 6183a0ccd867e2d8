"""Surgery that the record knows of, wherever it was written, as the rules are told of it."""

from datetime import date

import pytest

from consultations.summaries.past import past_of
from tests.factories import AssessmentFactory, ConsultationFactory, PatientFactory, ReferralFactory

pytestmark = pytest.mark.django_db

MARCH, MAY, JUNE, AUGUST = (date(2025, month, 3) for month in (3, 5, 6, 8))
NOTHING = {
    "surgery_on": None,
    "surgery_kind": None,
    "recovered_from_surgery": None,
    "surgeon_cleared": None,
    "referral_open": None,
}
OPERATED = {"status": "operated", "sent_on": MARCH, "operated_on": MAY}
RECOVERED = {**OPERATED, "status": "recovered", "recovered_on": JUNE}
RETURNED = {"status": "closed", "closure": "returned_for_touch_up", "closed_on": JUNE}


@pytest.fixture
def patient():
    return PatientFactory()


def assessed(patient, on, **options):
    return AssessmentFactory(
        consultation=ConsultationFactory(patient=patient, consulted_on=on), **options
    )


def referred(patient, **options):
    return ReferralFactory(assessment=assessed(patient, MARCH, severe=True), **options)


def known(own, on=AUGUST):
    return past_of(own.patient).facts(own, on)


def test_nothing_is_known(patient):
    assessed(patient, MARCH)
    assessed(patient, MARCH, area="neck", surgery_on=MARCH)
    assert known(assessed(patient, AUGUST)) == NOTHING


@pytest.mark.parametrize(
    ("state", "recovered"),
    [
        (OPERATED, None),
        (RECOVERED, True),
        ({**OPERATED, **RETURNED}, None),
        ({**RECOVERED, **RETURNED}, True),
    ],
)
def test_referral_tells_the_operation(patient, state, recovered):
    referred(patient, **state)
    facts = NOTHING | {"surgery_on": MAY, "recovered_from_surgery": recovered}
    assert known(assessed(patient, AUGUST)) == facts


def test_operation_after_the_day_is_not_known_yet(patient):
    referred(patient, **OPERATED)
    own = assessed(patient, date(2025, 5, 2))
    assert [known(own, on)["surgery_on"] for on in (date(2025, 5, 2), MAY)] == [None, MAY]


def test_recovery_after_the_day_is_not_known_yet(patient):
    referred(patient, **RECOVERED)
    own = assessed(patient, MAY)
    days = (date(2025, 6, 2), JUNE)
    assert [known(own, on)["recovered_from_surgery"] for on in days] == [None, True]


def test_recovered_is_believed_once_the_referral_is_back(patient):
    referred(patient, **OPERATED | RETURNED)
    own = assessed(patient, AUGUST, recovered_from_surgery=True, surgery_kind="lift")
    assert known(own) == NOTHING | {
        "surgery_on": MAY,
        "surgery_kind": "lift",
        "recovered_from_surgery": True,
    }


def test_recovered_is_not_believed_before(patient):
    referred(patient, **OPERATED)
    own = assessed(patient, AUGUST, recovered_from_surgery=True)
    assert known(own)["recovered_from_surgery"] is None


@pytest.mark.parametrize(("on", "recovered"), [(MAY, True), (JUNE, False), (AUGUST, False)])
def test_not_recovered_holds_from_the_day_it_was_said(patient, on, recovered):
    referred(patient, **RECOVERED)
    assessed(patient, on, recovered_from_surgery=False)
    assert known(assessed(patient, AUGUST))["recovered_from_surgery"] is recovered


def test_earlier_operation_that_was_typed_does_not_hide_the_later_one(patient):
    referred(patient, **OPERATED | RETURNED)
    own = assessed(
        patient,
        MARCH,
        surgery_on=date(2020, 1, 1),
        surgery_kind="lift",
        recovered_from_surgery=True,
        surgeon_cleared=True,
    )
    assert known(own) == NOTHING | {"surgery_on": MAY}


def test_later_operation_that_is_typed_counts(patient):
    referred(patient, **RECOVERED | RETURNED)
    own = assessed(patient, AUGUST, surgery_on=date(2025, 7, 1), surgery_kind="excision")
    assert known(own) == NOTHING | {"surgery_on": date(2025, 7, 1), "surgery_kind": "excision"}


def test_surgery_typed_in_another_consultation_counts(patient):
    assessed(patient, MAY, surgery_on=MARCH, surgery_kind="lift", recovered_from_surgery=False)
    assert known(assessed(patient, AUGUST)) == NOTHING | {
        "surgery_on": MARCH,
        "surgery_kind": "lift",
        "recovered_from_surgery": False,
    }
    assert known(assessed(patient, MARCH), MARCH) == NOTHING


def test_latest_answer_corrects_earlier_ones(patient):
    assessed(patient, MAY, surgery_on=MARCH, recovered_from_surgery=False)
    own = assessed(patient, AUGUST, surgery_on=date(2024, 3, 3), recovered_from_surgery=True)
    facts = NOTHING | {"surgery_on": date(2024, 3, 3), "recovered_from_surgery": True}
    assert known(own) == facts


def test_return_without_a_day_of_surgery_is_not_recovered(patient):
    referred(patient, sent_on=MARCH, **RETURNED)
    assert known(assessed(patient, AUGUST)) == NOTHING | {"recovered_from_surgery": False}


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        ({}, True),
        ({"status": "sent", "sent_on": MARCH}, True),
        (OPERATED, None),
        ({"status": "closed", "closure": "patient_declined", "closed_on": JUNE}, None),
    ],
)
def test_open_referral_of_another_assessment(patient, state, is_open):
    referral = referred(patient, **state)
    assert known(assessed(patient, AUGUST))["referral_open"] is is_open
    assert known(referral.assessment)["referral_open"] is None


def test_records_in_error_and_of_others_do_not_count(patient, clinician):
    wrong = {
        "entered_in_error_at": "2025-06-01T10:00Z",
        "entered_in_error_by": clinician,
        "entered_in_error_reason": "Wrong area.",
    }
    referred(patient, **OPERATED, **wrong)
    referred(PatientFactory(), **OPERATED)
    assessed(patient, MAY, surgery_on=MARCH, **wrong)
    assert known(assessed(patient, AUGUST)) == NOTHING


def test_two_records_of_one_person_are_read_as_one(patient):
    other = PatientFactory()
    referred(other, **OPERATED)
    own = assessed(patient, AUGUST)
    assert past_of(patient, other).facts(own, AUGUST)["surgery_on"] == MAY


def test_past_takes_three_queries(patient, django_assert_num_queries):
    for area in ("neck", "arms"):
        ReferralFactory(assessment=assessed(patient, MARCH, severe=True, area=area), **OPERATED)
    own = assessed(patient, AUGUST, area="neck")
    with django_assert_num_queries(3):
        known(own)
