"""Days from one column to another, counted by the database itself."""

from django.db.models import F, Func, IntegerField


class DaysBetween(Func):
    """How many days after the first day the second is. Django's own difference is counted by
    Python, row by row, on SQLite."""

    output_field = IntegerField()

    def __init__(self, first, second, **extra):
        super().__init__(
            *(F(one) if isinstance(one, str) else one for one in (first, second)), **extra
        )

    def as_sqlite(self, compiler, connection, **context):
        return self._difference(compiler, connection, "CAST(julianday({}) - julianday({}) AS int)")

    def as_postgresql(self, compiler, connection, **context):
        return self._difference(compiler, connection, "({} - {})")

    def _difference(self, compiler, connection, template):
        (first, own), (second, others) = (
            compiler.compile(one) for one in self.get_source_expressions()
        )
        return template.format(second, first), (*others, *own)
