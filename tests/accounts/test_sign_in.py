"""The sign-in page: where it leads, and what it asks for again."""

import pytest
from django.test import Client

from tests.admin.browsing import Page

from .signing_in import START, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "%00", "x"]
)
def test_a_way_back_that_is_refused_leads_to_today(clinician, elsewhere):
    client = Client()
    answer = sign_in(client, "clinician", way_on=elsewhere)
    assert (answer.status_code, answer.url) == (302, START)


def test_after_a_wrong_password_only_the_password_is_typed_again(client, clinician):
    page = Page(client.post("/admin/login/", {"username": "clinician", "password": "wrong"}))
    focused = [field["name"] for field in page.select("input[autofocus]")]
    assert (page.form["username"], focused) == ("clinician", ["password"])


def test_tests_may_log_in_without_a_request(clinician):
    client = Client()
    assert client.login(username="clinician", password="password")
    assert client.get(START).status_code == 200
