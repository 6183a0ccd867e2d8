"""What becomes of each field when a person is erased. A field that is missing here fails a test.

Kept is what law and statistics need and what tells nobody who it was: days, choices, numbers,
yes and no, and the names of staff. Everything that somebody typed is taken away.
"""

import re

from django.utils.translation import gettext as _

from consultations.models import (
    AccessRecord,
    Addendum,
    AdverseEvent,
    AreaAssessment,
    Consent,
    Consultation,
    Erasure,
    FollowUp,
    Patient,
    Photo,
    SearchKey,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.health import AreaCheck, HealthScreen
from consultations.rules.facts import CHOICES, FACTS

# Each takes the value and the key of its record, and gives the value that stays.


def kept(value, key):
    return value


def blank(value, key):
    return ""


def nothing(value, key):
    return None


def worded(value, key):
    """What somebody typed: that there was something stays, so that every promise still holds."""
    return _("Erased.") if value else value


def named(value, key):
    return _("Erased")


def year_alone(value, key):
    """The year of birth, written as its first day."""
    return value.replace(month=1, day=1)


def fingerprint(value, key):
    """The digest of a picture finds it again; in its place stands the key, unlike any other."""
    return f"erased {key}"


def without_words(findings, key):
    """Findings by their ids; their words are in the rulebook of that version."""
    names = ("id", "level", "lasers", "until", "accepted")
    silent = {"hint": "", "source": ""}
    return [
        {
            "message": one.get("id", ""),
            **silent,
            **{name: one[name] for name in names if name in one},
        }
        for one in findings
    ]


def only_values(facts, key):
    """The facts that the rules saw, without anything that is neither a choice nor a day."""
    return {
        name: value for name, value in facts.items() if name in FACTS and _is_value(name, value)
    }


def _is_value(name, value):
    if not isinstance(value, str):
        return value is None or isinstance(value, bool | int | float)
    in_choices = name in CHOICES and value in CHOICES[name].values
    return in_choices or bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value))


def unsaid(rendition, key):
    """The page as it was signed holds name, answers and notes: none of it stays."""
    return rendition and {"version": 1, "title": _("Erased."), "sections": []}


def _all(treatment, *names):
    return dict.fromkeys(names, treatment)


RECORD = {
    **_all(kept, "id", "created_at", "created_by", "changed_at", "changed_by", "version"),
    **_all(kept, "entered_in_error_at", "entered_in_error_by"),
    "form_token": nothing,
    "entered_in_error_reason": worded,
}
SIGNED = {**RECORD, **_all(kept, "signed_by", "signed_at"), "signed_as": unsaid}

FIELDS = {
    Patient: {
        **RECORD,
        # The action gives a new one, by which paper does not lead back.
        "record_number": kept,
        "family_name": named,
        "date_of_birth": year_alone,
        **_all(blank, "given_name", "sort_name", "phone", "email", "address"),
        **_all(blank, "emergency_contact", "guardian", "general_practitioner"),
        **_all(kept, "sex", "interpreter_needed", *Patient.LIFETIME_ANSWERS),
        "any_allergies": kept,
        **_all(worded, "allergies", "medicines", "past_surgery", "medical_notes"),
        **_all(kept, "merged_into", "erased_at"),
    },
    Consultation: {
        **SIGNED,
        **_all(kept, "patient", "clinician", "consulted_on", *HealthScreen.FIELDS),
        **_all(kept, *Consultation.LIFESTYLE, *Consultation.EXPECTATIONS),
        **_all(kept, "height_cm", "weight_kg"),
        **_all(worded, "concern", "chaperone", "notes"),
    },
    AreaAssessment: {
        **RECORD,
        **_all(kept, "consultation", *AreaAssessment.ASSESSED_FIELDS, *AreaCheck.CHECK_FIELDS),
        **_all(kept, "test_patch_on", "test_patch_result", "follows_referral"),
        **_all(kept, "outcome", "until", "lasers", "proposed_laser", "pace", "rulebook"),
        **_all(kept, "decision", "decided_by", "decided_at", "effective_outcome"),
        **_all(worded, "reason", "decision_reason"),
        "findings": without_words,
        "facts": only_values,
    },
    SurgicalReferral: {
        **RECORD,
        **_all(kept, "assessment", "status", "urgency", "sent_on", "accepted_on"),
        **_all(kept, "operated_on", "recovered_on", "closed_on", "closure"),
        **_all(worded, "surgeon", "notes"),
    },
    TreatmentPlan: {
        **RECORD,
        **_all(kept, "assessment", "laser_type", "pace", "planned_sessions", "interval_days"),
        **_all(kept, "short_course_reason", "price_per_session", "status", "paused_for"),
        **_all(kept, "started_on", "completed_on", "next_due_on"),
        **_all(worded, "extension_reason", "status_reason"),
    },
    TreatmentSession: {
        **SIGNED,
        **_all(kept, "plan", "status", "booked_for", "performed_on", "day", "operator"),
        **_all(kept, "laser_mode", *TreatmentSession.SETTINGS),
        **_all(kept, *HealthScreen.FIELDS, *AreaCheck.CHECK_FIELDS),
        **_all(kept, "eyewear_worn", "antiviral_given", "aftercare_given", "pain", "grade"),
        **_all(kept, "global_improvement", "satisfaction", "rulebook"),
        **_all(kept, "overridden_by", "overridden_at", "elsewhere_checked"),
        **_all(worded, "status_reason", "performed_elsewhere", "endpoint", "reaction"),
        **_all(worded, "override_reason", "notes"),
        "findings": without_words,
    },
    AdverseEvent: {
        **RECORD,
        **_all(kept, "session", "kind", "severity", "onset_on", "resolved_on"),
        **_all(kept, "cleared_by", "cleared_at"),
        **_all(worded, "action_taken", "clearance"),
    },
    FollowUp: {
        **RECORD,
        **_all(kept, "patient", "session", "plan", "referral", "kind", "due_on"),
        **_all(kept, "done_on", "done_by", "no_answer_on", "handed_to"),
        "outcome": worded,
    },
    Photo: {
        **RECORD,
        **_all(
            kept, "patient", "area", "view", "taken_on", "taken_at", "width", "height", "taken_by"
        ),
        **_all(blank, "image", "thumbnail", "thumbnail_digest"),
        "digest": fingerprint,
    },
    Consent: {
        **RECORD,
        **_all(kept, "patient", "plan", "wording", "given_on", "withdrawn_on"),
        "signed_name": worded,
        "digest": blank,
    },
    Addendum: {**RECORD, **_all(kept, "consultation", "session"), "text": worded},
    AccessRecord: {
        **_all(kept, "id", "at", "user", "kind", "patient", "model", "object_id", "address"),
        "detail": worded,
    },
    # Written once the person is gone; its reasons name nobody.
    Erasure: _all(
        kept,
        *("id", "patient", "at", "by", "reason", "legal_reason", "rows", "key_name", "proof"),
    ),
    # Taken away whole.
    SearchKey: _all(nothing, "id", "patient", "key"),
}
HISTORY = {
    **_all(kept, "history_id", "history_date", "history_type", "history_user"),
    "history_change_reason": worded,
}
