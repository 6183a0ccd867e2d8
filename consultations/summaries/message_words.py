"""What a message says: its template, or ours while none is saved, with the places filled in."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import DateFormat
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, trans_real

from consultations.models import ClinicSettings, MessageTemplate, PreCare, TreatmentPlan
from consultations.models.message_words import places_in
from consultations.vocabulary import AppointmentKind, MessageChannel, MessageKind

EMAIL, TEXT = MessageChannel.EMAIL, MessageChannel.TEXT
HOW_TO_CHANGE = gettext_lazy("To change or cancel, please call {phone}.")
AT_THE_CLINIC = "{clinic}\n{address}"


def _email(first, *more):
    return "\n\n".join([first, "{when}", AT_THE_CLINIC, *more])


# Of a clinic that has saved none: subject and text.
USUAL = {
    (MessageKind.CONFIRMATION, EMAIL): (
        gettext_lazy("Your appointment at {clinic}"),
        lambda: _email(_("You are booked for:"), str(HOW_TO_CHANGE), "{instructions}"),
    ),
    (MessageKind.REMINDER, EMAIL): (
        gettext_lazy("Reminder: your appointment at {clinic}"),
        lambda: _email(_("We look forward to seeing you:"), str(HOW_TO_CHANGE), "{instructions}"),
    ),
    (MessageKind.MOVED, EMAIL): (
        gettext_lazy("Your appointment at {clinic} has a new time"),
        lambda: _email(_("Your appointment is now:"), str(HOW_TO_CHANGE), "{instructions}"),
    ),
    (MessageKind.CANCELLED, EMAIL): (
        gettext_lazy("Your appointment at {clinic} is cancelled"),
        lambda: _email(_("This appointment is cancelled:"), _("For a new one, call {phone}.")),
    ),
    (MessageKind.CONFIRMATION, TEXT): (
        "",
        lambda: _("{clinic}: you are booked for {when}.") + "\n" + _("To change: {phone}"),
    ),
    (MessageKind.REMINDER, TEXT): (
        "",
        lambda: _("{clinic}: see you on {when}.") + "\n" + _("To change: {phone}"),
    ),
    (MessageKind.MOVED, TEXT): (
        "",
        lambda: _("{clinic}: your appointment is now {when}.") + "\n" + _("To change: {phone}"),
    ),
    (MessageKind.CANCELLED, TEXT): (
        "",
        lambda: _("{clinic}: cancelled is {when}.") + "\n" + _("For a new one: {phone}"),
    ),
}
# What costs a text message half its room, and says nothing more.
IN_TEXTS = str.maketrans({"’": "'", "‘": "'", "`": "'", "\u00a0": " ", "\u202f": " ", "–": "-"})


@dataclass(frozen=True)
class Words:
    """A message as it is sent, or the template it is made from."""

    subject: str
    body: str
    language: str = ""


def clinics_language():
    """The code of the clinic's own language."""
    return settings.LANGUAGE_CODE


def usual(kind, channel):
    """Our own template."""
    subject, body = USUAL[kind, channel]
    return Words(str(subject), body())


def template_for(kind, channel, language):
    """The template in this language, else in the clinic's, else ours."""
    saved = MessageTemplate.objects.standing().filter(kind=kind, channel=channel)
    found = {one.language: one for one in saved.filter(language__in=(language, ""))}
    if not found:
        return usual(kind, channel)
    one = found.get(language) or found[""]
    return Words(one.subject, one.body, one.language)


def words_for(*, kind, channel, appointments, patient):
    """What a message of this kind about these appointments says to a patient."""
    template = template_for(kind, channel, patient.language)
    return filled(template, channel, appointments, _instructions(appointments, patient))


def filled(template, channel, appointments, instructions=""):
    """A template with its places filled in."""
    clinic = ClinicSettings.objects.current()
    language = template.language or clinics_language()
    moments = [when_in(language, one.starts_at) for one in appointments]
    values = {
        "when": ("\n" if channel == EMAIL else ", ").join(moments),
        "clinic": clinic.name or (_("the clinic") if channel == EMAIL else ""),
        "address": clinic.address,
        "phone": clinic.phone,
        "instructions": instructions,
    }
    subject = " ".join(_fill(template.subject, values).split())
    body = _fill(template.body, values)
    if channel == TEXT:
        body = body.translate(IN_TEXTS)
    return Words(subject[:300], body, template.language)


def _fill(text, values):
    """A line whose places all have nothing to say is left out."""
    lines = []
    for line in text.splitlines():
        names = set(places_in(line))
        if not names or any(values[name] for name in names):
            lines.append(line.format_map(values))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip().lstrip(": ")


def _instructions(appointments, patient):
    """How to prepare, for a patient who asked for it; each text once."""
    if not patient.email_instructions:
        return ""
    types = dict.fromkeys(kind for one in appointments for kind in _laser_types(one))
    saved = PreCare.objects.standing().filter(
        laser_type__in=types, language__in=(patient.language, "")
    )
    texts = {}
    for one in saved.order_by("language"):  # blank, the clinic's, comes first
        texts[one.laser_type] = one.text
    return "\n\n".join(dict.fromkeys(texts[one] for one in types if one in texts))


def _laser_types(appointment):
    """Those of the courses that an appointment treats, else of its laser."""
    if appointment.kind not in (AppointmentKind.TREATMENT, AppointmentKind.TEST_PATCH):
        return []
    plans = TreatmentPlan.objects.filter(
        appointments__appointment=appointment, appointments__entered_in_error_at__isnull=True
    )
    types = list(plans.order_by("pk").values_list("laser_type", flat=True))
    if not types and appointment.laser_id:
        types = [appointment.laser.laser_type]
    return types


class _InLanguage(DateFormat):
    """Days and months in a language, whichever the program itself speaks."""

    def __init__(self, moment, language):
        super().__init__(moment)
        self.translated = trans_real.translation(language)

    def l(self):  # noqa: E743 – as Django names the letters of a format
        return self.translated.gettext(f"{self.data:%A}")

    def F(self):
        return self.translated.gettext(f"{self.data:%B}")

    def E(self):
        alternative = self.translated.pgettext("alt. month", f"{self.data:%B}")
        return alternative or self.F()

    def N(self):
        return self.F()

    M = b = N


def when_in(language, moment):
    """Day and time at the clinic, in words: Monday 21 December 2026, 10:30."""
    local = timezone.localtime(moment)
    is_english = language.startswith("en")
    day = "j F Y" if is_english else get_format("DATE_FORMAT", language, use_l10n=True)
    words = _InLanguage(local, language)
    join = " " if is_english else ", "
    return f"{words.l()}{join}{words.format(day)}, {local:%H:%M}"


def preview_of(template):
    """A saved template filled in for an appointment that nobody has."""
    starts_at = timezone.now().replace(hour=9, minute=30, second=0, microsecond=0)
    sample = _Sample(starts_at + timezone.timedelta(days=7))
    words = Words(template.subject, template.body, template.language)
    instructions = _("(How to prepare, as saved for the laser.)")
    return filled(words, template.channel, [sample], instructions)


@dataclass(frozen=True)
class _Sample:
    starts_at: object
