"""The exports of other systems: what tells their files, and the headings that mean other there.

All other headings mean what `names` says; the whole rows of headings are in the tests.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class File:
    """One kind of file of a system: the target it is for, headings that tell it from all others
    (all of them must be there), headings with the key of the field meant, "" for none, and what its
    user has to know before it comes in."""

    target: str
    signs: tuple[str, ...]
    meanings: dict[str, str] = field(default_factory=dict)
    advice: str | Promise = ""


@dataclass(frozen=True)
class System:
    key: str
    name: str
    files: tuple[File, ...]


JANE = (
    File(
        "appointments",
        ("start_at", "patient_guid", "staff_member_name"),
        # `id` is the appointment's; the number is the one that staff see.
        {"id": "", "patient_guid": "", "patient_number": "other_number"},
    ),
    File(
        "sessions",
        ("Purchase Date", "Patient Guid", "Income Category"),
        advice=_(
            "A list of sales says what was paid for and when, not which area was treated. For the"
            " visits, export Jane’s appointments. For sessions, keep the lines that are sessions"
            " done on their day, and add columns for the “area” (face, neck, stomach, arms or legs)"
            " and the “laser type”, or say below what holds for all of them."
        ),
    ),
)
PABAU = (
    File("patients", ("DOB", "Medical alerts")),
    File("patients", ("DOB", "Opt-in")),
    File("appointments", ("Client name", "Service", "Employee")),
)
CLINIKO = (
    # `gender` is deprecated there, and what sex an identity goes with is not for us to say.
    File("patients", ("accepted_privacy_policy",), {"gender_identity": ""}),
    File("patients", ("accepted_sms_marketing",), {"gender_identity": ""}),
)
OPENEMR = (File("patients", ("fname", "lname", "DOB"), {"pubpid": "", "language": ""}),)
NOOKAL = (
    File("patients", ("Gender (M/F/O)",), {"Gender (M/F/O)": "sex"}),
    File("patients", ("City / Suburb", "Date Registered")),
)
GOOGLE = (
    File("patients", ("File As", "First Name")),
    File("patients", ("E-mail 1 - Value",)),
    File("patients", ("Phone 1 - Value",)),
)
OUTLOOK = (
    File("patients", ("Business Street", "First Name")),
    File("patients", ("ISDN", "Mobile Phone")),
    # The headings are in the program's language. “Ort” is that of the office.
    File("patients", ("Straße geschäftlich", "Vorname"), {"Ort": ""}),
    File("patients", ("Straße privat", "Vorname"), {"Ort": ""}),
    File("patients", ("Rue (bureau)", "Prénom")),
)
SYSTEMS = {
    system.key: system
    for system in (
        System("jane", "Jane", JANE),
        System("fresha", "Fresha", (File("patients", ("Client ID", "Mobile Number")),)),
        System("pabau", "Pabau", PABAU),
        System("cliniko", "Cliniko", CLINIKO),
        System("openemr", "OpenEMR", OPENEMR),
        System("nookal", "Nookal", NOOKAL),
        System("aestheticc", "Aestheticc", ()),  # headings that many have: chosen, not found
        System(
            "now_book_it", "Now Book It", (File("patients", ("BirthdayDate", "BirthdayMonth")),)
        ),
        System("google", "Google Contacts", GOOGLE),
        System("outlook", "Outlook", OUTLOOK),
        System("fhir", "FHIR", ()),  # told by its content: the headings are those of its rows
    )
}
