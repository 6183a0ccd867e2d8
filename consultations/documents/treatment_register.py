"""The treatment register of a laser and a month, on paper: made when asked for, and not kept."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models.text import day_in_words, yes_or_no
from consultations.summaries.timeline import name_of
from consultations.summaries.timeline.sessions import settings_line

from .sheet import Section, row, sheet
from .typesetting import pdf_of


def register_pdf(register, day):
    """Return a register as a PDF."""
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
        identity=", ".join(filter(None, [laser.name, serial, waves])),
        day=day,
        number=month,
        opening="" if register.lines else _("No sessions in this month."),
        sections=[
            Section("", table=table),
            Section(_("In total"), rows=[row(*total) for total in totals(register)]),
        ],
    )
    return pdf_of("paper", data | {"flipped": True})


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
