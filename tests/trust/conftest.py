"""What holds for every proof of trust: it is marked so, may be repeated with another seed, and
prints its figures.

    pytest -m trust --seed 7 --rounds 5000
"""

from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import override_settings

from tests.undone import undone

from .posts import AUTHENTICATOR
from .stage import make_stage

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.trust)


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """A clinic full of canaries, built once for all proofs of a file; what each of them writes is
    gone before the next."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    told = {"PASSWORD_HASHERS": hashers, "EMAIL_IS_ON": True}
    key = patch("consultations.accounts.second_factor.new_key", return_value=AUTHENTICATOR)
    with django_db_blocker.unblock(), override_settings(**told), key, undone():
        yield make_stage()
