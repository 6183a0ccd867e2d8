"""What "Why" tells: answered well, not asked, checked; of an earlier edition what still can be."""

import pytest

from consultations.rules.candidacy.screen import QUESTIONS
from consultations.summaries.asking import Why, why
from tests.factories import AssessmentFactory

pytestmark = pytest.mark.django_db


def test_why_tells_what_was_answered_well_what_was_not_asked_and_what_was_checked():
    assessment = AssessmentFactory(infection=False, tattoo=True, consultation__tanned=False)
    found = why(assessment)
    assert found.answered_well == ["date of birth", "infection", "tanned"]
    asked = {*found.answered_well, "tattoo"}
    assert found.not_asked == [words for words in QUESTIONS.values() if words not in asked]
    assert found.checked == ["laxity", "area", "surgery", "referral", "age", "tan"]


def test_why_names_topics_in_words():
    answered = {"consultation__koebner_disease": False, "recent_procedure": "none"}
    assert why(AssessmentFactory(**answered)).checked[-2:] == [
        "psoriasis, vitiligo, lichen planus",
        "recent procedures",
    ]


def test_of_an_earlier_edition_the_questions_are_told():
    assessment = AssessmentFactory()
    assessment.rulebook = "2026.11.3"
    assessment.facts = {"on": "2025-03-03", "area": "face", "severity": "mild", "age": 45} | {
        "infection": False,
        "tattoo": None,
    }
    assert why(assessment) == Why([], ["tattoo"], [], is_earlier=True)


def test_nothing_is_told_where_no_facts_were_kept():
    assessment = AssessmentFactory()
    assessment.facts = {}
    assert why(assessment) is None
