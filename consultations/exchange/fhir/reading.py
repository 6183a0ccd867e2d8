"""Patients of other systems' FHIR files: one row a patient, what belongs to them beside it as text.

Read are Bundles of any kind, single patients, and NDJSON. Allergies and medicines go into their
fields and conditions into the notes, all as text; that there is no allergy is an answer, and so is
our own phototype. A prescription that is not over counts as a medicine: generators such as Synthea
and many hospitals write no MedicationStatement. Other resources are counted and left out.
"""

import json
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from consultations.exchange.reading.base import (
    LONGEST_CELL,
    Failure,
    UnreadableFileError,
    table_of,
)
from consultations.models.languages import languages
from consultations.models.text import folded
from consultations.vocabulary import Phototype

from .absence import NO_ALLERGY, NO_ALLERGY_OF_A_KIND, NO_INFORMATION
from .codes import Item, system_of
from .health import NONE_KNOWN, NOT_NAMED
from .patient import INTERPRETER

HEADINGS = (
    *("other_number", "family_name", "given_name", "full_name", "date_of_birth", "sex"),
    *("mobile_phone", "phone", "home_phone", "work_phone", "email", "address", "address_1"),
    *("address_2", "city", "region", "postcode", "country", "emergency_contact", "guardian"),
    *("interpreter_needed", "general_practitioner", "language", "phototype", "any_allergies"),
    *("allergies", "medicines", "medical_notes"),
)
PHONES = {"mobile": "mobile_phone", "home": "home_phone", "work": "work_phone"}
# Where each kind of resource goes, how it says whose it is, and what it is of.
BESIDE = {
    "AllergyIntolerance": ("allergies", "patient", ("code",)),
    "MedicationStatement": ("medicines", "subject", ("medicationCodeableConcept",)),
    "MedicationRequest": ("medicines", "subject", ("medicationCodeableConcept",)),
    "Condition": ("medical_notes", "subject", ("code",)),
}
# What is over, was never so, or was written by mistake, by the definitions of the codes in FHIR
# 4.0.1: who has an inactive allergy is at risk no more.
NEVER_SO = {"entered-in-error", "refuted"}
NOT_SO = {
    "AllergyIntolerance": NEVER_SO | {"inactive", "resolved"},
    "MedicationStatement": NEVER_SO | {"not-taken", "stopped", "completed"},
    "MedicationRequest": NEVER_SO | {"stopped", "completed", "cancelled", "draft"},
    "Condition": NEVER_SO | {"resolved"},
    "Observation": NEVER_SO | {"cancelled"},
}
# A condition of these may come back, or was not confirmed; medicines of these are not taken now.
SAID = ("inactive", "remission", "unconfirmed", "provisional", "differential")
SAID += ("on-hold", "intended")
NOT_YET_ORDERED = {"proposal", "option"}
NONE_AT_ALL = {folded(text) for text in (*NO_ALLERGY.values(), NONE_KNOWN["text"])}


def open_fhir(file, name):
    """The table of a FHIR file; `failed` lists by entry or line what does not come in, and why.

    Raises UnreadableFileError for a file that is none, or has no patient.
    """
    found = Resources(name)
    for number, url, one in _numbered(file, name):
        found.take(number, url, one)
    if not found.patients:
        raise UnreadableFileError(_("%(name)s holds no patient.") % {"name": name})
    found.put_together()
    table = table_of(name, found.records)
    if table is None or not table.count:
        raise UnreadableFileError(_("%(name)s holds no patient.") % {"name": name})
    return [replace(table, notes=tuple(found.notes()), failed=tuple(found.failed))]


# The file


def _numbered(file, name):
    """Yield (number, address, resource) of each entry of a Bundle, or of each line."""
    text = _text(file, name)
    try:
        whole = _parsed(text)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise _no_json(name, error.lineno) from None
        yield from _lines(text, name)
        return
    except (ValueError, RecursionError):
        raise _no_json(name, 1) from None
    kind = _kind(whole)
    if kind == "Bundle":
        for number, entry in enumerate(_list(whole, "entry"), start=1):
            yield number, _word(entry, "fullUrl"), _part(entry, "resource")
    elif kind:
        yield 1, "", whole
    else:
        raise UnreadableFileError(
            _("%(name)s is JSON, but no FHIR: it does not say what resource it is.")
            % {"name": name}
        )


