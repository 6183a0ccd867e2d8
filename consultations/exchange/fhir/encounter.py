"""Encounter: a consultation."""

from consultations.models import Consultation

from .codes import Item, hl7, item
from .elements import day, resource, subject


def encounters(tree, around):
    for one in tree[Consultation]:
        yield resource(
            "Encounter",
            one,
            **{"class": hl7("v3-ActCode", "AMB", "ambulatory")},
            status="finished" if one.stands else "entered-in-error",
            type=[item(Item.CONSULTATION)],
            subject=subject(one),
            participant=[{"individual": around(one.clinician)}],
            period={"start": day(one.consulted_on), "end": day(one.consulted_on)},
            reasonCode=[{"text": one.concern}] if one.concern else [],
            serviceProvider=around.organization(),
        )
