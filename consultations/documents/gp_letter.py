"""The letter to the general practitioner: what was found, what is done about it, and the history.

A patient's doctor is written to so that care stays in one hand (GMC, Cosmetic interventions, 2016:
work with the patient's general practitioner, with the patient's agreement).
"""

from django.utils.translation import gettext as _

from consultations.models.text import day_in_words
from consultations.summaries.chart import chart_of
from consultations.summaries.signed_copy.fields import answer
from consultations.vocabulary import PlanStatus

from .about_patient import allergies_of, contact_rows, history_rows, said_of
from .sheet import Section, row, signed_by


def gather(patient, by):
    courses = chart_of(patient).courses
    return {
        "title": _("Laser skin tightening: %(name)s") % {"name": patient.full_name},
        "to": [patient.general_practitioner],
        "salutation": _("Dear colleague,"),
        "opening": _(
            "This is to tell you what was found at our clinic and what is being done. "
            "Please tell us of anything in the history that we should know."
        ),
        "sections": [
            Section(_("Patient"), rows=contact_rows(patient)),
            *(_area(course) for course in courses),
            Section(_("History"), rows=history_rows(patient, said_of(patient))),
        ],
        "signed": [_("Yours sincerely"), *signed_by(by)],
    }


def refusal(patient):
    if not patient.general_practitioner:
        return _("The record names no general practitioner.")
    return ""


def missing_of(patient):
    """Return what a general practitioner looks for and nobody asked, in words."""
    blank = {
        _("address"): patient.address,
        _("phone"): patient.phone,
        _("allergies"): allergies_of(patient),
        _("medicines"): patient.medicines,
    }
    return [words for words, known in blank.items() if not known]


def _area(course):
    assessment = course.assessment
    rows = [
        row(_("Seen on"), day_in_words(assessment.consultation.consulted_on)),
        row(_("Laxity"), assessment.get_severity_display()),
        row(_("Outcome"), assessment.get_effective_outcome_display()),
    ]
    if assessment.grade is not None:
        grade = _("%(grade)s of 4 (Alexiades-Armenakas scale)")
        rows.append(row(_("Grade"), grade % {"grade": answer(assessment, "grade")}))
    if course.plan:
        rows += [
            row(_("Laser"), course.plan.get_laser_type_display()),
            row(_("Sessions"), course.progress.words),
            *_days_of(course.numbered),
            row(_("Course"), _state(course.plan)),
        ]
    if course.referral:
        rows.append(row(_("Surgical referral"), course.referral.get_status_display()))
    rows += [row(_("Reaction"), _event(event)) for event in course.adverse_events]
    return Section(course.label, assessment.decision_reason or assessment.reason, rows=rows)


def _days_of(sessions):
    days = [day_in_words(one.performed_on) for one in sessions]
    return [row(_("Days of the sessions"), ", ".join(days))] if days else []


def _state(plan):
    """Whether the course goes on, and why not where the reason is a medical one: what staff typed
    as a reason may be a private matter."""
    if plan.status == PlanStatus.PAUSED and plan.paused_for:
        return _("Paused: %(event)s") % {"event": _event(plan.paused_for)}
    if plan.status == PlanStatus.COMPLETED:
        return _("Completed on %(day)s") % {"day": day_in_words(plan.completed_on)}
    return plan.get_status_display()


def _event(event):
    return _("%(kind)s since %(day)s") % {
        "kind": event.get_kind_display(),
        "day": day_in_words(event.onset_on),
    }
