"""Every address × every role × GET and POST is answered as the matrix says, and a refusal tells
nothing."""

from dataclasses import dataclass

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.http import urlencode

from tests.factories import UserFactory
from tests.undone import undone

from .addresses import address_of, addresses_known, choosing_address, keys_to_choose, target_of
from .answers import whole, writes_watched
from .matrix import MATRIX, OPEN, OUTSIDERS, ROLES
from .posts import form_of, posted

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
    with undone(), writes_watched() as stored:
        answer = client.get(address) if method == "GET" else client.post(address, data)
        told = told_by(stage, answer) if answer.status_code != 200 else ()
    client.cookies = cookies
    location = answer.headers.get("Location", "")
    return answer, Answer(str(answer.status_code), frozenset(stored), told, location)


def told_by(stage, answer):
    """What of the clinic's data an answer tells, wherever in it."""
    messages = [str(one) for one in get_messages(answer.wsgi_request)]
    said = f"{whole(answer)}\n{messages}"
    return tuple(sorted(one for one in stage.secrets if one in said))


@pytest.fixture(scope="module")
def answers(stage, django_db_blocker):
    """Everything asked once: by line, role and method."""
    with django_db_blocker.unblock(), undone():
        yield ask_everything(stage)


def ask_everything(stage):
    lines = {row: address_of(stage, row)[0] for row in MATRIX}
    forms, found = {}, {}
    # The superuser first: from the forms of those pages is posted by whoever has none.
    for who in ("superuser", *(one for one in EVERYBODY if one != "superuser")):
        client, filled = stage.client(who), posted(stage)
        for row, address in lines.items():
            page, found[row, who, "GET"] = ask(stage, client, "GET", address)
            form = form_of(page) if MATRIX[row]["POST"][who] == "kept" else {}
            data = (form or forms.setdefault(row, {})) | filled.get(row, {})
            if who == "superuser":
                forms[row] = form
            alone = filter(None, [data.get("logo"), data.get("file")])
            for file in (*data.get("photos", []), *alone):
                file.seek(0)
            _page, found[row, who, "POST"] = ask(stage, client, "POST", address, data)
    return found


def test_every_address_has_its_line():
    lines = {row.partition("@")[0] for row in MATRIX}
    missing = sorted(set(addresses_known()) - lines)
    gone = sorted(lines - set(addresses_known()))
    assert missing == [], "add what each role is answered there to TABLE in tests/trust/matrix.py"
    assert gone == [], "no such address any more: take its lines out of tests/trust/matrix.py"


def test_everybody_is_answered_as_the_matrix_says_and_a_refusal_tells_nothing(
    answers, stage, figure
):
    """One test: two processes would each ask everything."""
    expected = {
        (row, who, method): MATRIX[row][method][who]
        for row in MATRIX
        for who in EVERYBODY
        for method in ("GET", "POST")
    }
    found = {one: answers[one].in_a_word for one in expected}
    figure("answers checked", len(expected))
    assert {one: found[one] for one in expected if found[one] != expected[one]} == {}
    refused = {
        one: answer
        for one, answer in answers.items()
        if answer.status in REFUSED or one[1] in OUTSIDERS
    }
    figure("refusals read", len(refused))
    figure("words looked for in each", len(stage.secrets))
    assert {one: answer.told for one, answer in refused.items() if answer.told} == {}
    for who in OUTSIDERS:
        assert sent_to(answers, stage, who) == log_in_with_the_address_alone(stage)


def sent_to(answers, stage, who):
    """Where whoever is not let in is sent, by the line of the matrix."""
    closed = [row for row in MATRIX if row not in OPEN]
    ways = {
        (row, method): answers[row, who, method].location
        for row in closed
        for method in ("GET", "POST")
    }
    return {one: way.replace("%2F", "/") for one, way in ways.items()}


def log_in_with_the_address_alone(stage):
    closed = {row: address_of(stage, row)[0] for row in MATRIX if row not in OPEN}
    login = reverse("admin:login")
    return {
        (row, method): f"{login}?{urlencode({'next': address})}".replace("%2F", "/")
        for row, address in closed.items()
        for method in ("GET", "POST")
    }


# Refused to those who see the record and did not treat, or are not the one who is away.
THEIR_OWN_ONLY = {"treatmentsession_addendum", "absence_entered_in_error", "payment_correct"}


@pytest.mark.parametrize("who", [one for one in ROLES if one != "superuser"])
def test_who_may_not_see_a_record_cannot_tell_whether_it_exists(stage, figure, who):
    client, differ, compared = stage.client(who), {}, 0
    for row, expected in MATRIX.items():
        address, record = address_of(stage, row)
        if record is None or "@" in row or row in THEIR_OWN_ONLY:
            continue
        missing = address.replace(f"/{record.pk}/", "/987654/")
        for method in ("GET", "POST"):
            if expected[method][who] != "403" or expected["GET"][who] != "403":
                continue
            send = client.get if method == "GET" else client.post
            there, not_there = send(address), send(missing)
            compared += 1
            if (there.status_code, there.content) != (not_there.status_code, not_there.content):
                differ[row, method] = (there.status_code, not_there.status_code)
    figure("pairs compared", compared)
    assert compared
    assert differ == {}


ORDER = ("403", "404", "405", "302", "200", "kept")


def test_two_roles_at_once_may_what_either_may_and_nothing_more(stage, figure):
    """The others hold one another; who reads everything and books may still not treat."""
    roles = ("reception", "manager")
    both = UserFactory(username="both", password="password")
    both.groups.set(Group.objects.filter(name__in=[one.capitalize() for one in roles]))
    stage.users["both"] = both
    client, filled, wrong = stage.client("both"), posted(stage), {}
    for row, expected in MATRIX.items():
        address, _record = address_of(stage, row)
        page, get = ask(stage, client, "GET", address)
        data = form_of(page) | filled.get(row, {})
        _page, post = ask(stage, client, "POST", address, data)
        for method, found in (("GET", get), ("POST", post)):
            best = max((expected[method][role] for role in roles), key=ORDER.index)
            if found.in_a_word != best:
                wrong[row, method] = (found.in_a_word, "not", best)
    figure("answers checked", 2 * len(MATRIX))
    del stage.users["both"]
    assert wrong == {}


def test_every_key_can_be_chosen_by_whom_its_records_are_shown_to(stage, figure):
    wrong = {}
    for who in ROLES:
        client = stage.client(who)
        for field in keys_to_choose():
            line = MATRIX.get(f"autocomplete@{target_of(field)}")
            expected = line["GET"][who] if line else "403"
            found = str(client.get(choosing_address(field)).status_code)
            if found != expected:
                wrong[who, str(field)] = (found, "not", expected)
    figure("fields asked", len(ROLES) * len(keys_to_choose()))
    assert wrong == {}


ACTIONS = ("delete_selected", "export", "export_admin_action", "sign", "enter_in_error", "")


@pytest.mark.parametrize("who", ["reception", "superuser"])
def test_no_list_has_an_action(stage, figure, who):
    """Whatever is posted to a list, with every row chosen, does nothing."""
    client, posts = stage.client(who), 0
    for model in site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        keys = list(model._default_manager.values_list("pk", flat=True))
        chosen = {"_selected_action": keys, "select_across": "1", "index": "0", "post": "yes"}
        typed = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": keys[0]}
        for action in ACTIONS:
            _page, answer = ask(stage, client, "POST", url, chosen | typed | {"action": action})
            posts += 1
            assert (answer.status in {"200", "302", "403"}, answer.stored) == (True, frozenset())
    figure("actions tried", posts)
