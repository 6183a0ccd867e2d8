"""How much one process holds after its first hundred tests, and how much when it ends."""

import gc
import resource
from pathlib import Path

FIRST = 100
STATUS = Path("/proc/self/statm")


def megabytes():
    """What this process holds in memory now, waste taken out first."""
    gc.collect()
    return int(STATUS.read_text().split()[1]) * resource.getpagesize() // 1024**2


class Memory:
    """A plugin that tells both, where a run has more tests."""

    def __init__(self):
        self.tests = self.early = 0

    def pytest_runtest_logfinish(self):
        self.tests += 1
        if self.tests == FIRST:
            self.early = megabytes()

    def pytest_terminal_summary(self, terminalreporter):
        if self.early:
            late = megabytes()
            terminalreporter.write_line(
                f"memory: {self.early} MB after {FIRST} tests, {late} MB after {self.tests}: "
                f"{late / self.early:.2f} times"
            )
