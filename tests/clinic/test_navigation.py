"""The sidebar: the staff's own order, each role what it may open, the page one is on marked."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from clinic.navigation import groups, place
from tests.factories import PatientFactory

CARE = ["Today", "Patients", "Consultations", "Assessed areas", "Referrals", "Treatment plans"]


def navigation(client, url):
    page = BeautifulSoup(client.get(url).content, "html.parser")
    return page.select(".navigation a")


def labels(links):
    return [link.get_text(strip=True) for link in links]


@pytest.mark.parametrize(
    ("role", "first", "last"),
    [
        ("reception", ["Today", "Patients", "Treatment plans"], []),
        ("clinician", CARE, ["Lasers", "Laser modes", "Consent wordings"]),
        (
            "manager",
            CARE,
            ["Lasers", "Laser modes", "Consent wordings", "Staff", "Clinic settings", "Audit"],
        ),
    ],
)
def test_each_role_sees_what_it_may_open(request, client_for, role, first, last):
    client = client_for(request.getfixturevalue(role))
    found = labels(navigation(client, reverse("admin:index")))
    assert found[: len(first)] == first
    assert found[len(found) - len(last) :] == last
    links = navigation(client, reverse("admin:index"))
    assert {client.get(link["href"], follow=True).status_code for link in links} == {200}


@pytest.mark.parametrize(
    ("page", "marked"), [("changelist", "page"), ("add", "true"), ("chart", "true")]
)
def test_the_entry_of_the_page_is_marked(client_for, clinician, page, marked):
    args = [PatientFactory().pk] if page == "chart" else []
    links = navigation(
        client_for(clinician), reverse(f"admin:consultations_patient_{page}", args=args)
    )
    current = {link.get_text(strip=True): link.get("aria-current") for link in links}
    assert {name: value for name, value in current.items() if value} == {"Patients": marked}


def test_a_record_nobody_has_placed_stands_between_care_and_the_clinic():
    assert place("Consent") < place("SomethingNew") < place("Laser")


def test_a_record_nobody_has_placed_gets_the_plain_icon():
    model = {"object_name": "SomethingNew", "name": "something new", "admin_url": "/new/"}
    care, _clinic = groups([{"models": [model]}], "/new/")
    assert [(one.label, one.icon, one.current) for one in care] == [
        ("Today", "today", ""),
        ("Something new", "record", "page"),
    ]
