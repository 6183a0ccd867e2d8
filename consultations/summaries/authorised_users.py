"""Who may use which laser on a day, by the days in its safety file."""

from functools import cached_property

from consultations.models import AuthorisedUser


class AuthorisedUsers:
    """The lists of all lasers, read in one query when first asked."""

    @cached_property
    def _lists(self):
        lists = {}
        columns = ("laser", "user", "trained_on", "authorised_until")
        for laser, *row in AuthorisedUser.objects.standing().values_list(*columns):
            lists.setdefault(laser, []).append(row)
        return lists

    def may_use(self, laser, user, day):
        """Return whether this person may use a laser on a day, both by their keys; None if the
        laser keeps no list, or nobody is named."""
        if user is None or laser not in self._lists:
            return None
        return any(
            person == user and trained_on <= day and (until is None or day <= until)
            for person, trained_on, until in self._lists[laser]
        )
