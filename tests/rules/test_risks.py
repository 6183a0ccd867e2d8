"""Every rule of candidacy says what it means for the patient's risk, or that it says nothing."""

from consultations.rules.candidacy import assess
from consultations.rules.registry import candidacy
from consultations.rules.risks import NO_RISK, RISKS, risks_of

from .builders import AF, NA, facts


def test_every_finding_is_a_risk_or_named_as_none():
    assert set(RISKS) | NO_RISK == set(candidacy)
    assert set(RISKS) & NO_RISK == set()


def test_own_risks_are_those_of_the_laser_type():
    found = [one.as_json() for one in assess(facts(smoker=True, anticoagulants=True)).findings]
    assert risks_of(found, NA) == [RISKS["smoking"]]
    assert set(risks_of(found, AF)) == {RISKS[one] for one in ("smoking", "bleeding", "herpes")}