def _text(file, name):
    file.seek(0)
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        words = _("%(name)s is not in UTF-8, in which FHIR is written.")
        raise UnreadableFileError(words % {"name": name}) from None


def _lines(text, name):
    # Not splitlines: a text of FHIR may hold U+2028.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                one = _parsed(line)
            except (ValueError, RecursionError):
                raise _no_json(name, number) from None
            yield number, "", one if isinstance(one, dict) else {}


def _parsed(text):
    """JSON alone: Python would also take NaN, and Infinity."""
    return json.loads(text, parse_constant=_no_number)


def _no_number(word):
    raise ValueError(word)


def _no_json(name, line):
    words = _("%(name)s begins like JSON, but line %(line)s is none. Was it cut off?")
    return UnreadableFileError(words % {"name": name, "line": line})


# What it holds


@dataclass
class Resources:
    """The patients of a file and what belongs to them, with what does not come in."""

    name: str
    patients: dict = field(default_factory=dict)
    addresses: dict = field(default_factory=dict)
    beside: list = field(default_factory=list)
    medicines: dict = field(default_factory=dict)
    left_out: dict = field(default_factory=dict)
    failed: list = field(default_factory=list)

    def take(self, number, url, one):
        kind = _kind(one)
        key = f"{kind}/{_word(one, 'id')}"
        if kind == "Patient":
            if any(_word(link, "type") == "replaced-by" for link in _list(one, "link")):
                self.failed.append(Failure(number, _("This patient was merged into another.")))
                return
            self.patients[number] = cells_of(one)
            for address in filter(None, (url, key if _word(one, "id") else "")):
                self.addresses[address] = number
        elif kind in BESIDE or _phototype(one):
            self.beside.append((number, kind, one))
        elif kind == "Medication":
            self.medicines[url] = self.medicines[key] = _concept(one, "code")
        elif kind:
            self.left_out[kind] = self.left_out.get(kind, 0) + 1
        else:
            self.failed.append(Failure(number, _("This is no resource: it does not say which.")))

    def put_together(self):
        """Add to each patient what belongs to them; what belongs to nobody here is listed."""
        for number, kind, one in self.beside:
            whose = BESIDE[kind][1] if kind in BESIDE else "subject"
            if _statuses(one) & NOT_SO[kind] or _is_no_order(kind, one):
                self.left_out[kind] = self.left_out.get(kind, 0) + 1
                continue
            leads_to = _word(_part(one, whose), "reference")
            patient = self._found(self.addresses, leads_to)
            if patient is None:
                self.failed.append(Failure(number, self._dangling(kind, leads_to)))
                continue
            for key, words in self._told(kind, one):
                cells = self.patients[patient]
                # A prescription is often there once more each time it was renewed.
                if key != "medicines" or words not in cells.get(key, "").split("\n"):
                    cells[key] = "\n".join(filter(None, (cells.get(key, ""), words)))
        self._answer_allergies()
        self.failed.sort(key=lambda one: one.number)

    def _told(self, kind, one):
        """Yield what a resource says of its patient, each with its heading."""
        if kind == "Observation":
            yield "phototype", _phototype(one)
            return
        key, _whose, what = BESIDE[kind]
        words = next(filter(None, (_concept(one, each) for each in what)), "")
        words = words or self._medicine(one)
        codes = {code for each in what for code in _codes_of(one, each)}
        if codes & NO_INFORMATION.keys():
            return
        if kind == "AllergyIntolerance":
            yield _allergy(codes, words)
        elif words:
            yield key, f"{words}{_beside_words(kind, one)}"

    def _answer_allergies(self):
        """One answer a patient: whoever has a named allergy has one, whatever else is said."""
        for cells in self.patients.values():
            answers = set(cells.get("any_allergies", "").split())
            if answers:
                has_any = "yes" in answers or cells.get("allergies")
                cells["any_allergies"] = "yes" if has_any else "no"
            if cells.get("phototype"):
                cells["phototype"] = cells["phototype"].split("\n")[-1]

    def _medicine(self, one):
        """A medicine that stands in a resource of its own, in the file or within this one."""
        leads_to = _word(_part(one, "medicationReference"), "reference")
        for within in _list(one, "contained"):
            if leads_to == f"#{_word(within, 'id')}":
                return _concept(within, "code")
        found = self._found(self.medicines, leads_to)
        return found or _word(_part(one, "medicationReference"), "display")

    def _found(self, known, leads_to):
        """By the address as it is, or by its last two parts: a server's may stand before them."""
        return known.get(leads_to, known.get("/".join(leads_to.split("/")[-2:])))

    def _dangling(self, kind, leads_to):
        if not leads_to:
            return _("%(kind)s does not say whose it is.") % {"kind": kind}
        words = _("%(kind)s is about “%(who)s”, who is not in this file.")
        return words % {"kind": kind, "who": leads_to[:80]}

    def records(self):
        """Headings as record 0, then a row for each patient."""
        yield 0, list(HEADINGS)
        for number, cells in self.patients.items():
            yield number, [cells.get(heading, "") for heading in HEADINGS]

    def notes(self):
        yield _("Allergies, medicines and conditions come in as text.")
        if self.left_out:
            counts = ", ".join(f"{count} {kind}" for kind, count in sorted(self.left_out.items()))
            yield _("Left out: %(counts)s.") % {"counts": counts}


