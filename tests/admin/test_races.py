"""The same form posted at the same moment: stored once, and nobody is shown a broken page."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from consultations.actions.roles import sync_roles
from consultations.models import Consultation, Patient, SurgicalReferral, TreatmentSession
from consultations.permissions import CLINICIAN
from tests.factories import LaserModeFactory, PatientFactory, PlanFactory, UserFactory

from . import answers
from .browsing import Browser, add_url, change_url

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 10
PATIENCE = 60


@pytest.fixture
def colleague():
    sync_roles()
    return UserFactory(role=CLINICIAN)


def post_at_once(user, url, forms):
    """Each form posted by a browser of its own, all together; the statuses, in order."""
    browsers = [Browser(user) for _form in forms]
    start = Barrier(len(forms), timeout=PATIENCE)

    def post(browser, data):
        browser.client.raise_request_exception = False
        start.wait()
        try:
            return browser.post(url, data, follow=False).status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(forms)) as people:
        posted = [people.submit(post, *pair) for pair in zip(browsers, forms, strict=True)]
        return [one.result(PATIENCE) for one in posted]


def session_form(user, plan):
    url = add_url("treatmentsession", plan=plan.pk)
    return url, Browser(user).open(url).form | answers.session(LaserModeFactory(), "2025-04-01")


def test_one_session_form_posted_by_ten_is_stored_once(colleague):
    url, form = session_form(colleague, PlanFactory())
    statuses = post_at_once(colleague, url, [form] * PEOPLE)
    assert [set(statuses) <= {200, 302}, TreatmentSession.objects.count()] == [True, 1]


@pytest.mark.parametrize("reason", ["", "Leaves the country."])
def test_ten_forms_of_one_session_are_stored_once(colleague, reason):
    url, form = session_form(colleague, PlanFactory())
    forms = [form | {"token": "", "override_reason": reason}] * PEOPLE
    statuses = post_at_once(colleague, url, forms)
    assert sorted(statuses) == [200] * 9 + [302]
    assert TreatmentSession.objects.count() == 1


def test_one_consultation_form_posted_by_ten_is_stored_once(colleague):
    url = add_url("consultation", patient=PatientFactory().pk)
    form = Browser(colleague).open(url).form | answers.areas(("face", "mild"), ("neck", "severe"))
    statuses = post_at_once(colleague, url, [form] * PEOPLE)
    assert set(statuses) <= {200, 302}
    assert [Consultation.objects.count(), SurgicalReferral.objects.count()] == [1, 1]


def test_one_patient_form_posted_by_ten_is_stored_once(colleague):
    form = Browser(colleague).open(add_url("patient")).form
    form |= {"family_name": "Okafor", "date_of_birth": "1980-05-17"}
    statuses = post_at_once(colleague, add_url("patient"), [form] * PEOPLE)
    assert [set(statuses) <= {200, 302}, Patient.objects.count()] == [True, 1]


def test_ten_changes_of_one_record_keep_one(colleague):
    patient = PatientFactory()
    form = Browser(colleague).open(change_url(patient)).form
    forms = [form | {"phone": f"100{number}"} for number in range(PEOPLE)]
    statuses = post_at_once(colleague, change_url(patient), forms)
    patient.refresh_from_db()
    assert [sorted(statuses), patient.version] == [[200] * 9 + [302], 2]
