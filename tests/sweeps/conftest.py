"""A server error is an answer that the sweeps report, not an exception that ends them."""

import pytest


@pytest.fixture
def client_for(client_for):
    def log_in(user):
        client = client_for(user)
        client.raise_request_exception = False
        return client

    return log_in


@pytest.fixture(autouse=True)
def _sessions_written_once(monkeypatch):
    """A minute that ends between two requests is no cost of the page."""
    monkeypatch.setattr("consultations.accounts.login_sessions.WRITTEN_EVERY", 10**6)