def cells_of(patient):
    """What a Patient says, by the headings of its row; days and words as they stand there."""
    return {
        "other_number": _number(patient),
        **_name(patient),
        "date_of_birth": _word(patient, "birthDate"),
        "sex": _word(patient, "gender"),
        **_telecom(patient),
        **_address(patient),
        **_contacts(patient),
        "interpreter_needed": _interpreter(patient),
        "general_practitioner": _word(_first(patient, "generalPractitioner"), "display"),
        "language": _language(patient),
        "medical_notes": _deceased(patient),
    }


def _number(patient):
    """The medical record number, or else the first number there is."""
    numbers = [one for one in _current(patient, "identifier") if _word(one, "value")]
    ours = (one for one in numbers if _has_code(_part(one, "type"), "MR"))
    return _word(next(ours, numbers[0] if numbers else {}), "value") or _word(patient, "id")


def _name(patient):
    names = [one for one in _current(patient, "name") if _word(one, "use") != "maiden"]
    order = {"official": 0, "usual": 1, "": 2}
    names.sort(key=lambda one: order.get(_word(one, "use"), 3))
    name = names[0] if names else {}
    given = " ".join(_words(name, "given"))
    if family := _word(name, "family"):
        return {"family_name": family, "given_name": given}
    return {"full_name": _word(name, "text") or given}


def _telecom(patient):
    """All numbers and addresses, those of one use in lines of one cell."""
    found = {}
    for one in _current(patient, "telecom"):
        system, value = _word(one, "system"), _word(one, "value")
        if system in {"phone", "sms"}:
            key = "mobile_phone" if system == "sms" else PHONES.get(_word(one, "use"), "phone")
            found.setdefault(key, []).append(value)
        elif system == "email":
            found.setdefault("email", []).append(value)
    return {key: "\n".join(values) for key, values in found.items()}


def _address(patient):
    address = next(iter(_current(patient, "address")), {})
    lines = _words(address, "line")
    found = {
        "address_1": lines[0] if lines else "",
        "address_2": ", ".join(lines[1:]),
        "city": _word(address, "city"),
        "region": _word(address, "state"),
        "postcode": _word(address, "postalCode"),
        "country": _word(address, "country"),
    }
    return found if any(found.values()) else {"address": _word(address, "text")}


def _contacts(patient):
    found = {}
    for one in _list(patient, "contact"):
        roles = _list(one, "relationship")
        is_guardian = any(_has_code(role, "GUARD") for role in roles)
        name = _part(one, "name")
        words = _word(name, "text") or " ".join([*_words(name, "given"), _word(name, "family")])
        phone = next(filter(None, (_word(each, "value") for each in _list(one, "telecom"))), "")
        key = "guardian" if is_guardian else "emergency_contact"
        found.setdefault(key, ", ".join(filter(None, (words.strip(), phone))))
    return found


