"""How much one process holds after its first hundred tests, and how much when it ends."""

import gc
import resource
from pathlib import Path

import pytest

FIRST = 100
AT_MOST = 1.5  # times what it held after the first tests
STATUS = Path("/proc/self/statm")


def megabytes():
    """What this process holds in memory now, waste taken out first."""
    gc.collect()
    return int(STATUS.read_text().split()[1]) * resource.getpagesize() // 1024**2


class Memory:
    """A plugin that tells both, where a run has more tests, and fails a run that grew beyond."""

    def __init__(self):
        self.tests = self.early = self.late = 0

    def pytest_runtest_logfinish(self):
        self.tests += 1
        if self.tests == FIRST:
            self.early = megabytes()

    def pytest_sessionfinish(self, session, exitstatus):
        self.late = megabytes()
        if exitstatus == pytest.ExitCode.OK and self.early and self.late > AT_MOST * self.early:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        if self.early:
            terminalreporter.write_line(
                f"memory: {self.early} MB after {FIRST} tests, {self.late} MB after {self.tests}: "
                f"{self.late / self.early:.2f} times, {AT_MOST} at most"
            )
