"""Where rules sign up, each with its words, so that tests and readers can list them all."""

from collections.abc import Callable
from typing import TypeVar

from .findings import Finding, Message

Facts = TypeVar("Facts")
Rule = Callable[[Facts], list[Finding]]


class Rules(dict[str, Callable[..., list[Finding]]]):
    """Rules of one kind by the id of what they find; `messages` are their words, by id."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, Message] = {}
        self._functions: list[Callable[..., list[Finding]]] = []

    def rule(self, *messages: Message) -> Callable[[Rule[Facts]], Rule[Facts]]:
        """Sign up the decorated function as the one that finds `messages`."""

        def sign_up(function: Rule[Facts]) -> Rule[Facts]:
            for message in messages:
                if message.id in self:
                    raise ValueError(f"two rules find {message.id}")
                self[message.id] = function
                self.messages[message.id] = message
            self._functions.append(function)
            return function

        return sign_up

    def findings(self, facts: object) -> list[Finding]:
        """What all rules find in `facts`; a rule with two ids is asked once."""
        return [finding for rule in self._functions for finding in rule(facts)]


candidacy = Rules()
readiness = Rules()