def _interpreter(patient):
    needs = (one for one in _list(patient, "extension") if _word(one, "url") == INTERPRETER)
    said = next(needs, {}).get("valueBoolean")
    return {True: "yes", False: "no"}.get(said, "") if isinstance(said, bool) else ""


def _language(patient):
    """The preferred language, or the only one, where patients can be written to in it."""
    spoken = _list(patient, "communication")
    chosen = [one for one in spoken if one.get("preferred") is True] or spoken
    codes = [_word(each, "code") for each in _list(_part(_only(chosen), "language"), "coding")]
    known = {code for code, _label in languages()}
    found = (code.casefold() for code in codes)
    return next((code for code in found if code in known), "")


def _only(items):
    return items[0] if len(items) == 1 else {}


def _deceased(patient):
    if day := _word(patient, "deceasedDateTime"):
        return _("Deceased: %(day)s.") % {"day": day}
    return _("Deceased.") if patient.get("deceasedBoolean") is True else ""


def _allergy(codes, words):
    """The heading and the words of an allergy, or of there being none."""
    if codes & NO_ALLERGY.keys() or folded(words) in NONE_AT_ALL:
        return "any_allergies", "no"
    if codes & NO_ALLERGY_OF_A_KIND.keys():
        return "medical_notes", words
    return ("any_allergies", "yes") if words == NOT_NAMED else ("allergies", words)


def _phototype(one):
    """The phototype that one of our own observations says; "" of any other resource."""
    if _kind(one) != "Observation" or Item.PHOTOTYPE not in _codes_of(one, "code"):
        return ""
    codings = _list(_part(one, "valueCodeableConcept"), "coding")
    ours = (each for each in codings if _word(each, "system") == system_of(Phototype))
    found = _word(next(ours, {}), "code")
    return found if found in Phototype.values else ""


def _beside_words(kind, one):
    """What stands behind a condition or a medicine: since when, and what its status means."""
    since = _word(one, "onsetDateTime")[:10] if kind == "Condition" else ""
    if kind == "MedicationRequest":
        since = f"prescribed {_word(one, 'authoredOn')[:10]}".strip()
    said = [status.replace("-", " ") for status in SAID if status in _statuses(one)]
    told = ", ".join(filter(None, (since, *said)))
    return f" ({told})" if told else ""


def _is_no_order(kind, one):
    """Whether a prescription was only thought of, or says that a medicine must not be given."""
    if kind != "MedicationRequest":
        return False
    return one.get("doNotPerform") is True or _word(one, "intent") in NOT_YET_ORDERED


def _statuses(one):
    """Every status of a resource by its code; before R4 some of them were plain words."""
    found = {_word(one, "status"), _word(one, "clinicalStatus"), _word(one, "verificationStatus")}
    for name in ("clinicalStatus", "verificationStatus"):
        text = folded(_word(_part(one, name), "text")).replace(" ", "-")
        found |= {text, *_codes_of(one, name)}
    return found - {""}


# What a file says, whatever it says instead: a value of another kind counts as none


def _kind(one):
    return _word(one, "resourceType")


def _word(one, name):
    value = one.get(name) if isinstance(one, dict) else None
    return value.strip()[: LONGEST_CELL + 1] if isinstance(value, str) else ""


def _part(one, name):
    value = one.get(name) if isinstance(one, dict) else None
    return value if isinstance(value, dict) else {}


def _items(one, name):
    value = one.get(name) if isinstance(one, dict) else None
    return value if isinstance(value, list) else []


def _list(one, name):
    return [each for each in _items(one, name) if isinstance(each, dict)]


def _words(one, name):
    return [each.strip() for each in _items(one, name) if isinstance(each, str) and each.strip()]


def _first(one, name):
    return next(iter(_list(one, name)), {})


def _current(one, name):
    """Those that still count: what is old says so."""
    return [each for each in _list(one, name) if _word(each, "use") != "old"]


def _has_code(concept, code):
    return any(_word(each, "code") == code for each in _list(concept, "coding"))


def _codes_of(one, name):
    return {_word(each, "code") for each in _list(_part(one, name), "coding")}


def _concept(one, name):
    """What a CodeableConcept says to people."""
    concept = _part(one, name)
    shown = (_word(each, "display") or _word(each, "code") for each in _list(concept, "coding"))
    return _word(concept, "text") or next(filter(None, shown), "")
