"""Clinic settings: one form for the manager, added once, and nobody overwritten."""

import io
from datetime import date, timedelta

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from consultations.documents.sheet import sheet
from consultations.documents.typesetting import pdf_of
from consultations.models import ClinicSettings
from tests.factories import (
    ClinicSettingsFactory,
    ConsultationFactory,
    ErasureFactory,
    PatientFactory,
)
from tests.pictures import picture, upload

from .browsing import Browser, add_url, change_url, list_url

pytestmark = pytest.mark.django_db

DUE = list_url("clinicsettings") + "due-for-erasure/"
LONG_AGO = timezone.now() - timedelta(days=11 * 365)


@pytest.fixture
def browser(manager):
    return Browser(manager)


def test_the_list_leads_to_a_new_form_and_then_to_the_one_row(browser, manager):
    assert browser.open(list_url("clinicsettings")).path == add_url("clinicsettings")
    page = browser.fill(add_url("clinicsettings"), {"name": "At the park", "retention_years": "12"})
    settings = ClinicSettings.objects.get()
    assert page.path == change_url(settings)
    assert browser.open(list_url("clinicsettings")).path == change_url(settings)
    assert (settings.pk, settings.name, settings.retention_years) == (1, "At the park", 12)
    assert settings.created_by == manager


def test_country_is_chosen_among_those_whose_phones_are_known(browser):
    settings = ClinicSettingsFactory()
    page = browser.fill(change_url(settings), {"country": "DE"})
    assert page.errors == {}
    page = browser.fill(change_url(settings), {"country": "XX"})
    assert list(page.errors) == ["country"]
    settings.refresh_from_db()
    assert settings.country == "DE"


def test_settings_that_somebody_else_saved_first(browser):
    data = browser.open(add_url("clinicsettings")).form
    ClinicSettingsFactory(name="Theirs")
    page = browser.post(add_url("clinicsettings"), data | {"name": "Mine", "_save": "1"})
    assert page.errors["name"] == ["Now: Theirs"]
    assert page.form["name"] == "Mine"
    assert ClinicSettings.objects.get().name == "Theirs"
    browser.post(add_url("clinicsettings"), page.form | {"_save": "1"})
    assert ClinicSettings.objects.get().name == "Mine"


def test_a_stale_form_is_refused(browser):
    settings = ClinicSettingsFactory()
    data = browser.open(change_url(settings)).form
    browser.fill(change_url(settings), {"retention_years": "20"})
    page = browser.post(change_url(settings), data | {"retention_years": "21"})
    assert page.errors["retention_years"] == ["Now: 20"]
    assert ClinicSettings.objects.get().retention_years == 20


@pytest.mark.parametrize("years", ["0", "101", "many", ""])
def test_a_period_out_of_range(browser, years):
    page = browser.fill(change_url(ClinicSettingsFactory()), {"retention_years": years})
    assert list(page.errors) == ["retention_years"]


def test_a_shorter_period_needs_a_reason_and_the_history_keeps_it(browser):
    settings = ClinicSettingsFactory(retention_years=20)
    page = browser.fill(change_url(settings), {"retention_years": "9"})
    assert page.errors == {"shortening_reason": ["Say why records are kept for less time."]}
    shorter = {"retention_years": "9", "shortening_reason": "New advice."}
    assert browser.fill(change_url(settings), shorter).errors == {}
    settings.refresh_from_db()
    assert settings.retention_years == 9
    assert settings.history.latest().history_change_reason == "New advice."
    assert browser.fill(change_url(settings), {"retention_years": "10"}).errors == {}


def test_the_first_settings_are_not_shorter_without_a_reason_either(browser):
    page = browser.fill(add_url("clinicsettings"), {"retention_years": "9"})
    assert list(page.errors) == ["shortening_reason"]


def test_no_period_is_below_the_floor(browser):
    shorter = {"retention_years": "7", "shortening_reason": "Less to keep."}
    page = browser.fill(change_url(ClinicSettingsFactory()), shorter)
    assert page.errors == {"retention_years": ["At least 8 years."]}


