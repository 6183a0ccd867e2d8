"""Every ModelAdmin keeps the house's promises: known names, roles, no delete, nothing inline."""

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.core.checks import run_checks
from django.db.models import ForeignKey
from django.test import RequestFactory
from django.urls import reverse

from consultations.vocabulary import LaserType, Outcome
from tests.factories import UserFactory

from .world import MODELS, WITHOUT_LIST, admin_url, make_world

ROLES = ("reception", "practitioner", "clinician", "manager", "admin")

# What each role is answered, in the order of ROLES: the roles table of the design, page by page.
ANSWERS = {
    "patient": {
        "changelist": (200, 200, 200, 200, 200),
        "add": (200, 200, 200, 403, 200),
        "change": (200, 200, 200, 200, 200),
        "history": (200, 200, 200, 200, 200),
        "chart": (403, 200, 200, 200, 200),
        "visit": (403, 200, 200, 403, 200),
        "photos": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
        "export": (403, 403, 403, 405, 405),
        "erase": (403, 403, 403, 200, 200),
    },
    "consultation": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 403, 200, 403, 200),
        "change": (403, 200, 200, 200, 200),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "areaassessment": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 403, 403, 403, 403),
        "change": (403, 302, 302, 302, 302),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "surgicalreferral": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 403, 200, 403, 200),
        "change": (403, 200, 200, 200, 200),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "treatmentplan": {
        "changelist": (200, 200, 200, 200, 200),
        "add": (403, 403, 200, 403, 200),
        "change": (200, 200, 200, 200, 200),
        "history": (200, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "treatmentsession": {
        "changelist": (200, 200, 200, 200, 200),
        "add": (200, 200, 200, 403, 200),
        "change": (200, 200, 200, 200, 200),
        "history": (200, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "adverseevent": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 200, 200, 403, 200),
        "change": (403, 200, 200, 200, 200),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "followup": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 200, 200, 403, 200),
        "change": (403, 200, 200, 200, 200),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "laser": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 403, 403, 200, 200),
        "change": (403, 200, 200, 200, 200),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "lasermode": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 403, 403, 200, 200),
        "change": (403, 200, 200, 200, 200),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "photo": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 403, 403, 403, 403),
        "change": (403, 200, 200, 200, 200),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
        "image": (403, 200, 200, 200, 200),
        "thumbnail": (403, 200, 200, 200, 200),
    },
    "consent": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 403, 403, 403, 403),
        "change": (403, 200, 200, 200, 200),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "consentwording": {
        "changelist": (403, 200, 200, 200, 200),
        "add": (403, 403, 403, 200, 200),
        "change": (403, 200, 200, 200, 200),
        "history": (403, 200, 200, 200, 200),
        "entered_in_error": (403, 403, 200, 403, 200),
    },
    "clinicsettings": {
        "changelist": (403, 403, 403, 302, 302),
        "add": (403, 403, 403, 302, 302),
        "change": (403, 403, 403, 200, 200),
        "history": (403, 403, 403, 200, 200),
        "entered_in_error": (403, 403, 403, 403, 200),
        "due_for_erasure": (403, 403, 403, 200, 200),
    },
    "user": {
        "changelist": (403, 403, 403, 200, 200),
        "add": (403, 403, 403, 200, 200),
        "change": (403, 403, 403, 200, 200),
        "history": (403, 403, 403, 200, 200),
    },
}
PAGES = [(model, page) for model, pages in ANSWERS.items() for page in pages]
SITE_PAGES = ("index", "password_change")


@pytest.fixture
def world(db):
    return make_world(UserFactory(username="colleague"))


@pytest.fixture
def staff(reception, practitioner, clinician, manager, admin):
    return dict(zip(ROLES, (reception, practitioner, clinician, manager, admin), strict=True))


