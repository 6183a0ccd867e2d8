"""The appointment card: what is booked, where, and whom to ring to change it."""

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings
from consultations.models.days import start_of
from consultations.summaries.appointments import areas_in_words, booked_of
from consultations.summaries.timeline import name_of

from .sheet import Section

MOST = 30  # a course and its reviews; nobody has more to come


def gather(patient, by):
    rows = [
        [_when(one), _what(one), name_of(one.practitioner) or _("To be assigned")]
        for one in _to_come(patient)
    ]
    clinic = ClinicSettings.objects.current()
    change = _("To change an appointment, please ring us: %(phone)s.") if clinic.phone else ""
    return {
        "title": _("Your appointments"),
        "sections": [
            Section(
                "",
                change % {"phone": clinic.phone} if change else "",
                table={"heads": [_("When"), _("What for"), _("With")], "rows": rows},
            ),
        ],
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
    areas = areas_in_words(appointment)
    kind = str(appointment.get_kind_display())
    return f"{kind}: {areas}" if areas else kind
