"""Rules sign up once, and every one explains itself."""

import sys

import pytest

from consultations.rules.findings import Message
from consultations.rules.registry import Rules, candidacy, readiness


def messages_of(rules):
    """Every message written beside the rules of one kind."""
    modules = dict.fromkeys(sys.modules[rule.__module__] for rule in rules.values())
    return [each for module in modules for each in vars(module).values() if type(each) is Message]


@pytest.mark.parametrize("rules", [candidacy, readiness], ids=["candidacy", "readiness"])
def test_registry_has_one_message_for_each_id(rules):
    assert sorted(message.id for message in messages_of(rules)) == sorted(rules)


@pytest.mark.parametrize(
    "message", [*messages_of(candidacy), *messages_of(readiness)], ids=lambda message: message.id
)
def test_message_explains_itself(message):
    blanks = {name for name in ("message", "hint", "source") if not getattr(message, name).strip()}
    assert blanks == set()


VAGUE = ("Clinical reference", "Project brief", "Clinic protocol", "Design of")


@pytest.mark.parametrize(
    "message", [*messages_of(candidacy), *messages_of(readiness)], ids=lambda message: message.id
)
def test_source_is_a_citation_and_says_when_contested(message):
    assert [words for words in VAGUE if words in message.source] == []
    assert message.contested or "ontested" not in message.source


def message(id):
    return Message(id, "Message.", "Hint.", "Source")


def test_rule_with_two_ids_is_asked_once():
    rules = Rules()
    asked = []

    @rules.rule(message("one"), message("other"))
    def both(today):
        asked.append(today)
        return ["finding"]

    assert rules.findings("today") == ["finding"]
    assert (asked, rules) == (["today"], {"one": both, "other": both})


def test_rules_are_asked_in_the_order_they_signed_up():
    rules = Rules()
    rules.rule(message("b"))(lambda today: ["first"])
    rules.rule(message("a"))(lambda today: [])
    rules.rule(message("c"))(lambda today: ["second", "third"])
    assert rules.findings("today") == ["first", "second", "third"]


def test_second_rule_for_one_id_is_refused():
    rules = Rules()
    rules.rule(message("one"))(lambda today: [])
    with pytest.raises(ValueError, match="two rules find one"):
        rules.rule(message("other"), message("one"))(lambda today: [])
