"""Where rules sign up, each beside its name, so that tests and readers can list them all."""

from collections.abc import Callable
from typing import TypeVar

from .findings import Finding

Facts = TypeVar("Facts")
Rule = Callable[[Facts], list[Finding]]


class Rules(dict[str, Callable[..., list[Finding]]]):
    """Rules of one kind by the id of what they find."""

    def rule(self, *ids: str) -> Callable[[Rule[Facts]], Rule[Facts]]:
        """Sign up the decorated function as the one that finds `ids`."""

        def sign_up(function: Rule[Facts]) -> Rule[Facts]:
            for id in ids:
                if id in self:
                    raise ValueError(f"two rules find {id}")
                self[id] = function
            return function

        return sign_up

    def findings(self, facts: object) -> list[Finding]:
        """What all rules find in `facts`; a rule with two ids is asked once."""
        return [finding for rule in dict.fromkeys(self.values()) for finding in rule(facts)]


candidacy = Rules()
readiness = Rules()
