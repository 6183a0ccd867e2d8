"""Rows that are added and never changed: the audit, and the history of every record."""

from django.db import models
from simple_history.manager import HistoricalQuerySet


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
