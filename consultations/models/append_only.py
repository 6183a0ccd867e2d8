"""Rows that are added and never changed: the audit, and the history of every record."""

from django.db import models
from simple_history.manager import HistoricalQuerySet
from simple_history.models import HistoricalRecords


class KeptQuerySet(models.QuerySet):
    def update(self, **values):
        raise NotImplementedError("the audit is only added to")

    def delete(self):
        raise NotImplementedError("the audit is only added to")


class KeptHistoryQuerySet(KeptQuerySet, HistoricalQuerySet):
    """As the library's, of rows that are kept."""


class Kept(models.Model):
    """A lawful erasure alone rewrites such rows, through `_base_manager`, and leaves a tombstone
    for them."""

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise NotImplementedError("the audit is only added to")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise NotImplementedError("the audit is only added to")


class KeptHistory(HistoricalRecords):
    """The history of one kind of record; the audit reads the latest of what somebody wrote, or of
    one kind of write, off an index."""

    def get_meta_options(self, model):
        indexes = [
            models.Index(fields=[column, "history_date", "history_id"])
            for column in ("history_user", "history_type")
        ]
        return super().get_meta_options(model) | {"indexes": indexes}
