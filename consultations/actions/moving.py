"""Wrong patient: move a consultation, or merge two records of one person.

Both are previewed, need a reason, and leave both histories readable.
"""

from copy import copy

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consultation, Patient, StaleRecordError
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic
from consultations.summaries.merging import KEEP, merge_of
from consultations.summaries.moving import move_of
from consultations.summaries.past import past_of
from consultations.summaries.person import names_somebody, person_of

from . import messages
from .assessments import judge_for_other_facts, verdicts_with
from .attended import finish_with_consultation, open_again_without_consultation
from .courses import keep_decision_in_step
from .events import keep_area_in_step
from .patients import refuse_birth_after

ALLERGIES = ("any_allergies", "allergies")

# Moving a consultation


@atomic()
def move_consultation(*, consultation, to, reason, by, previewed=None):
    """Move an unsigned consultation, and all that hangs on it, to the patient it is about.

    `previewed` is the stamp of what was shown: StaleRecordError if anything has changed since.
    Raises ValidationError without a reason, and for each obstacle.
    """
    _refuse_without(reason)
    held = Patient.objects.locked_together(consultation.patient_id, to.pk)
    consultation = Consultation.objects.select_related("signed_by").get(pk=consultation.pk)
    if consultation.patient_id not in held:
        raise StaleRecordError(_("This moved to another patient’s record. Reload the page."))
    source, to = held[consultation.patient_id], held[to.pk]
    consultation.patient = source
    _refuse_names(reason, source, to)
    move = move_of(consultation, to)
    _refuse(move, previewed)
    consultation, named = move.consultation, _names_of(move, reason)
    for assessment in move.follows_no_more:
        assessment.follows_referral = None
        assessment.save(by=by, reason=named["moved"])
    for record in move.along:
        record.patient = to
        record.save(by=by, reason=named["moved"])
    judge_for_other_facts(consultation=consultation, by=by, reason=named["moved"])
    _keep_in_step(move, by)
    day = consultation.consulted_on
    open_again_without_consultation(patient=source.pk, day=day, by=by)
    finish_with_consultation(consultation=consultation, by=by)
    source.save(by=by, reason=named["source"])
    to.save(by=by, reason=named["to"])
    return consultation


def _keep_in_step(move, by):
    """Let the plans and decisions of both patients follow, on each area that moved."""
    for area in {assessment.area for assessment in move.assessments}:
        for patient in (move.source, move.to):
            keep_area_in_step(patient=patient.pk, area=area, by=by)
            keep_decision_in_step(patient=patient.pk, area=area, by=by)


def _names_of(move, reason):
    """Return the reason for writing each record, as its history shows it."""
    named = {
        "day": day_in_words(move.consultation.consulted_on),
        "source": move.source.record_number,
        "to": move.to.record_number,
        "reason": reason.strip(),
    }
    return {
        "moved": _("Moved from %(source)s to %(to)s: %(reason)s") % named,
        "source": _("Consultation of %(day)s moved to %(to)s: %(reason)s") % named,
        "to": _("Consultation of %(day)s moved here from %(source)s: %(reason)s") % named,
    }


def verdicts_of_move(move):
    """Preview how the areas that would move would be judged there; write nothing."""
    past = past_of(move.to)
    return [one for one in verdicts_with(move.to, move.assessments, past=past) if one.is_news]


# Merging two records


