"""The treatment register on paper: looked at, issued and kept, without a patient's name."""

import hashlib

import pytest

from consultations.models import AccessRecord, IssuedDocument
from consultations.vocabulary import AccessKind, DocumentKind
from tests.admin.browsing import Browser, list_url, page_url
from tests.factories import LaserModeFactory, SessionFactory

from .reading import by_poppler, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(clinic, clinician):
    return SessionFactory(by=clinician, laser_mode=LaserModeFactory(by=clinician))


def address(session, page="register"):
    laser = session.laser_mode.laser
    return f"{page_url(laser, page)}?month={session.performed_on:%Y-%m}"


def issued(browser, session):
    page = browser.open(address(session))
    [form] = [one for one in page.select("form") if one.select("[name=_issue]")]
    data = {one["name"]: one["value"] for one in form.select("input")}
    return browser.post(page.path, data | {"_issue": "1"})


def test_register_is_looked_at_and_logged_and_not_kept(session, manager, client):
    client.force_login(manager)
    answer = client.get(address(session, "register_pdf"))
    text = words(by_poppler(answer.content))
    assert answer.headers["Content-Type"] == "application/pdf"
    for said in (
        f"Treatment register of {session.laser_mode.laser.name}, {session.performed_on:%B %Y}",
        session.patient.record_number,
        "Linden Clinic",
        "Not issued",
    ):
        assert said in text
    assert session.patient.family_name not in text
    assert not IssuedDocument.objects.exists()
    opened = AccessRecord.objects.get(kind=AccessKind.DOCUMENT)
    assert opened.detail == f"treatment register {session.performed_on:%Y-%m}"


def test_register_is_issued_and_kept_with_number_digest_and_issuer(session, manager):
    browser = Browser(manager)
    page = issued(browser, session)
    document = IssuedDocument.objects.get()
    assert page.messages == [f"Issued: {document}. Open"]
    assert page.path == address(session)
    assert (document.kind, document.number, document.created_by, document.patient) == (
        DocumentKind.TREATMENT_REGISTER,
        "D-000001",
        manager,
        None,
    )
    assert (document.laser, document.month) == (
        session.laser_mode.laser,
        session.performed_on.replace(day=1),
    )
    answer = browser.client.get(page.links["Treatment register D-000001"])
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == document.digest
    assert "D-000001" in words(by_poppler(content))
    opened = AccessRecord.objects.get(kind=AccessKind.DOCUMENT, model="issueddocument")
    assert (opened.user, opened.patient) == (manager, None)


def test_issued_register_stands_in_the_list_and_is_withdrawn_on_its_page(session, clinician):
    browser = Browser(clinician)
    issued(browser, session)
    [row] = browser.open(list_url("issueddocument")).rows
    assert row[:3] == ["D-000001", "Treatment register", "–"]
    page = browser.open(browser.open(address(session)).links["Withdraw"])
    page = browser.post(page.path, page.form | {"reason": "The wrong month."})
    assert page.path.startswith(address(session))
    assert "Treatment register D-000001 entered in error" in page.text
    assert browser.open(page.links["History"]).status == 200


def test_register_that_changed_since_it_was_looked_at_is_not_issued(session, clinician):
    browser = Browser(clinician)
    page = browser.open(address(session))
    [stamp] = page.select("[name=stamp]")
    SessionFactory(by=clinician, laser_mode=session.laser_mode, performed_on=session.performed_on)
    data = {"stamp": stamp["value"], "month": f"{session.performed_on:%Y-%m}", "_issue": "1"}
    page = browser.post(page.path, data)
    assert page.messages == ["Something changed since you looked at it. Check it again."]
    assert not IssuedDocument.objects.exists()


def test_issue_pressed_twice_issues_one_register(session, clinician):
    browser = Browser(clinician)
    page = browser.open(address(session))
    data = {one: page.select(f"[name={one}]")[0]["value"] for one in ("stamp", "token")}
    data |= {"month": f"{session.performed_on:%Y-%m}", "_issue": "1"}
    for _press in range(2):
        browser.post(page.path, data)
    assert IssuedDocument.objects.count() == 1


def test_whoever_may_not_issue_it_reads_what_was_issued(session, clinician, practitioner):
    issued(Browser(clinician), session)
    browser = Browser(practitioner)
    page = browser.open(address(session))
    assert page.select("[name=_issue]") == []
    assert browser.client.get(page.links["Treatment register D-000001"]).status_code == 200
    assert browser.post(page.path, {"_issue": "1"}).status == 403
