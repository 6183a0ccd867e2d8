"""Pages on paper: printed to PDF as the browser does, and read back sheet by sheet."""

import os
import re
import shutil
import subprocess
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.actions.signing import sign
from consultations.models.text import day_in_words
from consultations.summaries.today import SHOWN
from tests.admin.browsing import change_url, page_url
from tests.factories import (
    AssessmentFactory,
    ClinicSettingsFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

CLINIC = "Clear Skin   12 High Street, London   020 7946 0000"
LONG = "\n".join(f"Line {number} of what was said." for number in range(1, 151))
CONTROLS = "button, .button, .submit-row a, .object-tools a, nav:not(:has(.breadcrumbs)) a"


@pytest.fixture(autouse=True)
def clinic(db):
    place = {"address": "12 High Street\nLondon", "phone": "020 7946 0000"}
    return ClinicSettingsFactory(name="Clear Skin", **place)


@pytest.fixture
def patient(practitioner):
    return PatientFactory(family_name="Oka", given_name="Ada", date_of_birth=date(1970, 2, 3))


@pytest.fixture
def unsigned(patient, clinician):
    """Everything answered by lists, buttons and words, and one answer in a folded part."""
    return AssessmentFactory(
        by=clinician,
        consultation__patient=patient,
        consultation__notes=LONG,
        consultation__consulted_on=date(2026, 3, 2),
        consultation__pregnant=False,
        surgery_kind="lift",
        surgery_on=date(2025, 6, 7),
    ).consultation


def sheets(screen, url):
    """The words of each sheet, as they lie on it."""
    if shutil.which("pdftotext") is None and "CI" not in os.environ:
        pytest.skip("pdftotext is missing: on Debian, apt-get install poppler-utils")
    pdf = screen.open(url).page.pdf(prefer_css_page_size=True, tagged=True)
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True)
    return told.stdout.decode().split("\f")[:-1]


def one_line(text):
    return " ".join(text.split())


def assert_heads(found, *heads):
    """That each sheet has these words, and which of how many it is."""
    for number, sheet in enumerate(found, start=1):
        words = one_line(sheet)
        missing = [head for head in map(one_line, heads) if head not in words]
        assert missing == [], sheet
        assert words.endswith(f"Page {number} of {len(found)}"), sheet


def of_the_patient(patient):
    return f"Oka, Ada Born 3 Feb 1970 {patient.record_number}"


def chart(patient, consultation):
    PlanFactory.create_batch(3, assessment__consultation__patient=patient)
    return page_url(patient, "chart")


def signed(patient, consultation):
    sign(record=consultation, by=consultation.clinician)
    return change_url(consultation)


PAGES = {
    "chart": chart,
    "signed": signed,
    "unsigned": lambda patient, consultation: change_url(consultation),
    "patient": lambda patient, consultation: change_url(patient),
    "history": lambda patient, consultation: page_url(consultation, "history"),
    "photos": lambda patient, consultation: page_url(patient, "photos"),
    "visit": lambda patient, consultation: page_url(patient, "visit"),
}


@pytest.mark.parametrize("page", PAGES)
def test_each_sheet_says_whose_it_is(screen_of, clinician, patient, unsigned, page):
    found = sheets(screen_of(clinician), PAGES[page](patient, unsigned))
    assert_heads(found, CLINIC, of_the_patient(patient), f"printed by {clinician.username}")


def test_page_printed_when_it_was_opened_says_so_once(screen_of, clinician):
    first = one_line(sheets(screen_of(clinician), reverse("admin:index"))[0])
    moment = re.search(r"As of (.+?), printed by", first)[1]
    assert first.count(moment) == 1


def test_no_table_of_figures_is_torn(screen_of, manager):
    found = sheets(screen_of(manager), reverse("admin:consultations_figures"))
    for title, last in (("By weekday", "Sunday"), ("Grade before and after", "Legs")):
        assert [last in sheet for sheet in found if title in one_line(sheet)] == [True]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_to_press_is_printed(screen_of, clinician, patient, unsigned, page):
    screen = screen_of(clinician)
    found = sheets(screen, PAGES[page](patient, unsigned))
    lines = {line.strip() for sheet in found for line in re.split(r"\n|   +", sheet)}
    pressed = {one_line(words) for words in screen.page.locator(CONTROLS).all_text_contents()}
    assert lines & (pressed - {""}) == set()


@pytest.mark.parametrize(
    "name", ["index", "consultations_patient_changelist", "consultations_rulebook"]
)
def test_pages_about_nobody_have_the_clinic_and_their_number(screen_of, clinician, patient, name):
    found = sheets(screen_of(clinician), reverse(f"admin:{name}"))
    assert_heads(found, CLINIC, f"printed by {clinician.username}")
    assert not any("Born" in sheet for sheet in found)


