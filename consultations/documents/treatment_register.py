"""The treatment register of a laser and a month, on paper: looked at, issued and kept."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.actions.documents import keep_document
from consultations.actions.files import without_stray_files
from consultations.models import IssuedDocument, Laser
from consultations.models.text import day_in_words, yes_or_no
from consultations.models.transactions import atomic
from consultations.summaries.timeline import name_of
from consultations.summaries.timeline.sessions import settings_line
from consultations.summaries.treatment_register import register_of
from consultations.vocabulary import DocumentKind

from .issuing import Draft
from .sheet import Section, row, sheet, signed_by

REGISTER = DocumentKind.TREATMENT_REGISTER


def register_draft(register, by):
    """Return a register as it would be issued by somebody now."""
    laser, month = register.laser, formats.date_format(register.month, "F Y")
    waves = ", ".join(_("%(n)s nm") % {"n": one} for one in register.wavelengths)
    serial = laser.serial_number and _("serial number %(n)s") % {"n": laser.serial_number}
    table = {
        "heads": [str(head) for head in heads()],
        "rows": [[str(cell) for cell in in_words(line)] for line in register.lines],
    }
    data = sheet(
        title=_("Treatment register of %(laser)s, %(month)s")
        % {"laser": laser.name, "month": month},
        identity=", ".join(filter(None, [laser.name, serial, waves, month])),
        day=timezone.localdate(),
        number=_("Not issued"),
        opening="" if register.lines else _("No sessions in this month."),
        sections=[
            Section("", table=table),
            Section(_("In total"), rows=[row(*total) for total in totals(register)]),
        ],
        signed=signed_by(by),
    )
    return Draft("paper", data | {"flipped": True})


def may_issue_register(user):
    return user.has_perm("consultations.issue_chart")


def issue_register(laser, month, by, *, stamp, token):
    """Issue the register of a laser and a month as it was looked at, and return the document.

    `stamp` is that of its draft, `token` that of the form: what was issued from it already is
    returned. Raises StaleRecordError if it would say something else by now, and ValidationError
    for what cannot be printed.
    """
    document = IssuedDocument(kind=REGISTER, month=month, form_token=token)
    with without_stray_files(document, "file"), atomic():
        laser = Laser.objects.select_for_update().get(pk=laser.pk)
        if token and (made := laser.documents.filter(form_token=token).first()):
            return made
        draft = register_draft(register_of(laser, month), by)
        draft.refuse_unless_seen(stamp)
        keep_document(document=document, about=laser, recipient="", draw=draft.pdf, by=by)
    return document


def heads():
    return (
        _("Day"),
        _("Patient"),
        _("Area"),
        _("Operator"),
        _("Mode"),
        _("Settings"),
        _("Eyewear worn"),
        _("Adverse events"),
    )


def in_words(line):
    """The cells of a line, as `heads` names them."""
    session = line.session
    return (
        day_in_words(session.day),
        session.patient.record_number,
        session.plan.assessment.get_area_display(),
        name_of(session.operator),
        line.mode,
        _settings(session),
        _("Not recorded") if session.eyewear_worn is None else yes_or_no(session.eyewear_worn),
        "; ".join(_event(event) for event in line.events),
    )


def _settings(session):
    parts = [settings_line(session)]
    if session.pulse_count:
        words = ngettext("%(count)s pulse", "%(count)s pulses", session.pulse_count)
        parts.append(words % {"count": session.pulse_count})
    return ", ".join(filter(None, parts))


def _event(event):
    return _("%(kind)s, %(severity)s, %(day)s") % {
        "kind": event.get_kind_display(),
        "severity": event.severity_word.lower(),
        "day": day_in_words(event.onset_on),
    }


def totals(register):
    """What stands under the table, a total each."""
    eyewear = register.eyewear
    return [
        (_("Sessions"), len(register.lines)),
        (_("Patients"), register.patients),
        (_("Eyewear worn"), eyewear[True]),
        (_("Eyewear not worn"), eyewear[False]),
        (_("Eyewear not recorded"), eyewear[None]),
        (_("Adverse events"), register.events),
    ]
