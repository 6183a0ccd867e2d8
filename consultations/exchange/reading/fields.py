"""The fields that an import knows: of our own records, and the parts other systems keep apart."""

from dataclasses import dataclass
from functools import cache

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations.models import (
    Appointment,
    AreaAssessment,
    Consultation,
    Laser,
    LaserMode,
    Patient,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.health import AreaCheck, HealthScreen
from consultations.models.money import MoneyField
from consultations.rules.readiness.settings import SETTINGS

from .names import NAMES

RECORDS = {
    "patient": Patient,
    "laser": Laser,
    "mode": LaserMode,
    "consultation": Consultation,
    "area": AreaAssessment,
    "plan": TreatmentPlan,
    "session": TreatmentSession,
    "appointment": Appointment,
}


@dataclass(frozen=True)
class Field:
    """One thing that a column may hold.

    `record` and `name` are the record it is stored in and its field there ("patient",
    "family_name"); both are "" for what is no field of ours but goes into one, or finds one.
    `kind` is one of text, date, time, datetime, amount, number, yes_no, choice. `choices` are pairs
    of value and label. `names` are headings of other systems, as `columns.normal` writes them.
    `in_template` tells whether our own files have it.
    """

    key: str
    label: str | Promise
    kind: str
    record: str = ""
    name: str = ""
    choices: tuple = ()
    names: tuple[str, ...] = ()
    in_template: bool = False

    @property
    def model(self):
        return RECORDS.get(self.record)

    @property
    def is_past(self):
        """Whether its days are past, so that two digits of a year mean the latest such day."""
        return self.key not in MAY_BE_AHEAD


MAY_BE_AHEAD = {
    *("service_due_on", "local_rules_review_due_on", "next_due_on"),
    *("starts_at", "ends_at", "start_day"),
}
# What stands for a patient in the files of other records: our number, or who it is.
WHO = ("record_number",)
PATIENT = (
    *("record_number", "family_name", "given_name", "date_of_birth", "sex", "phone", "email"),
    *("address", "emergency_contact", "guardian", "interpreter_needed", "general_practitioner"),
    *("phototype", "any_allergies", "allergies", "medicines", "past_surgery", "medical_notes"),
    *("keloid_history", "herpes_history", "gold_therapy", "connective_tissue_disease"),
    *("email_reminders", "text_reminders", "email_instructions", "language"),
)
LASER = (
    *("name", "manufacturer", "serial_number", "in_service", "service_due_on"),
    *("protection_adviser", "local_rules_reviewed_on", "local_rules_review_due_on"),
)
MODE = (
    *("name", "laser_type", "wavelength_nm", "pulse"),
    *(f"{name}_{end}" for name in SETTINGS for end in ("min", "max")),
)
CONSULTATION = (
    *("consulted_on", "clinician", "concern", *HealthScreen.ANSWERS, *Consultation.LIFESTYLE),
    *(*Consultation.EXPECTATIONS, "height_cm", "weight_kg", "chaperone", "notes"),
)
AREA = (
    *("area", "severity", "grade", *AreaCheck.CHECK_FIELDS, "radiotherapy"),
    *(*AreaAssessment.SURGERY_FIELDS, "test_patch_on", "test_patch_result"),
    *("outcome", "decision", "decision_reason"),
)
PLAN = (
    *("laser_type", "pace", "planned_sessions", "short_course_reason", "extension_reason"),
    *("interval_days", "price_per_session", "course_price", "status", "status_reason"),
    *("started_on", "completed_on", "next_due_on"),
)
SESSION = (
    *("performed_on", "performed_elsewhere", "operator", "laser_mode", *TreatmentSession.SETTINGS),
    *("eyewear_worn", "antiviral_given", "aftercare_given", "endpoint", "pain", "reaction"),
    *("grade", "global_improvement", "satisfaction", "override_reason", "notes"),
    *(*HealthScreen.ANSWERS, *AreaCheck.CHECK_FIELDS),
)
APPOINTMENT = (
    *("kind", "starts_at", "ends_at", "practitioner", "room", "laser", "status", "arrived_at"),
    *("reason", "reason_of", "reason_words", "cancelled_late", "rebook", "declined_reason"),
    *("would_come_earlier", "note", "overbooked_reason"),
)
# Keys that are not the field's name, because two records of one target have such a field.
KEYS = {
    ("laser", "name"): "laser",
    ("mode", "name"): "mode",
    ("plan", "status"): "plan_status",
    ("plan", "status_reason"): "plan_status_reason",
    ("plan", "pace"): "plan_pace",
}
LABELS = {
    ("laser", "name"): _("laser"),
    ("mode", "name"): _("mode"),
    ("plan", "status"): _("status of the plan"),
    ("plan", "laser_type"): _("laser type"),
}


def _helper(key, label, kind="text", in_template=False):
    return (key, label, kind, in_template)


# Parts that other systems keep apart, and what finds a person.
NAME_PARTS = (
    _helper("other_number", _("number in the other system")),
    _helper("full_name", _("whole name")),
    _helper("middle_name", _("middle name")),
    _helper("preferred_name", _("preferred name")),
    _helper("birth_day", _("day of birth"), "number"),
    _helper("birth_month", _("month of birth"), "text"),
    _helper("birth_year", _("year of birth"), "number"),
)
PATIENT_PARTS = (
    *NAME_PARTS,
    _helper("mobile_phone", _("mobile phone")),
    _helper("home_phone", _("home phone")),
    _helper("work_phone", _("work phone")),
    _helper("other_phone", _("another phone")),
    _helper("other_email", _("another email")),
    *(_helper(f"address_{n}", _("address, line %(n)s") % {"n": n}) for n in (1, 2, 3)),
    _helper("city", _("town")),
    _helper("region", _("county or state")),
    _helper("postcode", _("postcode")),
    _helper("country", _("country")),
)
PERSON_PARTS = (
    *(part for part in NAME_PARTS if part[0] != "preferred_name"),
    _helper("family_name", _("family name")),
    _helper("given_name", _("given name")),
    _helper("date_of_birth", _("date of birth"), "date"),
)
COURSE = (
    _helper("area", _("area"), "choice", in_template=True),
    _helper("consulted_on", _("date of the consultation"), "date", in_template=True),
)
VISIT = (_helper("visit_of_day", _("visit, where a day had several"), in_template=True),)
SESSION_PARTS = (
    _helper("laser", _("laser"), in_template=True),
    _helper("treatment", _("treatment, as the other system calls it")),
    _helper("performed_at", _("time of the session"), "time"),
    _helper("operator_name", _("who treated, as the other system says")),
)
APPOINTMENT_PARTS = (
    _helper("areas", _("areas to be treated"), in_template=True),
    _helper("start_day", _("day"), "date"),
    _helper("start_time", _("starts at, time"), "time"),
    _helper("end_time", _("ends at, time"), "time"),
    _helper("minutes", _("length in minutes"), "number"),
    _helper("treatment", _("treatment, as the other system calls it")),
    _helper("missed_at", _("missed at"), "datetime"),
    _helper("cancelled_at", _("cancelled at"), "datetime"),
    _helper("archived_at", _("deleted at"), "datetime"),
    _helper("is_break", _("break, no appointment"), "yes_no"),
)
STORED = {
    "patients": (("patient", PATIENT),),
    "lasers": (("laser", LASER), ("mode", MODE)),
    "consultations": (("patient", WHO), ("consultation", CONSULTATION), ("area", AREA)),
    "sessions": (("patient", WHO), ("plan", PLAN), ("session", SESSION)),
    "appointments": (("patient", WHO), ("appointment", APPOINTMENT)),
}
PARTS = {
    "patients": PATIENT_PARTS,
    "lasers": (),
    "consultations": (*PERSON_PARTS, *VISIT),
    "sessions": (*PERSON_PARTS, *COURSE, *SESSION_PARTS),
    "appointments": (*PERSON_PARTS, *APPOINTMENT_PARTS),
}
TARGETS = tuple(STORED)

# Each line is met by any of its keys; what is missing is told by the first.
_WHOSE = ("record_number", "other_number", "family_name", "full_name")
REQUIRED = {
    "patients": (
        ("family_name", "full_name", "given_name"),
        ("date_of_birth", "birth_year"),
    ),
    "lasers": (("laser",), ("mode",), ("laser_type",), ("wavelength_nm",), ("pulse",)),
    "consultations": (_WHOSE, ("consulted_on",), ("area",), ("severity", "grade")),
    "sessions": (_WHOSE, ("area",), ("performed_on", "started_on")),
    "appointments": (_WHOSE, ("starts_at", "start_day")),
}
# What rows need too, but many files lack: it tells no file from another.
NEEDED_TOO = {"sessions": (("laser_type", "laser_mode"),)}
# What may be said of all rows at once where it has no column.
FOR_ALL_ROWS = {
    "patients": (),
    "lasers": ("laser_type", "pulse"),
    "consultations": ("area",),
    "sessions": ("laser_type", "area"),
    "appointments": ("kind",),
}


@cache
def fields(target):
    """The fields of one target ("patients", "lasers", "consultations", "sessions",
    "appointments"), by key."""
    names = NAMES.get(target, {})
    found = {}
    for record, stored in STORED[target]:
        for name in stored:
            field = _stored(record, name, names)
            found[field.key] = field
    for key, label, kind, in_template in PARTS[target]:
        choices = ()
        if key == "area":
            choices = _choices(AreaAssessment._meta.get_field("area"))
        found.setdefault(
            key,
            Field(
                key, label, kind, choices=choices, names=names.get(key, ()), in_template=in_template
            ),
        )
    return found


def _stored(record, name, names):
    field = RECORDS[record]._meta.get_field(name)
    key = KEYS.get((record, name), name)
    label = LABELS.get((record, name), field.verbose_name)
    kind = _kind(field)
    choices = _choices(field) if kind == "choice" else ()
    return Field(key, label, kind, record, name, choices, names.get(key, ()), in_template=True)


def _choices(field):
    return tuple((value, label) for value, label in field.flatchoices if value != "")


def _kind(field):
    if field.choices:
        return "choice"
    kinds = (
        (models.BooleanField, "yes_no"),
        (models.DateTimeField, "datetime"),
        (models.DateField, "date"),
        (MoneyField, "amount"),
        ((models.DecimalField, models.IntegerField), "number"),
    )
    return next((kind for types, kind in kinds if isinstance(field, types)), "text")
