"""Every page about somebody is logged as an opening of their record, whichever way it came."""

from collections import Counter
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.urls import resolve, reverse

from consultations.models import AccessRecord, patient_of
from consultations.models.text import day_in_words
from consultations.summaries.person import what_choosers_name
from tests.factories import SessionFactory, UserFactory
from tests.trust.walking import Asking, forms_of, pages_of
from tests.undone import undone

from .test_registry import PAGES
from .world import MODELS, WITHOUT_ADD, WITHOUT_LIST, admin_url, make_world

pytestmark = pytest.mark.django_db

# A thumbnail belongs to the page around it.
NOT_BY_ITSELF = ("changelist", "add", "thumbnail")
# They show many people, for one to be opened; the register of a laser shows them by number.
LISTS = ("_changelist", ":index", ":autocomplete", "_find", ":app_list", "_audit", "_audit_export")
LISTS += (
    "_laser_register",
    "_laser_register_pdf",
    "_laser_register_export",
    "_letters",
    "_figures",
    "_figures_export",
    "_diary",
    "_diary_week",
    "_list_out",
)


@pytest.fixture
def world():
    return make_world(UserFactory(username="colleague"))


def pages_about_somebody(world):
    """The address of each page of a record, and the patients that it shows."""
    for model, page in PAGES:
        if page in NOT_BY_ITSELF or model == "user":
            continue
        if (patient := patient_of(world.records[model])) is not None:
            yield world.url(model, page), [patient]
    for page in ("change", "addendum", "history", "entered_in_error"):
        yield admin_url("consultation", page, world.signed.pk), [world.patient]
    both = [world.patient, world.other]
    yield f"{world.url('consultation', 'move')}?to={world.other.pk}", both
    yield f"{world.url('patient', 'merge')}?with={world.other.pk}", both
    yield f"{world.url('consultation', 'move')}?to={world.patient.pk}", [world.patient]
    yield f"{world.url('patient', 'merge')}?with={world.patient.pk}", [world.patient]
    query = f"?patient={world.patient.pk}"
    yield f"{admin_url('consultation', 'add')}{query}", [world.patient]


def openings():
    return Counter(AccessRecord.objects.filter(patient__isnull=False).values_list("patient"))


def test_every_page_about_somebody_is_one_opening_each(world, admin, client_for):
    client, wrong, looked = client_for(admin), {}, 0
    for url, patients in pages_about_somebody(world):
        before, answer = openings(), client.get(url)
        if answer.status_code != 200:
            continue
        looked += 1
        found = openings() - before
        if found != Counter((one.pk,) for one in patients):
            wrong[url] = found
    assert wrong == {}
    assert looked > 30


@pytest.fixture
def worlds():
    """Two patients, each known by words that stand on no page but theirs."""
    by = UserFactory(username="colleague")
    made = [make_world(by, family_name=name, allergies=name[::-1]) for name in ("Quince", "Zamora")]
    for world, day, fluence in zip(made, (11, 12), ("17.31", "18.42"), strict=True):
        world.consultation.consulted_on = date(2025, 2, day)
        world.consultation.notes, world.consultation.smoker = "Notes.", True
        world.consultation.save(by=by)
        SessionFactory(
            by=by,
            plan=world.treatmentplan,
            laser_mode=world.lasermode,
            performed_on=date(2025, 9, day),
            fluence_j_cm2=fluence,
        )
    return made


def marks_of(world, day, fluence):
    """What only a page about this patient shows: who they are, and their answers."""
    name = world.patient.family_name
    days = (day_in_words(date(2025, month, day)) for month in (2, 9))
    return {name, name[::-1], world.patient.record_number, fluence, *days}


def test_no_page_shows_a_patient_whose_opening_is_not_logged(worlds, admin):
    marks = {
        world.patient.pk: marks_of(world, day, fluence)
        for world, day, fluence in zip(worlds, (11, 12), ("17.31", "18.42"), strict=True)
    }
    asking, wrong, looked = Asking(admin, keeps=True), [], Counter()
    for method, url, data in requests_about(worlds, admin):
        if is_list(url):
            continue
        with undone():
            before = AccessRecord.objects.latest("pk").pk if AccessRecord.objects.exists() else 0
            answer = asking.get(url) if method == "GET" else asking.post(url, data)
            rows = AccessRecord.objects.filter(pk__gt=before, patient__isnull=False)
            logged = set(rows.values_list("patient", flat=True))
        text = "" if answer.streaming else answer.content.decode(errors="replace")
        shows = {key for key, words in marks.items() if any(word in text for word in words)}
        looked[method, bool(shows)] += 1
        wrong += [(method, url, data, shows - logged)] if shows - logged else []
    assert wrong == []
    assert asking.broken == []
    assert looked["GET", True] > 50
    assert looked["POST", True] > 50


def is_list(url):
    return resolve(urlsplit(url).path).view_name.endswith(LISTS)


def requests_about(worlds, user):
    """Every page of both patients; every form of theirs posted empty, as it is, and about the
    other; every form of a new record about either, whatever its address says."""
    first, second = worlds
    pages = [*pages_of(first)]
    yield from (("GET", url, None) for url in pages)
    for form in forms_of(Asking(user), pages):
        names = {"patient", "to", "with"} & {*form.data}
        for changes in ({}, dict.fromkeys(form.texts, ""), dict.fromkeys(names, second.patient.pk)):
            yield "POST", form.action, form.filled(**changes)
    for model, name in links_to_somebody():
        keys = [world.records[what_choosers_name()[name]._meta.model_name].pk for world in worlds]
        for query in ("", f"?{name}={keys[0]}"):
            url = f"{admin_url(model, 'add')}{query}"
            yield "GET", url, None
            yield from (("POST", url, {name: key}) for key in keys)
    yield "POST", reverse("admin:consultations_consultation_verdict"), {"patient": first.patient.pk}


def links_to_somebody():
    """The fields in which a new record names another of the same patient, by its model."""
    for model in MODELS:
        if model not in (*WITHOUT_ADD, *WITHOUT_LIST, "user"):
            fields = apps.get_model("consultations", model)._meta.get_fields()
            yield from (
                (model, name)
                for name in what_choosers_name()
                if name in {one.name for one in fields}
            )
