"""The admin as a browser uses it: open a page, change a few fields of its form, press a button."""

from functools import cached_property
from urllib.parse import urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.template import Template
from django.test import Client
from django.test.utils import instrumented_test_render
from django.urls import reverse


def add_url(model, **query):
    url = reverse(f"admin:consultations_{model}_add")
    return f"{url}?{urlencode(query)}" if query else url


def list_url(model, **query):
    url = reverse(f"admin:consultations_{model}_changelist")
    return f"{url}?{urlencode(query)}" if query else url


def change_url(record):
    return reverse(f"admin:consultations_{record._meta.model_name}_change", args=[record.pk])


def page_url(record, page):
    return reverse(f"admin:consultations_{record._meta.model_name}_{page}", args=[record.pk])


def words(element):
    return " ".join(element.get_text(" ", strip=True).split())


def list_shown(client, url):
    """The list that a page shows; Django keeps what a page is drawn from while this looks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", instrumented_test_render)
        return client.get(url).context["cl"]


class Page:
    """What came back: `path` is where the browser ended up."""

    def __init__(self, response):
        self.response = response
        self.status = response.status_code
        self.path = response.wsgi_request.get_full_path()

    @cached_property
    def soup(self):
        return BeautifulSoup(self.response.content, "html.parser")

    @property
    def text(self):
        return words(self.soup)

    @property
    def messages(self):
        return [words(message) for message in self.select(".messagelist li")]

    @property
    def links(self):
        return {words(link): link["href"] for link in self.select("#content a[href]")}

    @property
    def rows(self):
        """The rows of a list, each its cells in words."""
        return [
            [words(cell) for cell in row.select("th, td")]
            for row in self.select("#result_list tbody tr")
        ]

    @property
    def form(self):
        """What a browser would post: no disabled field, no unticked box, no button, no search."""
        posts = "form[method=post]:not([role=search])"
        # The record's own, where acts stand above it.
        own = self.soup.select_one(f"#content-main > {posts}")
        found = own or self.soup.select_one(f"#content {posts}")
        return form_data(found) if found else {}

    @property
    def errors(self):
        """Messages by the name of the field beside which they stand; "" at the top."""
        told = {}
        for mistakes in self.select("#content .errorlist"):
            name = mistakes.get("id", "").removeprefix("id_").removesuffix("_error")
            told.setdefault(name, []).extend(words(item) for item in mistakes.select("li"))
        return told

    def select(self, selector):
        return self.soup.select(selector)

    def names(self):
        """The names of the fields one can fill in."""
        return {name for name in self.form if name != "csrfmiddlewaretoken"}

    def help_of(self, name):
        found = self.soup.select_one(f"#id_{name}_helptext")
        return words(found) if found else ""


def form_data(form):
    data = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        value = value_of(field)
        if value is None or field.has_attr("disabled"):
            continue
        name = field["name"]
        is_another = name in data and field.get("type") in {"checkbox", "hidden"}
        data[name] = [*_several(data[name]), value] if is_another else value
    return data


def _several(value):
    return value if isinstance(value, list) else [value]


def add_row(data, prefix, **values):
    """Press "Add another": a copy of the row that the page keeps hidden, filled with `values`."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    hidden = f"{prefix}-__prefix__-"
    copy = {
        name.replace("__prefix__", str(number)): value
        for name, value in data.items()
        if name.startswith(hidden)
    }
    filled = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return data | copy | filled | {f"{prefix}-TOTAL_FORMS": str(number + 1)}


def value_of(field):
    """The value a browser posts for one field; None where it posts none."""
    if field.name == "textarea":
        return field.get_text().removeprefix("\n").removeprefix("\r\n")
    if field.name == "select":
        chosen = [option.get("value", "") for option in field.select("option[selected]")]
        if field.has_attr("multiple"):
            return chosen
        first = field.select_one("option")
        return chosen[-1] if chosen else (first.get("value", "") if first else None)
    kind = field.get("type", "text")
    if kind in {"submit", "button", "reset", "image"}:
        return None
    if kind in {"checkbox", "radio"}:
        return field.get("value", "on") if field.has_attr("checked") else None
    return field.get("value", "")


class _Client(Client):
    def _follow_redirect(self, response, *, data="", **rest):
        """A page asked for, then moved for a time, is asked with its own query alone, never again
        with what was posted before it: a form saved while its patient is merged."""
        if response.request["REQUEST_METHOD"] == "GET":
            data = QueryDict(urlsplit(response.url).query)
        return super()._follow_redirect(response, data=data, **rest)


class Browser:
    """Somebody logged in. Nothing that goes wrong in a page is caught."""

    def __init__(self, user):
        self.user = user
        self.client = _Client()
        self.client.force_login(user)

    def open(self, url):
        return Page(self.client.get(url, follow=True))

    def post(self, url, data, follow=True):
        """Post as forms do. Lone surrogates go out as the bytes a broken program would send."""
        data = {name: _raw(value) for name, value in data.items()}
        body = urlencode(data, doseq=True)
        kind = "application/x-www-form-urlencoded"
        return Page(self.client.post(url, body, content_type=kind, follow=follow))

    def send(self, url, data, **options):
        """Post with files, as forms with a file field do."""
        return Page(self.client.post(url, data, follow=True, **options))

    def fill(self, url, changes=None, button="_save"):
        """Open a form, change some of its fields (None takes one out) and press a button."""
        data = self.open(url).form | (changes or {}) | {button: "1"}
        return self.post(url, {name: value for name, value in data.items() if value is not None})

    def sign(self, url, changes=None):
        """Save and sign; where questions were not asked, sign without them."""
        page = self.fill(url, changes, button="_sign")
        return self.fill(page.path, button="_sign") if "unasked" in page.form else page


def _raw(value):
    if isinstance(value, list | tuple):
        return [_raw(one) for one in value]
    return str(value).encode("utf-8", "surrogatepass")
