"""Every ModelAdmin keeps the house's promises: known names, roles, no delete, nothing inline."""

import re
from itertools import product

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.core.checks import run_checks
from django.db.models import ForeignKey
from django.db.transaction import atomic, set_rollback
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from tests.admin.browsing import Page
from tests.factories import UserFactory
from tests.trust.matrix import MATRIX

from .world import MODELS, WITHOUT_LIST, make_world

ROLES = ("reception", "practitioner", "clinician", "manager", "admin")

# The pages that stand beside a list and a form; more there are, and who may open which: MATRIX.
OF_A_MODEL = ("changelist", "add", "change", "history", "entered_in_error")
MORE_PAGES = {
    "patient": (
        *("chart", "visit", "photos", "consents", "photo_consent", "publicity_consent"),
        *("merge", "looked", "erase"),
    ),
    "treatmentplan": ("consent",),
    "consultation": ("move",),
    "photo": ("image", "thumbnail"),
    "laser": ("register",),
}


def answer(model, page, role):
    """What GET is answered to a role, by the matrix of tests/trust."""
    name = f"auth_user_{page}" if model == "user" else f"{model}_{page}"
    lines = [line for row, line in MATRIX.items() if row.partition("@")[0] == name]
    return int(lines[0]["GET"]["superuser" if role == "admin" else role])


PAGES = [
    (model, page)
    for model in MODELS
    for page in (*OF_A_MODEL, *MORE_PAGES.get(model, ()))
    if (model, page) != ("user", "entered_in_error")
]
SITE_PAGES = (
    "index",
    "consultations_diary",
    "consultations_diary_week",
    "password_change",
    "second_factor_set_up",
    "sessions",
    "your_calendar",
)


@pytest.fixture
def world(db):
    return make_world(UserFactory(username="colleague"))


