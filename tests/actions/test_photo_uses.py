"""Using photos outside the record: only with consent, and down again by a press."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.consents import withdraw
from consultations.actions.photo_uses import keep_use, take_down
from consultations.actions.signing import mark_in_error
from consultations.models import PhotoUse
from tests.factories import ConsentFactory, PhotoFactory, PhotoUseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    """Of a patient who agrees to photos and to their use in advertising."""
    photo = PhotoFactory(patient=ConsentFactory().patient)
    ConsentFactory(patient=photo.patient, wording__kind="publicity")
    return photo


def keep(photo, by, **others):
    return keep_use(use=PhotoUseFactory.build(photo=photo, **others), by=by)


def refused(photo, by, **others):
    with pytest.raises(ValidationError) as told:
        keep(photo, by, **others)
    assert not PhotoUse.objects.exists()
    return told.value


def test_use_is_kept_while_the_patient_agrees(photo, practitioner):
    use = keep(photo, practitioner, since=timezone.localdate())
    assert list(PhotoUse.objects.up()) == [use]
    assert use.created_by == practitioner


@pytest.mark.parametrize("given", [{"withdrawn_on": date(2025, 4, 1)}, {"wording__kind": "photo"}])
def test_no_use_without_consent_to_advertising(practitioner, given):
    photo = PhotoFactory(patient=ConsentFactory().patient)
    ConsentFactory(patient=photo.patient, **{"wording__kind": "publicity", **given})
    told = refused(photo, practitioner, since=timezone.localdate())
    assert told.messages == ["The patient has not agreed to photos in advertising."]


def test_what_went_up_before_the_withdrawal_is_recorded_when_it_is_found(photo, practitioner):
    consent = photo.patient.consents.get(wording__kind="publicity")
    today = timezone.localdate()
    withdraw(consent=consent, on=today - timedelta(days=3), reason="", by=practitioner)
    told = refused(photo, practitioner, since=today - timedelta(days=2))
    assert told.messages == ["The patient has not agreed to photos in advertising."]
    use = keep(photo, practitioner, since=today - timedelta(days=4))
    assert list(PhotoUse.objects.to_take_down()) == [use]


def test_no_use_of_a_hidden_photo(practitioner, clinician, photo):
    mark_in_error(record=photo, by=clinician, reason="Another patient.")
    assert refused(photo, practitioner).messages == ["This photo is hidden, so it is not used."]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"since": 1}, {"since": ["This date is in the future."]}),
        ({"since": -9999}, {"since": ["This is before the photo was taken."]}),
        ({"since": -1, "down_on": 1}, {"down_on": ["This date is in the future."]}),
    ],
)
def test_days_that_cannot_be_are_refused(photo, practitioner, days, told):
    today = timezone.localdate()
    days = {name: today + timedelta(days=count) for name, count in days.items()}
    assert refused(photo, practitioner, **days).message_dict == told


def test_photo_of_somebody_else_that_is_up_comes_down(photo, practitioner, clinician):
    use = keep(photo, practitioner)
    mark_in_error(record=photo, by=clinician, reason="Another patient.")
    assert list(PhotoUse.objects.to_take_down()) == [use]


def test_withdrawing_leaves_what_is_up_to_be_taken_down(photo, practitioner, manager):
    use = keep(photo, practitioner)
    consent = photo.patient.consents.get(wording__kind="publicity")
    today = timezone.localdate()
    withdraw(consent=consent, on=today, reason="", by=practitioner)
    assert list(PhotoUse.objects.to_take_down()) == [use]
    take_down(use=use, by=manager)
    assert not PhotoUse.objects.to_take_down().exists()
    assert [use.down_on, use.changed_by] == [today, manager]


def test_what_is_down_is_not_taken_down_again(manager):
    use = PhotoUseFactory(down_on=date(2025, 4, 1))
    with pytest.raises(ValidationError, match="taken down already"):
        take_down(use=use, by=manager)
    use.refresh_from_db()
    assert use.down_on == date(2025, 4, 1)


def test_use_is_corrected_after_the_consent_was_withdrawn(practitioner):
    use = PhotoUseFactory()
    use.where = "The leaflet of spring"
    keep_use(use=use, by=practitioner)
    use.refresh_from_db()
    assert use.where == "The leaflet of spring"
