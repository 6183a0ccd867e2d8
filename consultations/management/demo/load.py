"""Load the demo clinic, all or nothing."""

from datetime import time

from django.db import transaction
from tqdm import tqdm

from consultations.models import ClinicSettings, OpeningHours, Patient, Room
from consultations.summaries.diary import DAYS_OF_A_WEEK

from .accounts import keep_accounts
from .booking import ROOMS
from .clinic import Clinic
from .consulting import enter_visit, register
from .dates import FIRST, mark_today, move_to
from .diary import Diary
from .following import answer_past
from .lasers import keep_lasers
from .photos import photograph
from .schedule import consulted
from .stories import STORIES

FIRST_CONTACT = 4  # days before the first consultation


@transaction.atomic
def keep_demo(today):
    """Load the demo, or move the one that is there, so that `today` is its today.

    Returns what was done, in a word: "loaded", "moved" or "" where all was in place.
    """
    # First, because two that start at once wait here for each other.
    accounts = keep_accounts()
    if Patient.objects.filter(record_number=FIRST).exists():
        return "moved" if move_to(today, by=accounts["admin"]) else ""
    if Patient.objects.filter(record_number__startswith="D-").exists():
        # Whoever tries it has erased the patient who keeps the day: the dates stay.
        return ""
    clinic = Clinic(today, accounts, {}, {})
    keep_lasers(clinic)
    keep_rooms(clinic)
    keep_hours(clinic)
    name_clinic(by=accounts["manager"])
    stories = tqdm(STORIES, desc="Demo patients", leave=False, disable=None)
    for number, story in enumerate(stories, start=1):
        write(clinic, number, story)
    mark_today(today, by=accounts["admin"])
    return "loaded"


def keep_rooms(clinic):
    """Write the rooms, by who works in them."""
    for who, name in ROOMS.items():
        clinic.rooms[who] = Room(name=name, created_at=clinic.stamp(900))
        clinic.rooms[who].save(by=clinic.accounts["manager"])


def keep_hours(clinic):
    """The demo's today is any day of the week, and its appointments move with it: it never closes,
    where whoever tries it has not saved other hours."""
    if not OpeningHours.objects.standing().exists():
        for weekday in range(DAYS_OF_A_WEEK):
            opens = {"opens_at": time(9), "closes_at": time(18)}
            hours = OpeningHours(weekday=weekday, created_at=clinic.stamp(900), **opens)
            hours.save(by=clinic.accounts["manager"])


def name_clinic(*, by):
    """The clinic's settings, where whoever tries the demo has not saved any."""
    settings = ClinicSettings.objects.current()
    if settings._state.adding:
        settings.name = "Turgor demo clinic"
        settings.address = "12 Example Street\nLondon W1A 0XX"
        settings.phone = "020 7946 0321"
        settings.save(by=by, force_insert=True)


def write(clinic, number, story):
    diary = Diary(clinic, number)
    visits = [(consulted(visit, number), visit) for visit in story.visits]
    registered = FIRST_CONTACT + max((ago for ago, _ in visits), default=0)
    diary.enter(registered, register, story.person)
    for ago, visit in visits:
        enter_visit(diary, ago, visit)
    diary.write()
    answer_past(diary)
    photograph(diary)
