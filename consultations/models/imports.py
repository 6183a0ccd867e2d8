"""What comes in from another system: the batch, its rows while they wait, what they became.

A batch and its rows are no records. What they became is, and its history names the batch.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import ImportState, RowDecision

from .record import user_key
from .text import day_in_words

KEPT_DAYS = 30
NUMBER_LENGTH = 100  # of what other systems number their patients by


class ImportBatchQuerySet(models.QuerySet):
    def listed(self):
        """Those that were read, latest first."""
        read = self.exclude(state=ImportState.READING).select_related("made_by", "undone_by")
        return read.order_by("-made_at", "-pk")

    def taken(self):
        """Those whose file is not taken again: they came in, or are about to."""
        out = (ImportState.READING, ImportState.UNDONE, ImportState.GIVEN_UP)
        return self.exclude(state__in=out)

    def undone(self):
        return self.filter(state=ImportState.UNDONE)

    def half_read(self):
        """What was being read when that was ended from outside."""
        began = timezone.now() - timedelta(days=1)
        return self.filter(state=ImportState.READING, made_at__lte=began)

    def waiting(self):
        """Those with rows that were not saved yet."""
        return self.filter(state__in=(ImportState.READ, ImportState.CHECKED))

    def expired(self):
        """Those nobody went on with."""
        return self.waiting().filter(made_at__lte=timezone.now() - timedelta(days=KEPT_DAYS))


class ImportBatch(models.Model):
    """One table of one file, on its way in.

    `mapping` has the field that each column was taken for, "" where it was taken for none, in the
    order of `headings`. `orders` says what was asked of a column, by its field: whether the "day"
    or the "month" comes first, whether "point" or "comma" stands before decimals; and of a field
    without a column what all rows say. `readings` is how each column is read, by its field.
    `counts` is what came of it, by what is counted.
    """

    file_name = models.CharField(_("file"), max_length=200)
    table = models.CharField(_("sheet"), max_length=200, blank=True)
    digest = models.CharField(_("digest of the file"), max_length=64)
    # The key of the system it comes from, "own" for our templates; "" where none is known.
    format = models.CharField(max_length=40, blank=True)
    source = models.CharField(_("from"), max_length=200)
    target = models.CharField(_("what it holds"), max_length=40)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.READING
    )
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    orders = models.JSONField(default=dict)
    readings = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("read at"), default=timezone.now)
    made_by = user_key(verbose_name=_("by"))
    # Since when it is being saved, cleared when that ends; and why it was not, in words.
    saving_since = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = user_key(verbose_name=_("undone by"), null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()
        permissions = [("import_records", "Can import records, and undo an import")]
        indexes = [
            models.Index(fields=["digest", "table"], name="import_of_file"),
            models.Index(fields=["-made_at", "-id"], name="import_latest"),
        ]

    def __str__(self):
        return f"{self.file_name} ({self.table})" if self.table else self.file_name

    @property
    def came_from(self):
        """Where its records came from, in words: “Jane, 3 Dec 2026”."""
        return _("%(source)s, %(day)s") % {
            "source": self.source,
            "day": day_in_words(timezone.localdate(self.saved_at or timezone.now())),
        }

    def places(self):
        """The place of each field's column, by the field's key."""
        return {key: place for place, key in enumerate(self.mapping) if key}


class ImportRow(models.Model):
    """A row as it was read, until its batch is saved or given up.

    `number` is that of the row in the file, as the user's program shows it. `problems` holds pairs
    of a heading and words. `candidates` are whoever may be the same patient: dicts of `patient` (a
    key) or `row` (a number), and `why`.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    is_checked = models.BooleanField(default=False)
    problems = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=RowDecision, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        default_permissions = ()
        indexes = [
            models.Index(fields=["batch", "is_checked", "number"], name="importrow_to_check"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="importrow_one_per_number"),
        ]

    def __str__(self):
        return _("Row %(number)s") % {"number": self.number}


class ImportedRecord(models.Model):
    """A record that came in with a batch, or that one of its rows was found to be.

    `number` is what the other system knows a patient by: later files name their patients by it.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="records")
    model = models.CharField(max_length=40)
    key = models.PositiveBigIntegerField()
    number = models.CharField(max_length=NUMBER_LENGTH, blank=True)
    is_new = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("imported record")
        default_permissions = ()
        indexes = [
            models.Index(fields=["model", "key"], name="imported_record"),
            models.Index(fields=["number"], name="imported_number"),
            models.Index(fields=["batch", "model", "key"], name="imported_by_batch"),
        ]

    def __str__(self):
        return f"{self.model} {self.key}"


def of_undone_imports(model):
    """The condition on rows of a model that came in with an import that was undone: nobody looks
    for them any more."""
    undone = ImportedRecord.objects.filter(
        model=model._meta.model_name,
        key=OuterRef("pk"),
        is_new=True,
        batch__state=ImportState.UNDONE,
    )
    return Q(entered_in_error_at__isnull=False) & Q(Exists(undone))


def was_undone(record):
    """Whether the import that brought a record in was undone."""
    if not record.in_error:
        return False
    source = source_of(record)
    return source is not None and source.state == ImportState.UNDONE


def source_of(record):
    """The batch that a record came in with, or None."""
    kept = ImportedRecord.objects.filter(model=record._meta.model_name, key=record.pk, is_new=True)
    found = kept.select_related("batch").first()
    return found.batch if found else None