@pytest.mark.parametrize("page", ["unsigned", "signed"])
def test_long_answers_are_printed_to_their_last_line(screen_of, clinician, patient, unsigned, page):
    text = "\n".join(sheets(screen_of(clinician), PAGES[page](patient, unsigned)))
    told = [int(number) for number in re.findall(r"Line (\d+) of what was said\.", text)]
    assert told == list(range(1, 151))


def test_answers_are_marked_and_days_are_words(screen_of, clinician, unsigned):
    text = one_line(" ".join(sheets(screen_of(clinician), change_url(unsigned))))
    assert "Mon 2 Mar 2026" in text
    assert re.search(r"Pregnant .*?✓\s*No", text)


def test_what_is_folded_on_the_screen_is_printed(screen_of, clinician, unsigned):
    text = one_line(" ".join(sheets(screen_of(clinician), change_url(unsigned))))
    assert "Sat 7 Jun 2025" in text
    assert "Lift" in text


def test_without_script_the_form_is_a_document_too(screen_of, clinician, patient, unsigned):
    unsigned.notes = "Said so."
    unsigned.save(by=clinician)
    found = sheets(screen_of(clinician, java_script_enabled=False), change_url(unsigned))
    assert_heads(found, CLINIC, of_the_patient(patient))
    assert "Said so." in " ".join(found)


def test_dark_mode_prints_black_on_white(screen_of, clinician, unsigned):
    page = screen_of(clinician, color_scheme="dark").open(change_url(unsigned)).page
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print", color_scheme="dark")
    looks = page.locator("body").evaluate(
        "one => { const s = getComputedStyle(one); return [s.color, s.backgroundColor] }"
    )
    assert looks == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_a_list_prints_all_its_rows_under_their_heads(screen_of, clinician):
    rows = PatientFactory.create_batch(50)
    found = sheets(screen_of(clinician), reverse("admin:consultations_patient_changelist"))
    assert_heads(found, CLINIC, "Record number Date of birth")
    assert [one for one in rows if one.record_number not in " ".join(found)] == []
    assert "1–50 of 50" in found[-1]


def test_a_list_says_what_it_was_narrowed_to(screen_of, clinician):
    session = SessionFactory(plan__assessment__area="neck")
    url = reverse("admin:consultations_treatmentsession_changelist", query={"area": "neck"})
    [sheet] = sheets(screen_of(clinician), url)
    assert "Area Neck" in one_line(sheet)
    assert day_in_words(session.day) in sheet


def test_totals_of_the_register_stand_once_after_the_last_row(screen_of, manager):
    mode = LaserModeFactory(laser__name="Gentle", laser__serial_number="SN-7")
    SessionFactory.create_batch(40, laser_mode=mode, performed_on=date(2026, 3, 2))
    url = f"{page_url(mode.laser, 'register')}?month=2026-03"
    found = sheets(screen_of(manager), url)
    assert_heads(found, CLINIC, "Treatment register · Gentle (SN-7) · March 2026", "Day Patient")
    text = "".join(found)
    assert text.count("Eyewear not recorded") == 1
    assert text.rindex("2 Mar 2026") < text.index("Eyewear not recorded")


def test_what_was_chosen_from_a_list_is_printed_once(screen_of, practitioner):
    session = SessionFactory(by=practitioner, laser_mode__name="A mode of its own")
    text = one_line(" ".join(sheets(screen_of(practitioner), change_url(session))))
    assert text.count("A mode of its own") == 1


def test_today_says_that_more_is_not_on_paper(screen_of, reception):
    day = timezone.localdate() - timedelta(days=30)
    PlanFactory.create_batch(SHOWN + 1, next_due_on=day)
    text = one_line(" ".join(sheets(screen_of(reception), reverse("admin:index"))))
    assert f"Only the first {SHOWN} are shown." in text


def test_a_patient_entered_in_error_is_printed_as_such(screen_of, manager):
    told = {"entered_in_error_by": manager, "entered_in_error_reason": "Twice here."}
    patient = PatientFactory(entered_in_error_at=timezone.now(), **told)
    found = sheets(screen_of(manager), change_url(patient))
    assert_heads(found, f"{patient.record_number} entered in error")


def test_the_longest_names_and_address_still_stand_on_each_sheet(screen_of, clinician, clinic):
    clinic.name, clinic.address = "Clinic " * 28, "\n".join(["Some street"] * 41)
    clinic.save(by=clinician)
    patient = PatientFactory(family_name="Name " * 20, given_name="Given " * 16)
    url = change_url(AssessmentFactory(consultation__patient=patient).consultation)
    assert_heads(sheets(screen_of(clinician), url), clinic.name, patient.full_name)
