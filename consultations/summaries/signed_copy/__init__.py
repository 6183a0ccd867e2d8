"""A signed record as it was signed: every label, answer and verdict in the words of that day.

What is made here is kept with the signature and only ever shown. Nothing in it is looked up again,
so that neither a later release nor a later answer changes what was signed.
"""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.db.models import DateField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.models import (
    AreaAssessment,
    Consultation,
    Patient,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.health import AreaCheck, HealthScreen
from consultations.models.text import day_in_words, moment_in_words, yes_or_no
from consultations.vocabulary import Isotretinoin, LaserType, Level

from .timeline import name_of

VERSION = 1

HEALTH_NOTES = ("any_allergies", "allergies", "medicines", "past_surgery", "medical_notes")
ASKED_OF_AREA = (*AreaCheck.CHECK_FIELDS, "radiotherapy", *AreaAssessment.SURGERY_FIELDS)
OF_SURGERY = {*AreaAssessment.SURGERY_FIELDS} - {"surgery_on"}
FOUND_ON_AREA = ("severity", "grade")
TEST_PATCH = ("test_patch_on", "test_patch_result")
VERDICT = ("outcome", "until", "lasers", "proposed_laser", "pace")
DECISION = ("decision", "decision_reason", "decided_by", "decided_at")
DONE = (
    "status",
    "status_reason",
    "booked_for",
    "performed_on",
    "performed_elsewhere",
    "operator",
    "laser_mode",
)
OVERRIDE = ("override_reason", "overridden_by", "overridden_at")
CARE = (
    "eyewear_worn",
    "antiviral_given",
    "aftercare_given",
    "endpoint",
    "reaction",
    "pain",
    "grade",
    "global_improvement",
    "satisfaction",
    "notes",
)


def seen_in(record):
    """Which versions a page of this record shows, of all that would be signed with it, in a word:
    of the record, its patient, and its areas or its plan."""
    own = record.assessments.order_by("pk") if isinstance(record, Consultation) else [record.plan]
    return "-".join(f"{one.pk}.{one.version}" for one in (record, record.patient, *own))


def rendition_of(record, *, progress=""):
    """The page of a consultation or session in today's words, ready to be kept as JSON.

    `progress` is how far the course had come ("3 of 5"), where that is known from before.
    """
    if isinstance(record, Consultation):
        return _consultation(record)
    return _session(record, progress)


def digest_of(rendition):
    """What a print and the stored page are compared by: SHA-256 over the page's canonical JSON."""
    plain = json.dumps(rendition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def lines_of(rendition):
    """A kept page as plain text, line by line, for files that are read without the program."""
    yield rendition["title"]
    for section in rendition["sections"]:
        yield from ("", section["title"])
        yield from (section[name] for name in ("state", "text") if section.get(name))
        yield from (f"{row['label']}: {row['value']}" for row in section["rows"])
        yield from (finding_in_words(finding) for finding in section.get("findings", ()))


def finding_in_words(finding):
    """A finding as it is shown, in one line."""
    lasers = f"({finding['lasers']})" if finding["lasers"] else ""
    words = (
        f"{finding['word']}:",
        finding["message"],
        finding["until"],
        lasers,
        finding["accepted"],
    )
    return " ".join(filter(None, words))


# Consultations


def _consultation(consultation):
    patient = Patient.objects.get(pk=consultation.patient_id)
    areas = consultation.assessments.filter(entered_in_error_at__isnull=True)
    areas = areas.select_related("decided_by").order_by("pk")
    day = day_in_words(consultation.consulted_on)
    return {
        "version": VERSION,
        "title": _("Consultation of %(day)s") % {"day": day},
        "sections": [
            _identity(patient, consultation.consulted_on),
            _part(_("Consultation"), _told(consultation, ("consulted_on", "clinician", "concern"))),
            *(section for area in areas for section in _area(area)),
            _part(_("Health that day"), _asked(consultation, HealthScreen.FIELDS)),
            _known_for_life(patient),
            _part(_("Expectations"), _asked(consultation, Consultation.EXPECTATIONS)),
            _part(_("Lifestyle"), _asked(consultation, Consultation.LIFESTYLE)),
            _part(
                _("Measurements and notes"),
                _told(consultation, ("height_cm", "weight_kg", "chaperone", "notes")),
            ),
            _signature(consultation),
        ],
    }


def _area(area):
    """What was concluded, and what was found there."""
    named = {"area": area.get_area_display()}
    assessed = [*_told(area, FOUND_ON_AREA), *_asked(area, ASKED_OF_AREA), *_told(area, TEST_PATCH)]
    if area.follows_referral_id:
        assessed += _told(area, ("follows_referral",))
    concluded = _told(area, VERDICT, blanks=_blank_in_verdict())
    if area.decision:
        concluded += _told(area, DECISION)
    else:
        concluded.append(_row(_label(area, "decision"), _("Agrees with the verdict")))
    concluded += _told(area, ("rulebook",))
    return [
        _part(
            _("%(area)s, verdict") % named,
            concluded,
            area=area.pk,
            outcome=area.effective_outcome,
            state=str(area.get_effective_outcome_display()),
            text=area.reason,
            findings=[finding_as_shown(one) for one in area.findings],
        ),
        _part(_("%(area)s, as assessed") % named, assessed, area=area.pk),
    ]


def _blank_in_verdict():
    none = _("None")
    return {"until": _("No date"), "lasers": none, "proposed_laser": none, "pace": none}


# Sessions


def _session(session, progress):
    plans = TreatmentPlan.objects.with_patient()
    plan = plans.get(pk=session.plan_id)
    progress = progress or _progress(session, plan)
    area = plan.assessment.get_area_display()
    named = {"area": area, "day": day_in_words(session.day)}
    checks = (*HealthScreen.FIELDS, *AreaCheck.CHECK_FIELDS)
    return {
        "version": VERSION,
        "title": _("%(area)s, session of %(day)s") % named,
        "progress": progress,
        "sections": [
            _identity(plan.patient, session.day),
            _part(_("Session"), [*_told(session, _done(session)), *_device(session.laser_mode)]),
            _part(
                _("Plan"),
                [
                    _row(_label(plan.assessment, "area"), area),
                    _row(_("Sessions done"), progress),
                    *_told(plan, ("laser_type", "pace", "interval_days")),
                ],
            ),
            _readiness(session),
            _part(_("Settings"), _told(session, TreatmentSession.SETTINGS)),
            _part(_("Asked that day"), _asked(session, checks)),
            _part(_("Care and result"), _told(session, CARE)),
            _known_for_life(plan.patient),
            _signature(session),
        ],
    }


def _progress(session, plan):
    """How far the course had come with this session."""
    done = plan.done_sessions().filter(performed_on__lte=session.day).values_list("pk", flat=True)
    return _("%(done)s of %(planned)s") % {"done": len(done), "planned": plan.planned_sessions}


def _done(session):
    """Reasons and other clinics are told where there are any."""
    only_where_told = {"status_reason", "performed_elsewhere"}
    return [one for one in DONE if one not in only_where_told or getattr(session, one)]


def _device(mode):
    if mode is None:
        return []
    return [
        *_told(mode, ("laser_type", "wavelength_nm", "pulse")),
        *_told(mode.laser, ("manufacturer", "serial_number")),
    ]


def _readiness(session):
    """What was checked before the laser was used, and who went ahead all the same."""
    rows = _told(session, OVERRIDE) if session.override_reason else []
    if not session.rulebook:
        return _part(_("Checks before treatment"), rows, text=_("Not assessed by the rulebook."))
    return _part(
        _("Checks before treatment"),
        [*rows, *_told(session, ("rulebook",))],
        text="" if session.findings else _("No concerns were found."),
        findings=[finding_as_shown(one) for one in session.findings],
    )


# What both have


def _identity(patient, day):
    """Who the patient was that day, by name and by age."""
    return _part(
        _("Patient that day"),
        [
            _row(_("Name"), patient.full_name),
            _row(_label(patient, "record_number"), patient.record_number),
            _row(_label(patient, "date_of_birth"), day_in_words(patient.date_of_birth)),
            _row(_("Age that day"), patient.age_on(day)),
            *_told(patient, ("sex", *(("guardian",) if patient.guardian else ()))),
        ],
    )


def _known_for_life(patient):
    answers = _asked(patient, Patient.LIFETIME_ANSWERS)
    notes = _told(patient, HEALTH_NOTES, blanks={"any_allergies": _("Not asked")})
    return _part(_("Known of the patient"), [*answers, *notes])


def _signature(record):
    return _part(_("Signature"), _told(record, ("signed_by", "signed_at")))


def finding_as_shown(finding):
    """A finding as on the verdict, its level, day and laser types in words."""
    until, lasers = finding.get("until"), finding["lasers"]
    day = until and day_in_words(date.fromisoformat(until))
    return {
        "id": finding["id"],
        "level": finding["level"],
        "word": _word(Level, finding["level"]),
        "message": finding["message"],
        "hint": finding["hint"],
        "until": _("until %(day)s") % {"day": day} if day else "",
        "lasers": "" if len(lasers) == len(LaserType) else _lasers(lasers),
        "source": finding["source"],
        "accepted": _("Known, and overridden") if finding.get("accepted") else "",
    }


def _part(title, rows, **more):
    return {"title": str(title), "rows": rows, **more}


def _row(label, value):
    return {"label": str(label), "value": str(value)}


def _label(record, name):
    return capfirst(record._meta.get_field(name).verbose_name)


def _asked(record, names):
    """Questions: what is blank was not asked, and is never a no. A day that is blank is only that:
    nobody is asked for a day that there may not be."""
    return [
        _row(_label(record, one), _answer(record, one) or _not_answered(record, one))
        for one in names
        if _is_a_question(record, one)
    ]


def _not_answered(record, name):
    is_day = isinstance(record._meta.get_field(name), DateField)
    return _("No day given") if is_day else _("Not asked")


def _is_a_question(record, name):
    """Some are asked only where another was answered so."""
    if name == "isotretinoin_last_dose_on":
        return record.isotretinoin in (Isotretinoin.PAST, Isotretinoin.TAKING)
    return name not in OF_SURGERY or record.surgery_on is not None


def _told(record, names, *, blanks=None):
    """What is written where there is something to write."""
    blank = _("Not recorded")
    return [
        _row(_label(record, one), _answer(record, one) or (blanks or {}).get(one, blank))
        for one in names
    ]


def _answer(record, name):
    """The value of a field as people read it; "" where it is blank."""
    value, field = getattr(record, name), record._meta.get_field(name)
    if value is None or value == "" or value == []:
        return ""
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    match value:
        case bool():
            return yes_or_no(value)
        case datetime():
            return moment_in_words(value)
        case date():
            return day_in_words(value)
        case Decimal():
            return f"{value.normalize():f}"
        case list():
            return _lasers(value)
    return name_of(value) if isinstance(value, get_user_model()) else str(value)


def _lasers(values):
    return ", ".join(_word(LaserType, value) for value in values)


def _word(choices, value):
    return str(dict(choices.choices).get(value, value))
