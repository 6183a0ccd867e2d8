"""The appointment card: what is booked, where, and whom to ring to change it."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings
from consultations.models.days import start_of
from consultations.summaries.appointments import booked_of, what_is_booked
from consultations.summaries.timeline import name_of

from .sheet import Section, row

MOST = 30  # a course and its reviews; nobody has more to come


def gather(patient, by):
    booked = [row(_when(one), _what(one)) for one in _to_come(patient)]
    clinic = ClinicSettings.objects.current()
    change = _("To change an appointment, please ring us: %(phone)s.") if clinic.phone else ""
    return {
        "title": _("Your appointments"),
        "prominent": booked,
        "sections": [Section("", change % {"phone": clinic.phone} if change else "")],
    }


def refusal(patient):
    return "" if _to_come(patient) else _("Nothing is booked.")


def missing_of(patient):
    return [] if ClinicSettings.objects.current().phone else [_("the clinic’s phone")]


def _to_come(patient):
    today = start_of(timezone.localdate())
    return [one for one in booked_of(patient, MOST) if one.starts_at >= today]


def _when(appointment):
    return formats.date_format(timezone.localtime(appointment.starts_at), "l j F Y, H:i")


def _what(appointment):
    who = name_of(appointment.practitioner)
    what = what_is_booked(appointment)
    return _("%(what)s, with %(who)s") % {"what": what, "who": who} if who else what
