"""The menu: the staff's own order, each role what it may open, the page one is on marked."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse, reverse_lazy

from clinic.navigation import navigation
from tests.factories import LaserModeFactory, PatientFactory

CARE = [
    "Today",
    "Diary",
    "Patients",
    "Consultations",
    "Referrals",
    "Treatment plans",
    "Sessions",
    "Follow-ups",
    "Clinic",
]
RECORDS = [
    "Appointments",
    "Sent referrals",
    "Adverse events",
    "Test patches",
    "Assessed areas",
    "Payments",
    "Discounts",
    "Photos",
    "Uses of photos",
    "Consents",
    "Documents",
    "Addenda",
]
SAFETY_FILE = ["Authorised users", "Laser services", "Laser incidents"]
LASERS = ["Lasers", "Laser modes", *SAFETY_FILE]
SETUP = [*LASERS, "Surgeons", "Absences", "Consent wordings"]
DIARY = [
    "Rooms",
    "Opening hours",
    "Closed days",
    "Absences",
    "Reasons for calling off",
    "Lengths of appointments",
]
OF_MESSAGES = ["Message templates", "How to prepare"]
OF_THE_MANAGER = [
    *LASERS,
    "Surgeons",
    *DIARY,
    "Consent wordings",
    *OF_MESSAGES,
    "Clinic settings",
    "Staff",
]
CLINIC = reverse_lazy("admin:app_list", args=["consultations"])


def links(client, url, within):
    page = BeautifulSoup(client.get(url).content, "html.parser")
    return page.select(f"{within} a")


def labels(found):
    return [link.get_text(strip=True) for link in found]


@pytest.mark.parametrize(
    ("role", "menu", "clinic"),
    [
        (
            "reception",
            ["Today", "Diary", "Patients", "Treatment plans", "Sessions", "Clinic"],
            ["Appointments", "Payments", "Discounts", "Absences"],
        ),
        ("practitioner", CARE, RECORDS + SETUP),
        ("clinician", CARE, [*RECORDS, *SETUP, "Rulebook"]),
        ("manager", CARE, [*RECORDS, *OF_THE_MANAGER, "Rulebook", "Figures", "Audit", "Import"]),
    ],
)
def test_each_role_finds_what_it_may_open(request, client_for, role, menu, clinic):
    client = client_for(request.getfixturevalue(role))
    in_menu = links(client, reverse("admin:index"), ".navigation")
    on_clinic_page = links(client, CLINIC, ".places")
    assert (labels(in_menu), labels(on_clinic_page)) == (menu, clinic)
    found = {link["href"] for link in in_menu + on_clinic_page}
    assert {client.get(url, follow=True).status_code for url in found} == {200}


@pytest.mark.parametrize(
    ("page", "marked"), [("changelist", "page"), ("add", "true"), ("chart", "true")]
)
def test_the_entry_of_the_page_is_marked(client_for, clinician, page, marked):
    args = [PatientFactory().pk] if page == "chart" else []
    url = reverse(f"admin:consultations_patient_{page}", args=args)
    assert current(client_for(clinician), url) == {"Patients": marked}


def test_the_clinic_entry_is_marked_on_its_page_and_the_pages_it_leads_to(client_for, clinician):
    client = client_for(clinician)
    mode = reverse("admin:consultations_lasermode_change", args=[LaserModeFactory().pk])
    assert current(client, CLINIC) == {"Clinic": "page"}
    assert current(client, mode) == {"Clinic": "true"}


@pytest.mark.parametrize(
    ("model", "role", "entry"),
    [
        ("payment", "reception", "Treatment plans"),
        ("discount", "manager", "Treatment plans"),
        ("referralsending", "clinician", "Referrals"),
        ("appointment", "reception", "Diary"),
        ("adverseevent", "practitioner", "Sessions"),
    ],
)
def test_a_record_that_is_added_stands_where_staff_come_from(
    client_for, request, model, role, entry
):
    client = client_for(request.getfixturevalue(role))
    add, whole = (reverse(f"admin:consultations_{model}_{page}") for page in ("add", "changelist"))
    assert current(client, add) == {entry: "true"}
    assert current(client, whole) == {"Clinic": "true"}


def current(client, url):
    marked = {
        link.get_text(strip=True): link.get("aria-current")
        for link in links(client, url, ".navigation")
    }
    return {name: value for name, value in marked.items() if value}


def test_a_list_nobody_has_placed_stands_with_the_records_and_gets_the_plain_icon():
    model = {"object_name": "SomethingNew", "name": "something new", "admin_url": "/new/"}
    found = navigation([{"models": [model]}], "/new/", own_pages=())
    assert [(one.label, one.icon, one.current) for one in found.menu] == [
        ("Today", "today", ""),
        ("Clinic", "clinicsettings", "true"),
    ]
    ((title, entries),) = found.clinic
    assert title == "Records"
    assert [(one.label, one.icon, one.current) for one in entries] == [
        ("Something new", "record", "page")
    ]


def test_a_right_taken_away_is_gone_from_the_menu_at_once(client_for, practitioner):
    client = client_for(practitioner)
    assert "Consultations" in labels(links(client, reverse("admin:index"), ".navigation"))
    practitioner.groups.clear()
    assert labels(links(client, reverse("admin:index"), ".navigation")) == ["Today"]
