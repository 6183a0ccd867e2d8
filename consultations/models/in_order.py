"""Conditions of lists that are read in their order, as far as a page goes."""

from django.db.models import DateTimeField, Exists, F, Func


class AskedOfEach(Exists):
    """Whether there is such a row, asked of each row of a list in its turn: what PostgreSQL may
    join, it joins before it begins, and reads all there are for a page of a few."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


class BesideOrder(Func):
    """A column with a value that many rows have. SQLite looks them all up by their index and sorts
    them, whatever the list is ordered by; with a sign before the column it reads the list in its
    order instead, until a page is full."""

    arity = 1
    template = "%(expressions)s"

    def __init__(self, name):
        super().__init__(F(name))
        self.name = name

    def as_sqlite(self, compiler, connection, **context):
        ordered_by = [str(name).lstrip("-") for name in compiler.query.order_by]
        is_beside = ordered_by and self.name not in ordered_by
        template = "+%(expressions)s" if is_beside else self.template
        return self.as_sql(compiler, connection, template=template, **context)


class DaysAfter(Func):
    """The moment that is so many days of 24 hours after another; the days may stand in a column,
    which Django cannot multiply on SQLite."""

    output_field = DateTimeField()

    def as_sqlite(self, compiler, connection, **context):
        template = "datetime(%(expressions)s || ' days')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", ", **context)

    def as_postgresql(self, compiler, connection, **context):
        template = "(%(expressions)s * interval '24 hours')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" + ", **context)