@atomic()
def merge_patients(*, keep, other, reason, by, values=None, previewed=None):
    """Merge `other` into `keep`, which goes on for both; return `keep`.

    `values` are the choices, by field, where the two differ; identity and contact stay as in `keep`
    unless chosen otherwise. `previewed` as for `move_consultation`. Raises ValidationError without
    a reason, for a choice that was not made, and for each obstacle.
    """
    _refuse_without(reason)
    held = Patient.objects.locked_together(keep.pk, other.pk)
    keep, other = held[keep.pk], held[other.pk]
    merge = merge_of(keep, other)
    _refuse(merge, previewed)
    chosen = values_after(merge, values or {})
    named = {
        "keep": keep.record_number,
        "other": other.record_number,
        "reason": reason.strip(),
    }
    along = _("%(other)s was merged into %(keep)s: %(reason)s") % named
    _end(other, keep, reason.strip(), by, along)
    _mark_duplicates(merge, by)
    for record in merge.along:
        record.patient = keep
        record.save(by=by, reason=along, correcting=True)
    keep.take_refusals(other, by)
    for name, value in chosen.items():
        setattr(keep, name, value)
    keep.save(by=by, reason=_("%(other)s was merged into this record: %(reason)s") % named)
    messages.merged(other, keep, by=by)
    _judge_anew(merge, by, along)
    return keep


def _mark_duplicates(merge, by):
    """Mark photos that are in both records as entered in error, without saving."""
    for photo in merge.duplicates:
        photo.entered_in_error_at, photo.entered_in_error_by = timezone.now(), by
        photo.entered_in_error_reason = _("The same photo is in both merged records.")


def _end(other, keep, reason, by, along):
    """End the other record first: whatever moves after this moment moved because of it."""
    other.merged_into = keep
    other.entered_in_error_at, other.entered_in_error_by = timezone.now(), by
    other.entered_in_error_reason = reason
    other.save(by=by, reason=along)


def _judge_anew(merge, by, along):
    for consultation in dict.fromkeys(one.consultation for one in merge.unsigned):
        consultation.patient = merge.keep
        judge_for_other_facts(consultation=consultation, by=by, reason=along)
    for area in merge.areas:
        keep_area_in_step(patient=merge.keep.pk, area=area, by=by)
        keep_decision_in_step(patient=merge.keep.pk, area=area, by=by)


def values_after(merge, values):
    """Return what the kept record takes over, by field.

    Raises ValidationError by field for a choice that was not made or not offered, and for a birth
    after the first visit.
    """
    chosen = {one.name: one.value for one in merge.taken}
    missing = {}
    for choice in merge.choices:
        offered = {offer.side: offer.value for offer in choice.offers}
        if choice.name in values and values[choice.name] in offered.values():
            chosen[choice.name] = values[choice.name]
        elif choice.is_clinical or choice.name in values:
            missing[choice.name] = _("Choose one: %(label)s.") % {"label": choice.label}
        else:
            chosen[choice.name] = offered[KEEP]
    if missing:
        raise ValidationError(missing)
    after = {name: chosen.get(name, getattr(merge.keep, name)) for name in ALLERGIES}
    if after["allergies"] and after["any_allergies"] is False:
        # What one of the two records names, the "no" of the other does not undo.
        chosen["any_allergies"] = True
    born = chosen.get("date_of_birth", merge.keep.date_of_birth)
    if merge.earliest and born > merge.earliest:
        refuse_birth_after(merge.earliest)
    return chosen


def verdicts_of_merge(merge, chosen):
    """Preview how unsigned areas of both would be judged with the chosen answers."""
    person = copy(merge.keep)
    for name, value in chosen.items():
        setattr(person, name, value)
    past = past_of(merge.keep, merge.other)
    return [one for one in verdicts_with(person, merge.unsigned, past=past) if one.is_news]


# Both


def _refuse_without(reason):
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})


def _refuse_names(reason, *patients):
    """Refuse a reason that names the other: each may be given a copy of their record."""
    if any(names_somebody(person_of(patient), reason) for patient in patients):
        words = _("This is kept in both records. Leave out names, numbers and contacts.")
        raise ValidationError({"reason": words})


def _refuse(preview, previewed):
    """Raise for each obstacle, or StaleRecordError if something else was shown."""
    if preview.obstacles:
        raise ValidationError([obstacle.words for obstacle in preview.obstacles])
    if previewed is not None and previewed != preview.stamp:
        raise StaleRecordError(_("Something changed since you opened this page. Check it again."))
