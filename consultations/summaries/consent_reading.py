"""What a patient reads before consent to a course: the wording, and beside it what is their own."""

import json
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consultations.models import AreaAssessment, ClinicSettings, ConsentWording
from consultations.models.first_wordings import first_wording
from consultations.rules.risks import risks_of
from consultations.vocabulary import Area, ConsentKind

from .money import balance_of

BODY = (Area.STOMACH, Area.ARMS, Area.LEGS)


@dataclass(frozen=True, slots=True)
class Reading:
    """`wording` is None where the clinic has written none: then `text` is the one it begins
    with."""

    wording: ConsentWording | None
    text: str
    severity: str
    sections: tuple

    @property
    def as_read(self):
        """What is kept of it beside the wording."""
        sections = [{"title": title, "lines": list(lines)} for title, lines in self.sections]
        return {"language": get_language(), "parts": sections}

    @property
    def stamp(self):
        """A fingerprint of all that is read: if it differs, something was changed meanwhile."""
        wording = self.wording and self.wording.pk
        read = [wording, self.text, self.severity, self.as_read]
        return sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()


def reading_of(plan):
    """Return what a patient reads before consent to the course of a plan."""
    wording = ConsentWording.objects.current(ConsentKind.TREATMENT, plan.laser_type)
    newest = AreaAssessment.objects.newest(plan.patient.pk, plan.area) or plan.assessment
    risks = risks_of(newest.findings, plan.laser_type)
    return Reading(
        wording=wording,
        text=wording.text if wording else first_wording(ConsentKind.TREATMENT, plan.laser_type),
        severity=newest.severity,
        sections=(
            (_("What is planned"), _planned(plan)),
            (_("What it costs"), _costs(plan)),
            (
                _("What adds to the risk in your case"),
                risks or [_("Nothing beyond what is said above.")],
            ),
            (_("What else could be done"), _alternatives(plan)),
        ),
    )


def _planned(plan):
    count = plan.planned_sessions
    sessions = ngettext("%(count)s session", "%(count)s sessions", count) % {"count": count}
    return [
        _("%(area)s: %(laser)s laser, %(sessions)s, at least %(days)s days apart.")
        % {
            "area": plan.assessment.get_area_display(),
            "laser": plan.get_laser_type_display().lower(),
            "sessions": sessions,
            "days": plan.interval_days,
        },
        *_time_to_reflect(plan),
    ]


def _time_to_reflect(plan):
    days = ClinicSettings.objects.current().reflection_before(plan.laser_type)
    if not days:
        return []
    words = ngettext(
        "After signing, you have %(days)s day to think it over before the first session.",
        "After signing, you have %(days)s days to think it over before the first session.",
        days,
    )
    return [words % {"days": days}]


def _costs(plan):
    balance = balance_of(plan)
    if balance.terms.price is None:
        return [_("No price was agreed yet.")]
    words = _("%(price)s for the whole course.")
    lines = [words % {"price": balance.price_in_words}]
    if balance.terms.per_session is not None:
        words = _("%(price)s for a single session.")
        lines.append(words % {"price": balance.shown(balance.terms.per_session)})
    lines.append(
        _("If you stop early, you pay for what was done, at most the price of the course.")
    )
    return lines


def _alternatives(plan):
    lines = [
        _(
            "Surgery removes loose skin and does more in one operation. It leaves scars, needs an "
            "anaesthetic and a longer recovery. We refer you if you wish."
        ),
        _("Nothing: lax skin is harmless. It does not tighten by itself."),
    ]
    if plan.area in BODY:
        lines.append(_("On the body the evidence for laser is weak; the change may be small."))
    return lines
