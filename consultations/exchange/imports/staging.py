"""Take a file in: its tables become batches, its rows wait there until they are saved."""

import hashlib
import re
from collections import Counter

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from consultations.exchange.reading import columns, tables, values
from consultations.exchange.reading.base import UnreadableFileError
from consultations.exchange.reading.columns import SYSTEMS
from consultations.exchange.reading.fields import fields
from consultations.models import ImportBatch, ImportRow
from consultations.models.text import day_in_words
from consultations.models.transactions import atomic
from consultations.vocabulary import ImportState

AT_ONCE = 2000
PIECE = 1024 * 1024
LONGEST_NAME = 200
TAKEN = ("target", "mapping", "orders", "readings")  # by which rows are checked
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # no database holds these


def stage(file, name, *, format, by, encoding="", most=None, step=lambda rows: None):
    """Read a file that is open for reading bytes, and return a batch for each of its tables.

    `format` is the system that it comes from, "auto" where that is to be seen from its headings;
    `encoding` is as `tables.open_table` takes it, `most` the rows that are taken at most. Raises
    UnreadableFileError for what cannot be read, and ValidationError for a file that came in before,
    for one without rows, and for too many.
    """
    digest = digest_of(file)
    refuse_known(digest)
    name = _storable(name)
    batches = []
    try:
        for table in tables.open_table(file, name, encoding):
            batch = _begin(table, name, digest, format=format, by=by)
            batches.append(batch)
            # Some rows at a time: on SQLite nobody else saves meanwhile.
            _take_rows(batch, table, most, step)
        if not any(one.counts["rows"] for one in batches):
            raise ValidationError(_("There are no rows in this file."))
        return _ready(batches)
    except BaseException:
        ImportBatch.objects.filter(pk__in=[one.pk for one in batches]).delete()
        raise


def digest_of(file):
    """Return the SHA-256 of a file, and leave it at its beginning."""
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def refuse_known(digest):
    """Raise ValidationError where the very same file came in before, or is on its way."""
    earlier = ImportBatch.objects.taken().filter(digest=digest).order_by("pk").first()
    if earlier is None:
        return
    if earlier.state == ImportState.SAVED:
        words = _("This file was imported already: import %(number)s, of %(day)s by %(who)s.")
    else:
        words = _(
            "This file is on its way already: import %(number)s, of %(day)s by %(who)s. Go on with "
            "that one, or give it up."
        )
    raise ValidationError(
        words
        % {
            "number": earlier.pk,
            "day": day_in_words(earlier.made_at),
            "who": earlier.made_by.get_full_name() or earlier.made_by.get_username(),
        },
        code="known",
        params={"batch": earlier.pk},
    )


def refuse_known_saved(batch):
    """Raise ValidationError where the very same table was saved by somebody else meanwhile."""
    same = ImportBatch.objects.filter(
        digest=batch.digest, table=batch.table, state=ImportState.SAVED
    )
    if same.exclude(pk=batch.pk).exists():
        raise ValidationError(_("This file was imported already."))


def _storable(text):
    """A name, or words that quote what a file holds, as every database takes them."""
    return NO_TEXT.sub("\ufffd", text)


def _refuse_no_text(row, headings):
    """Raise UnreadableFileError for a character that nothing can be stored with. Lines of cells are
    looked through at once: there are many."""
    if not NO_TEXT.search("\n".join(map(str, row.cells))):
        return
    for cell, heading in zip(row.cells, headings, strict=False):
        if found := NO_TEXT.search(str(cell)):
            raise UnreadableFileError(
                _("Row %(row)s, %(heading)s holds a character that is none (U+%(code)s).")
                % {"row": row.number, "heading": heading, "code": f"{ord(found[0]):04X}"}
            )


