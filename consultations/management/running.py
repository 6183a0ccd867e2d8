"""Progress bars of commands, and how commands end when somebody stops them."""

import signal
import sys
from contextlib import contextmanager

from tqdm import tqdm

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stoppable(command, words="Stopped. Nothing was kept."):
    """Ctrl-C, a service manager and a closed terminal alike let what is unfinished be removed."""
    ours = [one for one in SIGNALS if signal.getsignal(one) is signal.SIG_DFL]
    for one in ours:
        signal.signal(one, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        command.stderr.write(words)
        sys.exit(130)
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)


def bar(items, what):
    """The items, with a progress bar while they are gone through."""
    return tqdm(items, desc=what, unit=" files", leave=False, disable=None)


def progress(total, unit):
    """A progress bar that whatever takes longer than two seconds moves on by its `update`; shown
    where there is a terminal."""
    return tqdm(total=total, unit=f" {unit}", leave=False, disable=None, delay=2)
