"""Write many new records at once, each with its history, and where it came from."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from consultations.models import ImportBatch, ImportedRecord, Patient, SearchKey
from consultations.models.patient import sort_name

AT_ONCE = 500


@dataclass
class Keeper:
    """Writes the records of one batch, in the name of whoever imports it.

    `made` counts them, by model.
    """

    batch: ImportBatch
    by: object
    made: dict = field(default_factory=dict)

    @property
    def reason(self):
        if self.batch.source == self.batch.file_name:
            return _("Imported from %(source)s.") % {"source": self.batch.came_from}
        return _("Imported from %(source)s: %(file)s.") % {
            "source": self.batch.came_from,
            "file": self.batch,
        }

    def keep(self, model, records, numbers=()):
        """Write new records of one model; `numbers` is what the other system calls each, for
        patients. Their promises are those of the database: they were checked row by row before."""
        if not records:
            return
        now = self.batch.saved_at
        for record in records:
            record.created_by = record.changed_by = self.by
            record.created_at = record.changed_at = now
        bulk_create_with_history(
            records,
            model,
            batch_size=AT_ONCE,
            default_user=self.by,
            default_change_reason=self.reason,
            default_date=now,
        )
        name = model._meta.model_name
        numbers = numbers or [""] * len(records)
        self.note(name, zip((one.pk for one in records), numbers, strict=True), is_new=True)
        self.made[name] = self.made.get(name, 0) + len(records)

    def keep_patients(self, patients, numbers):
        """As `keep`, with the keys by which they are found."""
        for one in patients:
            one.sort_name = sort_name(one.family_name, one.given_name)
        self.keep(Patient, patients, numbers)
        SearchKey.objects.add_many(patients)

    def note(self, name, keys, *, is_new):
        """Say that records belong to this batch: pairs of key and number."""
        ImportedRecord.objects.bulk_create(
            (
                ImportedRecord(batch=self.batch, model=name, key=key, number=number, is_new=is_new)
                for key, number in keys
            ),
            batch_size=AT_ONCE * 4,
        )
