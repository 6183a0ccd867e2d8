"""What other systems' names of a service say: the kind of an appointment, and its areas."""

import re

from consultations.models.text import folded
from consultations.vocabulary import AppointmentKind, Area

from .words import AREAS, KINDS, TREATMENTS

# “Patch test before laser”, “Review of the treatment”: the first of these that is named.
ORDER = (
    AppointmentKind.TEST_PATCH,
    AppointmentKind.REVIEW,
    AppointmentKind.CONSULTATION,
    AppointmentKind.TREATMENT,
)


def kind_of(service):
    """The kind of appointment that a service is; Other where its name does not tell."""
    known = KINDS | dict.fromkeys(TREATMENTS, AppointmentKind.TREATMENT)
    named = _named(service, known)
    return next((kind for kind in ORDER if kind in named), AppointmentKind.OTHER)


def areas_in(text):
    """The areas that a list of them names, in any of the languages, and what in it is none."""
    found, unknown = [], []
    known = AREAS | {folded(str(word)): one for one in Area for word in (one, one.label)}
    for part in filter(None, map(str.strip, re.split(r"[,;/+&\n]", text))):
        areas = _named(part, known)
        found += [one for one in Area if one in areas and one not in found]
        if not areas:
            unknown.append(part)
    return found, unknown


def _named(text, meanings):
    """What the words of a text mean, whole words alone."""
    words = f" {folded(text)} "
    return {meaning for word, meaning in meanings.items() if f" {word} " in words}
