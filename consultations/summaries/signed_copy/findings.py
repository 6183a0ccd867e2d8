"""Findings as a signed page shows them."""

from datetime import date

from django.utils.translation import gettext as _

from consultations.models.text import day_in_words
from consultations.vocabulary import LaserType, Level

from .fields import lasers_in_words, word_for


def finding_as_shown(finding):
    """Return a finding as on the verdict, with its level, day and laser types in words."""
    until, lasers = finding.get("until"), finding["lasers"]
    day = until and day_in_words(date.fromisoformat(until))
    return {
        "id": finding["id"],
        "level": finding["level"],
        "word": word_for(Level, finding["level"]),
        "message": finding["message"],
        "hint": finding["hint"],
        "until": _("until %(day)s") % {"day": day} if day else "",
        "lasers": "" if len(lasers) == len(LaserType) else lasers_in_words(lasers),
        "source": finding["source"],
        "accepted": _("Known, and overridden") if finding.get("accepted") else "",
    }


def until_unsaid(finding):
    """Until when a finding holds, for a page that shows its message and hint; "" where they say
    it."""
    iso = finding.get("until")
    day = day_in_words(date.fromisoformat(iso)) if iso else ""
    return "" if day in finding["message"] or day in finding["hint"] else day


def shown_until_unsaid(finding):
    """As `until_unsaid`, of a finding as it was shown."""
    day = _day_of(finding)
    return "" if day in finding["message"] or day in finding["hint"] else finding["until"]


def _day_of(finding):
    return finding["until"].removeprefix(_("until %(day)s") % {"day": ""})


def finding_in_words(finding):
    """Return a shown finding as one line. Its day is not said again where the message says it."""
    is_said = _day_of(finding) in finding["message"]
    lasers = f"({finding['lasers']})" if finding["lasers"] else ""
    words = (
        f"{finding['word']}:",
        finding["message"],
        "" if is_said else finding["until"],
        lasers,
        finding["accepted"],
    )
    return " ".join(filter(None, words))
