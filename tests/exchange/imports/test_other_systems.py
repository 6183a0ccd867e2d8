"""Files of other systems, with the values as each writes them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from consultations.exchange.imports import checking
from consultations.exchange.imports.column_readings import UnclearColumnsError
from consultations.models import Patient, TreatmentSession
from tests.factories import AssessmentFactory, PatientFactory

from .files import saved, staged

pytestmark = pytest.mark.django_db


def born():
    return [*Patient.objects.order_by("pk").values_list("family_name", "date_of_birth")]


def test_sms_central_writes_two_digits_of_the_year_behind_day_and_month():
    saved(
        "mobile phone,first name,last name,email address,date of birth,country,custom 1\n"
        "61412000001,Ann,Smith,ann@example.com,25/12/80,Australia,x\n"
        "61412000002,Ida,Lee,,03/04/06,Australia,\n"
        "61412000003,Old,Jones,,01/02/27,Australia,\n"
    )
    # A birth is past: 27 is 1927 as long as 2027 is to come.
    assert born() == [
        ("Smith", date(1980, 12, 25)),
        ("Lee", date(2006, 4, 3)),
        ("Jones", date(1927, 2, 1)),
    ]


def test_messagespring_writes_the_month_first():
    saved(
        "unique_id,first_name,last_name,date_of_birth,gender,phone_number\n"
        "a1,Ann,Smith,12-25-1980,F,555 0100\na2,Ida,Lee,04-03-1981,F,555 0101\n"
    )
    assert born() == [("Smith", date(1980, 12, 25)), ("Lee", date(1981, 4, 3))]


def test_messagespring_is_asked_about_where_no_day_tells():
    batch = staged("unique_id,first_name,last_name,date_of_birth,gender\na2,Ida,Lee,04-03-1981,F\n")
    with pytest.raises(UnclearColumnsError) as asked:
        checking.check(batch, by=batch.made_by)
    assert [one.examples for one in asked.value.questions] == [
        {"day": ["04-03-1981: 4 Mar 1981"], "month": ["04-03-1981: 3 Apr 1981"]}
    ]


def test_google_contacts_keep_every_email_and_phone():
    saved(
        "First Name,Middle Name,Last Name,Nickname,File As,Birthday,Notes,Labels,E-mail 1 - Label,"
        "E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
        "Phone 2 - Label,Phone 2 - Value,Phone 3 - Label,Phone 3 - Value\n"
        "Ann,Mary,Smith,,,1980-03-05,Likes tea,* myContacts,* Home,"
        "ann@example.com ::: a@example.com,Work,work@example.com,Mobile,020 7946 0001,Home,"
        "020 7946 0002,Work,020 7946 0003\n"
    )
    patient = Patient.objects.get()
    assert (patient.full_name, patient.email, patient.phone, patient.medical_notes) == (
        "Smith, Ann Mary",
        "ann@example.com",
        "020 7946 0001 / 020 7946 0002",
        "Likes tea\nPhone: 020 7946 0003\nE-mail: a@example.com\nE-mail: work@example.com",
    )


def test_outlook_in_german():
    text = (
        "Anrede,Vorname,Weitere Vornamen,Nachname,Straße geschäftlich,Straße privat,Ort privat,"
        "Postleitzahl privat,Telefon privat,Mobiltelefon,E-Mail-Adresse,E-Mail 2: Adresse,"
        "Geburtstag,Geschlecht,Ort,Notizen\n"
        "Frau,Anna,Maria,Schmidt,Weg 1,Straße 2,Köln,50667,0221 0001,0170 0001,a@example.com,"
        "b@example.com,31.1.1980,Weiblich,Büro 3,Tee\n"
    )
    saved(text.encode("cp1252"), "kontakte.csv")
    patient = Patient.objects.get()
    assert (patient.full_name, patient.date_of_birth, patient.sex, patient.address) == (
        "Schmidt, Anna Maria",
        date(1980, 1, 31),
        "female",
        "Straße 2\nKöln 50667",
    )
    assert (patient.phone, patient.email, patient.medical_notes) == (
        "0170 0001 / 0221 0001",
        "a@example.com",
        "Tee\nE-mail: b@example.com",
    )


def test_sales_of_jane_say_what_they_lack_before_anything_is_checked():
    batch = staged(
        "Location,Purchase Date,Invoice Date,Patient Guid,Patient,Item,Staff Member,Payer,"
        "Invoice #,Income Category,Details,Status,Subtotal,Total,Collected,Balance\n"
        "Main,2026-01-31,2026-01-31,g-17,Ann Smith,Neck laser,Dr X,Ann Smith,1,Laser,,paid,120,"
        "120,120,0\n"
    )
    assert "add columns for the “area” (face, neck, stomach, arms or legs)" in batch.notes[0]
    with pytest.raises(ValidationError, match="No column was taken for: area, laser type"):
        checking.check(batch, by=batch.made_by)


def test_sales_of_jane_come_in_as_sessions_once_they_say_who_and_where():
    ann = PatientFactory(given_name="Ann", family_name="Smith")
    seen = {"consultation__patient": ann, "consultation__consulted_on": date(2025, 1, 5)}
    area = AssessmentFactory(area="neck", **seen)
    saved(
        "area,laser type,Purchase Date,Patient Guid,Patient,Item,Income Category\n"
        "neck,Non-ablative,2026-01-31,g-17,Ann Smith,Neck laser,L\n",
        decision="same",
    )
    session = TreatmentSession.objects.get()
    assert (session.plan.assessment, session.performed_on) == (area, date(2026, 1, 31))
