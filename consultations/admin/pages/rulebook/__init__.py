"""The medical director's page: the rulebook as it stands, and a case to try it on."""

from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.rules import RULEBOOK
from consultations.rules.editions import EDITIONS
from consultations.rules.findings import ALL_TYPES
from consultations.rules.protocol import (
    COURSE_SESSIONS,
    LATE_ONSET_MONTHS,
    MINIMUM_GAP_DAYS,
    RAPID_DOWNTIME_DAYS,
    REVIEW_MONTHS,
    USUAL_GAP_DAYS,
    WATCH_CONTACT_DAYS,
    WRONG_UNIT_FACTOR,
)
from consultations.summaries.rulebook import rulebook as rules_and_counts
from consultations.vocabulary import LaserType

from .case import try_case

__all__ = ["MAY_READ", "rulebook", "try_case"]

MAY_READ = "consultations.view_rulebook"
# What each topic of the rulebook is called, by the first part of its ids, in reading order.
TOPICS = {
    "laxity": gettext_lazy("Laxity"),
    "expectations": gettext_lazy("Expectations"),
    "surgery": gettext_lazy("Surgery"),
    "referral": gettext_lazy("Referral"),
    "skin": gettext_lazy("Skin of the area"),
    "patch": gettext_lazy("Test patch"),
    "recent": gettext_lazy("Recently done"),
    "tan": gettext_lazy("Recently done"),
    "filler": gettext_lazy("Recently done"),
    "phototype": gettext_lazy("Phototype and area"),
    "area": gettext_lazy("Phototype and area"),
    "pregnancy": gettext_lazy("Pregnancy and birth"),
    "breastfeeding": gettext_lazy("Pregnancy and birth"),
    "delivery": gettext_lazy("Pregnancy and birth"),
    "isotretinoin": gettext_lazy("Medicines"),
    "photosensitiser": gettext_lazy("Medicines"),
    "retinoid": gettext_lazy("Medicines"),
    "gold": gettext_lazy("Medicines"),
    "bleeding": gettext_lazy("Medicines"),
    "herpes": gettext_lazy("Medicines"),
    "weight": gettext_lazy("Medicines"),
    "keloid": gettext_lazy("Healing"),
    "immunity": gettext_lazy("Healing"),
    "diabetes": gettext_lazy("Healing"),
    "smoking": gettext_lazy("Healing"),
    "connective_tissue": gettext_lazy("Healing"),
    "koebner": gettext_lazy("Healing"),
    "age": gettext_lazy("Age and habits"),
    "lifestyle": gettext_lazy("Age and habits"),
    "screen": gettext_lazy("Not asked"),
}
ON_THE_DAY = gettext_lazy("On the day of a session")


def rulebook(site, request):
    """Show every rule with its levels, its source and how often it spoke; for those who answer for
    it."""
    if not request.user.has_perm(MAY_READ):
        raise PermissionDenied
    of_areas, of_sessions, counted_at = rules_and_counts()
    context = {
        **site.each_context(request),
        "title": _("Rulebook %(edition)s") % {"edition": RULEBOOK},
        "groups": [*_by_topic(of_areas), (ON_THE_DAY, of_sessions)],
        "lasers": [laser.label for laser in ALL_TYPES],
        "edition": EDITIONS[0],
        "numbers": numbers(),
        "counted_at": counted_at,
    }
    return TemplateResponse(request, "admin/consultations/rulebook.html", context)


def numbers():
    """The numbers of the proposal and of what is scheduled, in words."""
    rapid, usual = (_per_type(gaps) for gaps in (MINIMUM_GAP_DAYS, USUAL_GAP_DAYS))
    watch = "; ".join(
        f"{LaserType(laser).label} {', '.join(map(str, days))}"
        for laser, days in WATCH_CONTACT_DAYS.items()
    )
    return [
        (_("Course"), _("%(n)s sessions") % {"n": COURSE_SESSIONS}),
        (_("Days between sessions, rapid"), rapid),
        (_("Days between sessions, gradual"), usual),
        (
            _("Rapid"),
            _("preferred, %(n)s days of downtime or more, no worry, no skin problem")
            % {"n": RAPID_DOWNTIME_DAYS},
        ),
        (_("Infection watch, days after a session"), watch),
        (_("Result reviews, months after a course"), ", ".join(map(str, REVIEW_MONTHS))),
        (_("An adverse event may begin, months after"), str(LATE_ONSET_MONTHS)),
        (
            _("Taken for a wrong unit"),
            _("%(n)s times outside the range") % {"n": WRONG_UNIT_FACTOR},
        ),
    ]


def _per_type(days):
    return ", ".join(f"{LaserType(laser).label} {number}" for laser, number in days.items())


def _by_topic(rules):
    """Yield each topic in its order with its rules."""
    order = list(TOPICS)
    placed = sorted(rules, key=lambda rule: order.index(_topic(rule)))
    for title, group in groupby(placed, key=lambda rule: TOPICS[_topic(rule)]):
        yield title, list(group)


def _topic(rule):
    return rule.message.id.partition(".")[0]
