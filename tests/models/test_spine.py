"""The way up: every record names one step, and patient, area and standing follow."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consultations.models import (
    Addendum,
    AdverseEvent,
    AreaAssessment,
    Consent,
    Consultation,
    FollowUp,
    Laser,
    Patient,
    TreatmentPlan,
    TreatmentSession,
    kinds,
    patient_of,
    record_kinds,
)
from tests.factories import (
    EventFactory,
    FollowUpFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    TreatmentConsentFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
AREA = "assessment__consultation__patient"


@pytest.mark.parametrize(
    ("model", "paths"),
    [
        (Patient, ("id",)),
        (Consultation, ("patient",)),
        (TreatmentSession, (f"plan__{AREA}",)),
        (FollowUp, ("patient",)),
        (Consent, ("patient", f"plan__{AREA}")),
        (Addendum, ("consultation__patient", f"session__plan__{AREA}")),
        (Laser, ()),
    ],
)
def test_paths_to_the_patient(model, paths):
    assert model.paths_to_patient() == paths


def test_paths_to_the_nearest_column():
    assert AdverseEvent.paths_to("area") == ("session__plan__assessment__area",)
    assert AreaAssessment.paths_to("area") == ("area",)
    assert Consultation.paths_to("area") == ()


def test_every_step_is_a_key():
    for model in record_kinds():
        assert isinstance(model.hangs_on, tuple)
        for key in model.hangs_on:
            assert model._meta.get_field(key).related_model in kinds()


def test_what_stands_above_comes_first():
    order = record_kinds()
    assert order[0] is Patient
    for model in order:
        above = {model._meta.get_field(key).related_model for key in model.hangs_on}
        assert all(order.index(one) < order.index(model) for one in above)


def test_patient_of_what_hangs_on_one_or_the_other():
    plan = PlanFactory()
    given = TreatmentConsentFactory(plan=plan)
    assert [given.patient, patient_of(given)] == [None, plan.patient]
    assert patient_of(LaserModeFactory()) is None
    assert patient_of(Consultation()) is None


def test_nearest_on_the_way_up():
    event = EventFactory()
    plan = event.session.plan
    steps = [event, event.session, plan, plan.assessment, plan.assessment.consultation]
    assert list(event.up()) == [*steps, event.patient]
    assert event.nearest(AreaAssessment) == plan.assessment
    assert FollowUpFactory(patient=event.patient).nearest(AreaAssessment) is None


@pytest.mark.parametrize("above", ["session", "session.plan.assessment.consultation"])
def test_nothing_stands_on_what_is_in_error(above):
    event, record = EventFactory(), None
    record = event
    for name in above.split("."):
        record = getattr(record, name)
    assert event.stands
    record.entered_in_error_at = record.created_at
    assert not event.stands


def test_standing_and_of_ask_the_database_once():
    event, other = EventFactory(), EventFactory()
    with CaptureQueriesContext(connection) as asked:
        found = list(AdverseEvent.objects.standing().of(event.patient, "face").with_patient())
        assert [one.patient for one in found] == [event.patient]
    assert len(asked) == 1
    user = UserFactory()
    session = other.session
    session.entered_in_error_by, session.entered_in_error_reason = user, "Wrong patient."
    session.entered_in_error_at = session.created_at
    session.save(by=user, correcting=True)
    assert list(AdverseEvent.objects.standing()) == [event]


def test_plans_of_a_patient():
    plan = PlanFactory()
    PlanFactory()
    assert list(TreatmentPlan.objects.of(plan.patient)) == [plan]
    assert list(TreatmentPlan.objects.of(plan.patient, "neck")) == []
    assert list(TreatmentPlan.objects.of(PatientFactory())) == []
    assert list(TreatmentPlan.objects.filter(TreatmentPlan.about([plan.patient]))) == [plan]
