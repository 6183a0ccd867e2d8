"""Everything about a person: which records, and which drafts as far as that can be told."""

import pytest

from consultations.models import Consent, Patient
from consultations.summaries.person import drafts_about, person_of, records_of
from tests.factories import ConsentFactory, DraftFactory, PatientFactory, PlanFactory

pytestmark = pytest.mark.django_db

ADMIN = "/admin/consultations"


@pytest.fixture
def patient():
    return PatientFactory(family_name="Tulliver", given_name="Maggie")


def test_a_consent_is_found_by_either_way(patient):
    plan = PlanFactory(assessment__consultation__patient=patient)
    own = [plan.consents.get(), ConsentFactory(patient=patient)]
    ConsentFactory()
    assert list(records_of([patient], Consent)) == own


def test_records_merged_in_steps_are_one_person(clinician):
    first, second, third = (PatientFactory() for _number in range(3))
    for merged, into in ((third, second), (second, first)):
        merged.entered_in_error_by, merged.entered_in_error_reason = clinician, "Twice."
        merged.entered_in_error_at, merged.merged_into = merged.created_at, into
        merged.save(by=clinician)
    for one in Patient.objects.all():
        assert person_of(one) == [first, second, third]


def drafts():
    yield "{admin}/patient/{pk}/change/", "x", {}
    yield "{admin}/patient/{pk}/visit/", "x", {}
    yield "{admin}/consultation/add/?patient={pk}", "x", {}
    yield "{admin}/consultation/add/", "x", {"patient": {"value": "{pk}", "label": "x"}}
    yield "{admin}/consultation/add/", "x", {"patient": "{pk}"}
    yield "{admin}/consultation/add/", "Consultation · Tulliver, Maggie", {}
    yield "{admin}/consultation/add/", "x", {"notes": "As with {number}"}
    yield "{admin}/patient/add/", "x", {"family_name": "Tulliver", "given_name": "Maggie"}


@pytest.mark.parametrize(("form", "title", "values"), [*drafts()])
def test_a_draft_about_the_person(patient, form, title, values):
    def filled(text):
        return text.format(admin=ADMIN, pk=patient.pk, number=patient.record_number)

    values = {
        name: filled(value)
        if isinstance(value, str)
        else {key: filled(one) for key, one in value.items()}
        for name, value in values.items()
    }
    draft = DraftFactory(form=filled(form), title=filled(title), values=values)
    assert drafts_about([patient]) == [draft]


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("{admin}/patient/{other}/change/", {}),
        ("{admin}/laser/{pk}/change/", {}),
        ("{admin}/consultation/add/?patient={other}", {"notes": "Maggie came along"}),
        ("{admin}/consultation/add/?patient=x", {"patient": {"value": "x"}}),
        ("/nowhere/", {"patient": None}),
    ],
)
def test_a_draft_about_something_else(patient, form, values):
    DraftFactory(form=form.format(admin=ADMIN, pk=patient.pk, other=patient.pk + 1), values=values)
    assert drafts_about([patient]) == []