def test_settings_are_not_marked_as_in_error(admin):
    settings = ClinicSettingsFactory()
    browser = Browser(admin)
    page = browser.open(change_url(settings))
    assert "Entered in error" not in page.links
    url = change_url(settings).replace("/change/", "/entered-in-error/")
    page = browser.fill(url, {"reason": "No."})
    assert "A clinic always has its settings. Change them instead." in page.text


def test_records_past_retention_are_listed_with_the_way_to_erase(browser):
    due = PatientFactory(created_at=LONG_AGO)
    seen = PatientFactory(created_at=LONG_AGO)
    ConsultationFactory(patient=seen, consulted_on=timezone.localdate())
    page = browser.open(browser.open(add_url("clinicsettings")).links["Records past retention"])
    assert page.path == DUE
    assert [row[0] for row in page.rows] == [due.record_number]
    assert due.record_number in page.links
    assert browser.open(page.links[due.record_number]).status == 200


def test_a_longer_list_goes_on(browser, monkeypatch):
    monkeypatch.setattr("consultations.trust.retention.AT_ONCE", 2)
    patients = [PatientFactory(created_at=LONG_AGO) for _number in range(3)]
    first = browser.open(DUE)
    second = browser.open(DUE + first.links["Next page"])
    numbers = [row[0] for page in (first, second) for row in page.rows]
    assert numbers == [one.record_number for one in patients]
    assert "Next page" not in second.links
    assert browser.open(DUE + "?after=x").rows == first.rows


def test_what_was_erased_is_found_from_there(browser):
    tombstone = ErasureFactory()
    page = browser.open(browser.open(DUE).links["Erased so far"])
    assert tombstone.reason in page.text


def test_nobody_is_due(browser):
    PatientFactory()
    assert "No record here is past retention." in browser.open(DUE).text


LOGO = reverse("admin:consultations_clinicsettings_logo")
NARROW = "The picture is too narrow for a letter’s head: one side is over 8 times the other."


@pytest.mark.parametrize("mode", ["CMYK", "RGB", "L"])
def test_logo_is_kept_as_rgb_png_and_printed(browser, mode):
    logo = upload(picture(mode=mode, colour=0), "logo.jpg")
    page = browser.send(LOGO, {"logo": logo})
    assert page.messages == ["The logo was changed."]
    clinic = ClinicSettings.objects.get()
    with Image.open(clinic.logo) as kept:
        assert (kept.format, kept.mode) == ("PNG", "RGB")
    data = sheet(title="Title", identity="", day=date(2026, 11, 30), number="")
    pictures = pypdf.PdfReader(io.BytesIO(pdf_of("paper", data))).pages[0].images
    assert len(pictures) == 1


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"no picture"])
def test_logo_that_is_no_picture_is_refused_in_words(browser, content):
    page = browser.send(LOGO, {"logo": upload(content, "logo.png")})
    assert page.errors == {"logo": ["This is not a JPEG, PNG, WebP or HEIC picture."]}
    assert not ClinicSettings.objects.exists()


def test_no_logo_is_a_message_beside_the_field(browser):
    assert browser.send(LOGO, {}).errors == {"logo": ["This field is required."]}


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ((1, 1), "The picture is too small to be printed. Each side needs 24 pixels."),
        ((23, 60), "The picture is too small to be printed. Each side needs 24 pixels."),
        ((30000, 20), NARROW),
        ((40, 321), NARROW),
        ((24, 192), None),
    ],
)
def test_logo_of_absurd_measures_is_refused_in_words(browser, size, told):
    page = browser.send(LOGO, {"logo": upload(picture(size, kind="PNG"), "logo.png")})
    assert page.errors == ({"logo": [told]} if told else {})
    assert ClinicSettings.objects.exists() == (told is None)


def test_logo_is_taken_off_once_somebody_is_sure(browser):
    browser.send(LOGO, {"logo": upload(picture())})
    page = browser.post(LOGO, {"remove": "1"})
    assert "Take the logo off?" in page.text
    assert ClinicSettings.objects.get().logo
    page = browser.post(LOGO, page.form | {"sure": "1"})
    assert page.messages == ["No logo is printed any more."]
    assert ClinicSettings.objects.get().logo == ""
