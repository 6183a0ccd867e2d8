"""Whoever sends a request slowly holds up nobody else."""

import socket

import pytest

from .serving import WORKERS, Person, Server

pytestmark = pytest.mark.django_db(transaction=True)

SLOW = 3 * WORKERS
BEGUN = b"GET /admin/login/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "server.log")
    server.start()
    yield server
    server.kill()


def test_others_are_answered_while_slow_callers_are_still_sending(server):
    callers = [socket.create_connection(("127.0.0.1", server.port)) for _number in range(SLOW)]
    try:
        for caller in callers:
            caller.sendall(BEGUN)
        answers = [Person(server.port).get("/admin/login/")[0] for _number in range(SLOW)]
        for caller in callers:
            caller.setblocking(False)
        # Nothing was said to a slow caller yet, and its connection was not given up.
        with pytest.raises(BlockingIOError):
            callers[0].recv(1)
        assert answers == [200] * SLOW
    finally:
        for caller in callers:
            caller.close()
