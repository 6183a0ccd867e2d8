"""What columns are taken for: our own templates, and the exports of other systems."""

import pytest

from consultations.exchange.reading.columns import match, template, template_rows
from consultations.exchange.reading.fields import TARGETS, fields
from consultations.exchange.reading.tables import Table
from consultations.exchange.reading.values import decide, parse


def of(headings):
    """A table with these headings."""
    return Table("x.csv", tuple(one.strip() for one in headings.split(",")), ())


def taken(matching, table):
    """What was taken for what, by headings."""
    return {table.headings[place]: key for place, key in matching.mapping.items()}


PEOPLE = {
    "openemr": (
        "pid,pubpid,fname,mname,lname,DOB,sex,street,city,state,postal_code,country_code,"
        "phone_cell,email,status,language,race,ethnicity,preferred_name,deceased_date",
        "other_number,,given_name,middle_name,family_name,date_of_birth,sex,address_1,city,region,"
        "postcode,country,mobile_phone,email,,,,,preferred_name,",
    ),
    "cliniko": (
        "first_name,last_name,date_of_birth,email,address_1,address_2,address_3,city,country,"
        "gender,gender_identity,appointment_notes,accepted_privacy_policy,accepted_sms_marketing,"
        "archived_at,deleted_at,id",
        "given_name,family_name,date_of_birth,email,address_1,address_2,address_3,city,country,"
        "sex,,medical_notes,,,,,other_number",
    ),
    "fresha": (
        "Client ID,First Name,Last Name,Email,Mobile Number,Telephone,Gender,Date of Birth,City,"
        "Note,Blocked,Added",
        "other_number,given_name,family_name,email,mobile_phone,phone,sex,date_of_birth,city,"
        "medical_notes,,",
    ),
    "pabau": (
        "First name,Last name,DOB,Mobile,Email,Medical alerts,Source,Opt-in",
        "given_name,family_name,date_of_birth,mobile_phone,email,medical_notes,,",
    ),
    "nookal": (
        "Title,First Name,Middle Name,Last Name,Gender (M/F/O),Date of Birth,Notes,"
        "Date Registered,Address Line 1,Address Line 2,City / Suburb,State,Country,Postcode,"
        "Home Phone,Mobile Phone,Work Phone,Email Address",
        ",given_name,middle_name,family_name,sex,date_of_birth,medical_notes,,address_1,address_2,"
        "city,region,country,postcode,home_phone,mobile_phone,work_phone,email",
    ),
    "now_book_it": (
        "First Name,Last Name,Phone,Additional Phone,Email,Street Address,Suburb,Postcode,"
        "BirthdayDate,BirthdayMonth,BirthdayYear,Subscribed",
        "given_name,family_name,phone,home_phone,email,address_1,city,postcode,birth_day,"
        "birth_month,birth_year,",
    ),
    "google": (
        "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,"
        "Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,"
        "Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,"
        "E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Street",
        "given_name,middle_name,family_name,,,,,,preferred_name,,,,,date_of_birth,medical_notes,,,"
        ",email,,phone,address_1",
    ),
    "outlook": (
        "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,"
        "Business Street,Home Phone,Home Phone 2,ISDN,Mobile Phone,Birthday,E-mail Address",
        ",given_name,middle_name,family_name,,,,,,home_phone,other_phone,,mobile_phone,"
        "date_of_birth,email",
    ),
    # By their headings alone.
    "": (
        "firstName,lastName,email,phone,dateOfBirth,address,notes",
        "given_name,family_name,email,phone,date_of_birth,address,medical_notes",
    ),
    " Reservation Studio": (
        "First Name,Last Name,Phone number,Email,Birthdate,Gender,City,Address,Note",
        "given_name,family_name,phone,email,date_of_birth,sex,city,address,medical_notes",
    ),
    " SalonTrac": (
        "ClientID,LastName,FirstName,Address,PhoneNumber,Birthday,Firstvisit,LastVisit",
        "other_number,family_name,given_name,address,phone,date_of_birth,,",
    ),
    " SMS Central": (
        "mobile phone,first name,last name,email address,date of birth,country,custom 1",
        "mobile_phone,given_name,family_name,email,date_of_birth,country,",
    ),
    " MessageSpring": (
        "unique_id,first_name,last_name,date_of_birth,gender,phone_number",
        "other_number,given_name,family_name,date_of_birth,sex,phone",
    ),
    " Timely": (
        "First name,Last name,Email,Mobile number,Date of birth,Street address,Suburb,Post code",
        "given_name,family_name,email,mobile_phone,date_of_birth,address_1,city,postcode",
    ),
    " like Jane’s list": (
        "First Name,Last Name,Birth Date,Street Address,City,Province,Postal,Country",
        "given_name,family_name,date_of_birth,address_1,city,region,postcode,country",
    ),
    " German": (
        "Kundennummer;Nachname;Vorname;Geburtsdatum;Geschlecht;Straße;PLZ;Ort;Handy;E-Mail;"
        "Hauttyp".replace(";", ","),
        "other_number,family_name,given_name,date_of_birth,sex,address_1,postcode,city,"
        "mobile_phone,email,phototype",
    ),
    " French": (
        "NOM,Prénom,Date de naissance,Sexe,Téléphone portable,Adresse e-mail,Code postal,Ville",
        "family_name,given_name,date_of_birth,sex,mobile_phone,email,postcode,city",
    ),
    " Spanish": (
        "Apellidos,Nombre,Fecha de nacimiento,Sexo,Teléfono móvil,Correo electrónico,Dirección",
        "family_name,given_name,date_of_birth,sex,mobile_phone,email,address",
    ),
}


