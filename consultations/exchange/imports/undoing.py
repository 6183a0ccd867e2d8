"""Undo an import as a whole: until somebody worked on what came in."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from consultations.actions import messages
from consultations.models import (
    Appointment,
    ImportBatch,
    ImportedRecord,
    Laser,
    Patient,
    SearchKey,
)
from consultations.models.imports import of_undone_imports
from consultations.models.record import Record
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic
from consultations.vocabulary import ImportState

from .holding import hold_patients

AT_ONCE = 500
MOST_NAMED = 5
SAVED_ONCE = 1  # the version of a record that nobody saved since


@atomic()
def undo(batch, *, by, step=lambda rows: None):
    """Mark every record of a saved batch as entered in error; return how many.

    Raises ValidationError where it is not saved, and, by name, where a record of it was saved
    since or a record from outside rests on one, other than those of imports that were undone.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != ImportState.SAVED:
        words = _("This import is not saved: %(state)s. There is nothing to undo.")
        raise ValidationError(words % {"state": batch.get_state_display().lower()})
    models = _models_of(batch)
    _lock(batch, models)
    refuse_worked_on(batch, models)
    reason = _("The import of %(file)s was undone.") % {"file": batch}
    count = 0
    for model in models:
        for records in _in_pieces(batch, model):
            _mark(model, records, by, reason)
            count += len(records)
            step(len(records))
    batch.state, batch.undone_at, batch.undone_by = ImportState.UNDONE, timezone.now(), by
    batch.save()
    return count


def _models_of(batch):
    names = batch.records.filter(is_new=True).values_list("model", flat=True).distinct()
    return [apps.get_model("consultations", name) for name in sorted(names)]


def _keys(batch, model):
    kept = ImportedRecord.objects.filter(batch=batch, model=model._meta.model_name, is_new=True)
    return kept.values("key")


def _lock(batch, models):
    """Nobody writes meanwhile to the patients that its records are about, nor books its lasers."""
    patients = set()
    for model in models:
        for path in model.paths_to_patient():
            records = model._base_manager.filter(pk__in=_keys(batch, model))
            patients |= set(records.values_list(path, flat=True))
    hold_patients(patients - {None})
    lasers = Laser._base_manager.filter(pk__in=_keys(batch, Laser))
    list(lasers.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _in_pieces(batch, model):
    keys = list(_keys(batch, model).order_by("key").values_list("key", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        yield list(model._base_manager.filter(pk__in=keys[start : start + AT_ONCE]).order_by("pk"))


def _mark(model, records, by, reason):
    """All were saved once, so that all get the same values; then their history is written."""
    now = timezone.now()
    values = {
        "entered_in_error_at": now,
        "entered_in_error_by": by,
        "entered_in_error_reason": reason,
        "version": SAVED_ONCE + 1,
        "changed_by": by,
        "changed_at": now,
    }
    if model is Patient:
        # Found by nobody any more, neither in lists nor in searches.
        values["sort_name"] = ""
        SearchKey.objects.filter(patient__in=records).delete()
    for record in records:
        for name, value in values.items():
            setattr(record, name, value)
    unchanged = model._base_manager.filter(pk__in=[one.pk for one in records], version=SAVED_ONCE)
    if unchanged.update(**values) < len(records):
        raise ValidationError(_("Somebody changed one of its records a moment ago. Try again."))
    bulk_update_with_history(
        records,
        model,
        [],
        batch_size=AT_ONCE,
        default_user=by,
        default_change_reason=reason,
        default_date=now,
        manager=model._base_manager,
    )
    if model is Appointment:
        for record in records:
            record.refresh_from_db()
            messages.called_off(record, by=by)


# What stands in its way


def refuse_worked_on(batch, models=None):
    """Raise ValidationError that names what was done with this batch since it came in."""
    models = _models_of(batch) if models is None else models
    told = [*_saved_since(batch, models), *_resting_on(batch, models)]
    if told:
        more = len(told) - MOST_NAMED
        shown = told[:MOST_NAMED]
        if more > 0:
            shown.append(_("And more."))
        raise ValidationError(
            [_("Somebody has worked on what came in. It cannot be undone any more."), *shown]
        )


def _saved_since(batch, models):
    for model in models:
        changed = model._base_manager.filter(pk__in=_keys(batch, model), version__gt=SAVED_ONCE)
        for one in changed.select_related("changed_by").order_by("pk")[: MOST_NAMED + 1]:
            yield _("%(record)s was changed on %(day)s by %(who)s.") % {
                "record": one,
                "day": day_in_words(timezone.localdate(one.changed_at)),
                "who": one.changed_by.get_full_name() or one.changed_by.get_username(),
            }


def _resting_on(batch, models):
    for model in models:
        for other, key in _keys_to(model):
            others = other._base_manager.filter(**{f"{key}__in": _keys(batch, model)})
            others = others.exclude(pk__in=_keys(batch, other))
            # What another import brought and took away again is in nobody's way.
            others = others.exclude(of_undone_imports(other))
            for one in others.select_related(key).order_by("pk")[: MOST_NAMED + 1]:
                yield _("%(record)s rests on %(on)s.") % {"record": one, "on": getattr(one, key)}


def _keys_to(model):
    """The keys of records that lead to this model: pairs of their model and the key's name."""
    for other in apps.get_app_config("consultations").get_models():
        if issubclass(other, Record):
            for one in other._meta.concrete_fields:
                if one.many_to_one and one.related_model is model:
                    yield other, one.name
