"""What the tests of accounts share. SECURITY.md promises all of it, so all are marked `trust`."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.trust)


@pytest.fixture
def enforced(settings):
    settings.SECOND_FACTOR = ["all"]