# By the language of the program.
OUTLOOK = {
    "German": (
        "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Straße geschäftlich,"
        "Ort geschäftlich,Straße privat,Straße privat 2,Ort privat,Bundesland/Kanton privat,"
        "Postleitzahl privat,Land/Region privat,Telefon geschäftlich,Telefon privat,"
        "Telefon privat 2,ISDN,Mobiltelefon,E-Mail-Adresse,E-Mail-Typ,E-Mail 2: Adresse,"
        "Geburtstag,Geschlecht,Notizen,Ort",
        ",given_name,middle_name,family_name,,,,,address_1,address_2,city,region,postcode,country,"
        "work_phone,home_phone,other_phone,,mobile_phone,email,,other_email,date_of_birth,sex,"
        "medical_notes,",
    ),
    "German, private addresses alone": (
        "Vorname,Weitere Vornamen,Nachname,Straße privat,Ort privat,PLZ privat,Geburtstag",
        "given_name,middle_name,family_name,address_1,city,postcode,date_of_birth",
    ),
    "French": (
        "Prénom,Deuxième prénom,Nom,Suffixe,Société,Titre,Rue (bureau),Ville (bureau),"
        "Rue (domicile),Rue (domicile) 2,Ville (domicile),Dép/Région (domicile),"
        "Code postal (domicile),Pays/Région (domicile),Téléphone (bureau),Téléphone (domicile),"
        "Téléphone 2 (domicile),RNIS,Tél. mobile,Adresse de messagerie,Type de messagerie,"
        "Adresse de messagerie 2,Anniversaire,Notes,Sexe",
        "given_name,middle_name,family_name,,,,,,address_1,address_2,city,region,postcode,country,"
        "work_phone,home_phone,other_phone,,mobile_phone,email,,other_email,date_of_birth,"
        "medical_notes,sex",
    ),
}


@pytest.mark.parametrize("language", OUTLOOK)
def test_headings_of_outlook_are_in_the_language_of_the_program(language):
    headings, keys = (text.split(",") for text in OUTLOOK[language])
    table = of(OUTLOOK[language][0])
    matching = match(table)
    assert (matching.target, matching.system, matching.missing) == ("patients", "outlook", ())
    known = dict(zip(headings, keys, strict=True))
    assert taken(matching, table) == {heading: key for heading, key in known.items() if key}


@pytest.mark.parametrize("system", PEOPLE)
def test_patients_of_other_systems(system):
    headings, keys = (text.split(",") for text in PEOPLE[system])
    matching = match(of(PEOPLE[system][0]))
    assert (matching.target, matching.system, matching.missing) == (
        "patients",
        "" if system.startswith(" ") else system,
        (),
    )
    known = dict(zip(headings, keys, strict=True))
    assert taken(matching, of(PEOPLE[system][0])) == {
        heading: key for heading, key in known.items() if key
    }
    assert matching.unmatched == {
        place: heading for place, heading in enumerate(headings) if not known[heading]
    }


