"""Measures pages of both admins side by side, each as whoever reads it, in one process."""

import statistics
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

TIMES = 5
PATIENCE = 20  # seconds; a page that takes longer is measured once
OPENED, SAVED = 200, 302
# Django's own pages, not ours under another name.
STOCK_TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]


class PageError(Exception):
    """A page answered otherwise than it should."""


@dataclass(frozen=True)
class Cost:
    milliseconds: float
    queries: int


@dataclass(frozen=True)
class Line:
    page: str
    ours: Cost
    stock: Cost | None

    @property
    def ratio(self):
        return self.stock.milliseconds / self.ours.milliseconds


def compare(users, pages, times=TIMES):
    """One line a page, ours and stock measured one after the other; `users` by role."""
    clients = {role: Client(SERVER_NAME="localhost") for role in users}
    for role, client in clients.items():
        client.force_login(users[role])
    for page in pages:
        client = clients[page.role]
        ours = cost_of(client, page.ours, page, times)
        with override_settings(TEMPLATES=STOCK_TEMPLATES):
            stock = cost_of(client, page.stock, page, times) if page.stock else None
        yield Line(page.name, ours, stock)


def cost_of(client, urls, page, times):
    """The median of several, after a first time that counts the queries."""
    with CaptureQueriesContext(connection) as asked:
        first = elapsed(client, urls, page)
        queries = len(asked)
    if first > PATIENCE:
        return Cost(first * 1000, queries)
    times = [elapsed(client, urls, page) for _time in range(times)]
    return Cost(statistics.median(times) * 1000, queries)


def elapsed(client, urls, page):
    start = time.perf_counter()
    answers = [client.post(url, page.form) if page.form else client.get(url) for url in urls]
    taken = time.perf_counter() - start
    for answer in answers:
        if answer.status_code != page.status:
            raise PageError(f"{answer.status_code} from {answer.request['PATH_INFO']}")
    return taken


def table(lines):
    """The lines as text, widest names first in mind."""
    width = max(len(line.page) for line in lines)
    head = f"{'page':{width}}  {'ours ms':>9}  {'stock ms':>9}  {'ratio':>6}  queries ours/stock"
    return "\n".join([head, *(row(line, width) for line in lines)])


def row(line, width):
    ours = f"{line.page:{width}}  {line.ours.milliseconds:9.1f}"
    if line.stock is None:
        return f"{ours}  {'–':>9}  {'–':>6}  {line.ours.queries}"
    return (
        f"{ours}  {line.stock.milliseconds:9.1f}  {line.ratio:6.1f}  "
        f"{line.ours.queries}/{line.stock.queries}"
    )
