"""The program as it is served for real: gunicorn in processes of its own, and people at it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection

from tests.admin.browsing import form_data

HOUSE = Path(__file__).parents[2]
WORKERS = 2
PATIENCE = 60
BROKEN = (URLError, OSError, http.client.HTTPException)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url():
    """The database of the tests, as another process is told of it."""
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    password = f":{place['PASSWORD']}" if place["PASSWORD"] else ""
    return f"postgres://{place['USER']}{password}@{place['HOST']}:{place['PORT']}/{place['NAME']}"


class Server:
    """Serves the database of the tests on a port of its own."""

    def __init__(self, log):
        self.port, self.log, self.process = free_port(), log, None

    def start(self):
        """Returns once it answers."""
        told = {
            "DATABASE_URL": database_url(),
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "SECRET_KEY": settings.SECRET_KEY,
        }
        serve = ["gunicorn", "-c", "clinic/gunicorn.py", "clinic.wsgi", "--log-level", "warning"]
        place = ["--workers", str(WORKERS), "--bind", f"127.0.0.1:{self.port}"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *serve, *place],
                cwd=HOUSE,
                env=os.environ | told,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None, Path(self.log).read_text()
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)

    def answers(self):
        with suppress(*BROKEN):
            return Person(self.port).get("/admin/login/")[0] == 200
        return False

    def kill(self):
        """The whole group at once, with no chance to tidy up."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


class Person:
    """Somebody at a browser of their own, over HTTP; an answer that breaks off raises BROKEN."""

    def __init__(self, port):
        self.root = f"http://127.0.0.1:{port}"
        self.opener = build_opener(HTTPCookieProcessor(), Stay)

    def get(self, path):
        return self._ask(path)

    def post(self, path, data):
        return self._ask(path, urlencode(data, doseq=True).encode())

    def sign_in(self, username, password):
        form = self.form("/admin/login/")
        status, _page = self.post(
            "/admin/login/", form | {"username": username, "password": password}
        )
        assert status == 302, f"signing in was answered {status}"

    def form(self, path):
        """The fields of the form on a page, as the browser would post them."""
        status, page = self.get(path)
        assert status == 200, f"{path} was answered {status}"
        soup = BeautifulSoup(page, "html.parser")
        return form_data(soup.select_one("#content form[method=post]") or soup.select_one("form"))

    def _ask(self, path, data=None):
        try:
            with self.opener.open(self.root + path, data, timeout=PATIENCE) as answer:
                return answer.status, answer.read()
        except HTTPError as answer:
            with answer:
                return answer.code, answer.read()
