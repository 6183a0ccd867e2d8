"""Check every row of a batch as the forms do, then who may be whom. Killed, it goes on."""

from time import monotonic

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.exchange.reading import columns
from consultations.models import ImportBatch, Patient
from consultations.models.transactions import atomic
from consultations.vocabulary import ImportState, RowDecision

from .column_readings import decide_readings
from .duplicates import candidate_in_words, why_in_words
from .given import givens_of, said_for_all
from .staging import held_unchanged, refuse_unless_waiting
from .targets import target_of

AT_ONCE = 500


def check(batch, *, by, step=lambda rows: None, most=None):
    """Check the rows that were not checked yet, at `most` so many; return the batch, checked if
    none is left.

    `step` is called with the number of rows of each piece. Raises UnclearColumnsError where nobody
    can tell the day from the month, and ValidationError where columns are missing, or were taken
    for others meanwhile.
    """
    refuse_unless_waiting(batch)
    refuse_missing_columns(batch)
    decide_readings(batch)
    target, count, began = target_of(batch, by), 0, monotonic()
    while rows := list(batch.rows.filter(is_checked=False).order_by("number")[:AT_ONCE]):
        if most is not None and count >= most:
            _keep_seconds(batch, monotonic() - began)
            return batch
        _check_some(batch, target, rows)
        count += len(rows)
        step(len(rows))
    _compare(batch, by)
    return _checked(batch, monotonic() - began)


def refuse_missing_columns(batch):
    """Raise ValidationError where a field that every row needs has no column, nor was said of all
    rows."""
    keys = {*batch.places(), *said_for_all(batch)}
    lacking = columns.missing(batch.target, keys)
    if not lacking:
        return
    words = [_("No column was taken for: %(fields)s.")]
    if open_ones := [one for one in columns.for_all_rows(batch.target, keys) if one in lacking]:
        words.append(_("Of all rows at once may be said: %(said)s."))
    told = {
        "fields": ", ".join(str(one.label) for one in lacking),
        "said": ", ".join(str(one.label) for one in open_ones),
    }
    raise ValidationError([one % told for one in words])


@atomic()
def _keep_seconds(batch, seconds):
    """How long the check takes tells how long the saving will."""
    found = held_unchanged(batch)
    found.counts["seconds"] = found.counts.get("seconds", 0) + seconds
    found.save(update_fields=["counts"])


@atomic()
def _check_some(batch, target, rows):
    held_unchanged(batch)
    givens = givens_of(batch, rows)
    target.prepare(givens)
    for row, given in zip(rows, givens, strict=True):
        target.build(given)
        if given.problems:
            row.problems = given.told()
            row.save(update_fields=["problems"])
    batch.rows.filter(pk__in=[row.pk for row in rows]).update(is_checked=True)


def _compare(batch, by):
    """Compare the rows without problems with each other, and patients with those known."""
    target = target_of(batch, by)
    for rows in in_pieces(batch.rows.filter(problems=[])):
        _compare_some(batch, target, givens_of(batch, rows), rows)


def in_pieces(rows):
    """Yield lists of rows in their order, some at a time."""
    last = 0
    while some := list(rows.filter(number__gt=last).order_by("number")[:AT_ONCE]):
        last = some[-1].number
        yield some


@atomic()
def _compare_some(batch, target, givens, rows):
    held_unchanged(batch)
    target.prepare(givens)
    for given in givens:
        target.build(given, checks=False)
    for row, given, candidates in zip(rows, givens, target.compared(givens), strict=True):
        if given.problems:
            row.problems = given.told()
            row.save(update_fields=["problems"])
        elif _keys(candidates) != _keys(row.candidates):
            row.candidates, row.decision = candidates, ""
            row.save(update_fields=["candidates", "decision"])


def _keys(candidates):
    """By what candidates are told apart; who was chosen stands first, in whatever order."""
    return {key_of(one) for one in candidates}


def key_of(candidate):
    """What a candidate is called when it is chosen: "patient-12", "row-3"."""
    [(what, key)] = ((what, key) for what, key in candidate.items() if what != "why")
    return f"{what}-{key}"


@atomic()
def to_be_checked_again(batch, rows=None):
    """Let every row of a batch, or only `rows` of it, be checked once more; what was said of who
    they are stays. Returns the batch."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_unless_waiting(batch)
    batch.state = ImportState.READ
    if rows is None:
        batch.counts = {"rows": batch.counts["rows"]}
    batch.save()
    (batch.rows if rows is None else rows).update(is_checked=False, problems=[])
    return batch


@atomic()
def _checked(batch, seconds):
    batch = held_unchanged(batch)
    if batch.rows.filter(is_checked=False).exists():
        raise ValidationError(_("Somebody has these rows checked anew. Check them again."))
    batch.state = ImportState.CHECKED
    seconds += batch.counts.get("seconds", 0)
    batch.counts = {"rows": batch.counts["rows"], "seconds": seconds, **counts_of(batch)}
    batch.refusal, batch.saving_since = "", None
    batch.save()
    return batch


def counts_of(batch):
    """Return how many rows have a problem, and how many may be somebody who is known."""
    return {
        "problems": batch.rows.exclude(problems=[]).count(),
        "duplicates": batch.rows.exclude(candidates=[]).count(),
    }


def undecided(batch):
    """The rows of which somebody still has to say who they are."""
    return batch.rows.exclude(candidates=[]).filter(decision="", problems=[])


@atomic()
def decide(batch, decisions):
    """Keep what was said of rows that may be somebody known: by number, a RowDecision and, of the
    same person, the key of the candidate that is meant (`key_of`; "" for the first). A row that
    has no such candidate any more stays to be decided. Whoever is meant then stands first. A row
    about a patient who is another than asked is about nobody here: it is skipped."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_unless_waiting(batch)
    for row in batch.rows.filter(number__in=decisions).exclude(candidates=[]):
        decision, meant = decisions[row.number]
        if decision == RowDecision.SAME and meant:
            if meant not in _keys(row.candidates):
                continue
            row.candidates.sort(key=lambda one: key_of(one) != meant)
        row.decision = _kept(batch, decision)
        row.save(update_fields=["candidates", "decision"])


@atomic()
def decide_all(batch, decision):
    """Say the same of every row of which nothing was said yet; return of how many."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_unless_waiting(batch)
    return undecided(batch).update(decision=_kept(batch, decision))


def _kept(batch, decision):
    is_of_patients = batch.target == "patients"
    return decision if is_of_patients or decision != RowDecision.ANOTHER else RowDecision.SKIP


def patients_of(rows):
    """Return by key the patients that rows may be."""
    keys = {one["patient"] for row in rows for one in row.candidates if "patient" in one}
    return Patient.objects.in_bulk(keys)


def candidates_in_words(row, patients):
    """Yield who a row may be, and why: “Smith, Ann (P-000001): same phone”."""
    for one in row.candidates:
        yield _("%(who)s: %(why)s") % {
            "who": candidate_in_words(one, patients),
            "why": why_in_words(one["why"]),
        }
