"""The search box of every page: who is found, what each role reads, and at what cost."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin import site
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations.actions.signing import mark_in_error
from consultations.admin.pages.find import find as find_page
from consultations.models import Patient
from consultations.vocabulary import LaserType, Outcome, PlanStatus
from tests.factories import (
    AssessmentFactory,
    PatientFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
)

from .browsing import words

URL = reverse("admin:consultations_patient_find")
NOBODY = "Nobody found"


def find(client, text):
    return BeautifulSoup(client.get(URL, {"q": text}).content, "html.parser")


def told(soup):
    """The patients that are offered."""
    return [words(option) for option in soup.select("a[role=option]")]


@pytest.fixture
def clinical(clinician, client_for):
    return client_for(clinician)


@pytest.fixture
def desk(reception, client_for):
    return client_for(reception)


def make_course(by, **patient):
    """A face under treatment that is overdue, and a neck referred to surgery."""
    person = PatientFactory(by=by, **patient)
    face = AssessmentFactory(by=by, consultation__patient=person)
    plan = PlanFactory(by=by, assessment=face)
    SessionFactory(by=by, plan=plan)
    neck = AssessmentFactory(by=by, consultation=face.consultation, area="neck", severe=True)
    ReferralFactory(by=by, assessment=neck)
    return person


def test_nobody_is_found_in_an_empty_clinic(clinical):
    page = find(clinical, "anna")
    assert [told(page), words(page.p)] == [[], NOBODY]


MANY_WORDS = " ".join(f"z{number}" for number in range(2000))
NONSENSE = ["", "   ", "?!", "z" * 10_000, MANY_WORDS, "\ud800", "<b>", "%"]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_finds_nobody(clinical, text):
    PatientFactory()
    answer = clinical.get(URL, {"q": text.encode(errors="surrogatepass")})
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content, "html.parser")
    assert [told(page), words(page.p)] == [[], NOBODY]


def test_a_null_character_finds_nobody(clinician):
    request = RequestFactory().get(URL)
    request.GET = {"q": "\x00"}
    request.user = clinician
    answer = find_page(site.get_model_admin(Patient), request)
    assert words(BeautifulSoup(answer.render().content, "html.parser")) == NOBODY


def test_a_patient_is_found_with_number_and_birth_date(clinical):
    patient = PatientFactory(family_name="Weiß", given_name="Ann")
    [found] = told(find(clinical, "weiss"))
    assert found == f"Weiß, Ann {patient.record_number} · 17 May 1980 ({patient.age})"


@pytest.mark.parametrize("text", ["ann", "an we", "17.5.1980", "7946 0958", "P-{}", "{}"])
def test_a_patient_is_found_by_all_that_is_searched(clinical, text):
    patient = PatientFactory(family_name="Weiss", given_name="Ann", phone="020 7946 0958")
    number = patient.record_number.removeprefix("P-")
    assert len(told(find(clinical, text.format(number)))) == 1


def test_a_course_is_told_with_what_waits(clinical, clinician):
    make_course(clinician, family_name="Weiss")
    [found] = told(find(clinical, "weiss"))
    assert found.endswith("Face ●○○○○ 1 of 5 overdue Neck: referral to send")


def test_a_paused_course_is_told(clinical):
    PlanFactory(status=PlanStatus.PAUSED, status_reason="Away")
    [found] = told(find(clinical, "given"))
    assert found.endswith("Face ○○○○○ 0 of 5 paused")


def test_results_lead_to_the_chart(clinical):
    patient = PatientFactory()
    [option] = find(clinical, "given").select("a[role=option]")
    assert option["href"] == reverse("admin:consultations_patient_chart", args=[patient.pk])


def test_reception_is_led_to_the_patient_and_reads_nothing_clinical(desk, clinician):
    patient = make_course(clinician, family_name="Weiss")
    page = find(desk, "weiss")
    [option] = page.select("a[role=option]")
    assert option["href"] == reverse("admin:consultations_patient_change", args=[patient.pk])
    text = words(page)
    assert text.endswith("Face ●○○○○ 1 of 5 overdue")
    clinical_words = [*Outcome.labels, *LaserType.labels, "referral", "Neck"]
    assert [word for word in clinical_words if str(word) in text] == []


def test_what_was_entered_in_error_is_not_found(clinical, clinician):
    mark_in_error(record=PatientFactory(), by=clinician, reason="Twice")
    assert told(find(clinical, "given")) == []


@pytest.mark.parametrize(
    ("count", "shown", "said"),
    [(1, 1, "1 patient"), (8, 8, "8 patients"), (9, 8, "The first 8 patients; Enter shows all")],
)
def test_at_most_eight_are_shown_by_name(clinical, count, shown, said):
    for number in reversed(range(count)):
        PatientFactory(family_name=f"Same {number}")
    page = find(clinical, "same")
    names = [option.bdi.get_text() for option in page.select("[role=option]")]
    assert names == [f"Same {number}, Given" for number in range(shown)]
    assert words(page.p) == said


def test_names_are_escaped(clinical):
    PatientFactory(family_name="<img src=x>")
    assert find(clinical, "img").select("img") == []


def test_nobody_logged_in_is_sent_to_log_in(client):
    assert client.get(URL).url == f"{reverse('admin:login')}?next={URL}"


def test_staff_without_the_permission_are_refused(db, client_for):
    outsider = UserFactory(is_staff=True)
    assert client_for(outsider).get(URL).status_code == 403


@pytest.mark.parametrize("count", [1, 8])
def test_a_search_asks_five_times_beyond_who_asks(clinical, clinician, count):
    for _number in range(count):
        make_course(clinician, family_name="Same")
    with CaptureQueriesContext(connection) as asked:
        clinical.get(URL, {"q": "same"})
    who = ("auth_", "django_session", "SAVEPOINT")
    assert len([one for one in asked if not any(name in one["sql"] for name in who)]) == 5


@pytest.mark.parametrize("user", ["reception", "practitioner", "clinician", "manager", "admin"])
def test_every_role_has_the_box_on_its_pages(request, client_for, user):
    page = client_for(request.getfixturevalue(user)).get(reverse("admin:index")).content
    [form] = BeautifulSoup(page, "html.parser").select("form[role=search][data-find]")
    assert [form["data-find"], form["action"], form.input["name"]] == [
        URL,
        reverse("admin:consultations_patient_changelist"),
        "q",
    ]


def test_who_may_see_no_patient_has_no_box(db, client_for):
    page = client_for(UserFactory(is_staff=True)).get(reverse("admin:index")).content
    assert BeautifulSoup(page, "html.parser").select("[data-find]") == []
