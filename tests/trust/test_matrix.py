"""Every address × every role × GET and POST is answered as the matrix says, and a refusal tells
nothing."""

from dataclasses import dataclass

import pytest
from django.contrib.messages import get_messages
from django.db import transaction

from .matrix import MATRIX, OUTSIDERS, ROLES
from .stage import (
    address_of,
    addresses_known,
    form_of,
    posted,
    secrets_of,
    whole,
    writes_watched,
)

pytestmark = pytest.mark.django_db

EVERYBODY = (*ROLES, *OUTSIDERS)
REFUSED = ("403", "404", "405")


@dataclass(frozen=True)
class Answer:
    status: str
    stored: frozenset
    told: tuple
    location: str

    @property
    def in_a_word(self):
        return "kept" if self.stored and self.status in {"200", "302"} else self.status


def ask(stage, client, method, address, data=None):
    """Ask, and take back all that was written by it; what the answer tells where it refuses."""
    cookies = client.cookies.copy()
    with transaction.atomic(), writes_watched() as stored:
        answer = client.get(address) if method == "GET" else client.post(address, data)
        told = told_by(stage, answer) if answer.status_code != 200 else ()
        transaction.set_rollback(True)
    client.cookies = cookies
    location = answer.headers.get("Location", "")
    return answer, Answer(str(answer.status_code), frozenset(stored), told, location)


def told_by(stage, answer):
    """What of the clinic's data an answer tells, wherever in it."""
    messages = [str(one) for one in get_messages(answer.wsgi_request)]
    said = f"{whole(answer)}\n{messages}"
    return tuple(sorted(one for one in secrets_of(stage) if one in said))


@pytest.fixture(scope="module")
def answers(stage, django_db_blocker):
    """Everything asked once: by line, role and method."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield ask_everything(stage)
        transaction.set_rollback(True)


def ask_everything(stage):
    lines = {row: address_of(stage, row)[0] for row in MATRIX}
    filled, forms, found = posted(stage), {}, {}
    # The superuser first: from the forms of those pages is posted by whoever has none.
    for who in ("superuser", *(one for one in EVERYBODY if one != "superuser")):
        client = stage.client(who)
        for row, address in lines.items():
            page, found[row, who, "GET"] = ask(stage, client, "GET", address)
            form = form_of(page) if MATRIX[row]["POST"][who] == "kept" else {}
            data = (form or forms.setdefault(row, {})) | filled.get(row, {})
            if who == "superuser":
                forms[row] = form
            for file in data.get("photos", []):
                file.seek(0)
            _page, found[row, who, "POST"] = ask(stage, client, "POST", address, data)
    return found


def test_every_address_has_its_line():
    lines = {row.partition("@")[0] for row in MATRIX}
    missing = sorted(set(addresses_known()) - lines)
    gone = sorted(lines - set(addresses_known()))
    assert missing == [], "add what each role is answered there to TABLE in tests/trust/matrix.py"
    assert gone == [], "no such address any more: take its lines out of tests/trust/matrix.py"


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_is_answered_as_the_matrix_says(answers, figure, who):
    asked = [(row, method) for row in MATRIX for method in ("GET", "POST")]
    expected = {one: MATRIX[one[0]][one[1]][who] for one in asked}
    found = {(row, method): answers[row, who, method].in_a_word for row, method in asked}
    wrong = {
        one: (found[one], "not", expected[one]) for one in asked if found[one] != expected[one]
    }
    figure("answers checked", len(asked))
    assert wrong == {}
