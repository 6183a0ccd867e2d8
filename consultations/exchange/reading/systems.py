"""The exports of other systems whose headings are known, where they mean other than they say."""

from dataclasses import dataclass, field
from functools import cached_property

from consultations.models.text import folded


def _plain(heading):
    return folded(heading).replace(" ", "")


@dataclass(frozen=True)
class System:
    """Another system's files.

    `files` has, for each target, the headings of such a file, each with the key of the field it is,
    or with "" where none of ours is meant, whatever its name. `signs` are headings that tell its
    files from all others; all of one of these groups must be there.
    """

    key: str
    name: str
    files: dict[str, dict[str, str]]
    signs: tuple[tuple[str, ...], ...] = field(default=())

    @cached_property
    def headings(self):
        return {_plain(heading) for file in self.files.values() for heading in file}

    def names_of(self, target):
        return {_plain(heading): key for heading, key in self.files.get(target, {}).items()}

    def is_of(self, headings):
        return any(all(_plain(sign) in headings for sign in group) for group in self.signs)

    def sureness(self, headings):
        return len(self.headings.intersection(headings))

    def target_of(self, headings):
        return max(
            self.files, key=lambda one: len(self.names_of(one).keys() & set(headings)), default=None
        )


JANE_APPOINTMENTS = {
    "id": "",
    "location_name": "",
    "start_at": "starts_at",
    "end_at": "ends_at",
    "patient_guid": "",
    "patient_number": "other_number",
    "patient_prefix": "",
    "patient_first_name": "given_name",
    "patient_preferred_name": "preferred_name",
    "patient_last_name": "family_name",
    "treatment_name": "treatment",
    "staff_member_name": "practitioner",
    "break": "",
    "insurance_state": "",
    "state": "status",
    "first_visit": "",
    "chart_status": "",
    "notes_text": "note",
    "booked_at": "",
    "arrived_at": "arrived_at",
    "booked_online": "",
    "archived_at": "",
    "no_show_at": "missed_at",
    "cancelled_at": "cancelled_at",
    "cancelled_reason": "reason_words",
    "referral_source": "",
}
JANE_SALES = {
    "Location": "",
    "Purchase Date": "performed_on",
    "Invoice Date": "",
    "Patient Guid": "other_number",
    "Patient": "full_name",
    "Item": "treatment",
    "Staff Member": "operator_name",
    "Payer": "",
    "Invoice #": "",
    "Income Category": "",
    "Details": "",
    "Status": "",
    "Subtotal": "",
    "Total": "",
    "Collected": "",
    "Balance": "",
}
FRESHA = {
    "Client ID": "other_number",
    "First Name": "given_name",
    "Last Name": "family_name",
    "Email": "email",
    "Mobile Number": "mobile_phone",
    "Telephone": "phone",
    "Gender": "sex",
    "Date of Birth": "date_of_birth",
    "City": "city",
    "Note": "medical_notes",
    "Blocked": "",
    "Added": "",
}
PABAU_CLIENTS = {
    "First name": "given_name",
    "Last name": "family_name",
    "Client name": "full_name",
    "DOB": "date_of_birth",
    "Mobile": "mobile_phone",
    "Email": "email",
    "Medical alerts": "medical_notes",
    "Source": "",
    "Opt-in": "",
}
PABAU_APPOINTMENTS = {
    "Client name": "full_name",
    "Service": "treatment",
    "Employee": "practitioner",
    "Date": "start_day",
    "Start time": "start_time",
    "Status": "status",
}
CLINIKO = {
    "id": "other_number",
    "first_name": "given_name",
    "last_name": "family_name",
    "date_of_birth": "date_of_birth",
    "email": "email",
    "address_1": "address_1",
    "address_2": "address_2",
    "address_3": "address_3",
    "city": "city",
    "country": "country",
    "gender": "sex",
    "gender_identity": "",
    "appointment_notes": "medical_notes",
    "accepted_privacy_policy": "",
    "accepted_sms_marketing": "",
    "archived_at": "",
    "deleted_at": "",
}
OPENEMR = {
    "pid": "other_number",
    "pubpid": "",
    "fname": "given_name",
    "mname": "middle_name",
    "lname": "family_name",
    "DOB": "date_of_birth",
    "sex": "sex",
    "street": "address_1",
    "city": "city",
    "state": "region",
    "postal_code": "postcode",
    "country_code": "country",
    "phone_cell": "mobile_phone",
    "phone_home": "home_phone",
    "phone_biz": "work_phone",
    "email": "email",
    "status": "",
    "language": "",
    "race": "",
    "ethnicity": "",
    "preferred_name": "preferred_name",
    "deceased_date": "",
}
NOOKAL = {
    "Title": "",
    "First Name": "given_name",
    "Middle Name": "middle_name",
    "Last Name": "family_name",
    "Gender (M/F/O)": "sex",
    "Date of Birth": "date_of_birth",
    "Notes": "medical_notes",
    "Date Registered": "",
    "Address Line 1": "address_1",
    "Address Line 2": "address_2",
    "City / Suburb": "city",
    "State": "region",
    "Country": "country",
    "Postcode": "postcode",
    "Home Phone": "home_phone",
    "Mobile Phone": "mobile_phone",
    "Work Phone": "work_phone",
    "Email Address": "email",
}
AESTHETICC = {
    "firstName": "given_name",
    "lastName": "family_name",
    "email": "email",
    "phone": "phone",
    "dateOfBirth": "date_of_birth",
    "address": "address",
    "notes": "medical_notes",
}
NOW_BOOK_IT = {
    "First Name": "given_name",
    "Last Name": "family_name",
    "Phone": "phone",
    "Additional Phone": "home_phone",
    "Email": "email",
    "Street Address": "address_1",
    "Suburb": "city",
    "Postcode": "postcode",
    "BirthdayDate": "birth_day",
    "BirthdayMonth": "birth_month",
    "BirthdayYear": "birth_year",
    "Subscribed": "",
}
GOOGLE_CONTACTS = {
    "First Name": "given_name",
    "Middle Name": "middle_name",
    "Last Name": "family_name",
    "Phonetic First Name": "",
    "Phonetic Middle Name": "",
    "Phonetic Last Name": "",
    "Name Prefix": "",
    "Name Suffix": "",
    "Nickname": "preferred_name",
    "File As": "",
    "Organization Name": "",
    "Organization Title": "",
    "Organization Department": "",
    "Birthday": "date_of_birth",
    "Notes": "medical_notes",
    "Photo": "",
    "Labels": "",
    "E-mail 1 - Label": "",
    "E-mail 1 - Value": "email",
    "Phone 1 - Label": "",
    "Phone 1 - Value": "phone",
    "Phone 2 - Label": "",
    "Phone 2 - Value": "home_phone",
    "Address 1 - Street": "address_1",
    "Address 1 - City": "city",
    "Address 1 - Region": "region",
    "Address 1 - Postal Code": "postcode",
    "Address 1 - Country": "country",
}
OUTLOOK = {
    "Title": "",
    "First Name": "given_name",
    "Middle Name": "middle_name",
    "Last Name": "family_name",
    "Suffix": "",
    "Company": "",
    "Department": "",
    "Job Title": "",
    "Business Street": "",
    "Home Street": "address_1",
    "Home Street 2": "address_2",
    "Home Street 3": "address_3",
    "Home City": "city",
    "Home State": "region",
    "Home Postal Code": "postcode",
    "Home Country/Region": "country",
    "Business Phone": "work_phone",
    "Home Phone": "home_phone",
    "Home Phone 2": "",
    "ISDN": "",
    "Mobile Phone": "mobile_phone",
    "Birthday": "date_of_birth",
    "E-mail Address": "email",
    "Gender": "sex",
    "Notes": "medical_notes",
}
SYSTEMS = {
    system.key: system
    for system in (
        System(
            "jane",
            "Jane",
            {"appointments": JANE_APPOINTMENTS, "sessions": JANE_SALES},
            (
                ("start_at", "patient_guid", "staff_member_name"),
                ("Purchase Date", "Patient Guid", "Income Category"),
            ),
        ),
        System("fresha", "Fresha", {"patients": FRESHA}, (("Client ID", "Mobile Number"),)),
        System(
            "pabau",
            "Pabau",
            {"patients": PABAU_CLIENTS, "appointments": PABAU_APPOINTMENTS},
            (
                ("Medical alerts", "DOB"),
                ("Opt-in", "DOB"),
                ("Client name", "Service", "Employee"),
            ),
        ),
        System(
            "cliniko",
            "Cliniko",
            {"patients": CLINIKO},
            (("accepted_privacy_policy",), ("accepted_sms_marketing",), ("address_3", "id")),
        ),
        System("openemr", "OpenEMR", {"patients": OPENEMR}, (("fname", "lname", "DOB"),)),
        System(
            "nookal",
            "Nookal",
            {"patients": NOOKAL},
            (("Gender (M/F/O)",), ("City / Suburb", "Date Registered")),
        ),
        System("aestheticc", "Aestheticc", {"patients": AESTHETICC}),
        System(
            "now_book_it",
            "Now Book It",
            {"patients": NOW_BOOK_IT},
            (("BirthdayDate", "BirthdayMonth"),),
        ),
        System(
            "google",
            "Google Contacts",
            {"patients": GOOGLE_CONTACTS},
            (("File As", "First Name"), ("E-mail 1 - Value",)),
        ),
        System(
            "outlook",
            "Outlook",
            {"patients": OUTLOOK},
            (("Business Street", "First Name"), ("ISDN", "Mobile Phone")),
        ),
    )
}
