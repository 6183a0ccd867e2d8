"""Where one is signed in: one's own sessions, to be ended one by one or all others at once."""

import pytest
from django.test import Client

from consultations.accounts.login_sessions import browser_in
from consultations.models import AccessRecord
from tests.admin.browsing import Page, words

pytestmark = pytest.mark.django_db

URL = "/admin/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


def signed_in(username, agent, address):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    data = {"username": username, "password": "password"}
    assert client.post("/admin/login/", data).status_code == 302
    return client


@pytest.fixture
def two(clinician, manager):
    signed_in("manager", FIREFOX, "192.0.2.9")
    return [
        signed_in("clinician", FIREFOX, "192.0.2.1"),
        signed_in("clinician", IPHONE, "192.0.2.2"),
    ]


def cards(client):
    return [words(card) for card in Page(client.get(URL)).select("section.card")]


def test_own_sessions_are_listed_with_browser_and_address(two):
    desk, _phone = two
    [one, other] = sorted(cards(desk))
    assert one.startswith("Firefox, Linux this one Signed in")
    assert one.endswith("from 192.0.2.1")
    assert other.startswith("Safari, iPhone Signed in")
    assert "from 192.0.2.2" in other


def test_a_session_is_ended_from_another(two):
    desk, phone = two
    [button] = Page(desk.get(URL)).select("button[name=session]")
    assert phone.session.session_key not in desk.get(URL).content.decode()
    assert desk.post(URL, {"session": button["value"]}).url == URL
    assert [phone.get("/admin/").status_code, desk.get("/admin/").status_code] == [302, 200]
    record = AccessRecord.objects.order_by("-pk").first()
    assert [record.kind, record.user.username, record.detail] == [
        "sign_out",
        "clinician",
        "1 session ended.",
    ]


def test_all_others_are_ended_at_once_and_nobody_else_s(two, manager, client_for):
    desk, phone = two
    boss = client_for(manager)
    desk.post(URL)
    statuses = [one.get("/admin/").status_code for one in (desk, phone, boss)]
    assert statuses == [200, 302, 200]
    assert len(cards(desk)) == 1


@pytest.mark.parametrize("name", ["x", "0" * 20, "\u202e"])
def test_a_session_that_is_not_there_is_told(two, name):
    desk, phone = two
    answer = desk.post(URL, {"session": name}, follow=True)
    assert "That session had ended already." in Page(answer).text
    assert phone.get("/admin/").status_code == 200


def test_nobody_ends_this_session_or_one_of_somebody_else(two, manager):
    desk, _phone = two
    boss = signed_in("manager", FIREFOX, "192.0.2.9")
    names = [one["value"] for one in Page(desk.get(URL)).select("button[name=session]")]
    for name in names:
        boss.post(URL, {"session": name})
    assert [one.get("/admin/").status_code for one in two] == [200, 200]


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (FIREFOX, "Firefox, Linux"),
        (IPHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_our_words(agent, told):
    assert browser_in(agent) == told
