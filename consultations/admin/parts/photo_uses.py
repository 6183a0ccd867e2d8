"""How uses of photos are shown: where, since when, and the press by which they come down."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from consultations.models.text import day_in_words

from .appointments import Press
from .displays import admin_url, chip

MAY_TAKE_DOWN = "consultations.take_down_photouse"


@dataclass(frozen=True)
class ShownUse:
    """One use on the page of its photo, or of its patient."""

    url: str
    where: str
    since: str
    photo: str
    state: str
    presses: tuple
    in_error: bool


def shown_uses(uses, user):
    """What is shown of these uses to somebody; `uses` are read with their photo."""
    return tuple(
        ShownUse(
            url=admin_url("photouse", "change", one.pk),
            where=one.where,
            since=_("since %(day)s") % {"day": day_in_words(one.since)},
            photo=str(one.photo),
            state=use_state(one),
            presses=presses_of(one, user),
            in_error=one.in_error,
        )
        for one in uses
    )


def use_state(use):
    if use.down_on:
        return chip("", _("taken down on %(day)s") % {"day": day_in_words(use.down_on)}, "quiet")
    return chip("", _("up"), "wait")


def presses_of(use, user):
    """Recording that it was taken down, for those who may."""
    if not (use.is_up and user.has_perm(MAY_TAKE_DOWN)):
        return ()
    url = admin_url("photouse", "taken_down", use.pk)
    return (Press(_("Taken down today"), url, use.version),)
