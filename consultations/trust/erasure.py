"""Erase a person: identity, typed text and photos, from the history too. Rows stay, rewritten.

`erased_fields` says what each field becomes. The tombstone names every row of the audit that was
rewritten, so that the seals still prove the rest.
"""

import logging
from functools import partial

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from consultations.actions.photos import remove_file
from consultations.models import (
    AccessRecord,
    Appointment,
    Consultation,
    Draft,
    FollowUp,
    ImportedRecord,
    IssuedDocument,
    Message,
    Patient,
    Photo,
    RecordCounter,
    SearchKey,
    SurgicalReferral,
    TreatmentPlan,
    record_kinds,
)
from consultations.models.text import day_in_words
from consultations.summaries.person import (
    drafts_about,
    has_words_of,
    history_of,
    names_somebody,
    person_of,
    records_of,
)
from consultations.trust.retention import retention_of, retention_years
from consultations.vocabulary import (
    AppointmentStatus,
    Closure,
    MessageStatus,
    PlanStatus,
    Rebook,
    ReferralStatus,
)

from .erased_fields import HISTORY, treatments_of, worded
from .sealing import entomb

AT_ONCE = 500
FILES = {Photo: ("image", "thumbnail"), IssuedDocument: ("file",)}
RECORDS = record_kinds()
logger = logging.getLogger(__name__)


@transaction.atomic
def erase(*, patient, by, reason, legal_reason=""):
    """Erase the person of this record, with the records merged into it; return the tombstone.

    Files of photos and documents are deleted after the commit. Raises ValidationError without a
    reason, for a reason that names the person, before the retention period ends unless there is a
    legal reason, and for a record that is erased or merged into another.
    """
    person = _held(patient)
    patient = person[0]
    reason, legal_reason = reason.strip(), legal_reason.strip()
    refuse_erasure(person, reason, legal_reason)
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts_about(person)]).delete()
    files = _files_of(person)
    numbers = {one.pk: RecordCounter.take_next_erased() for one in person}
    rows = _erase_rows(person, numbers, by)
    _erase_messages(person, numbers)
    SearchKey.objects.filter(patient__in=person).delete()
    # What another system called them by.
    imported = ImportedRecord.objects.filter(model="patient", key__in=[one.pk for one in person])
    imported.update(number="")
    patient.refresh_from_db()
    tombstone = entomb(
        patient=patient,
        by=by,
        reason=f"{reason} {_period_applied()}",
        legal_reason=legal_reason,
        rows=rows,
    )
    transaction.on_commit(partial(_delete_files, files))
    return tombstone


def _erase_rows(person, numbers, by):
    """Erase records, their history and the access log; return the changed audited rows by table."""
    # Collect the records before any changes, and rows of history before more are written.
    keys = {
        model: list(records_of(person, model).values_list("pk", flat=True)) for model in RECORDS
    }
    rows = {}
    for model in RECORDS:
        rows[model.history.model._meta.db_table] = _erase_history(model, keys[model], numbers)
        _erase_records(model, keys[model], numbers, by)
    for table, others in _erase_elsewhere(person, keys[Consultation], numbers):
        rows[table] |= others
    rows[AccessRecord._meta.db_table] = _erase_details(person)
    return rows


def _period_applied():
    """Format the period for the tombstone: the clinic may change it later."""
    return _("(Kept for %(years)s years after the last visit.)") % {"years": retention_years()}


def refuse_erasure(person, reason, legal_reason):
    """Raise ValidationError, by field, if this person may not be erased for these reasons."""
    refuse_erased(person[0])
    told = {}
    if not reason:
        told["reason"] = _("Say why this person's data are erased.")
    for name, text in (("reason", reason), ("legal_reason", legal_reason)):
        if text and names_somebody(person, text):
            told[name] = _("This is kept permanently. Leave out names, numbers and contacts.")
    retention = retention_of(person)
    if not legal_reason and not retention.is_over:
        told["legal_reason"] = _(
            "The record is kept until %(day)s. To erase it before, give the legal reason."
        ) % {"day": day_in_words(retention.ends_on)}
    if told:
        raise ValidationError(told)


def refuse_erased(patient):
    """Raise ValidationError for a record that is erased already, or merged into another."""
    if patient.erased_at:
        raise ValidationError(_("This person's data are erased already."))
    if patient.merged_into_id:
        kept = person_of(patient)[0].record_number
        raise ValidationError(
            _("This record was merged into %(kept)s. Erase that one.") % {"kept": kept}
        )


def _held(patient):
    """Lock the person's patient records until the transaction ends; return them, `patient` first.

    Being first, a record that was merged into another is refused.
    """
    keys = [one.pk for one in person_of(Patient.objects.get(pk=patient.pk))]
    held = Patient.objects.locked_together(*keys)
    return [held.pop(patient.pk), *held.values()]


# Records


def _erase_records(model, keys, numbers, by):
    """Rewrite the records of one model, each with a new version and a history row."""
    for start in range(0, len(keys), AT_ONCE):
        records = list(model._base_manager.filter(pk__in=keys[start : start + AT_ONCE]))
        changed = set()
        for record in records:
            before = _values(record)
            _close(record, by)
            _rewrite(record, treatments_of(model), record.pk, numbers)
            record.version += 1
            record.changed_by, record.changed_at = by, timezone.now()
            if model is Patient:
                record.erased_at = record.changed_at
            changed |= _changed(before, record)
        bulk_update_with_history(
            records,
            model,
            sorted(changed),
            default_user=by,
            default_change_reason=_("Erased."),
            manager=model._base_manager,
        )