def _begin(table, name, digest, *, format, by):
    matching = columns.match(table, format=format)
    system = matching.system or (format if format != "auto" else "")
    batch = ImportBatch(
        file_name=name[:LONGEST_NAME],
        table=_storable(table.name)[:LONGEST_NAME] if table.name != name else "",
        digest=digest,
        format=system,
        source=_source(system, name)[:LONGEST_NAME],
        target=matching.target,
        headings=[_storable(one) for one in table.headings],
        mapping=[matching.mapping.get(place, "") for place in range(len(table.headings))],
        notes=[
            _storable(str(one))
            for one in (
                *filter(None, [matching.advice]),
                *table.notes,
                *map(_failure_in_words, table.failed),
            )
        ],
        counts={"rows": 0},
        made_by=by,
    )
    batch.save()
    return batch


def _failure_in_words(failure):
    words = _("Row %(number)s was left out: %(why)s")
    return words % {"number": failure.number, "why": failure.why}


def _source(system, name):
    """The other system by its name; where it is not known, the file."""
    return SYSTEMS[system].name if system in SYSTEMS else name


def _take_rows(batch, table, most, step):
    waiting = []
    for row in table.rows:
        _refuse_no_text(row, batch.headings)
        batch.counts["rows"] += 1
        if most and batch.counts["rows"] > most:
            words = _("More than %(most)s rows. Import them by the command, or in several files.")
            raise ValidationError(words % {"most": number_format(most)})
        waiting.append(
            ImportRow(
                batch=batch, number=row.number, cells=[values.to_json(cell) for cell in row.cells]
            )
        )
        if len(waiting) == AT_ONCE:
            _keep(waiting, step)
            waiting = []
    _keep(waiting, step)


@atomic()
def _ready(batches):
    """Only now the batches are there for anybody; sheets without a row are none."""
    kept = []
    for batch in batches:
        if not batch.counts["rows"]:
            batch.delete()
            continue
        batch.state = ImportState.READ
        batch.save()
        kept.append(batch)
    return kept


def _keep(rows, step):
    ImportRow.objects.bulk_create(rows)
    step(len(rows))


@atomic()
def change_mapping(batch, *, target, mapping, orders):
    """Take columns for other fields, or read them in another order: every row is checked anew.

    Raises ValidationError where two columns are taken for one field.
    """
    _refuse_taken_twice(batch.headings, target, mapping)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_unless_waiting(batch)
    batch.target, batch.mapping, batch.orders = target, list(mapping), dict(orders)
    batch.readings = {}
    batch.state = ImportState.READ
    batch.counts = {"rows": batch.counts["rows"]}
    batch.save()
    batch.rows.update(is_checked=False, problems=[], candidates=[], decision="")
    return batch


def _refuse_taken_twice(headings, target, mapping):
    for key, times in Counter(filter(None, mapping)).items():
        if times > 1:
            names = [one for one, taken in zip(headings, mapping, strict=True) if taken == key]
            told = {"columns": ", ".join(names), "field": fields(target)[key].label}
            raise ValidationError(_("%(columns)s: only one can be the %(field)s.") % told)


@atomic()
def give_up(batch):
    """Let a batch go that was not saved: its rows are deleted, and the file may come in again."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_unless_waiting(batch)
    batch.state = ImportState.GIVEN_UP
    batch.save()
    batch.rows.all().delete()


def held_unchanged(batch):
    """Return the batch as it stands, held. Raises ValidationError where its columns are not taken
    any more for what they are in `batch`: its rows are then checked anew."""
    found = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_unless_waiting(found)
    if any(getattr(found, name) != getattr(batch, name) for name in TAKEN):
        words = _("Somebody took the columns for others meanwhile. Check the rows again.")
        raise ValidationError(words)
    return found


def refuse_unless_waiting(batch):
    """Raise ValidationError for a batch that is saved, undone or given up."""
    if batch.state not in (ImportState.READ, ImportState.CHECKED):
        words = _("This import is %(state)s.")
        raise ValidationError(words % {"state": batch.get_state_display().lower()})


def clear_expired():
    """Give up what nobody went on with for 30 days, with what was read half; return how many."""
    expired = list(ImportBatch.objects.expired())
    for batch in expired:
        give_up(batch)
    ImportBatch.objects.half_read().delete()
    return len(expired)