def test_appointments_of_jane():
    table = of(
        "id,location_name,start_at,end_at,patient_guid,patient_number,patient_prefix,"
        "patient_first_name,patient_preferred_name,patient_last_name,treatment_name,"
        "staff_member_name,break,insurance_state,state,first_visit,chart_status,notes_text,"
        "booked_at,arrived_at,booked_online,archived_at,no_show_at,cancelled_at,cancelled_reason,"
        "referral_source"
    )
    matching = match(table)
    assert (matching.target, matching.system, matching.missing) == ("appointments", "jane", ())
    assert taken(matching, table) == {
        "start_at": "starts_at",
        "end_at": "ends_at",
        "patient_number": "other_number",
        "patient_first_name": "given_name",
        "patient_last_name": "family_name",
        "treatment_name": "treatment",
        "staff_member_name": "practitioner",
        "break": "is_break",
        "state": "status",
        "arrived_at": "arrived_at",
        "archived_at": "archived_at",
        "no_show_at": "missed_at",
        "cancelled_at": "cancelled_at",
        "cancelled_reason": "reason_words",
    }


def test_sales_of_jane_do_not_say_which_area():
    table = of(
        "Location,Purchase Date,Invoice Date,Patient Guid,Patient,Item,Staff Member,Payer,"
        "Invoice #,Income Category,Details,Status,Subtotal,Total,Collected,Balance"
    )
    matching = match(table)
    assert (matching.target, matching.system) == ("sessions", "jane")
    assert [field.key for field in matching.missing] == ["area", "laser_type"]
    assert matching.advice.startswith("A list of sales says what was paid for and when, not which")
    assert taken(matching, table) == {
        "Purchase Date": "performed_on",
        "Patient Guid": "other_number",
        "Patient": "full_name",
        "Item": "treatment",
        "Staff Member": "operator_name",
    }


def test_appointments_of_pabau():
    table = of("Client name,Service,Employee,Date,Start time,Status")
    matching = match(table)
    assert (matching.target, matching.system, matching.missing) == ("appointments", "pabau", ())
    assert taken(matching, table) == {
        "Client name": "full_name",
        "Service": "treatment",
        "Employee": "practitioner",
        "Date": "start_day",
        "Start time": "start_time",
        "Status": "status",
    }


@pytest.mark.parametrize("target", TARGETS)
def test_own_templates_are_taken_whole(target):
    matching = match(Table("x.csv", template(target), ()))
    assert (matching.target, matching.system, matching.unmatched, matching.missing) == (
        target,
        "own",
        {},
        (),
    )
    assert tuple(matching.mapping.values()) == template(target)


@pytest.mark.parametrize("target", TARGETS)
def test_labels_are_headings_too(target):
    known = fields(target)
    labels = [str(known[key].label) for key in template(target)]
    matching = match(Table("x.csv", tuple(labels), ()), target=target)
    assert tuple(matching.mapping.values()) == template(target)


@pytest.mark.parametrize("target", TARGETS)
def test_the_example_of_a_template_can_be_read(target):
    ((*example,),) = template_rows(target)
    known = fields(target)
    read = {
        key: parse(known[key], cell, decide(known[key], [cell]))
        for key, cell in zip(template(target), example, strict=True)
    }
    filled = {key for key, cell in zip(template(target), example, strict=True) if cell}
    assert {key for key, value in read.items() if value not in {None, ""}} == filled


def test_what_is_missing_is_told():
    matching = match(of("first name,phone,shoe size"), target="appointments")
    assert matching.mapping == {0: "given_name"}
    assert matching.unmatched == {1: "phone", 2: "shoe size"}
    assert [field.key for field in matching.missing] == ["record_number", "starts_at"]


def test_a_second_column_of_one_field_is_left_to_the_user():
    matching = match(of("email,E-Mail address,surname,dob"))
    assert matching.mapping == {0: "email", 2: "family_name", 3: "date_of_birth"}
    assert matching.unmatched == {1: "E-Mail address"}


def test_a_format_is_one_we_know():
    assert match(of("first name,last name,dob"), "fresha").system == "fresha"
    with pytest.raises(KeyError):
        match(of("first name"), "other")
