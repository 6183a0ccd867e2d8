"""Measures pages of both admins side by side, as a clinician, in one process."""

import statistics
import time
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

TIMES = 5
PATIENCE = 20  # seconds; a page that takes longer is measured once
OPENED, SAVED = 200, 302


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
    stock: Cost

    @property
    def ratio(self):
        return self.stock.milliseconds / self.ours.milliseconds


def compare(user, pages, times=TIMES):
    """One line a page, ours and stock measured one after the other."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    for page in pages:
        ours, stock = (cost_of(client, urls, page.form, times) for urls in (page.ours, page.stock))
        yield Line(page.name, ours, stock)


def cost_of(client, urls, form, times):
    """The median of several, after a first time that counts the queries."""
    with CaptureQueriesContext(connection) as asked:
        first = elapsed(client, urls, form)
        queries = len(asked)
    if first > PATIENCE:
        return Cost(first * 1000, queries)
    times = [elapsed(client, urls, form) for _time in range(times)]
    return Cost(statistics.median(times) * 1000, queries)


def elapsed(client, urls, form):
    start = time.perf_counter()
    answers = [client.post(url, form) if form else client.get(url) for url in urls]
    taken = time.perf_counter() - start
    for answer in answers:
        if answer.status_code != (SAVED if form else OPENED):
            raise PageError(f"{answer.status_code} from {answer.request['PATH_INFO']}")
    return taken


def table(lines):
    """The lines as text, widest names first in mind."""
    width = max(len(line.page) for line in lines)
    head = f"{'page':{width}}  {'ours ms':>9}  {'stock ms':>9}  {'ratio':>6}  queries ours/stock"
    rows = [
        f"{line.page:{width}}  {line.ours.milliseconds:9.1f}  {line.stock.milliseconds:9.1f}  "
        f"{line.ratio:6.1f}  {line.ours.queries}/{line.stock.queries}"
        for line in lines
    ]
    return "\n".join([head, *rows])
