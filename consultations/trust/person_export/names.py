"""The names of other records in a person's export, without other people's record numbers."""

import re
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.models import kinds
from consultations.summaries.timeline import name_of

RECORD_NUMBER = re.compile(r"\b[A-Z]-\d{6}\b")


@dataclass
class Names:
    """The names of other records, by model and key; those of what the clinic is set up with and of
    staff are cached, in `known`, which several people may share.

    `numbers` are the person's own record numbers. Those of other people are left out.
    """

    numbers: frozenset
    known: dict = field(default_factory=dict)

    def without_others(self, reason):
        """Replace other people's record numbers in a reason that the program wrote."""
        return RECORD_NUMBER.sub(
            lambda found: found[0] if found[0] in self.numbers else _("another record"), reason
        )

    def of(self, model, key):
        if model in kinds():
            return title_of(model, key)
        if (model, key) not in self.known:
            self.known[model, key] = self._name(model, key)
        return self.known[model, key]

    def _name(self, model, key):
        if model is get_user_model():
            return name_of(model._base_manager.filter(pk=key).first())
        return str(model._base_manager.filter(pk=key).first() or key)


def title_of(model, key):
    return f"{capfirst(model._meta.verbose_name)} {key}"
