"""Save a batch apart from the request that asked for it, and tell how far that is.

All is saved in one transaction, so how far it is stands in a file beside the database, not in it.
"""

import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import ImportBatch
from consultations.models.transactions import atomic

from . import saving

# Without any progress for so long, whatever saved it was ended from outside.
ENDED_AFTER = timedelta(seconds=90)


def start(batch, *, by, leaves_out):
    """Let a process of its own save a batch. Raises ValidationError where it is not ready."""
    _begin(batch, leaves_out)
    options = ["--resume", f"--batch={batch.pk}", f"--by={by.get_username()}", "--yes"]
    options += ["--leave-out"] if leaves_out else []
    run([sys.executable, str(settings.BASE_DIR / "manage.py"), "import_records", *options])


@atomic()
def _begin(batch, leaves_out):
    """Of two who press at once, one begins."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if is_running(batch):
        raise ValidationError(_("This import is being saved."))
    saving.refuse_unless_ready(batch, leaves_out)
    batch.saving_since, batch.refusal = timezone.now(), ""
    batch.save(update_fields=["saving_since", "refusal"])
    _file(batch).unlink(missing_ok=True)


def run(command):
    """Begin a process that lives on when this one ends."""
    nothing = subprocess.DEVNULL
    subprocess.Popen(  # noqa: S603
        command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )


def save(batch, *, by, leaves_out=False, step=lambda rows: None):
    """As `saving.save`; whoever looks at the batch meanwhile sees how far it is."""
    file, done = _file(batch), 0

    def told(rows):
        nonlocal done
        done += rows
        with suppress(OSError):
            file.write_text(str(done))
        step(rows)

    told(0)
    try:
        return saving.save(batch, by=by, leaves_out=leaves_out, step=told)
    except ValidationError as error:
        ImportBatch.objects.filter(pk=batch.pk).update(
            saving_since=None, refusal=" ".join(error.messages)
        )
        raise
    finally:
        file.unlink(missing_ok=True)


def is_running(batch):
    """Whether a batch is being saved at this moment."""
    if batch.saving_since is None:
        return False
    last = batch.saving_since
    with suppress(OSError):
        seconds = _file(batch).stat().st_mtime
        last = max(last, datetime.fromtimestamp(seconds, tz=UTC))
    return last > timezone.now() - ENDED_AFTER


def rows_done(batch):
    """How many rows of a batch that is being saved are done."""
    try:
        return int(_file(batch).read_text() or 0)
    except (OSError, ValueError):
        return 0


def _file(batch):
    return Path(settings.DATA_DIR) / f"import-{batch.pk}.progress"
