"""Killed while many save: what was acknowledged is there, what is there is whole, and the program
goes on by itself.

80 saves in a normal run; `--rounds 500` for the full proof.
"""

import random
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.conf import global_settings
from django.db import connection

import clinic.settings
from consultations.models import Consultation
from consultations.vocabulary import Area, Severity
from tests.admin import answers
from tests.admin.browsing import add_url
from tests.factories import PatientFactory, UserFactory

from .serving import BROKEN, Person, Server

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 4
PATIENTS = 8
KILLS = 2
PASSWORD = "password"  # as the factory has it


@dataclass(frozen=True)
class Save:
    """One consultation to record; `concern` tells it from all others."""

    concern: str
    token: UUID
    patient: int
    areas: tuple


def saves_of(chance, count, patients):
    return [
        Save(
            concern=f"Concern {number}",
            token=UUID(int=chance.getrandbits(128), version=4),
            patient=chance.choice(patients),
            areas=tuple((area, chance.choice(Severity.values)) for area in some_areas(chance)),
        )
        for number in range(count)
    ]


def some_areas(chance):
    return chance.sample(Area.values, chance.randint(1, 3))


class Staff:
    """People who record what is still `to_do`, until the server breaks off."""

    def __init__(self, server, saves):
        self.server, self.to_do, self.acknowledged, self.refused = server, deque(saves), [], []
        self.broken_off = 0
        self.people = [Person(server.port) for _number in range(PEOPLE)]
        for person in self.people:
            person.sign_in("crash", PASSWORD)

    def record(self, person):
        forms = {}
        while self.to_do:
            save = self.to_do.popleft()
            url = add_url("consultation", patient=save.patient)
            try:
                forms[url] = forms.get(url) or person.form(url)
                status, _page = person.post(url, filled(forms[url], save))
            except BROKEN:
                # Nobody knows whether it was kept; the same form is sent again later.
                self.to_do.appendleft(save)
                self.broken_off += 1
                return
            (self.acknowledged if status == 302 else self.refused).append(save)

    def work(self, kill_after=None):
        """Everybody records at once; the server is killed after so many saves and a moment."""
        with ThreadPoolExecutor(PEOPLE) as threads:
            working = [threads.submit(self.record, person) for person in self.people]
            if kill_after:
                count, moment = kill_after
                while len(self.acknowledged) < count and not all(one.done() for one in working):
                    time.sleep(0.01)
                time.sleep(moment)
                self.server.kill()
            wait(working)
        for one in working:
            one.result()


def filled(form, save):
    typed = {"concern": save.concern, "token": save.token, "_save": "1"}
    return form | answers.areas(*save.areas) | typed


@pytest.fixture(autouse=True)
def _real_passwords(settings):
    """As the server itself checks them."""
    real = getattr(clinic.settings, "PASSWORD_HASHERS", global_settings.PASSWORD_HASHERS)
    settings.PASSWORD_HASHERS = real


@pytest.fixture
def server(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    server = Server(tmp_path / "server.log")
    yield server
    server.kill()


def test_every_acknowledged_save_outlives_being_killed(server, seed, rounds, figure):
    chance, count = random.Random(seed), rounds(24)
    UserFactory(username="crash", is_superuser=True)
    saves = saves_of(chance, count, [PatientFactory().pk for _number in range(PATIENTS)])
    # While the tests keep the file open, SQLite has nothing to recover.
    connection.close()
    server.start()
    staff, since = Staff(server, saves), time.monotonic()
    kept_unheard = 0
    for number in range(1, KILLS + 1):
        after = chance.randrange(count * number // (KILLS + 2), count * number // (KILLS + 1))
        staff.work(kill_after=(after, chance.random() / 4))
        server.start()
        refuse_lost(staff.acknowledged)
        kept_unheard += Consultation.objects.count() - len(staff.acknowledged)
        refuse_halves(saves)
        connection.close()
    staff.work()
    refuse_lost(saves)
    refuse_halves(saves)
    refuse_damage()
    assert staff.refused == []
    assert Consultation.objects.count() == count
    figure("saves", count)
    figure("kills", KILLS)
    figure("saves broken off", staff.broken_off)
    figure("of them kept all the same", kept_unheard)
    figure("seconds", round(time.monotonic() - since))


def refuse_lost(acknowledged):
    """What somebody was told is kept is there, once."""
    found = list(Consultation.objects.values_list("concern", flat=True))
    assert {save.concern for save in acknowledged} <= {*found}
    assert len(found) == len({*found})


def refuse_halves(saves):
    """Each consultation has its areas, their verdicts, referrals where severe, and history."""
    asked = {save.concern: {*save.areas} for save in saves}
    for consultation in Consultation.objects.prefetch_related("assessments__referrals"):
        areas = consultation.assessments.all()
        assert {(one.area, one.severity) for one in areas} == asked[consultation.concern]
        assert consultation.history.count() == consultation.version
        for area in areas:
            referrals = area.referrals.all()
            assert area.outcome
            assert area.rulebook
            assert area.history.count() == area.version
            assert len(referrals) == (area.outcome == "refer_to_surgery")
            assert all(one.history.count() == one.version for one in referrals)


def refuse_damage():
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
