"""How many statements a save costs, with history, verdict, referral, audit and lock."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.models import Consultation
from tests.admin import answers
from tests.admin.browsing import Browser, add_url, change_url, page_url
from tests.factories import LaserModeFactory, PatientFactory, PlanFactory

pytestmark = pytest.mark.django_db(transaction=True)


def of_two_areas():
    url = add_url("consultation", patient=PatientFactory().pk)
    return url, answers.areas(("face", "mild"), ("neck", "severe"))


def recorded(browser):
    browser.fill(*of_two_areas())
    return Consultation.objects.get()


def recording(browser):
    return (*of_two_areas(), "_save")


def editing(browser):
    changes = {"notes": "Called.", "assessments-0-severity": "moderate"}
    return change_url(recorded(browser)), changes, "_save"


def signing(browser):
    return f"{change_url(recorded(browser))}?unasked=1", {}, "_sign"


def session_by_its_own_form(browser):
    plan = PlanFactory()
    day = timezone.localdate() - timedelta(days=1)
    url = add_url("treatmentsession", plan=plan.pk)
    return url, answers.session(LaserModeFactory(), day), "_save"


def visit_of_one_area(browser):
    plan = PlanFactory()
    typed = {"laser_mode": LaserModeFactory().pk, "infection": "false", "include": "on"}
    typed = {f"plan-{plan.pk}-{name}": value for name, value in typed.items()}
    return f"{page_url(plan.patient, 'visit')}?plan={plan.pk}", answers.TODAY | typed, "_save"


@pytest.mark.parametrize(
    ("save", "at_most"),
    [
        (recording, 24),
        (editing, 27),
        (signing, 29),
        (session_by_its_own_form, 31),
        (visit_of_one_area, 34),
    ],
)
def test_save_costs_no_more_statements(clinician, save, at_most, record_property):
    browser = Browser(clinician)
    url, changes, button = save(browser)
    form = browser.open(url).form
    with CaptureQueriesContext(connection) as captured:
        page = browser.post(url, form | changes | {button: "1"}, follow=False)
    asked = [one["sql"] for one in captured if not one["sql"].startswith(("BEGIN", "COMMIT"))]
    record_property("statements", len(asked))
    assert page.status == 302
    assert len(asked) <= at_most, "\n".join(sql[:200] for sql in asked)
