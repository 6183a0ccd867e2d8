"""The program walked as it stands: every address it answers, and every form on its pages.

A new page or form is found by itself; where one cannot be opened or filled in without being told
how, the walk says so and the suite fails.
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup
from django.apps import apps
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from tests.admin.browsing import form_data
from tests.sweeps.test_queries import form_urls
from tests.undone import undone

from .payloads import as_bytes

# Parts of addresses that are no record's key.
ARGUMENTS = {
    "status": "missed",
    "content_type_id": "1",
    "app_label": "consultations",
    "secret": "unknown",
    "key": "1",
    "target": "patients",
}
# Leaves the session for good: what it does is tested where signing in is.
LEAVES = {"admin:logout"}
TYPED = {"text", "email", "search", "tel", "url"}
# Codes are typed anew each time, and shown to nobody.
SECRETS = {"one-time-code", "off"}


@dataclass(frozen=True)
class Route:
    """One pattern of the address table."""

    name: str
    parameters: tuple

    def url(self, arguments):
        return reverse(self.name, kwargs={name: arguments[name] for name in self.parameters})


def routes(resolver=None, namespace=""):
    """Every address the program answers, by name; what has none only redirects."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        elif pattern.name:
            names = {*pattern.pattern.regex.groupindex}
            yield Route(namespace + pattern.name, tuple(sorted(names)))


def addresses(world):
    """An address for every route, each about a record of this world; by its route's name."""
    found = {}
    for route in routes():
        arguments = ARGUMENTS | {"object_id": key_of(route, world), "id": key_of(route, world)}
        missing = {*route.parameters} - {*arguments}
        assert not missing, f"{route.name}: say in ARGUMENTS what {missing} may be"
        found.setdefault(route.name, route.url(arguments))
    return found


def key_of(route, world):
    """The key of the record that a page is about: the world's own, or the first there is."""
    name = route.name.rpartition(":")[2]
    for model in apps.get_models():
        if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            known = world.records.get(model._meta.model_name)
            return (known or model._base_manager.first() or model(pk=1)).pk
    return 1


@dataclass
class Asking:
    """Somebody who asks the program for anything; what came back is counted, not raised.

    Nothing that is sent stays, unless it `keeps`.
    """

    user: object = None
    keeps: bool = False
    answers: Counter = field(default_factory=Counter)
    broken: list = field(default_factory=list)
    strays: list = field(default_factory=list)

    def __post_init__(self):
        self.client = Client(raise_request_exception=False)
        if self.user is not None:
            self.client.force_login(self.user)

    def __call__(self, method, url, body=b"", content_type="text/plain", **headers):
        with undone(keep=self.keeps):
            answer = self.client.generic(method, url, body, content_type, headers=headers)
        self.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            wrong = answer.exc_info[1] if answer.exc_info else None
            self.broken.append((method, url[:300], bytes(body)[:300], headers, repr(wrong)[:400]))
        where = answer.headers.get("Location", "")
        if where and leads_away(where):
            self.strays.append((method, url[:300], where[:300]))
        return answer

    def get(self, url, **headers):
        return self("GET", url, **headers)

    def post(self, url, data, **headers):
        return self("POST", url, encoded(data), "application/x-www-form-urlencoded", **headers)

    def tell(self, figure):
        told = ", ".join(f"{count} × {status}" for status, count in sorted(self.answers.items()))
        figure("requests", self.answers.total())
        figure("answers", told)


def encoded(data):
    pairs = data.items() if isinstance(data, dict) else data
    every = [
        (as_bytes(name), as_bytes(one))
        for name, value in pairs
        for one in (value if isinstance(value, list | tuple) else [value])
    ]
    return urlencode(every).encode()


def leads_away(where):
    """Whether a browser that is sent there leaves the program."""
    plain = where.replace("\\", "/").lstrip("\t\n\r ")
    return plain.startswith("//") or urlsplit(plain).netloc not in {"", "testserver"}


@dataclass(frozen=True)
class Form:
    """A form as a page offers it. `texts` are the fields one types words into."""

    page: str
    action: str
    data: dict
    texts: tuple
    others: tuple
    buttons: tuple = ()

    @property
    def route(self):
        return route_of(self.action)

    def filled(self, **changes):
        button = dict(self.buttons[:1])
        return button | self.data | changes


def route_of(url):
    match = resolve(urlsplit(url).path)
    return match.view_name


def pages_of(world):
    """Every address that a page may be at, those that name what they are about included."""
    return dict.fromkeys([*addresses(world).values(), *form_urls(world)])


def forms_of(asking, urls):
    """Every form that pages at these addresses offer, once each."""
    found = {}
    for url in urls:
        answer = asking.get(url)
        if answer.status_code != 200 or "html" not in answer.headers.get("Content-Type", ""):
            continue
        for form in BeautifulSoup(answer.content, "html.parser").select("form[method=post]"):
            one = form_on(url, form)
            if one.route not in LEAVES:
                found.setdefault((one.route, frozenset(one.data) - {"plan"}), one)
    return list(found.values())


def mutated(form, values, chance):
    """A form's data with some fields forged, left out or sent more than once."""
    data = []
    for name, value in form.filled().items():
        act = chance.random()
        if act < 0.1:
            continue
        if act < 0.6 and not name.endswith("_FORMS"):
            value = chance.choice(values)
        data.append((name, value))
        if act > 0.95:
            data.append((name, chance.choice(values)))
    return data


def dice(seed, *what):
    """Chance that falls the same way for the same seed and purpose."""
    return random.Random(f"{seed} {what}")


def is_for_words(one):
    is_secret = one.get("spellcheck") == "false" and one.get("autocomplete") in SECRETS
    is_number_or_day = one.has_attr("inputmode") or one.has_attr("data-day")
    return not (is_secret or is_number_or_day or "hidden" in one.get("class", ()))


def form_on(url, form):
    data = {name: value for name, value in form_data(form).items() if "__prefix__" not in name}
    data.pop("csrfmiddlewaretoken", None)
    texts, others, buttons = [], [], []
    for one in form.select("[name]"):
        name = one["name"]
        if "__prefix__" in name or name == "csrfmiddlewaretoken" or one.has_attr("disabled"):
            continue
        kind = one.get("type", "text") if one.name == "input" else one.name
        if kind in {"submit", "button"}:
            buttons.append((name, one.get("value", "")))
        elif one.name == "textarea" or (kind in TYPED and is_for_words(one)):
            texts.append(name)
        else:
            others.append(name)
    action = form.get("action") or url
    unique = dict.fromkeys
    return Form(url, action, data, (*unique(texts),), (*unique(others),), (*buttons,))


def endpoints(world, forms):
    """What scripts send by themselves: no form leads there, but they take what forms do."""
    by_route = {form.route: form for form in forms}
    consultation = by_route["admin:consultations_consultation_add"]
    visit = by_route["admin:consultations_patient_visit"]
    patient = by_route["admin:consultations_patient_add"]
    draft = {"form": visit.page, "title": "Visit", "values": json.dumps({"notes": "half a no"})}
    yield Form("", reverse("admin:consultations_draft"), draft, (*draft,), ())
    for form, url in (
        (consultation, reverse("admin:consultations_consultation_verdict")),
        (visit, reverse("admin:consultations_patient_visit_check", args=[world.patient.pk])),
        (patient, reverse("admin:consultations_patient_namesakes")),
    ):
        yield Form("", url, form.data, form.texts, form.others)
