"""What all kinds of rows have in common when they become records."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from consultations.exchange.reading.fields import fields
from consultations.models.text import folded

from .duplicates import ASKED
from .people import Finder

OWN = "own"  # the format of our own templates


class Target:
    """Makes records of the rows of one batch; reads for some rows at once, in their order.

    `prepare` reads what the rows need, `build` puts the records of one row together into its
    `given` and checks them, `compared` says of each row who it may be, or refuses it as said twice,
    and `keep` writes them.
    """

    def __init__(self, batch, by):
        self.batch, self.by = batch, by
        self.first_rows = {}

    def prepare(self, givens):
        """Read what these rows need."""

    def build(self, given, *, checks=True):
        """Put the records of a row together; where it `checks`, refuse what is wrong."""
        raise NotImplementedError

    def same(self, given):
        """What no other row of the file may say again, or None."""

    def compared(self, givens):
        """Return the candidates of each row: none, where nobody is to be asked about."""
        for given in givens:
            key = self.same(given)
            first = self.first_rows.setdefault(key, given.row.number) if key else None
            if first not in (None, given.row.number):
                given.refuse("", _("The same as row %(number)s.") % {"number": first})
        return [[] for _given in givens]

    def keep(self, givens, keeper):
        """Write the records of some rows."""
        raise NotImplementedError

    def finish(self, keeper):
        """Write what follows from all of them."""


class Together:
    """What several rows say of one record: a visit, a course, a laser. Each may tell what the rows
    before it left blank, and none may say otherwise; the fields of `adds` may differ, and what
    they say is put together.

    `which` is the record in `fields`.
    """

    def __init__(self, target, which, adds=()):
        self.keys = [key for key, one in fields(target).items() if one.record == which]
        self.adds = adds
        self.said = {}  # by record, what was said of it: by field, the values and the first row

    def told(self, given):
        """Return what a row tells of the record, by field."""
        values = {key: given.value(key) for key in self.keys if key in given.cells}
        return {key: value for key, value in values.items() if value is not None}

    def told_of(self, record):
        """Return what the rows compared so far told of a record, by field."""
        return {key: said[0] for key, said in self.said.get(record, {}).items()}

    def compare(self, given, record):
        """Refuse what a row says otherwise than one before it; return the fields of which it is
        the first to tell this, where the record was named before."""
        is_known = record in self.said
        said, told = self.said.setdefault(record, {}), self.told(given)
        for key, value in told.items():
            *values, row = said.get(key, (value, None))
            if value not in values and key not in self.adds:
                words = _("Row %(number)s says otherwise, and both are of one record.")
                given.refuse(key, words % {"number": row})
        if given.problems:
            return []
        new = [key for key, value in told.items() if value not in said.get(key, ())[:-1]]
        for key in new:
            *values, row = said.get(key, (given.row.number,))
            said[key] = (*values, told[key], row)
        return new if is_known else []


class OfPatients(Target):
    """Rows about patients who are there already."""

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.finder = Finder(batch)

    def prepare(self, givens):
        self.finder.find(givens)

    def compared(self, givens):
        """Return whom rows are about that name somebody by no more than the name."""
        super().compared(givens)
        return [
            [{"patient": given.asked_of.pk, "why": [ASKED]}] if given.asked_of else []
            for given in givens
        ]


def staff_by_name():
    """Return accounts by user name and by full name, folded; None for a name of several."""
    found = {}
    for user in get_user_model().objects.filter(is_active=True).order_by("pk"):
        for name in {folded(user.get_username()), folded(user.get_full_name())} - {""}:
            found[name] = None if name in found else user
    return found
