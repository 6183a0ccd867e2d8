"""Every page about somebody is kept as an opening of their record, once."""

from collections import Counter

import pytest

from consultations.actions.signing import patient_of
from consultations.models import AccessRecord
from tests.factories import UserFactory

from .test_registry import PAGES
from .world import admin_url, make_world

pytestmark = pytest.mark.django_db

# A thumbnail belongs to the page around it.
NOT_BY_ITSELF = ("changelist", "add", "thumbnail")


@pytest.fixture
def world():
    return make_world(UserFactory(username="colleague"))


def pages_about_somebody(world):
    """The address of each page of a record, and the patients that it shows."""
    for model, page in PAGES:
        if page in NOT_BY_ITSELF or model == "user":
            continue
        if (patient := patient_of(world.records[model])) is not None:
            yield world.url(model, page), [patient]
    for page in ("change", "addendum", "history", "entered_in_error"):
        yield admin_url("consultation", page, world.signed.pk), [world.patient]
    both = [world.patient, world.other]
    yield f"{world.url('consultation', 'move')}?to={world.other.pk}", both
    yield f"{world.url('patient', 'merge')}?with={world.other.pk}", both
    yield f"{world.url('consultation', 'move')}?to={world.patient.pk}", [world.patient]
    yield f"{world.url('patient', 'merge')}?with={world.patient.pk}", [world.patient]
    query = f"?patient={world.patient.pk}"
    yield f"{admin_url('consultation', 'add')}{query}", [world.patient]


def openings():
    return Counter(AccessRecord.objects.filter(patient__isnull=False).values_list("patient"))


def test_every_page_about_somebody_is_one_opening_each(world, admin, client_for):
    client, wrong, looked = client_for(admin), {}, 0
    for url, patients in pages_about_somebody(world):
        before, answer = openings(), client.get(url)
        if answer.status_code != 200:
            continue
        looked += 1
        found = openings() - before
        if found != Counter((one.pk,) for one in patients):
            wrong[url] = found
    assert wrong == {}
    assert looked > 30
