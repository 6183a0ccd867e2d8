"""What all kinds of rows have in common when they become records."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from consultations.models.text import folded

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
        """Return the candidates of each row: none, for what is no patient."""
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


class OfPatients(Target):
    """Rows about patients who are there already."""

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.finder = Finder(batch)

    def prepare(self, givens):
        self.finder.find(givens)


def staff_by_name():
    """Return accounts by user name and by full name, folded; None for a name of several."""
    found = {}
    for user in get_user_model().objects.filter(is_active=True).order_by("pk"):
        for name in {folded(user.get_username()), folded(user.get_full_name())} - {""}:
            found[name] = None if name in found else user
    return found