@pytest.fixture
def soups(world, admin, client_for):
    """Every page that a superuser may open, parsed, by its address."""
    client = client_for(admin)
    urls = [world.url(model, page) for model, page in PAGES]
    urls += [reverse(f"admin:{page}") for page in SITE_PAGES]
    answers = {url: client.get(url) for url in urls}
    answers[reverse("admin:login")] = type(client)().get(reverse("admin:login"))
    return {
        url: BeautifulSoup(answer.content, "html.parser")
        for url, answer in answers.items()
        if answer.status_code == 200 and not answer.streaming
    }


def test_every_admin_names_only_what_django_knows(db):
    assert run_checks(include_deployment_checks=False) == []


def test_every_registered_model_is_swept():
    assert sorted(model._meta.model_name for model in admin.site._registry) == sorted(MODELS)
    assert sorted(ANSWERS) == sorted(MODELS)


@pytest.mark.parametrize("model", MODELS)
def test_each_page_opens_for_the_roles_of_the_design(world, staff, client_for, model):
    clients = {role: client_for(user) for role, user in staff.items()}
    answers = {
        page: tuple(clients[role].get(world.url(model, page)).status_code for role in ROLES)
        for page in ANSWERS[model]
    }
    assert answers == ANSWERS[model]


@pytest.mark.parametrize("page", SITE_PAGES)
def test_every_role_opens_the_pages_of_the_site(staff, client_for, page):
    url = reverse(f"admin:{page}")
    assert [client_for(user).get(url).status_code for user in staff.values()] == [200] * 5


@pytest.mark.parametrize("model", [one for one in MODELS if one not in WITHOUT_LIST])
def test_every_choice_of_every_filter_opens(world, client_for, admin, model):
    client, url = client_for(admin), world.url(model, "changelist")
    specs = client.get(url).context["cl"].filter_specs
    choices = [f"{one.parameter_name}={key}" for one in specs for key, _words in one.lookup_choices]
    answers = {choice: client.get(f"{url}?{choice}").status_code for choice in choices}
    assert answers == dict.fromkeys(choices, 200)


def test_nobody_is_sent_to_log_in_from_every_page(world, client):
    urls = [world.url(model, page) for model, page in PAGES]
    answers = {url: client.get(url) for url in urls}
    login = reverse("admin:login")
    assert {url: (one.status_code, one.url) for url, one in answers.items()} == {
        url: (302, f"{login}?next={url}") for url in urls
    }


def test_nobody_may_delete_anything(world, staff, client_for):
    answers = {
        client_for(user).post(world.url(model, "delete"), {"post": "yes"}).status_code
        for user in staff.values()
        for model in MODELS
    }
    assert answers == {403}


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
        # A visit offers the handful of modes and of staff at once.
        and not url.endswith("/visit/")
    }
    assert plain == set()


def test_no_page_has_anything_inline(soups):
    def is_inline(tag):
        if tag.name == "style" or (tag.name == "script" and not tag.get("src")):
            return True
        return any(name == "style" or name.startswith("on") for name in tag.attrs) or str(
            tag.get("href", "")
        ).startswith("javascript:")

    found = {url: [str(tag) for tag in soup(is_inline)] for url, soup in soups.items()}
    assert {url: tags for url, tags in found.items() if tags} == {}


def test_every_page_has_a_content_security_policy(world, admin, client_for, client):
    inside = client_for(admin)
    urls = [world.url(model, page) for model, page in PAGES]
    answers = [inside.get(url) for url in urls] + [client.get(reverse("admin:login"))]
    policies = {answer.headers["Content-Security-Policy"] for answer in answers}
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
                "base-uri",
                "frame-ancestors",
            ]
        )
    ]
    assert not any("unsafe" in policy for policy in policies)


# What reception sees

CANARY = "canary"
NUMBER = "33.125"


@pytest.fixture
def clinical_world(clinician):
    """A world whose every clinical field holds a word or number that is nowhere else."""
    world = make_world(
        clinician,
        allergies=CANARY,
        medicines=CANARY,
        past_surgery=CANARY,
        medical_notes=CANARY,
        phototype="VI",
    )
    write_everywhere(world, clinician)
    return world


