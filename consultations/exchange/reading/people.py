"""A patient put together from the parts that other systems keep apart."""

import re

from django.utils.translation import gettext as _

from consultations.models import Patient
from consultations.models.text import folded

from .cells import UnreadableValueError, is_blank, several, text_of
from .days import birth_of
from .fields import fields
from .values import parse, parse_phone, split_name
from .words import NO_ALLERGIES, NO_ALLERGIES_OF_A_SORT, NOT_ASKED, SOME_ALLERGIES

LONGEST_PHONE = Patient._meta.get_field("phone").max_length
BIRTH = ("birth_day", "birth_month", "birth_year")
PHONES = ("mobile_phone", "phone", "home_phone", "work_phone", "other_phone")
EMAILS = ("email", "other_email")
ADDRESS = ("address_1", "address_2", "address_3", "city", "region", "postcode", "country")
# A birthday without its year, or a year or month without its day: no birth date.
PARTIAL = re.compile(r"--\d\d-?\d\d|---?\d\d|\d{4}|\d{4}-\d\d|1604-?\d\d-?\d\d")
NO_YEAR = re.compile(r"--\d\d-?\d\d|1604-?\d\d-?\d\d")


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
    for take in (_name, _birth, _phones, _emails, _address, _allergies):
        try:
            take(cells, decided, values, rest)
        except UnreadableValueError as error:
            errors[getattr(error, "key", KEY_OF[take])] = str(error)
    if notes := [*filter(None, [values.get("medical_notes", "")]), *rest]:
        values["medical_notes"] = "\n".join(notes)
    return values, errors


def _of(key, read, *args):
    """What `read` makes of some cells; where they cannot be read, the error tells `key`, by which
    its column is found."""
    try:
        return read(*args)
    except UnreadableValueError as error:
        error.key = key
        raise


def _text(cells, key):
    return _of(key, text_of, cells.get(key, ""))


def _name(cells, _decided, values, rest):
    """Somebody with one name only has it as family name, as in our own records."""
    family, given = _text(cells, "family_name"), _text(cells, "given_name")
    whole, middle = _text(cells, "full_name"), _text(cells, "middle_name")
    if not (family or given):
        family, given = split_name(whole)
    elif not family:
        family = _rest_of(_rest_of(whole, given, place=0), middle, place=0)
    elif not given:
        given = _rest_of(whole, family, place=1)
    if middle and middle not in given.split():
        given = f"{given} {middle}".strip()
    values["family_name"], values["given_name"] = (family, given) if family else (given, "")
    nickname = _text(cells, "preferred_name")
    if nickname and nickname.casefold() not in {given.casefold(), given.split(" ")[0].casefold()}:
        rest.append(_("Known as: %(name)s") % {"name": nickname})


def _rest_of(whole, part, *, place):
    """A whole name without the part of it that has a column of its own. Where it is not in there,
    all of it: “Name” beside “Vorname” is the family name, beside “Surname” the given one. A comma
    tells which is which: `place` is that of the part that is looked for."""
    if "," in whole:
        return split_name(whole)[place]
    words, known = whole.split(), folded(part).split()
    for start in range(len(words) - len(known) + 1):
        end = start + len(known)
        if folded(" ".join(words[start:end])).split() == known:
            return " ".join(words[:start] + words[end:])
    return whole


def _birth(cells, decided, values, rest):
    cell = cells.get("date_of_birth", "")
    values["date_of_birth"] = None
    if isinstance(cell, str) and PARTIAL.fullmatch(cell.strip()):
        rest.append(_("Birthday, not a whole date: %(text)s") % {"text": cell.strip()})
        if NO_YEAR.fullmatch(cell.strip()):
            raise UnreadableValueError(_("The birthday has no year."))
        raise UnreadableValueError(
            _("“%(text)s” is not a whole date, and no birth date.") % {"text": cell.strip()}
        )
    if is_blank(cell):
        parts = [cells.get(key, "") for key in BIRTH]
        first = next((key for key in BIRTH if not is_blank(cells.get(key, ""))), BIRTH[0])
        values["date_of_birth"], words = _of(first, birth_of, *parts)
        if words:
            rest.append(words)
        return
    values["date_of_birth"] = parse(
        fields("patients")["date_of_birth"], cell, decided.get("date_of_birth")
    )


def _phones(cells, _decided, values, rest):
    cells = {key: _of(key, parse_phone, cells.get(key, "")) for key in PHONES}
    numbers = [number for cell in cells.values() for number in several(cell)]
    kept = ""
    for number in dict.fromkeys(numbers):
        both = f"{kept} / {number}" if kept else number
        if kept and len(both) > LONGEST_PHONE:
            rest.append(_("Phone: %(number)s") % {"number": number})
        else:
            kept = both
    values["phone"] = kept


def _emails(cells, _decided, values, rest):
    found = [one for key in EMAILS for one in _of(key, several, cells.get(key, ""))]
    first, *others = dict.fromkeys(found) or [""]
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


def _allergies(_cells, _decided, values, rest):
    """Whoever names one has answered the question; “none” is an answer too, and no name."""
    if not (text := values.get("allergies", "")):
        return
    any_named, values["allergies"], of_a_sort = allergies_in(text)
    if of_a_sort:
        rest.append(_("Allergies: %(text)s") % {"text": of_a_sort})
    if values.get("any_allergies") is None:
        values["any_allergies"] = any_named
    elif values["any_allergies"] and any_named is False:
        words = _("“%(text)s” says that there are none, another column that there are some.")
        raise UnreadableValueError(words % {"text": text[:60]})


def allergies_in(text):
    """What a text about allergies says: whether there are any (None where it does not tell), their
    names, and what it denies of one sort alone, which leaves the question open."""
    if folded(text) in SOME_ALLERGIES:
        return True, "", ""
    parts = filter(None, (one.strip() for one in re.split(r"[\n;,]", text)))
    said = {folded(one) or one for one in parts}
    if not said <= NO_ALLERGIES | NOT_ASKED | NO_ALLERGIES_OF_A_SORT:
        return True, text, ""
    if said & NO_ALLERGIES:
        return False, "", ""
    return None, "", text if said & NO_ALLERGIES_OF_A_SORT else ""


KEY_OF = {
    _name: "family_name",
    _birth: "date_of_birth",
    _phones: "phone",
    _emails: "email",
    _address: "address",
    _allergies: "allergies",
}