@pytest.fixture
def staff(reception, practitioner, clinician, manager, admin):
    return dict(zip(ROLES, (reception, practitioner, clinician, manager, admin), strict=True))


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker):
    """What a superuser is answered on every page, and the way in, by address."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=hashers), atomic():
        world = make_world(UserFactory(username="colleague"))
        client = Client(raise_request_exception=False)
        client.force_login(UserFactory(is_superuser=True))
        urls = [world.url(model, page) for model, page in PAGES]
        urls += [reverse(f"admin:{page}") for page in SITE_PAGES]
        found = {url: client.get(url) for url in urls}
        found[reverse("admin:login")] = Client().get(reverse("admin:login"))
        set_rollback(True)
    return found


@pytest.fixture(scope="module")
def soups(answers):
    """Every page that was shown, parsed."""
    return {
        url: BeautifulSoup(answer.content, "html.parser")
        for url, answer in answers.items()
        if answer.status_code == 200 and not answer.streaming
    }


def test_every_admin_names_only_what_django_knows(db):
    assert run_checks(include_deployment_checks=False) == []


def test_every_registered_model_is_swept():
    assert sorted(model._meta.model_name for model in admin.site._registry) == sorted(MODELS)


@pytest.mark.parametrize("model", [one for one in MODELS if one not in WITHOUT_LIST])
def test_every_choice_of_every_filter_opens(world, client_for, admin, model, contexts):
    client, url = client_for(admin), world.url(model, "changelist")
    specs = client.get(url).context["cl"].filter_specs
    choices = [f"{one.parameter_name}={key}" for one in specs for key, _words in one.lookup_choices]
    answers = {choice: client.get(f"{url}?{choice}").status_code for choice in choices}
    assert answers == dict.fromkeys(choices, 200)


def test_no_admin_grants_deleting(world, staff):
    request = RequestFactory().get("/")
    granted = []
    for user in staff.values():
        request.user = user
        for model, model_admin in admin.site._registry.items():
            inlines = model_admin.get_inline_instances(
                request, world.records[model._meta.model_name]
            )
            for one in (model_admin, *inlines):
                if one.has_delete_permission(request) or "delete_selected" in getattr(
                    one, "get_actions", lambda request: {}
                )(request):
                    granted.append((user.username, one))
    assert granted == []


def test_no_form_takes_a_button_that_is_not_on_it(world, staff, client_for):
    client, wrong = client_for(staff["admin"]), {}
    kept = {model: type(world.records[model])._base_manager.count() for model in MODELS}
    for model, button in product(MODELS, ("_saveasnew", "_sign")):
        is_signed = getattr(site_admin(world.records[model]), "is_signed_here", False)
        # Areas, addenda and documents are changed on no page of their own.
        if model in {"areaassessment", "addendum", "issueddocument"} or (
            button == "_sign" and is_signed
        ):
            continue
        url = world.url(model, "change")
        form = Page(client.get(url)).form
        answer = client.post(url, form | {button: "1"})
        if answer.status_code != 400:
            wrong[url, button] = answer.status_code
    assert wrong == {}
    assert kept == {model: type(world.records[model])._base_manager.count() for model in MODELS}


def site_admin(record):
    return admin.site.get_model_admin(type(record))


def test_no_page_offers_to_delete(soups):
    def offers(tag):
        words = " ".join([tag.get_text(), *(str(tag.get(name, "")) for name in ("href", "name"))])
        return "delete" in words.lower()

    found = {
        url: [str(tag) for tag in soup(["a", "button", "input", "option", "label"]) if offers(tag)]
        for url, soup in soups.items()
    }
    assert {url: tags for url, tags in found.items() if tags} == {}


def test_no_form_lists_records_in_a_plain_select(soups):
    keys = {
        field.name
        for model in admin.site._registry
        for field in model._meta.fields
        if isinstance(field, ForeignKey)
    }
    plain = {
        (url, tag["name"])
        for url, soup in soups.items()
        for tag in soup("select")
        if tag.get("name", "").split("-")[-1] in keys
        and "admin-autocomplete" not in tag.get("class", ())
        # The handful of modes, lasers, rooms, letters and of who can be booked is offered at once,
        # and on a visit or for a week that of staff.
        and tag["name"] not in {"laser_mode", "laser", "room", "practitioner", "document"}
        and not url.endswith(("/visit/", "/week/"))
    }
    assert plain == set()


def test_no_title_names_a_patient(soups):
    """Browsers keep titles in their history."""
    names = re.compile(r"Family\d|Given")
    titles = {url: soup.title.get_text() for url, soup in soups.items()}
    assert {url: title for url, title in titles.items() if names.search(title)} == {}
    about_a_patient = [title for title in titles.values() if re.search(r"P-\d{6} \|", title)]
    assert len(about_a_patient) > 10


def test_no_form_is_kept_or_filled_in_by_the_browser(soups):
    forms = {url: soup("form") for url, soup in soups.items()}
    fields = {
        url: soup.select("form[data-drafts] :is(input[type=text], input[type=email], textarea)")
        for url, soup in soups.items()
        if "/auth/" not in url  # staff, whose passwords a browser may keep
    }
    assert {
        url: [str(one)[:80] for one in found if one.get("autocomplete") != "off"]
        for url, found in (*forms.items(), *fields.items())
        if any(one.get("autocomplete") != "off" for one in found)
    } == {}


def test_no_page_makes_an_address_of_a_search(soups):
    asked = re.compile(r"[?&](?:q|term|who)=")
    found = {
        url: [str(one)[:80] for one in soup.select("[href], form")]
        for url, soup in soups.items()
        if any(asked.search(one["href"]) for one in soup.select("[href]"))
        or any(one.get("method", "get").lower() != "post" for one in soup("form"))
        or soup.select("[data-ajax--type=GET]")
    }
    assert found == {}


def test_no_page_has_anything_inline(soups):
    def is_inline(tag):
        if tag.name == "style" or (tag.name == "script" and not tag.get("src")):
            return True
        return any(name == "style" or name.startswith("on") for name in tag.attrs) or str(
            tag.get("href", "")
        ).startswith("javascript:")

    found = {url: [str(tag) for tag in soup(is_inline)] for url, soup in soups.items()}
    assert {url: tags for url, tags in found.items() if tags} == {}


def test_every_page_has_a_content_security_policy(answers):
    policies = {answer.headers["Content-Security-Policy"] for answer in answers.values()}
    assert [sorted(part.split()[0] for part in one.split("; ")) for one in policies] == [
        sorted(
            [
                "default-src",
                "script-src",
                "style-src",
                "img-src",
                "font-src",
                "connect-src",
                "form-action",
                "frame-src",
                "base-uri",
                "frame-ancestors",
            ]
        )
    ]
    assert not any("unsafe" in policy for policy in policies)
