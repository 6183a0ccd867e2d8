"""Anything in any field of any form: told in the page or stored, never a broken page."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from consultations.models import AreaAssessment
from tests.factories import AssessmentFactory, PatientFactory, UserFactory
from tests.sweeps.world import make_world

from .payloads import ANYTHING, LONG, VALUES
from .walking import Asking, addresses, dice, endpoints, forms_of, mutated, pages_of, route_of

pytestmark = pytest.mark.django_db

COUNTS = ("", "-1", "0", "NaN", "many", "1e9", "99999", "9" * 30, "\u0663", "1\x00", "1.5")


@pytest.fixture
def world():
    return make_world(UserFactory(username="colleague"))


@pytest.fixture
def asking(admin):
    return Asking(admin)


@pytest.fixture
def forms(world, asking):
    not_agreed = reverse("admin:consultations_patient_photos", args=[PatientFactory().pk])
    found = forms_of(asking, [*pages_of(world), not_agreed])
    return [*found, *endpoints(world, found)]


def test_every_form_is_found(world, forms, asking):
    """What answers only posts is the end of a form that the walk has met, or a known endpoint."""
    met = {form.route for form in forms}
    only_posts = [url for url in addresses(world).values() if asking.get(url).status_code == 405]
    assert {route_of(url) for url in only_posts} - met == {"admin:logout"}


def test_anything_in_any_field(forms, asking, seed, rounds, figure):
    values = [*ANYTHING.values(), LONG["ten thousand"]]
    for form in forms:
        chance = dice(seed, form.action, form.texts)
        for _round in range(rounds(3)):
            asking.post(form.action, mutated(form, values, chance))
    figure("forms", len(forms))
    asking.tell(figure)
    assert asking.broken == []
    assert asking.strays == []


def test_wrong_value_is_told_beside_its_field(forms, asking, seed, rounds, figure):
    """One wrong value in an otherwise untouched form: stored, or a message in the page."""
    silent, told = [], 0
    for form in (one for one in forms if one.page):
        chance = dice(seed, form.action, form.others)
        names = [name for name in form.others if name in form.data and "_FORMS" not in name]
        for name in chance.sample(names, min(rounds(2), len(names))):
            value = chance.choice([*VALUES.values()])
            answer = asking.post(form.action, form.filled(**{name: value}))
            page = BeautifulSoup(answer.content, "html.parser")
            messages = page.select(".errorlist, .errornote, .messagelist .error")
            told += bool(messages)
            if answer.status_code == 200 and not messages:
                silent.append((form.action, name, value[:60]))
    figure("told", told)
    asking.tell(figure)
    assert silent == []
    assert asking.broken == []


def test_forged_counts_of_cards(forms, asking, figure):
    for form in forms:
        names = [name for name in form.data if name.endswith("_FORMS")]
        for name in names:
            for count in COUNTS:
                asking.post(form.action, form.filled(**{name: count}))
            without = {one: value for one, value in form.filled().items() if one != name}
            asking.post(form.action, without)
        if names:
            asking.post(
                form.action, {one: form.filled()[one] for one in form.data if one not in names}
            )
    asking.tell(figure)
    assert asking.broken == []


def test_card_of_another_record_is_left_alone(world, forms, asking, figure):
    """The key of another consultation's area in this one's form: refused, and nothing moves."""
    asking.keeps = True
    other = AssessmentFactory()
    form = next(one for one in forms if one.route == "admin:consultations_consultation_change")
    before = AreaAssessment.objects.filter(pk=other.pk).values().get()
    for name in [name for name in form.data if name.endswith("-id")]:
        for key in (other.pk, 0, -1, "abc", "9" * 30, "", f"{other.pk}\x00"):
            changed = {name: key, name.replace("-id", "-severity"): "severe"}
            asking.post(form.action, form.filled(**changed))
    asking.tell(figure)
    assert AreaAssessment.objects.filter(pk=other.pk).values().get() == before
    assert asking.broken == []


def test_overlong_text_is_refused_and_kept(forms, asking, figure):
    """Ten times what a field takes: told beside it, and what was typed is still there."""
    lost, count = [], 0
    for form in (one for one in forms if one.page and one.texts):
        for name in form.texts:
            page = BeautifulSoup(asking.get(form.page).content, "html.parser")
            field = page.select_one(f'[name="{name}"]')
            text = "x" * (10 * int(field.get("maxlength", 20_000)))
            back = BeautifulSoup(
                asking.post(form.action, form.filled(**{name: text})).content, "html.parser"
            )
            kept = back.select_one(f'[name="{name}"]')
            count += 1
            refused = back.select_one(".errorlist, .errornote")
            if kept and not (refused and text in {kept.get("value", ""), kept.get_text().strip()}):
                lost.append((form.action, name))
    figure("fields", count)
    asking.tell(figure)
    assert lost == []
    assert asking.broken == []
