"""How the database means to answer: the plan of every query a page sends."""

import re
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from consultations.models import Patient, SearchKey
from tests.benchmarks.records import TREATED

BIG = {model._meta.db_table for model in (Patient, SearchKey, *TREATED)} | {
    model.history.model._meta.db_table for model in (Patient, *TREATED)
}
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


@dataclass(frozen=True)
class Asked:
    """One query and the lines of its plan."""

    sql: str
    plan: tuple[str, ...]

    def scans(self):
        """The lines that read a whole big table."""
        return [line for line in self.plan if self._is_scan(line)]

    def counts_without_end(self):
        return bool(re.match(r"SELECT COUNT\(", self.sql)) and "LIMIT" not in self.sql

    def _is_scan(self, line):
        if connection.vendor == "postgresql":
            found = re.search(r"Seq Scan on (\w+)", line)
            return bool(found) and found[1] in BIG
        found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX)?", line)
        if not found or self._table(found[1]) not in BIG:
            return False
        # A walk along an index is well where the query stops it.
        return "USING" not in found[0] or "LIMIT" not in self.sql

    def _table(self, name):
        renamed = re.search(rf'"(\w+)" "?{name}"?\b', self.sql)
        return renamed[1] if renamed else name


@contextmanager
def explained():
    """Collects what is asked inside, each query with its plan."""
    asked = []

    def explain(execute, sql, params, many, context):
        if not many and sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(EXPLAIN[connection.vendor] + sql, params)
                lines = tuple(str(row[-1]) for row in cursor.fetchall())
            asked.append(Asked(sql, lines))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield asked
