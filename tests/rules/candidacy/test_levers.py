"""Which single answers would bring an area nearer to laser."""

from consultations.rules.candidacy.what_would_change import Lever, levers
from consultations.vocabulary import Outcome, Severity

from ..builders import facts


def test_silent_where_laser_is_allowed():
    assert levers(facts()) == ()


def test_silent_where_no_single_answer_helps():
    assert levers(facts(severity=Severity.SEVERE)) == ()


def test_names_the_answer_that_stands_in_the_way():
    assert levers(facts(infection=True)) == (Lever("infection", False, Outcome.CANDIDATE),)


def test_a_wish_for_an_instant_result():
    assert levers(facts(wants_instant_result=True)) == (
        Lever("wants_instant_result", False, Outcome.CANDIDATE),
    )


def test_of_two_answers_in_the_way_neither_helps_alone():
    assert levers(facts(infection=True, pregnant=True)) == ()


def test_old_answer_to_pregnant_or_breastfeeding_gives_way_to_a_new_one():
    assert levers(facts(pregnant=None, pregnant_or_breastfeeding=True)) == (
        Lever("pregnant", False, Outcome.CANDIDATE),
    )