def _values(row):
    return {one.name: getattr(row, one.attname) for one in row._meta.concrete_fields}


def _changed(before, row):
    """Return the names of the fields that changed."""
    return {name for name, value in _values(row).items() if value != before[name]}


def _is_written(field):
    return not field.primary_key and not field.generated


def _close(record, by):
    """Close what is open, so that nothing waits for an erased person."""
    match record:
        case Appointment(is_holding=True):
            record.status, record.reason = AppointmentStatus.CANCELLED, _("Erased.")
            record.sequence += 1
        case Appointment(rebook=Rebook.OPEN):
            record.rebook = ""
        case TreatmentPlan(status=PlanStatus.ACTIVE | PlanStatus.PAUSED, in_error=False):
            record.status, record.status_reason = PlanStatus.STOPPED, _("Erased.")
            record.next_due_on = record.paused_for = None
        case SurgicalReferral(is_open=True):
            record.status, record.closure = ReferralStatus.CLOSED, Closure.WITHDRAWN
            record.closed_on = _not_before(timezone.localdate(), record)
        case FollowUp(is_waiting=True):
            record.entered_in_error_at, record.entered_in_error_by = timezone.now(), by
            record.entered_in_error_reason = _("Erased.")


def _not_before(day, referral):
    """Return the day, or the latest of the referral's dates if that is later."""
    dates = (referral.sent_on, referral.accepted_on, referral.operated_on, referral.recovered_on)
    return max([day, *(one for one in dates if one)])


def _rewrite(row, treatments, key, numbers):
    """Rewrite every field of a record or of a row of its history, as `treatments` say."""
    for name, treatment in treatments.items():
        field = _field(row, name)
        if field is None or field.is_relation or not _is_written(field):
            continue
        if name == "record_number":
            row.record_number = numbers[key]
        elif getattr(row, name) is not None:
            setattr(row, name, treatment(getattr(row, name), key))


def _field(row, name):
    """Return a field by its name; None if the history does not have it."""
    return next((one for one in row._meta.concrete_fields if one.name == name), None)


def _erase_history(model, keys, numbers):
    """Rewrite the history of records; return {key: "changed"} of the rows that changed."""
    history, rewritten = model.history.model, {}
    rows = list(history_of(model, keys).values_list("pk", flat=True))
    for start in range(0, len(rows), AT_ONCE):
        for row in history._base_manager.filter(pk__in=rows[start : start + AT_ONCE]):
            before = _values(row)
            _rewrite(row, treatments_of(model) | HISTORY, row.id, numbers)
            if names := _changed(before, row):
                _write(row, names)
                rewritten[row.pk] = "changed"
    return rewritten


def _write(row, names):
    """Update one row of history; its own `save` only inserts.

    One by one: all history tables share one field object for the reason, so an update by queryset
    would write it to another table.
    """
    models.Model.save(row, update_fields=names)


def _erase_elsewhere(person, own, numbers):
    """Remove the person's record numbers from histories of patients that their consultations
    were moved to or from.

    Yields (table, {key: "changed"}).
    """
    history = Consultation.history.model._base_manager
    mine = [one.pk for one in person]
    once = history.filter(patient__in=mine).values_list("id", flat=True)
    hands = history.filter(id__in={*own, *once}).exclude(patient__in=mine)
    others = list(Patient.objects.filter(pk__in=set(hands.values_list("patient", flat=True))))
    for model in RECORDS if others else ():
        keys = list(records_of(others, model).values_list("pk", flat=True))
        changed = {}
        for row in history_of(model, keys).exclude(history_change_reason=None):
            reason = row.history_change_reason
            for one in person:
                reason = reason.replace(one.record_number, numbers[one.pk])
            if reason != row.history_change_reason:
                named = has_words_of(person, reason)
                row.history_change_reason = worded(reason, row.id) if named else reason
                _write(row, ["history_change_reason"])
                changed[row.pk] = "changed"
        yield model.history.model._meta.db_table, changed


def _erase_messages(person, numbers):
    """Take away what messages said and to whom; nothing waits to be sent any more."""
    for message in records_of(person, Message):
        if message.status == MessageStatus.WAITING:
            message.status = MessageStatus.WITHDRAWN
        _rewrite(message, treatments_of(Message), message.pk, numbers)
        message.save()


def _erase_details(person):
    rows = records_of(person, AccessRecord).exclude(detail="")
    keys = list(rows.values_list("pk", flat=True))
    AccessRecord._base_manager.filter(pk__in=keys).update(detail=_("Erased."))
    return dict.fromkeys(keys, "changed")


# Files


def _files_of(person):
    """Return the names of all files of the person, earlier versions included."""
    names = set()
    for model, columns in FILES.items():
        keys = list(records_of(person, model).values_list("pk", flat=True))
        for rows in (model._base_manager.filter(pk__in=keys), history_of(model, keys)):
            for row in rows.values_list(*columns):
                names.update(row)
    return sorted(names - {""})


def _delete_files(names):
    left = [name for name in names if not remove_file(name)]
    if left:
        logger.error(
            "%s files of an erased person could not be deleted. "
            "Run: manage.py erase_patient --files",
            len(left),
        )
