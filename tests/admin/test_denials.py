"""A day beside an answer that denies it is told beside its field, wherever one answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models import TreatmentSession
from tests.factories import LaserModeFactory, PatientFactory, PlanFactory

from . import answers
from .browsing import Browser, add_url, page_url

pytestmark = pytest.mark.django_db

DAY = DayInput().format_value(timezone.localdate() - timedelta(days=3))
OF_THE_AREA = ("recent_procedure", "recent_procedure_on")


def told(answer):
    return f"A day is given, but the answer is “{answer}”."


DENIED = [
    ({"tanned": "false", "tanned_on": DAY}, "tanned_on", told("No")),
    (
        {"isotretinoin": "never", "isotretinoin_last_dose_on": DAY},
        "isotretinoin_last_dose_on",
        told("Never"),
    ),
    (
        {"recent_procedure": "none", "recent_procedure_on": DAY},
        "recent_procedure_on",
        told("None"),
    ),
    ({"recent_procedure_on": DAY}, "recent_procedure", "Say what was done that day."),
]


def placed(typed, prefix):
    """What is typed, the questions about the area by the names that they have in a form."""
    return {f"{prefix}{name}" if name in OF_THE_AREA else name: typed[name] for name in typed}


def in_a_consultation():
    url = add_url("consultation", patient=PatientFactory().pk)
    return url, "assessments-0-", answers.areas(("face", "mild"))


def at_a_session():
    day = timezone.localdate()
    url = add_url("treatmentsession", plan=PlanFactory().pk)
    return url, "", answers.session(LaserModeFactory(), day)


def at_a_visit():
    plan = PlanFactory()
    prefix = f"plan-{plan.pk}-"
    treated = {"infection": "false", "include": "on", "eyewear_worn": "true"}
    treated = {f"{prefix}{name}": answer for name, answer in treated.items()}
    mode = {f"{prefix}laser_mode": LaserModeFactory().pk}
    url = f"{page_url(plan.patient, 'visit')}?plan={plan.pk}"
    return url, prefix, answers.TODAY | treated | mode


@pytest.mark.parametrize("form", [in_a_consultation, at_a_session, at_a_visit])
@pytest.mark.parametrize(("typed", "field", "words"), DENIED)
def test_day_of_what_is_denied_is_told_and_nothing_typed_is_lost(
    clinician, form, typed, field, words
):
    url, prefix, rest = form()
    typed = placed(typed, prefix)
    page = Browser(clinician).fill(url, rest | typed)
    beside = f"{prefix}{field}" if field in OF_THE_AREA else field
    assert page.errors == {beside: [words]}
    assert {name: page.form[name] for name in typed} == typed
    assert TreatmentSession.objects.count() == 0
