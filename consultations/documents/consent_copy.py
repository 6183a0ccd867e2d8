"""The copy of a consent: all that was read, who signed it and when, and what became of it."""

from django.utils.translation import gettext as _

from consultations.models.signature import as_svg
from consultations.models.text import day_in_words
from consultations.summaries.timeline import name_of

from .sheet import Section, row


def gather(consent, by):
    """Return what was read, in the order in which it was read, and the answer."""
    parts = [
        Section(part["title"], points=list(part["lines"]))
        for part in consent.read_as.get("parts", [])
    ]
    wording = Section(_("The treatment") if consent.plan_id else "", consent.wording.text)
    return {
        "title": _title(consent),
        "sections": [
            *parts[:2],
            wording,
            *parts[2:],
            Section(_answer(consent), rows=_said(consent)),
        ],
        "signature": str(as_svg(consent.points)) if consent.points else "",
    }


def _title(consent):
    if consent.plan_id:
        area = consent.plan.assessment.get_area_display().lower()
        return _("Consent to treatment: %(area)s") % {"area": area}
    kind = consent.wording.get_kind_display().lower()
    return _("Consent: %(what)s") % {"what": kind}


def _answer(consent):
    return _("Refused") if consent.refused else _("Agreed")


def _said(consent):
    rows = [
        row(_("Day"), day_in_words(consent.given_on)),
        row(_("Patient") if consent.refused else _("Signed by"), _signer(consent)),
        row(_("Taken and witnessed by"), name_of(consent.created_by)),
        row(_("Wording"), consent.wording),
        row(_("Digest"), consent.digest),
    ]
    if consent.withdrawn_on:
        rows.append(row(_("Withdrawn on"), day_in_words(consent.withdrawn_on)))
    if consent.no_reason:
        rows.append(row(_("Reason"), consent.no_reason))
    return rows


def _signer(consent):
    if consent.by_guardian:
        return _("%(name)s, guardian") % {"name": consent.signed_name}
    return consent.signed_name


def refusal(consent):
    if consent.in_error:
        return _("This consent was entered in error.")
    if consent.kept_at:
        words = _("This consent was signed on paper, kept at %(where)s: copy that.")
        return words % {"where": consent.kept_at}
    return ""
