"""Anything in any field of any form: told in the page or stored, never a broken page."""

import pytest
from bs4 import BeautifulSoup
from django.test import override_settings
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.accounts import second_factor
from consultations.accounts.lock_out import OF_BOTH, Attempt
from consultations.models import AreaAssessment
from consultations.permissions import PRACTITIONER
from tests.factories import AssessmentFactory, PatientFactory, UserFactory
from tests.sweeps.world import make_world
from tests.undone import undone

from .payloads import ANYTHING, LONG, QUERY, VALUES
from .walking import (
    Asking,
    addresses,
    dice,
    encoded,
    endpoints,
    forms_of,
    mutated,
    pages_of,
    route_of,
)

pytestmark = pytest.mark.django_db

COUNTS = ("", "-1", "0", "NaN", "many", "1e9", "99999", "9" * 30, "\u0663", "1\x00", "1.5")


# Who signs in is met on the way in, and a message that did not arrive beside it.
MET_ELSEWHERE = {
    "admin:logout",
    "admin:second_factor_new_codes",
    "admin:consultations_patient_send_again",
    "admin:auth_user_end_calendar",
    # Buttons of what is today's, or was cancelled.
    *(
        f"admin:consultations_appointment_{name}"
        for name in ("arrive", "enter", "finish", "fill", "book_course", "put_back")
    ),
    # Buttons of what was sent.
    *(
        f"admin:consultations_surgicalreferral_{name}"
        for name in ("accepted", "declined", "another", "goes_on")
    ),
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Walked once for all tests of this file; what each of them writes is gone before the next."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=hashers), undone():
        colleague = UserFactory(username="colleague")
        with_codes(colleague)
        for _time in range(OF_BOTH + 1):
            Attempt(username=colleague.username, user=colleague, address="192.0.2.1").begin()
        yield make_world(colleague)


@pytest.fixture(scope="module")
def forms(world):
    not_agreed = reverse("admin:consultations_patient_photos", args=[PatientFactory().pk])
    somebody = UserFactory(username="somebody", is_superuser=True)
    UserFactory(username="bookable", role=PRACTITIONER)
    found = forms_of(Asking(somebody), [*pages_of(world), not_agreed])
    return [*found, *endpoints(world, found)]


@pytest.fixture
def asking(admin):
    return Asking(admin)


def with_codes(user):
    return TOTPDevice.objects.create(user=user, key=second_factor.new_key(), name="Authenticator")


def test_every_form_is_found(world, forms, asking):
    """What answers only posts is the end of a form that the walk has met, or a known endpoint."""
    met = {form.route for form in forms}
    only_posts = [url for url in addresses(world).values() if asking.get(url).status_code == 405]
    assert {route_of(url) for url in only_posts} - met == MET_ELSEWHERE


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


def test_anything_on_the_way_in(admin, seed, rounds, figure):
    """What is asked of nobody yet, of whoever has given a password, and a code as well."""
    device, chance = with_codes(admin), dice(seed, "way in")
    nobody, half, whole = Asking(), Asking(admin), Asking(admin)
    session = whole.client.session
    session[second_factor.GIVEN_ON] = device.pk
    session.save()
    values = [*ANYTHING.values(), *QUERY.values(), LONG["ten thousand"]]
    ways = {"login": nobody, "second_factor_code": half, "second_factor": whole}
    for page, asking in ways.items():
        [*forms] = forms_of(asking, [reverse(f"admin:{page}")])
        assert [form.others for form in forms] != []
        for form in forms:
            for _round in range(rounds(20)):
                asking.post(form.action, mutated(form, values, chance))
                asking.get(f"{form.page}?{encoded({'next': chance.choice(values)}).decode()}")
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
            # Or the page asks what becomes of appointments.
            messages = page.select(
                ".errorlist, .errornote, .messagelist .error, [name=left_booked_shown]"
            )
            told += bool(messages)
            if answer.status_code == 200 and not messages:
                silent.append((form.action, name, value[:60]))
    figure("told", told)
    asking.tell(figure)
    assert silent == []
    assert asking.broken == []


def test_forged_counts_of_cards(forms, asking, seed, rounds, figure):
    for form in forms:
        chance, filled = dice(seed, "counts", form.action), form.filled()
        names = [name for name in form.data if name.endswith("_FORMS")]
        for name in names:
            for count in chance.sample(COUNTS, min(rounds(3), len(COUNTS))):
                asking.post(form.action, filled | {name: count})
        if names:
            gone = {chance.choice(names)}
            for left_out in (gone, {*names}):
                asking.post(
                    form.action, {one: filled[one] for one in filled if one not in left_out}
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
    """Ten times what each field takes: told in the page, and what was typed is still there."""
    lost, count = [], 0
    for form in (one for one in forms if one.page and one.texts):
        page = BeautifulSoup(asking.get(form.page).content, "html.parser")
        fields = {name: page.select_one(f'[name="{name}"]') for name in form.texts}
        typed = {
            name: "x" * (10 * int(field.get("maxlength", 20_000))) for name, field in fields.items()
        }
        answer = asking.post(form.action, form.filled(**typed))
        back = BeautifulSoup(answer.content, "html.parser")
        refused = back.select_one(".errorlist, .errornote")
        for name, text in typed.items():
            kept = back.select_one(f'[name="{name}"]')
            is_there = kept and text in {kept.get("value", ""), kept.get_text().strip()}
            if kept and not (refused and is_there):
                lost.append((form.action, name))
        count += len(typed)
    figure("fields", count)
    asking.tell(figure)
    assert lost == []
    assert asking.broken == []
