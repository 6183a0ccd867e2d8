"""A PostgreSQL server of a test's own, to stop and to start: other tests need theirs."""

import os
import shutil
import subprocess
import tempfile
from glob import glob
from pathlib import Path

from .serving import free_port

PATIENCE = 60


def programs():
    """The folder of PostgreSQL's server programs; None where there are none."""
    found = glob("/usr/lib/postgresql/*/bin/initdb")
    newest = max(found, key=lambda path: float(Path(path).parts[-3]), default=None)
    initdb = newest or shutil.which("initdb")
    return initdb and Path(initdb).resolve().parent


class Cluster:
    """`options` are those of the server, as `{"fsync": "off"}`."""

    def __init__(self, **options):
        self.options = options
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="turgor-cluster-")), free_port()
        self.data = self.folder / "data"
        # It refuses to be run by root.
        self.user = {"user": "postgres", "cwd": "/"} if os.getuid() == 0 else {}
        if self.user:
            shutil.chown(self.folder, "postgres")

    def make(self):
        self._run("initdb", "-U", "turgor", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        options += "".join(f" -c {name}={value}" for name, value in self.options.items())
        self._run("pg_ctl", "-w", "-l", self.folder / "log", "-o", options, "start")

    def crash(self):
        """Stop without tidying up: what was committed is found in its log again."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def remove(self):
        if (self.data / "postmaster.pid").exists():
            self.crash()
        shutil.rmtree(self.folder)

    def _run(self, program, *arguments):
        command = [programs() / program, "-D", self.data, *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "timeout": PATIENCE}
        subprocess.run(command, check=True, **quiet, **self.user)
