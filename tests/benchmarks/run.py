"""One run: load where needed, measure, remove what was loaded unless it is to be kept."""

from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import override_settings
from tqdm import tqdm

from consultations.models import Patient
from consultations.permissions import CLINICIAN, MANAGER, PRACTITIONER, RECEPTION

from . import records
from .figures import measure_figures
from .growth import growing_pages
from .measure import TIMES, compare
from .pages import pages

USERNAMES = {
    RECEPTION: "benchmark-reception",
    PRACTITIONER: "benchmark-practitioner",
    CLINICIAN: "benchmark",
    MANAGER: "benchmark-manager",
}


def run(patients, *, times=TIMES, keep=False, quiet=False):
    """Measure every page over so many patients; returns the lines of the table."""
    records.refuse_foreign_patients()
    users = {role: user_of(role) for role in (CLINICIAN, MANAGER)}
    loaded = Patient.objects.count()
    if loaded != patients:
        if loaded:
            records.remove()
        records.load(patients, by=users[CLINICIAN], quiet=quiet)
    names = [f"benchmark-practitioner-{number}" for number in range(12)]
    records.fill_day([user_of(PRACTITIONER, name) for name in names], by=users[CLINICIAN])
    records.analyse()
    with override_settings(ROOT_URLCONF="tests.benchmarks.stock"):
        found = list(pages(patients))
        lines = list(
            tqdm(compare(users, found, times), total=len(found), desc="Pages", disable=quiet)
        )
    if not keep:
        records.remove()
    return lines


def run_growth(sizes, *, times=TIMES, keep=False, quiet=False):
    """Measure the pages that ask most at each of these numbers of patients, from the fewest up;
    returns the lines by the number of patients."""
    records.refuse_foreign_patients()
    users = {role: user_of(role) for role in USERNAMES}
    measured = {}
    for patients in sorted(sizes):
        if Patient.objects.count() > patients:
            records.remove()
        if more := patients - Patient.objects.count():
            records.load(more, by=users[CLINICIAN], quiet=quiet)
        records.analyse()
        cache.clear()  # figures counted of fewer patients
        pages_now = growing_pages(users[CLINICIAN])
        measured[patients] = list(compare(users, pages_now, times))
    if not keep:
        records.remove()
    return measured


def run_figures(patients, *, times=TIMES, keep=False, quiet=False):
    """Measure the figures over so many patients; returns what was measured of each span."""
    records.refuse_foreign_patients()
    users = {role: user_of(role) for role in (CLINICIAN, MANAGER)}
    if Patient.objects.count() != patients:
        records.remove()
        records.load(patients, by=users[CLINICIAN], quiet=quiet)
    records.analyse()
    measured = list(measure_figures(users[MANAGER], times))
    if not keep:
        records.remove()
    return measured


def user_of(role, name=""):
    user, _created = User.objects.get_or_create(
        username=name or USERNAMES[role], defaults={"is_staff": True}
    )
    user.groups.add(Group.objects.get(name=role))
    return user
