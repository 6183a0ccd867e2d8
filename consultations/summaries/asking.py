"""How many questions were answered, and what spoke for a verdict."""

from dataclasses import dataclass

from consultations.models import Consultation, Patient
from consultations.models.health import AreaCheck, HealthScreen, answers
from consultations.rules import RULEBOOK
from consultations.rules.candidacy.clear import answered_well, checked
from consultations.rules.candidacy.screen import ABOUT_SURGERY, unasked
from consultations.rules.facts import AreaFacts

from .facts import is_judged

NEEDED = {"on", "area", "severity"}
OF_THE_AREA = (*AreaCheck.CHECK_FIELDS, "radiotherapy", *ABOUT_SURGERY)


def number_unasked(record):
    """Return how many of the day's questions of a consultation or session nobody answered.

    For a consultation these are the questions that `screen.not_asked` names: those about the person
    once, those about an area for each area.
    """
    if not isinstance(record, Consultation):
        asked = answers(record, (*HealthScreen.ANSWERS, *AreaCheck.CHECK_FIELDS))
        return len(unasked(asked)) if is_judged(record) else 0
    person = answers(record, (*HealthScreen.ANSWERS, *record.LIFESTYLE, *record.EXPECTATIONS))
    person |= answers(record.patient, Patient.LIFETIME_ANSWERS)
    areas = [
        {name: area.facts.get(name) for name in OF_THE_AREA if name in area.facts}
        for area in record.assessments.standing()
    ]
    return sum(len(unasked(asked)) for asked in (person, *areas))


@dataclass(frozen=True, slots=True)
class Why:
    """What spoke for a verdict, in words.

    These are the answers in which no rule found anything, and the topics that were checked.
    """

    answered_well: list
    checked: list


def why(assessment):
    """Return what spoke for a verdict; None if it can no longer be told.

    That is so if an earlier rulebook gave it, whose rules are gone, or if its facts were not kept.
    """
    if assessment.rulebook != RULEBOOK or not assessment.facts.keys() >= NEEDED:
        return None
    found = [finding["id"] for finding in assessment.findings]
    facts = AreaFacts.from_json(assessment.facts)
    return Why(answered_well(facts), checked(facts, found))
