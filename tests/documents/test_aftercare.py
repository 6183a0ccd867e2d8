"""Aftercare: by laser type, with warning signs and whom to call."""

import pytest

from consultations.documents.aftercare import NORMAL, WARNING_SIGNS
from consultations.documents.issuing import draft_of, missing_of
from consultations.models import ClinicSettings
from consultations.vocabulary import DocumentKind, LaserType
from tests.factories import PlanFactory

from .reading import by_poppler, words

pytestmark = pytest.mark.django_db
AFTERCARE = DocumentKind.AFTERCARE
WATCHED = {
    LaserType.NON_ABLATIVE: "If you see any of these:",
    LaserType.NON_ABLATIVE_FRACTIONAL: "Look at the skin every day for 7 days.",
    LaserType.ABLATIVE_FRACTIONAL: "up to 5 weeks after the treatment",
    LaserType.ABLATIVE_FULL: "Look at the skin every day for 14 days.",
}


@pytest.mark.parametrize("laser", LaserType)
def test_every_laser_has_its_sheet(laser, clinic, clinician):
    plan = PlanFactory(by=clinician, laser_type=laser)
    text = words(by_poppler(draft_of(AFTERCARE, plan, clinician).pdf()))
    expected = [*NORMAL[laser], *WARNING_SIGNS, WATCHED[laser], "Linden Clinic: 020 7946 0100"]
    assert [str(one) for one in expected if str(one) not in text] == []


def test_make_up_waits_where_the_surface_is_open(clinic, clinician):
    told = {}
    for laser in LaserType:
        plan = PlanFactory(by=clinician, laser_type=laser)
        text = words(by_poppler(draft_of(AFTERCARE, plan, clinician).pdf()))
        told[laser.value] = "No make-up until the skin has closed" in text
    assert told == {
        "non_ablative": False,
        "non_ablative_fractional": False,
        "ablative_fractional": True,
        "ablative_full": True,
    }


def test_nobody_to_call_is_missing(clinic, clinician):
    clinic.phone = ""
    clinic.save(by=clinician)
    assert ClinicSettings.objects.get().phone == ""
    missing = missing_of(AFTERCARE, PlanFactory(by=clinician))
    assert missing == ["the clinic’s phone: whom to call"]
