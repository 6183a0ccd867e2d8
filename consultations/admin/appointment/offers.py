"""What the booking page proposes: the first free times, and the rest of the course at once."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.admin.parts.forms import is_key
from consultations.models.text import day_in_words
from consultations.summaries.bookable import (
    RESOURCES,
    due_together,
    left_to_book,
)
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


@dataclass(frozen=True)
class Offer:
    """One time: what is posted for it, and what it says."""

    value: str
    when: str
    where: str


@dataclass(frozen=True)
class Offers:
    """`times` for the next appointment, or `course` for all that are `left`. `is_without_laser`: no
    single laser in service has what these courses need; `of` says what they were offered for."""

    of: str
    title: str
    times: tuple[Offer, ...]
    course: tuple[Offer, ...]
    left: int
    plans: tuple
    is_without_laser: bool
    is_full: bool


def offers_for(patient, kind, plans, *, day=None, time=None, whole=False):
    """What is proposed for this patient and these courses, from `day` or the day due on: the next
    times, or the `whole` rest of the course, about that `time` of day."""
    plans = tuple(plans)
    if kind == AppointmentKind.TREATMENT and not plans:
        return None
    wanted = Wanted(kind=kind, patient=patient, plans=plans)
    wanted = replace(wanted, minutes=minutes_for(kind, plans))
    left = left_of(plans) if kind == AppointmentKind.TREATMENT else 0
    first = first_day(wanted, day)
    whole = whole and left > 1
    is_full = kind == AppointmentKind.TREATMENT and left <= 0
    if is_full:
        slots = []
    elif whole:
        slots = course_of_slots(wanted, count=left, day=first, time=time)
    else:
        slots = free_slots(wanted, day=first)
    offered = tuple(map(offer_of, slots))
    return Offers(
        of=_of(kind, [plan.pk for plan in plans]),
        title=_title(wanted, first),
        times=() if whole else offered,
        course=offered if whole else (),
        left=left,
        plans=plans,
        is_full=is_full,
        is_without_laser=bool(plans) and kind in WITH_LASER and not all(one.laser for one in slots),
    )


def _of(kind, keys):
    return f"{kind}:{','.join(sorted(map(str, keys)))}"


def chosen(data):
    """What a posted form is about, as its offers say it."""
    return _of(data.get("kind", ""), data.getlist("plans"))


def with_courses_due(data, courses):
    """A posted form, filled in with those of these courses that are due."""
    if data.get("kind") not in (AppointmentKind.CONSULTATION, AppointmentKind.TREATMENT):
        return data
    if not (due := due_together(courses)):
        return data
    filled = data.copy()
    filled["kind"] = AppointmentKind.TREATMENT
    filled.setlist("plans", [str(plan.pk) for plan in due])
    return filled


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
    """The practitioner, the room and the laser with these keys, None for a blank one. Raises
    ValidationError where one can no longer be booked."""
    found = {
        name: RESOURCES[name]().filter(pk=key).first() if key else None
        for name, key in keys.items()
    }
    if any(key and found[name] is None for name, key in keys.items()):
        raise ValidationError(_("Who or what was offered can no longer be booked. Look again."))
    return found


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
