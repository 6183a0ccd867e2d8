"""What the booking page proposes: the first free times, and the rest of the course at once."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.admin.parts.forms import is_key
from consultations.models import Laser, Room
from consultations.models.text import day_in_words
from consultations.summaries.bookable import left_to_book, practitioners
from consultations.summaries.free_slots import (
    WITH_LASER,
    Wanted,
    course_of_slots,
    first_day,
    free_slots,
)
from consultations.summaries.lengths import minutes_for
from consultations.summaries.timeline import name_of
from consultations.vocabulary import AppointmentKind

RESOURCES = ("practitioner", "room", "laser")


@dataclass(frozen=True)
class Offer:
    """One time: what is posted for it, and what it says."""

    value: str
    when: str
    where: str


@dataclass(frozen=True)
class Offers:
    """`times` for the next appointment, or `course` for all that are `left`. `is_without_laser`: no
    single laser in service has what these courses need."""

    title: str
    times: tuple[Offer, ...]
    course: tuple[Offer, ...]
    left: int
    plans: tuple
    is_without_laser: bool


def offers_for(patient, kind, plans, *, day=None, whole=False):
    """What is proposed for this patient and these courses, from `day` or the day due on: the next
    times, or the `whole` rest of the course."""
    plans = tuple(plans)
    if kind == AppointmentKind.TREATMENT and not plans:
        return None
    wanted = Wanted(kind=kind, patient=patient, plans=plans)
    wanted = replace(wanted, minutes=minutes_for(kind, plans))
    left = left_of(plans) if kind == AppointmentKind.TREATMENT else 0
    first = first_day(wanted, day)
    whole = whole and left > 1
    slots = course_of_slots(wanted, count=left) if whole else free_slots(wanted, day=first)
    offered = tuple(map(offer_of, slots))
    return Offers(
        title=_title(wanted, first),
        times=() if whole else offered,
        course=offered if whole else (),
        left=left,
        plans=plans,
        is_without_laser=bool(plans) and kind in WITH_LASER and not all(one.laser for one in slots),
    )


def left_of(plans):
    """How many appointments these courses still need: planned, and neither done nor booked."""
    return max((left_to_book(plan, done=plan.progress.done) for plan in plans), default=0)


def _title(wanted, first):
    areas = [str(plan.assessment.get_area_display()).lower() for plan in wanted.plans]
    what = _(" and ").join(areas) if areas else str(AppointmentKind(wanted.kind).label)
    return _("%(what)s, %(minutes)s minutes, from %(day)s") % {
        "what": capfirst(what),
        "minutes": wanted.minutes,
        "day": day_in_words(first),
    }


def offer_of(slot):
    """What is posted for a slot, and what it says."""
    start = timezone.localtime(slot.starts_at)
    keys = [getattr(slot, name) for name in RESOURCES]
    value = [start.isoformat(), *(str(one.pk) if one else "" for one in keys)]
    places = [name_of(slot.practitioner) if slot.practitioner else "", slot.room, slot.laser]
    return Offer(
        value="|".join(value),
        when=date_format(start, "D j M H:i"),
        where=", ".join(str(one) for one in places if one),
    )


def read_offer(value):
    """The moment and the keys of resources that an offer was posted with; None for anything
    else."""
    start, *keys = value.split("|")
    if len(keys) != len(RESOURCES) or not all(key == "" or is_key(key) for key in keys):
        return None
    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        return None
    if moment.tzinfo is None or not date.min < moment.date() < date.max - timedelta(days=2):
        return None
    return moment, dict(zip(RESOURCES, keys, strict=True))


def resources_of(keys):
    """The practitioner, the room and the laser with these keys, None where there is none."""
    found = {"practitioner": practitioners(), "room": Room.objects.standing()}
    found["laser"] = Laser.objects.standing()
    return {name: found[name].filter(pk=key).first() if key else None for name, key in keys.items()}


def with_offer(data, value):
    """A posted form, filled in with an offer that was pressed; as it was, for anything else."""
    read = read_offer(value)
    if read is None:
        return data
    moment, keys = read
    start = timezone.localtime(moment)
    filled = data.copy()
    filled["starts_at_0"], filled["starts_at_1"] = f"{start:%Y-%m-%d}", f"{start:%H:%M}"
    for name, key in keys.items():
        filled[name] = key
    return filled
