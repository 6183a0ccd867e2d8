"""One run: load where needed, measure, remove what was loaded unless it is to be kept."""

from django.contrib.auth.models import Group, User
from django.test import override_settings
from tqdm import tqdm

from consultations.models import Patient
from consultations.permissions import CLINICIAN, MANAGER

from . import records
from .measure import TIMES, compare
from .pages import pages

USERNAMES = {CLINICIAN: "benchmark", MANAGER: "benchmark-manager"}


def run(patients, *, times=TIMES, keep=False, quiet=False):
    """Measure every page over so many patients; returns the lines of the table."""
    records.refuse_foreign_patients()
    users = {role: user_of(role) for role in USERNAMES}
    loaded = Patient.objects.count()
    if loaded != patients:
        if loaded:
            records.remove()
        records.load(patients, by=users[CLINICIAN], quiet=quiet)
    records.analyse()
    with override_settings(ROOT_URLCONF="tests.benchmarks.stock"):
        found = list(pages(patients))
        lines = list(
            tqdm(compare(users, found, times), total=len(found), desc="Pages", disable=quiet)
        )
    if not keep:
        records.remove()
    return lines


def user_of(role):
    user, _created = User.objects.get_or_create(
        username=USERNAMES[role], defaults={"is_staff": True}
    )
    user.groups.add(Group.objects.get(name=role))
    return user
