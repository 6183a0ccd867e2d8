"""How the database means to answer: the plan of every query a page sends."""

import re
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from consultations.models import Addendum, Consent, Patient, Photo, SearchKey
from tests.benchmarks.writer import TREATED

BIG = {
    model._meta.db_table for model in (Patient, SearchKey, Photo, Consent, Addendum, *TREATED)
} | {model.history.model._meta.db_table for model in (Patient, *TREATED)}
# What SQLite fills before it reads a single row of the query around it.
FILLED_FIRST = ("LIST SUBQUERY", "MATERIALIZE", "SCALAR SUBQUERY")

# Most rows stand and are signed; a search that is not answered by key is one that finds many.
HOLDS_OF_MANY = {"entered_in_error_at", "erased_at", "signed_at", "key", "patient_id"}
# All done sessions: most of a table, unless the index is walked up to LIMIT.
OF_STAFF = "INDEX sqlite_autoindex_auth_user"  # few, whatever else its alias stands for
OF_ONE_KIND = re.compile(r"SEARCH .* INDEX \w+ \(status=\?\)$")


@dataclass(frozen=True)
class Asked:
    """One query and the scans of big tables in its plan."""

    sql: str
    scans: tuple[str, ...]

    @property
    def counts_without_end(self):
        # Of all rows, as a list's length; what is counted by column is held to an index of days.
        return bool(re.match(r"SELECT COUNT\(\*\)", self.sql)) and "LIMIT" not in self.sql

    @property
    def trouble(self):
        return [*self.scans, "counts without end"] if self.counts_without_end else [*self.scans]


@contextmanager
def explained():
    """Collects what is asked inside, each query with its scans."""
    asked = []

    def explain(execute, sql, params, many, context):
        if not many and sql.startswith("SELECT"):
            asked.append(Asked(sql, tuple(SCANS_ON[connection.vendor](sql, params))))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield asked


def scans_on_postgresql(sql, params):
    """Tables are small here, so scans are discouraged: one that stays has no index to use."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sql, params)
        lines = [line for (line,) in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on")
    for line in lines:
        found = re.search(r"Seq Scan on (\w+)", line)
        if found and found[1] in BIG and not ends_soon(sql):
            yield line.strip()


def scans_on_sqlite(sql, params):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql, params)
        rows = {key: (parent, line) for key, parent, _unused, line in cursor.fetchall()}
    sorts = any("TEMP B-TREE FOR ORDER BY" in line for _parent, line in rows.values())
    for key, (_parent, line) in rows.items():
        if OF_ONE_KIND.search(line) and (sorts or "LIMIT" not in sql):
            yield line
        if "(status=?" in line and is_inside(key, rows, "CORRELATED"):
            yield f"{line} for every row"
        found = re.match(r"SCAN (\w+)", line)
        if not found or not tables_named(found[1], sql) <= BIG or OF_STAFF in line:
            continue
        # An index is walked up to LIMIT only where nothing is sorted afterwards.
        stops = ("LIMIT" in sql and not sorts) if " USING " in line else ends_soon(sql)
        if not stops or is_inside(key, rows, FILLED_FIRST):
            yield line


def plan_of(queryset):
    """How the database means to answer, in its own words; as if its tables were large."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("seqscan", "sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    return queryset.explain()


def ends_soon(sql):
    """Whether LIMIT is reached early, because what is asked for holds of many rows."""
    _before, _where, conditions = sql.partition(" WHERE ")
    conditions = re.sub(r'\+"\w+"\."\w+" ', "", conditions)  # `BesideOrder`: many have this value
    asked = set(re.findall(r'"(\w+)" (?:=|<|>|IN|IS|LIKE|BETWEEN)', conditions))
    return "LIMIT" in sql and asked <= HOLDS_OF_MANY


def is_inside(key, rows, beginnings):
    """Whether a line of the plan stands, at any depth, under one that begins so."""
    parent, _line = rows[key]
    while parent:
        parent, around = rows[parent]
        if around.startswith(beginnings):
            return True
    return False


def tables_named(name, sql):
    """The tables that a name stands for: an alias of one subquery may stand for another table in
    the next, and then the plan does not tell which is scanned."""
    return set(re.findall(rf'"(\w+)" "?{name}"?\b', sql)) or {name}


SCANS_ON = {"postgresql": scans_on_postgresql, "sqlite": scans_on_sqlite}
