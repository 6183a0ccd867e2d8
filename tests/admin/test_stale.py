"""Two people at one form: the second is shown what changed, loses nothing, and may keep theirs."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from consultations.actions.signing import mark_in_error
from consultations.models import Patient
from consultations.permissions import CLINICIAN, RECEPTION
from tests.factories import (
    AssessmentFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    UserFactory,
)

from .browsing import Browser, change_url

pytestmark = pytest.mark.django_db

SAVED = "Nothing was saved. What you typed is still here; what differs is marked."


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


def stale(browser, url, theirs, mine):
    """Open a form, let somebody else save it, then post what was typed meanwhile."""
    data = browser.open(url).form
    browser.fill(url, theirs)
    return browser.post(url, data | mine)


def test_stale_form_shows_theirs_and_keeps_mine(browser):
    patient = PatientFactory(phone="1001")
    page = stale(browser, change_url(patient), {"phone": "1002"}, {"phone": "1003"})
    assert page.errors["phone"] == ["Now: 1002"]
    assert SAVED in page.errors[""][0]
    assert page.errors[""][0].startswith("clinician changed this on ")
    assert page.form["phone"] == "1003"
    patient.refresh_from_db()
    assert patient.phone == "1002"


def test_stale_form_saved_again_keeps_mine(browser):
    patient = PatientFactory(phone="1001")
    page = stale(browser, change_url(patient), {"phone": "1002"}, {"phone": "1003"})
    assert browser.post(change_url(patient), page.form).errors == {}
    patient.refresh_from_db()
    assert [patient.phone, patient.version] == ["1003", 3]


def test_stale_form_posted_twice_from_the_same_page_is_refused_twice(browser):
    patient = PatientFactory(phone="1001")
    data = browser.open(change_url(patient)).form | {"phone": "1003"}
    browser.fill(change_url(patient), {"phone": "1002"})
    for _time in range(2):
        assert browser.post(change_url(patient), data).errors["phone"] == ["Now: 1002"]
    assert Patient.objects.get().phone == "1002"


def test_changed_form_posted_twice_saves_once(browser):
    patient = PatientFactory(phone="1001")
    data = browser.open(change_url(patient)).form | {"phone": "1003"}
    browser.post(change_url(patient), data)
    page = browser.post(change_url(patient), data)
    assert [page.status, page.errors] == [200, {}]
    patient.refresh_from_db()
    assert [patient.phone, patient.version, patient.history.count()] == ["1003", 2, 2]


@pytest.mark.parametrize("version", [None, "", "abc", "0", "99", "-1", "9" * 40])
def test_form_without_its_version_is_refused(browser, version):
    patient = PatientFactory(phone="1001")
    changes = {"phone": "1003", "read_version": version}
    page = browser.fill(change_url(patient), changes)
    assert page.errors
    patient.refresh_from_db()
    assert patient.phone == "1001"


def test_missing_version_says_so(browser):
    page = browser.fill(change_url(PatientFactory()), {"phone": "1003", "read_version": None})
    assert page.errors == {"": ["This form is incomplete. Reload the page and try again."]}


def test_stale_consultation_keeps_areas_and_notes(browser):
    face = AssessmentFactory()
    url = change_url(face.consultation)
    mine = {"notes": "Mine.", "assessments-0-skin_problem": "true"}
    page = stale(browser, url, {"notes": "Theirs."}, mine)
    assert page.errors["notes"] == ["Now: Theirs."]
    assert page.form["assessments-0-skin_problem"] == "true"
    face.refresh_from_db()
    assert face.skin_problem is None


def test_stale_area_shows_theirs_and_keeps_mine(browser):
    face = AssessmentFactory()
    url, field = change_url(face.consultation), "assessments-0-severity"
    page = stale(browser, url, {field: "moderate"}, {field: "severe"})
    assert page.errors[field] == ["Now: Moderate"]
    assert page.form[field] == "severe"
    page = browser.post(url, page.form)
    face.refresh_from_db()
    assert [page.errors, face.severity] == [{}, "severe"]


def test_stale_mode_shows_theirs_and_keeps_mine(manager):
    browser, mode = Browser(manager), LaserModeFactory()
    url, field = change_url(mode.laser), "modes-0-name"
    page = stale(browser, url, {field: "Theirs"}, {field: "Mine"})
    assert page.errors[field] == ["Now: Theirs"]
    assert browser.post(url, page.form).errors == {}
    mode.refresh_from_db()
    assert mode.name == "Mine"


def test_plan_moved_on_meanwhile_is_refused(browser):
    plan = PlanFactory()
    theirs = {"status": "stopped", "status_reason": "Moved away."}
    page = stale(browser, change_url(plan), theirs, {"interval_days": "35"})
    assert page.errors["status"] == ["Now: Stopped"]
    plan.refresh_from_db()
    assert [plan.status, plan.interval_days] == ["stopped", 28]


def test_area_changed_meanwhile_stops_a_change_of_the_notes(browser):
    face = AssessmentFactory()
    url, field = change_url(face.consultation), "assessments-0-severity"
    page = stale(browser, url, {field: "moderate"}, {"notes": "Mine."})
    assert page.errors[field] == ["Now: Moderate"]
    assert page.form["notes"] == "Mine."
    face.refresh_from_db()
    assert [face.severity, face.consultation.notes] == ["moderate", ""]


def test_notes_changed_meanwhile_stop_a_change_of_an_area(browser):
    face = AssessmentFactory()
    url, field = change_url(face.consultation), "assessments-0-severity"
    page = stale(browser, url, {"notes": "Theirs."}, {field: "moderate"})
    assert page.errors["notes"] == ["Now: Theirs."]
    face.refresh_from_db()
    assert face.severity == "mild"


def test_nobody_signs_what_they_have_not_seen(browser):
    face = AssessmentFactory()
    url = change_url(face.consultation)
    data = browser.open(url).form
    browser.fill(url, {"assessments-0-severity": "moderate"})
    page = browser.post(url, data | {"_sign": "1"})
    assert page.errors["assessments-0-severity"] == ["Now: Moderate"]
    face.consultation.refresh_from_db()
    assert not face.consultation.is_signed


NOT_SIGNED = "Saved, not signed: this changed after you opened it. Check it, then sign."


def add_area(consultation):
    AssessmentFactory(consultation=consultation, area="neck")


def strike_area(consultation):
    face = consultation.assessments.get()
    mark_in_error(record=face, by=face.created_by, reason="Wrong side.")


def add_allergy(consultation):
    consultation.patient.allergies = "Latex."
    consultation.patient.save(by=consultation.created_by)


@pytest.mark.parametrize("meanwhile", [add_area, strike_area, add_allergy])
def test_nobody_signs_what_came_or_went_meanwhile(browser, meanwhile):
    consultation = AssessmentFactory().consultation
    url = change_url(consultation)
    data = browser.open(url).form
    meanwhile(consultation)
    page = browser.post(url, data | {"notes": "Mine.", "_sign": "1"})
    assert (page.path, NOT_SIGNED in page.messages) == (url, True)
    consultation.refresh_from_db()
    assert [consultation.is_signed, consultation.notes] == [False, "Mine."]
    assert browser.sign(url).messages[-1] == "Signed. It is now read-only."


def test_a_stale_form_that_asks_for_what_is_there_writes_nothing(browser):
    face = AssessmentFactory()
    url, changes = change_url(face.consultation), {"assessments-0-severity": "moderate"}
    page = stale(browser, url, changes, changes)
    assert page.errors == {}
    face.refresh_from_db()
    assert [face.severity, face.version, face.history.count()] == ["moderate", 2, 2]


def test_stale_account_shows_theirs_and_keeps_mine(manager):
    browser, colleague = Browser(manager), UserFactory(first_name="Ada", role=RECEPTION)
    url = reverse("admin:auth_user_change", args=[colleague.pk])
    clinician = Group.objects.get(name=CLINICIAN)
    page = stale(browser, url, {"groups": [clinician.pk]}, {"first_name": "Ida"})
    assert page.errors["groups"] == ["Now: Clinician"]
    assert page.form["first_name"] == "Ida"
    assert list(colleague.groups.all()) == [clinician]
    assert browser.post(url, page.form | {"groups": [clinician.pk]}).errors == {}
    colleague.refresh_from_db()
    assert [colleague.first_name, list(colleague.groups.all())] == ["Ida", [clinician]]


def test_the_day_first_shown_can_be_kept_against_a_newer_one(browser):
    consultation = AssessmentFactory().consultation
    url, day = change_url(consultation), str(consultation.consulted_on)
    page = stale(browser, url, {"consulted_on": "2025-02-01"}, {"consulted_on": day})
    assert page.errors["consulted_on"] == ["Now: 1 Feb 2025"]
    assert browser.post(url, page.form).errors == {}
    consultation.refresh_from_db()
    assert str(consultation.consulted_on) == day


def test_account_form_without_its_version_is_refused(manager):
    browser, colleague = Browser(manager), UserFactory(first_name="Ada")
    url = reverse("admin:auth_user_change", args=[colleague.pk])
    page = browser.fill(url, {"first_name": "Ida", "read_version": None})
    assert page.errors["first_name"] == ["Now: Ada"]
    colleague.refresh_from_db()
    assert colleague.first_name == "Ada"
