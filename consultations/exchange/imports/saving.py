"""Save a batch as a whole or not at all, in one transaction."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Patient
from consultations.models.transactions import atomic, is_deadlock
from consultations.vocabulary import ImportState, RowDecision

from .checking import candidates_in_words, in_pieces, patients_of, to_be_checked_again, undecided
from .duplicates import ASKED, MOST
from .given import givens_of
from .holding import hold, hold_batch
from .keeping import Keeper
from .staging import refuse_known_saved
from .targets import target_of

# How many times as long as the check of the same rows on the same machine the saving takes at
# most: measured with 2000 rows, 1.1 for sessions, 1.7 for patients, 2.5 for consultations.
AS_LONG_AS_THE_CHECK = 2.5
MOST_TOLD = 100  # rows that were not saved


def about_seconds(batch):
    """About how long the saving takes, in seconds."""
    return 1 + int(batch.counts.get("seconds", 0) * AS_LONG_AS_THE_CHECK)


class OutdatedCheckError(Exception):
    """A row is not any more what it was when it was checked: why, in words."""


def save(batch, *, by, leaves_out=False, step=lambda rows: None):
    """Save a checked batch; return it, saved. `leaves_out` says that rows with problems are left
    out knowingly. `step` is called with the number of rows of each piece.

    Raises ValidationError where rows have problems or nobody decided who they are, where it is
    not checked, and where somebody was quicker: nothing is saved then. What changed since the
    rows were checked is found, and they are to be checked again.
    """
    try:
        return _save(batch, by, leaves_out, step)
    except OutdatedCheckError as error:
        words = str(error)
    except OperationalError as error:
        if not is_deadlock(error):
            raise
        words = ""
    except IntegrityError:
        words = ""
    to_be_checked_again(batch)
    words = words or _("Somebody saved one of these records a moment ago.")
    raise ValidationError(_("%(why)s Check the rows again.") % {"why": words})


@atomic()
def _save(batch, by, leaves_out, step):
    batch = hold_batch(batch)
    refuse_unless_ready(batch, leaves_out)
    refuse_known_saved(batch)
    batch.saved_at = timezone.now()
    keeper, target = Keeper(batch, by), target_of(batch, by)
    rows = batch.rows.filter(problems=[]).exclude(decision=RowDecision.SKIP)
    held = hold(batch, rows, target)
    count, made = 0, set()
    for some in in_pieces(rows):
        givens = givens_of(batch, some)
        target.prepare(givens)
        if held is not None and not target.finder.keys() <= held:
            raise OutdatedCheckError(_("Somebody merged one of these patients a moment ago."))
        of_patients = batch.target == "patients"
        for given in givens:
            # Of a patient nothing rests on others but who it may be.
            target.build(given, checks=not of_patients)
        _refuse_changed(givens)
        if of_patients:
            _refuse_unasked(target, givens, made)
        target.keep(givens, keeper)
        made |= {given.record.pk for given in givens}
        count += len(some)
        step(len(some))
    target.finish(keeper)
    batch.state, batch.saving_since = ImportState.SAVED, None
    batch.counts |= {"left_out": batch.counts["rows"] - count, "made": keeper.made}
    batch.counts["not_saved"] = _numbers(batch.rows.exclude(pk__in=rows.values("pk")))
    batch.save()
    batch.rows.all().delete()
    return batch


def _refuse_changed(givens):
    """What is wrong with a row now was not when it was checked, nor was somebody asked of then."""
    for given in givens:
        if given.asked_of and not _was_asked(given):
            row = given.row
            row.candidates = [{"patient": given.asked_of.pk, "why": [ASKED]}]
            raise _outdated(row, "; ".join(candidates_in_words(row, patients_of([row]))))
        for heading, words in given.told():
            raise _outdated(given.row, f"{heading}: {words}" if heading else words)


def _was_asked(given):
    row, meant = given.row, {"patient": given.asked_of.pk}
    return row.decision == RowDecision.SAME and meant.items() <= row.candidates[0].items()


def _refuse_unasked(target, givens, made):
    """Whoever a row is said to be has to stand, and who it may be was to be asked. `made` are the
    keys of those that this batch made, which were told by their rows."""
    same = [one for one in givens if one.row.decision == RowDecision.SAME]
    meant = {one.row.candidates[0].get("patient") for one in same}
    people = Patient._base_manager.select_related("merged_into").in_bulk(meant - {None})
    for given in same:
        patient = people.get(given.row.candidates[0].get("patient"))
        if patient is not None and (why := patient.kept_record.why_ended):
            raise _outdated(given.row, f"{patient}: {why}")
    for given, candidates in zip(givens, target.compared(givens), strict=True):
        row = given.row
        asked = {one.get("patient") for one in row.candidates} | made | {None}
        unasked = [one for one in candidates if one.get("patient") not in asked]
        # More than so many are not told of one row.
        if unasked and len(row.candidates) < MOST:
            row.candidates = unasked
            raise _outdated(row, "; ".join(candidates_in_words(row, patients_of([row]))))


def _outdated(row, words):
    told = _("Something has changed since the rows were checked. Row %(number)s, %(words)s")
    told = told % {"number": row.number, "words": words}
    return OutdatedCheckError(told if told.endswith(".") else f"{told}.")


def _numbers(rows):
    """The numbers of rows as the file has them, as far as they are told."""
    return list(rows.order_by("number").values_list("number", flat=True)[:MOST_TOLD])


def made_of(batch):
    """Return what was made of a saved batch, in words: 2 patients, 1 treatment plan."""
    told = []
    for name, count in batch.counts.get("made", {}).items():
        meta = apps.get_model("consultations", name)._meta
        told.append(f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}")
    return told


def refuse_unless_ready(batch, leaves_out):
    """Raise ValidationError for what has to be done before a batch is saved."""
    if batch.state != ImportState.CHECKED:
        words = _("This import is %(state)s.")
        raise ValidationError(words % {"state": batch.get_state_display().lower()})
    if (count := batch.rows.exclude(problems=[]).count()) and not leaves_out:
        raise ValidationError(
            ngettext(
                "%d row has a problem. Mend it in the file, or say that it is left out.",
                "%d rows have problems. Mend them in the file, or say that they are left out.",
                count,
            )
            % count,
            code="problems",
        )
    if not batch.rows.filter(problems=[]).exclude(decision=RowDecision.SKIP).exists():
        raise ValidationError(_("Every row is left out or skipped: there is nothing to save."))
    if count := undecided(batch).count():
        raise ValidationError(
            ngettext(
                "%d row may be somebody who is known already. Say who it is.",
                "%d rows may be people who are known already. Say who they are.",
                count,
            )
            % count,
            code="duplicates",
        )
