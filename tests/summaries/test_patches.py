"""Test patches: the latest by the day counts, wherever it was written, as it was known that day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from consultations.summaries.facts import area_facts
from consultations.vocabulary import Area, LaserType
from tests.factories import (
    AssessmentFactory,
    LaserModeFactory,
    PatientFactory,
    TestPatchFactory,
)

pytestmark = pytest.mark.django_db

FEBRUARY, MARCH, APRIL = date(2025, 2, 3), date(2025, 3, 3), date(2025, 4, 1)
NONE = (None, None, None, None)


@pytest.fixture
def patient():
    return PatientFactory()


def known(patient, on=MARCH, **assessed):
    """Day, result, clearance and laser type that the rules are told of, for the patient's face."""
    own = AssessmentFactory(
        consultation__patient=patient, consultation__consulted_on=MARCH, **assessed
    )
    facts = area_facts(own, on=on)
    return (
        facts.test_patch_on,
        facts.test_patch_result,
        facts.test_patch_cleared,
        facts.test_patch_laser,
    )


def patch(patient, done_on=FEBRUARY, **options):
    return TestPatchFactory(patient=patient, done_on=done_on, **options)


def test_nothing_is_known_where_none_was_done(patient):
    patch(patient, area=Area.NECK)
    TestPatchFactory(done_on=FEBRUARY)
    assert known(patient) == NONE


def test_latest_by_the_day_counts(patient):
    mode = LaserModeFactory(laser_type=LaserType.ABLATIVE_FRACTIONAL)
    patch(patient, laser_mode=mode)
    patch(patient, date(2025, 1, 6), reaction=True)
    patch(patient, date(2025, 3, 4), reaction=True)
    assert known(patient) == (FEBRUARY, "clear", None, "ablative_fractional")


def test_of_two_on_one_day_the_one_written_last_counts(patient):
    patch(patient)
    patch(patient, reaction=True)
    assert known(patient) == (FEBRUARY, "reaction", None, None)


def test_one_in_error_does_not_count(patient, clinician):
    wrong = {"entered_in_error_at": timezone.now(), "entered_in_error_reason": "Wrong patient."}
    patch(patient, reaction=True, entered_in_error_by=clinician, **wrong)
    assert known(patient) == NONE


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ({"test_patch_on": FEBRUARY, "test_patch_result": "reaction"}, (FEBRUARY, "reaction")),
        ({"test_patch_result": "clear"}, (MARCH, "clear")),
        ({"test_patch_on": FEBRUARY}, (FEBRUARY, "awaited")),
    ],
)
def test_what_an_assessment_was_told_counts_as_one_of_that_day(patient, told, counts):
    assert known(patient, **told) == (*counts, None, None)


def test_what_another_assessment_was_told_counts_too(patient):
    AssessmentFactory(
        consultation__patient=patient,
        consultation__consulted_on=FEBRUARY,
        test_patch_result="reaction",
    )
    assert known(patient) == (FEBRUARY, "reaction", None, None)


def test_later_of_what_was_told_and_what_was_recorded_counts(patient):
    patch(patient, date(2025, 2, 4))
    assert known(patient, test_patch_on=FEBRUARY, test_patch_result="reaction") == (
        date(2025, 2, 4),
        "clear",
        None,
        None,
    )


@pytest.mark.parametrize(("on", "result"), [(MARCH, "awaited"), (APRIL, "reaction")])
def test_read_later_than_the_day_it_is_awaited(patient, on, result):
    patch(patient, reaction=True, read_on=APRIL)
    assert known(patient, on) == (FEBRUARY, result, None, None)


@pytest.mark.parametrize(("on", "cleared"), [(MARCH, None), (APRIL, True)])
def test_cleared_later_than_the_day_it_is_not_yet(patient, clinician, on, cleared):
    at = datetime(2025, 4, 1, 9, tzinfo=UTC)
    patch(patient, reaction=True, clearance="Faded.", cleared_by=clinician, cleared_at=at)
    assert known(patient, on) == (FEBRUARY, "reaction", cleared, None)


def typed(laser_type):
    return LaserModeFactory(laser_type=laser_type)


@pytest.mark.parametrize("order", [("reaction", "clear"), ("clear", "reaction")])
def test_of_two_on_one_day_the_one_that_stops_counts(patient, order):
    for result in order:
        patch(patient, result=result)
    assert known(patient)[1] == "reaction"


def test_of_two_clear_on_one_day_the_deeper_counts(patient):
    for laser in (LaserType.ABLATIVE_FRACTIONAL, LaserType.NON_ABLATIVE):
        patch(patient, laser_mode=typed(laser))
    assert known(patient)[3] == LaserType.ABLATIVE_FRACTIONAL


JANUARY = date(2025, 1, 6)


@pytest.mark.parametrize(
    ("later", "counts"),
    [
        (LaserType.NON_ABLATIVE, "reaction"),
        (LaserType.NON_ABLATIVE_FRACTIONAL, "clear"),
        (LaserType.ABLATIVE_FULL, "clear"),
        (None, "clear"),
    ],
)
def test_reaction_stands_until_a_patch_as_deep_is_clear(patient, later, counts):
    mode = typed(LaserType.NON_ABLATIVE_FRACTIONAL)
    patch(patient, JANUARY, reaction=True, laser_mode=mode)
    patch(patient, FEBRUARY, laser_mode=typed(later) if later else None)
    assert known(patient)[1] == counts


def test_laser_of_a_patch_is_what_its_mode_was_that_day(patient, manager):
    mode = typed(LaserType.NON_ABLATIVE)
    patch(patient, timezone.localdate() - timedelta(days=1), laser_mode=mode)
    mode.laser_type = LaserType.ABLATIVE_FULL
    mode.save(by=manager)
    assert known(patient, on=timezone.localdate())[3] == LaserType.NON_ABLATIVE
