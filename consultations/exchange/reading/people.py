"""A patient put together from the parts that other systems keep apart."""

import re

from django.utils.translation import gettext as _

from consultations.models import Patient

from .cells import UnreadableValueError, is_blank, several, text_of
from .days import birth_of
from .fields import fields
from .values import parse, parse_phone, split_name

LONGEST_PHONE = Patient._meta.get_field("phone").max_length
PHONES = ("mobile_phone", "phone", "home_phone", "work_phone")
ADDRESS = ("address_1", "address_2", "address_3", "city", "region", "postcode", "country")
# A birthday without its year, or a year or month without its day: no birth date.
PARTIAL = re.compile(r"--\d\d-?\d\d|---?\d\d|\d{4}|\d{4}-\d\d|1604-?\d\d-?\d\d")


def patient_values(cells, decided=None):
    """The values of a patient's fields from cells by the keys of `fields("patients")`.

    Returns (values, errors), both by key: what the cells say, and in words why one cannot be read.
    What has no field of its own (a second phone, a birthday without its year, a nickname) goes to
    the medical notes. `decided` has, by key, what `values.decide` said of the columns.
    """
    decided, values, errors, rest = decided or {}, {}, {}, []
    known = fields("patients")
    for key, cell in cells.items():
        field = known[key]
        if field.record != "patient" or key in {"phone", "email", "address", "date_of_birth"}:
            continue
        try:
            values[key] = parse(field, cell, decided.get(key))
        except UnreadableValueError as error:
            errors[key] = str(error)
    for take in (_name, _birth, _phones, _emails, _address):
        try:
            take(cells, decided, values, rest)
        except UnreadableValueError as error:
            errors[KEY_OF[take]] = str(error)
    if notes := [*filter(None, [values.get("medical_notes", "")]), *rest]:
        values["medical_notes"] = "\n".join(notes)
    return values, errors


def _text(cells, key):
    return text_of(cells.get(key, ""))


def _name(cells, _decided, values, rest):
    """Somebody with one name only has it as family name, as in our own records."""
    family, given = _text(cells, "family_name"), _text(cells, "given_name")
    if not (family or given):
        family, given = split_name(_text(cells, "full_name"))
    given = " ".join(filter(None, [given, _text(cells, "middle_name")]))
    values["family_name"], values["given_name"] = (family, given) if family else (given, "")
    nickname = _text(cells, "preferred_name")
    if nickname and nickname.casefold() not in {given.casefold(), given.split(" ")[0].casefold()}:
        rest.append(_("Known as: %(name)s") % {"name": nickname})


def _birth(cells, decided, values, rest):
    cell = cells.get("date_of_birth", "")
    values["date_of_birth"] = None
    if isinstance(cell, str) and PARTIAL.fullmatch(cell.strip()):
        rest.append(_("Birthday, not a whole date: %(text)s") % {"text": cell.strip()})
        raise UnreadableValueError(
            _("“%(text)s” is not a whole date, and no birth date.") % {"text": cell.strip()}
        )
    if is_blank(cell):
        parts = (cells.get(key, "") for key in ("birth_day", "birth_month", "birth_year"))
        values["date_of_birth"], words = birth_of(*parts)
        if words:
            rest.append(words)
        return
    values["date_of_birth"] = parse(
        fields("patients")["date_of_birth"], cell, decided.get("date_of_birth")
    )


def _phones(cells, _decided, values, rest):
    numbers = [number for key in PHONES for number in several(parse_phone(cells.get(key, "")))]
    kept = ""
    for number in dict.fromkeys(numbers):
        both = f"{kept} / {number}" if kept else number
        if kept and len(both) > LONGEST_PHONE:
            rest.append(_("Phone: %(number)s") % {"number": number})
        else:
            kept = both
    values["phone"] = kept


def _emails(cells, _decided, values, rest):
    first, *others = several(cells.get("email", "")) or [""]
    values["email"] = first
    rest += [_("E-mail: %(address)s") % {"address": one} for one in others]


def _address(cells, _decided, values, _rest):
    whole = _text(cells, "address")
    lines = [_text(cells, key) for key in ADDRESS]
    if not whole:
        # The town and its postcode stand in one line, as on a letter.
        lines[3:6] = [" ".join(filter(None, (lines[3], lines[5]))), lines[4]]
        whole = "\n".join(filter(None, lines))
    values["address"] = whole


KEY_OF = {
    _name: "family_name",
    _birth: "date_of_birth",
    _phones: "phone",
    _emails: "email",
    _address: "address",
}
