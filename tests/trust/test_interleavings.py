"""Nobody overwrites anybody: two editors at one page, in every order, and nothing lost unseen.

pytest tests/trust/test_interleavings.py --rounds 1000 --seed 7
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from consultations.actions.roles import sync_roles
from consultations.admin.visit.form import as_posted
from consultations.models import Patient, TreatmentSession
from consultations.vocabulary import Area
from tests.admin import answers
from tests.admin.browsing import Browser, add_url, change_url
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    EventFactory,
    FollowUpFactory,
    LaserModeFactory,
    PatientFactory,
    PhotoFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
)

WORDS = ("", "Call before noon.", "Asked twice.", "A = 1 < 2", "Ärztin: ‘ja’")
YES_NO = ("true", "false", "unknown")
PATIENCE = 60


@dataclass(frozen=True)
class Field:
    """One field of a page: its name in the form, where it is stored, and what may be typed."""

    posted: str
    record: object
    name: str
    choices: tuple

    def stored(self):
        value = (
            type(self.record)._base_manager.values_list(self.name, flat=True).get(pk=self.record.pk)
        )
        if value is None:
            return "unknown" if self.choices is YES_NO else ""
        # Amounts are shown with all of their digits.
        return f"{value:.2f}" if self.name == "price_per_session" else as_posted(value)


def fields_of(record, prefix="", **choices):
    return [
        Field(f"{prefix}{name}", record, name, tuple(values)) for name, values in choices.items()
    ]


def patient():
    one = PatientFactory()
    return change_url(one), fields_of(
        one, phone=["", "020 7946 0001", "020 7946 0002"], address=WORDS, keloid_history=YES_NO
    )


def consultation():
    one = ConsultationFactory()
    face, neck = (AssessmentFactory(consultation=one, area=area) for area in (Area.FACE, Area.NECK))
    return change_url(one), [
        *fields_of(one, notes=WORDS, smoker=YES_NO),
        *fields_of(face, "assessments-0-", severity=["mild", "moderate"]),
        *fields_of(neck, "assessments-1-", skin_problem=YES_NO),
    ]


def referral():
    one = ReferralFactory()
    return change_url(one), fields_of(one, urgency=["routine", "soon"], notes=WORDS)


def plan():
    one = PlanFactory()
    return change_url(one), fields_of(
        one, interval_days=["28", "35", "42"], price_per_session=["", "90.00", "120.50"]
    )


def session():
    one = SessionFactory()
    return change_url(one), fields_of(
        one, notes=WORDS, pain=["", "0", "7"], passes=["1", "2"], tattoo=YES_NO
    )


def event():
    one = EventFactory()
    return change_url(one), fields_of(one, action_taken=WORDS)


def follow_up():
    one, today = FollowUpFactory(), timezone.localdate()
    days = [as_posted(today + timedelta(days=ahead)) for ahead in (30, 60, 90)]
    return change_url(one), fields_of(one, due_on=days)


def photo():
    one = PhotoFactory()
    days = [as_posted(date(2025, month, 5)) for month in (1, 2, 3)]
    return change_url(one), fields_of(one, taken_on=days)


def laser():
    mode = LaserModeFactory()
    return change_url(mode.laser), [
        *fields_of(mode.laser, manufacturer=WORDS),
        *fields_of(mode, "modes-0-", name=["Deep", "Gentle", "Wide"]),
    ]


PAGES = (patient, consultation, referral, plan, session, event, follow_up, photo, laser)


class Editor:
    """Somebody at one page, who has `seen` what it showed of each field."""

    def __init__(self, user, url, fields, chance):
        self.browser, self.url, self.fields, self.chance = Browser(user), url, fields, chance
        self.steps = [self.open, self.type, self.save]
        self.typed, self.seen, self.losses = {}, {}, []

    def open(self):
        self.typed = self.browser.open(self.url).form
        self.seen = {field: {self.typed.get(field.posted)} for field in self.fields}

    def type(self):
        for field in self.chance.choices(self.fields, k=2):
            self.typed[field.posted] = self.chance.choice(field.choices)

    def save(self):
        """Post what was typed; what was told, in a word."""
        before = {field: field.stored() for field in self.fields}
        page = self.browser.post(self.url, self.typed | {"_save": "1"})
        after = {field: field.stored() for field in self.fields}
        if not page.errors:
            return self.judge(before, after)
        assert after == before, "a refused save wrote something"
        assert "Nothing was saved." in page.errors[""][0]
        for field in self.fields:
            kept, typed = page.form.get(field.posted), self.typed.get(field.posted)
            assert kept == typed, "what was typed is gone"
            if page.errors.get(field.posted) is not None:
                self.seen[field].add(before[field])
        self.typed = page.form
        self.steps += self.chance.choice([[self.save], [self.open, self.type, self.save], []])
        return "refused"

    def judge(self, before, after):
        """What was acknowledged is stored; what was overwritten without having been shown is
        lost."""
        for field in self.fields:
            assert after[field] == self.typed.get(field.posted), f"{field.posted} was not stored"
            if before[field] != after[field] and before[field] not in self.seen[field]:
                self.losses.append(field.posted)
        return "saved" if after != before else "nothing to save"


def interleave(editors, chance):
    """Let both take their steps in some order; what each step came to."""
    while waiting := [editor for editor in editors if editor.steps]:
        told = chance.choice(waiting).steps.pop(0)()
        if told:
            yield told


def collide(editors):
    """Let both open the page, then save one field each in their own way."""
    for editor in editors:
        editor.open()
    field = editors[0].fields[0]
    others = (value for value in field.choices if value != field.stored())
    for editor, value in zip(editors, others, strict=False):
        editor.typed[field.posted] = value
    return [editor.save() for editor in editors]


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_two_editors_in_every_order(page, seed, rounds, figure):
    chance = random.Random(f"{seed} {page.__name__}")
    users = [UserFactory(username=name, is_superuser=True) for name in ("first", "second")]
    url, fields = page()
    told, losses, count = Counter(), [], -(-rounds(80) // len(PAGES))
    assert collide([Editor(user, url, fields, chance) for user in users]) == ["saved", "refused"]
    for _round in range(count):
        editors = [Editor(user, url, fields, chance) for user in users]
        told.update(interleave(editors, chance))
        losses += [loss for editor in editors for loss in editor.losses]
    figure("interleavings", count)
    figure("saves", dict(told))
    figure("silent losses", len(losses))
    assert losses == []


def at_once(posts):
    """Send all posts at one moment; the pages that came back."""
    start = Barrier(len(posts), timeout=PATIENCE)

    def send(browser, url, data):
        start.wait()
        try:
            return browser.post(url, data)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(posts)) as people:
        sent = [people.submit(send, *post) for post in posts]
        return [one.result(PATIENCE) for one in sent]


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_one_moment_one_is_told(rounds, figure):
    sync_roles()
    browsers = [Browser(UserFactory(is_superuser=True)) for _each in range(2)]
    one = PatientFactory(phone="")
    count = rounds(10)
    for number in range(count):
        forms = [browser.open(change_url(one)).form for browser in browsers]
        phones = [f"020 7946 {number:04d}{who}" for who in (1, 2)]
        pages = at_once(
            [
                (browser, change_url(one), form | {"phone": phone})
                for browser, form, phone in zip(browsers, forms, phones, strict=True)
            ]
        )
        stored = Patient.objects.get(pk=one.pk).phone
        told = [page.errors.get("phone") for page in pages]
        won = phones.index(stored)
        assert (told[won], told[1 - won]) == (None, [f"Now: {stored}"])
    figure("races", count)


@pytest.mark.django_db(transaction=True)
def test_a_session_posted_twenty_times_is_stored_once(figure):
    sync_roles()
    user, made = UserFactory(is_superuser=True), PlanFactory()
    url = add_url("treatmentsession", plan=made.pk)
    data = Browser(user).open(url).form | answers.session(LaserModeFactory(), "2025-04-01")
    pages = at_once([(Browser(user), url, data) for _each in range(20)])
    figure("posts", len(pages))
    figure("stored", TreatmentSession.objects.count())
    assert [page.status for page in pages] == [200] * 20
    assert TreatmentSession.objects.count() == 1
