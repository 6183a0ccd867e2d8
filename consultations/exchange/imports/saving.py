"""Save a batch as a whole or not at all, in one transaction."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import ImportBatch
from consultations.models.transactions import atomic
from consultations.vocabulary import ImportState, RowDecision

from .checking import in_pieces, undecided
from .given import givens_of
from .keeping import Keeper
from .staging import refuse_known_saved
from .targets import target_of

# Rows a second that SQLite takes on a small machine, to say about how long nobody else can save.
ROWS_A_SECOND = 800


def about_seconds(batch):
    """About how long the saving takes, in seconds."""
    return 1 + batch.counts["rows"] // ROWS_A_SECOND


def save(batch, *, by, leaves_out=False, step=lambda rows: None):
    """Save a checked batch; return it, saved. `leaves_out` says that rows with problems are left
    out knowingly. `step` is called with the number of rows of each piece.

    Raises ValidationError where rows have problems or nobody decided who they are, where it is
    not checked, and where somebody was quicker: nothing is saved then.
    """
    try:
        return _save(batch, by, leaves_out, step)
    except IntegrityError:
        ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.READ)
        batch.rows.update(is_checked=False)
        words = _("Somebody saved one of these records a moment ago. Check the rows again.")
        raise ValidationError(words) from None


@atomic()
def _save(batch, by, leaves_out, step):
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    refuse_unless_ready(batch, leaves_out)
    refuse_known_saved(batch)
    batch.saved_at = timezone.now()
    keeper, target = Keeper(batch, by), target_of(batch, by)
    rows = batch.rows.filter(problems=[]).exclude(decision=RowDecision.SKIP)
    count = 0
    for some in in_pieces(rows):
        givens = givens_of(batch, some)
        target.prepare(givens)
        for given in givens:
            target.build(given, checks=False)
        target.keep(givens, keeper)
        count += len(some)
        step(len(some))
    target.finish(keeper)
    batch.state, batch.saving_since = ImportState.SAVED, None
    batch.counts |= {"left_out": batch.counts["rows"] - count, "made": keeper.made}
    batch.save()
    batch.rows.all().delete()
    return batch


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