TEXTS = {
    "patient": ["allergies"],
    "consultation": ["concern", "notes", "chaperone"],
    "areaassessment": ["decision_reason", "reason"],
    "surgicalreferral": ["notes", "surgeon"],
    "treatmentplan": ["extension_reason", "status_reason"],
    "treatmentsession": ["endpoint", "reaction", "notes"],
    "adverseevent": ["action_taken"],
    "consent": ["signed_name"],
}


def write_everywhere(world, by):
    for model, names in TEXTS.items():
        record = world.records[model]
        for name in names:
            setattr(record, name, CANARY)
        if model == "areaassessment":
            record.findings = [{**one, "message": CANARY} for one in record.findings]
        if model == "treatmentsession":
            record.fluence_j_cm2 = NUMBER
        record.refresh_from_db(fields=["version"])
        record.save(by=by)


def reception_urls(world):
    open_to_reception = [
        world.url(model, page) for model, page in PAGES if ANSWERS[model][page][0] == 200
    ]
    lists = [world.url(model, "changelist") for model in MODELS]
    searched = [f"{url}?q={word}" for url in lists for word in ("Family", CANARY, NUMBER)]
    add = admin_url("treatmentsession", "add")
    autocomplete = reverse("admin:autocomplete")
    fields = [
        ("treatmentsession", "plan"),
        ("treatmentsession", "operator"),
        ("treatmentsession", "laser_mode"),
        ("treatmentplan", "assessment"),
        ("surgicalreferral", "assessment"),
        ("consultation", "patient"),
        ("adverseevent", "session"),
        ("followup", "patient"),
    ]
    return [
        *open_to_reception,
        *searched,
        f"{add}?plan={world.treatmentplan.pk}",
        f"{add}?plan={world.treatmentplan.pk}&status=booked",
        reverse("admin:index"),
        *(
            f"{autocomplete}?app_label=consultations&model_name={model}&field_name={field}{term}"
            for model, field in fields
            for term in ("", "&term=Family")
        ),
    ]


def pages_of_reception(world, client):
    answers = {url: client.get(url) for url in reception_urls(world)}
    return {
        url: answer.content.decode() for url, answer in answers.items() if answer.status_code == 200
    }


def test_reception_reads_no_clinical_text(clinical_world, reception, client_for):
    pages = pages_of_reception(clinical_world, client_for(reception))
    # A search repeats what was typed.
    told = [url for url, page in pages.items() if CANARY in page and f"q={CANARY}" not in url]
    told += [url for url, page in pages.items() if NUMBER in page and f"q={NUMBER}" not in url]
    assert told == []


def test_reception_reads_no_verdict_and_no_laser(clinical_world, reception, client_for):
    words = [str(one) for one in (*Outcome.labels, *LaserType.labels)]
    words += ["Phototype", "referral"]
    pages = pages_of_reception(clinical_world, client_for(reception))
    told = {url: [word for word in words if word in page] for url, page in pages.items()}
    assert {url: found for url, found in told.items() if found} == {}


def test_reception_finds_nobody_by_clinical_text(clinical_world, reception, client_for):
    client = client_for(reception)
    lists = ("patient", "treatmentplan", "treatmentsession")
    found = [
        len(
            client.get(f"{clinical_world.url(model, 'changelist')}?q={CANARY}")
            .context["cl"]
            .result_list
        )
        for model in lists
    ]
    assert found == [0, 0, 0]


@pytest.mark.parametrize("lookup", ["allergies__icontains", "phototype", "keloid_history"])
def test_reception_cannot_ask_by_a_clinical_column(clinical_world, reception, client_for, lookup):
    url = admin_url("patient", "changelist")
    assert client_for(reception).get(f"{url}?{lookup}=VI").status_code in {302, 400}


def test_a_clinician_reads_what_reception_does_not(clinical_world, clinician, client_for):
    chart = client_for(clinician).get(clinical_world.url("patient", "chart")).content.decode()
    assert (CANARY in chart, NUMBER in chart) == (True, True)
