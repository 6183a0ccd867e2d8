"""Save a batch apart from the request that asked for it, and tell how far that is.

All is saved in one transaction, so how far it is stands in a file beside the database, not in it.
"""

import fcntl
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from time import sleep
from zlib import crc32

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import ImportBatch
from consultations.models.transactions import atomic
from consultations.vocabulary import ImportState

from . import saving

# What was to save it and did not begin for so long was ended from outside.
BEGINS_WITHIN = timedelta(seconds=90)
LOOKS = 3


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
    """As `saving.save`; whoever looks at the batch meanwhile sees how far it is, and afterwards why
    it was not saved."""
    done = 0
    with _progress_of(batch) as tell, telling_why_not(batch):

        def told(rows):
            nonlocal done
            done += rows
            tell(done)
            step(rows)

        _waiting(batch).update(saving_since=timezone.now(), refusal="")
        return saving.save(batch, by=by, leaves_out=leaves_out, step=told)


@contextmanager
def _progress_of(batch):
    """Yield what writes how many rows are done. Its file is locked as long as this lives, however
    long a step takes, and let go by the system whatever ends it."""
    path = _file(batch)
    with open(path, "a+") as file:
        if not _locked(file):
            raise ValidationError(_("This import is being saved."))

        def tell(done):
            file.truncate(0)
            file.write(str(done))
            file.flush()

        tell(0)
        try:
            yield tell
        finally:
            path.unlink(missing_ok=True)


def _locked(file):
    """Lock a file; not where somebody holds it for longer than a look takes."""
    for _time in range(LOOKS):
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        sleep(0.1)
    return False


@contextmanager
def telling_why_not(batch):
    """Keep with the batch why it was not saved, whatever went wrong."""
    try:
        yield
    except BaseException as error:
        said = getattr(error, "messages", None) or [_went_wrong(batch, error)]
        with suppress(DatabaseError):
            _waiting(batch).update(saving_since=None, refusal=" ".join(said))
        raise


def _went_wrong(batch, error):
    words = _(
        "Something went wrong (%(error)s). Whoever looks after this program sees what by "
        "import_records --resume --batch %(number)s."
    )
    return words % {"error": type(error).__name__, "number": batch.pk}


def _waiting(batch):
    """The batch, unless somebody else has saved it."""
    return ImportBatch.objects.waiting().filter(pk=batch.pk)


def was_ended(batch):
    """Whether a batch was being saved when that was ended from outside."""
    return (
        batch.saving_since is not None
        and batch.state in (ImportState.READ, ImportState.CHECKED)
        and not is_running(batch)
    )


def is_running(batch):
    """Whether a batch is being saved at this moment, or is about to be."""
    try:
        with open(_file(batch)) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return is_begun(batch)
    except OSError:
        return True
    return False


def is_begun(batch):
    """Whether the browser has asked for it and nothing has begun to save it yet."""
    since = batch.saving_since
    is_late = since is None or since <= timezone.now() - BEGINS_WITHIN
    return not is_late and not _file(batch).exists()


def rows_done(batch):
    """How many rows of a batch that is being saved are done."""
    try:
        return int(_file(batch).read_text() or 0)
    except (OSError, ValueError):
        return 0


def _file(batch):
    """Where the progress of a batch stands; other databases may have their files beside it."""
    database = crc32(str(connection.settings_dict["NAME"]).encode())
    return Path(settings.DATA_DIR) / f"import-{database:08x}-{batch.pk}.progress"
