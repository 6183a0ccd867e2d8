"""What stands on every document: the clinic's head, and whose it is on each sheet."""

from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings
from consultations.models.money import in_words, vat_in
from consultations.models.text import day_in_words
from consultations.summaries.timeline import name_of

LETTER_PAPER = {"US", "CA", "MX", "CL", "CO", "PH"}  # countries that write on US Letter


@dataclass(frozen=True)
class Section:
    """A part under its heading: a text, points, questions with their answers, or a table: its
    `heads`, `rows` of cells, and `widths`."""

    title: str
    text: str = ""
    points: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    table: dict | None = None

    def __bool__(self):
        """Whether it says anything under its heading."""
        return bool(self.text or self.points or self.rows or self.table)


def row(label, value):
    return {"label": str(label), "value": str(value)}


def sheet(
    *,
    title,
    identity,
    day,
    number,
    to=(),
    salutation="",
    patient=(),
    opening="",
    prominent=(),
    sections=(),
    signed=(),
    photos=(),
    signature="",
):
    """Return the data of a document, ready for its template.

    `patient` are lines that say whose it is, the name first; `prominent` rows that stand out from
    the others; `signature` is an SVG picture.
    """
    clinic = ClinicSettings.objects.current()
    words_in = translation.get_language() or settings.LANGUAGE_CODE
    language, _hyphen, region = words_in.partition("-")
    return {
        "title": title,
        "language": language,
        "region": region.upper() or None,
        "paper": "us-letter" if clinic.country in LETTER_PAPER else "a4",
        "clinic": clinic_head(clinic),
        "identity": identity,
        "number": number,
        "day": day_in_words(day),
        "words": {
            "page": _("page"),
            "of": _("of"),
            "signature": _("Signature"),
        },
        "to": [one for one in to if one],
        "salutation": salutation,
        "patient": list(patient),
        "opening": opening,
        "prominent": list(prominent),
        "sections": [one if isinstance(one, dict) else asdict(one) for one in sections if one],
        "signed": [one for one in signed if one],
        "photos": list(photos),
        "signature": signature,
    }


def clinic_head(clinic):
    logo = clinic.logo
    return {
        "name": clinic.name,
        "address": clinic.address,
        "phone": clinic.phone,
        "registration": clinic.registration,
        "logo": logo.path if logo and logo.storage.exists(logo.name) else "",
        "logo-alt": _("Logo of %(clinic)s") % {"clinic": clinic.name or _("the clinic")},
    }


def identity_of(patient):
    """Whose sheet it is: name, birth and record number."""
    return _("%(name)s, born %(born)s, %(number)s") % {
        "name": patient.full_name,
        "born": day_in_words(patient.date_of_birth),
        "number": patient.record_number,
    }


def vat_rows(amount):
    """What of an amount is VAT, where the clinic has a rate."""
    clinic = ClinicSettings.objects.current()
    if not clinic.vat_rate:
        return []
    told = {"rate": f"{clinic.vat_rate.normalize():f}"}
    vat = in_words(vat_in(amount, clinic.vat_rate, clinic.currency), clinic.currency)
    return [row(_("VAT included (%(rate)s%%)") % told, vat)]


def head_of(patient):
    """Whose a document is, in its head: the name, then birth and record number."""
    born = _("Date of birth: %(day)s") % {"day": day_in_words(patient.date_of_birth)}
    number = _("Record number: %(number)s") % {"number": patient.record_number}
    return [patient.full_name, f"{born} · {number}"]


def signed_by(user):
    """Who signs a letter, above what the clinic prints there."""
    block = ClinicSettings.objects.current().signature_block
    return [name_of(user), block]
