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
# Topics of the rulebook that are called otherwise than their ids.
TOPICS = {
    "patch": "test patch",
    "recent": "recent procedures",
    "connective_tissue": "connective tissue",
    "koebner": "psoriasis, vitiligo, lichen planus",
    "retinoid": "retinoid on the skin",
}
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

    These are the answers in which no rule found anything, the questions that nobody answered, and
    the topics that were checked without finding anything. `is_earlier`: an earlier edition gave the
    verdict, whose rules are gone, so that only the questions can be told.
    """

    answered_well: list
    not_asked: list
    checked: list
    is_earlier: bool = False


def why(assessment):
    """Return what spoke for a verdict; None if its facts were not kept."""
    if not assessment.facts.keys() >= NEEDED:
        return None
    not_asked = unasked(assessment.facts)
    if assessment.rulebook != RULEBOOK:
        return Why([], not_asked, [], is_earlier=True)
    found = [finding["id"] for finding in assessment.findings]
    facts = AreaFacts.from_json(assessment.facts)
    topics = [TOPICS.get(topic, topic) for topic in checked(facts, found)]
    return Why(answered_well(facts), not_asked, topics)
