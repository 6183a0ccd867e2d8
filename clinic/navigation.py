"""Navigation in the admin: the menu, and the Clinic page with all other lists."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MENU = (
    "Patient",
    "Consultation",
    "SurgicalReferral",
    "TreatmentPlan",
    "TreatmentSession",
    "FollowUp",
)
# What the Clinic page says about each list, in its order.
RECORDS = {
    "Appointment": gettext_lazy("Who came and who comes, with what became of it"),
    "ReferralSending": gettext_lazy("To whom referrals were sent, and what was answered"),
    "AdverseEvent": gettext_lazy("Reactions and complications, open and resolved"),
    "TestPatch": gettext_lazy("Small areas tried first, and what they showed"),
    "AreaAssessment": gettext_lazy("Every area assessed, with its verdict"),
    "Payment": gettext_lazy("What was paid and given back, by receipt"),
    "Discount": gettext_lazy("What was taken off, and why"),
    "Photo": gettext_lazy("Every photo, newest first"),
    "PhotoUse": gettext_lazy("Where photos are shown outside the record"),
    "Consent": gettext_lazy("Consents given and withdrawn"),
    "IssuedDocument": gettext_lazy("Letters and all else that was issued on paper"),
    "Addendum": gettext_lazy("Additions to signed records"),
}
SETUP = {
    "Laser": gettext_lazy("Devices, their modes and service dates"),
    "LaserMode": gettext_lazy("Wavelengths, pulses and the range of their settings"),
    "AuthorisedUser": gettext_lazy("Who may use which laser, and their training"),
    "LaserService": gettext_lazy("When each laser was serviced, and what was done"),
    "LaserIncident": gettext_lazy("What went wrong with a laser, and who was told"),
    "Surgeon": gettext_lazy("Whom referrals are sent to"),
    "Room": gettext_lazy("Where appointments are held"),
    "OpeningHours": gettext_lazy("When the clinic can be booked, by weekday"),
    "ClosedDay": gettext_lazy("Holidays and other days without appointments"),
    "Absence": gettext_lazy("When members of staff are away"),
    "AppointmentReason": gettext_lazy("What appointments are missed or cancelled for"),
    "AppointmentLength": gettext_lazy("How long appointments take"),
    "ConsentWording": gettext_lazy("The texts patients agree to"),
    "MessageTemplate": gettext_lazy("What e-mails and text messages about appointments say"),
    "PreCare": gettext_lazy("What e-mails say of the days before, by laser"),
    "ClinicSettings": gettext_lazy(
        "The clinic’s name and logo, its diary, and how long records are kept"
    ),
    "User": gettext_lazy("Accounts, roles and passwords"),
}
OWN_PAGES = {
    "rulebook": (
        gettext_lazy("Rulebook"),
        gettext_lazy("Every rule with its source, and a case to try"),
    ),
    "figures": (
        gettext_lazy("Figures"),
        gettext_lazy("What happened in a month, a quarter or any days, in numbers"),
    ),
    "audit": (gettext_lazy("Audit"), gettext_lazy("Who opened and changed what")),
    "import": (
        gettext_lazy("Import"),
        gettext_lazy("Bring in patients and their history from another system"),
    ),
}
# What the pages of single records stand under in the menu: where staff come from to them. Their
# lists stand under Clinic.
COME_FROM = {
    "Appointment": "diary",
    "AreaAssessment": "Consultation",
    "ReferralSending": "SurgicalReferral",
    "Payment": "TreatmentPlan",
    "Discount": "TreatmentPlan",
    "AdverseEvent": "TreatmentSession",
    "TestPatch": "Patient",
    "Photo": "Patient",
    "PhotoUse": "Patient",
    "Consent": "Patient",
    "IssuedDocument": "Patient",
}
# Right after Today, for whoever may open it.
DIARY = gettext_lazy("Diary")
ICONS = {name.lower() for name in (*MENU, *RECORDS, *SETUP)}


@dataclass(frozen=True)
class Entry:
    """`current` is the value of aria-current: "page" for this page, "true" for one below it."""

    label: str
    url: str
    icon: str
    current: str
    about: str = ""


@dataclass(frozen=True)
class Navigation:
    """`menu`: entries of every page. `clinic`: (title, entries) groups of the Clinic page."""

    menu: list
    clinic: list


def navigation(apps, path, *, own_pages):
    """Return the Navigation of a user who may open the lists in `apps`, and these own pages."""
    lists = {model["object_name"]: model for app in apps for model in app["models"]}
    lists = {name: model for name, model in lists.items() if model["admin_url"]}
    clinic = _clinic(lists, path, own_pages)
    above = _come_from(lists, path)
    today = reverse("admin:index")
    menu = [Entry(_("Today"), today, "today", "page" if path == today else "")]
    if "diary" in own_pages:
        menu.append(_own("diary", path, DIARY, is_above=above == "diary"))
    menu += [_entry(lists[name], path, is_above=above == name) for name in MENU if name in lists]
    if clinic:
        menu.append(_clinic_entry(clinic, path, is_elsewhere=any(one.current for one in menu)))
    return Navigation(menu, clinic)


def _come_from(lists, path):
    """The entry that the page of a record whose list is not in the menu stands under; or ""."""
    for name, above in COME_FROM.items():
        url = lists[name]["admin_url"] if name in lists else None
        if url and path != url and path.startswith(url):
            return above
    return ""


def _clinic(lists, path, own_pages):
    """Lists that are in no group are shown with the records."""
    unplaced = [name for name in lists if name not in {*MENU, *RECORDS, *SETUP}]
    groups = [(_("Records"), [*RECORDS, *unplaced]), (_("Set-up"), SETUP)]
    found = [
        (title, [_entry(lists[name], path) for name in names if name in lists])
        for title, names in groups
    ]
    own = [(name, *words) for name, words in OWN_PAGES.items() if name in own_pages]
    found[-1][1].extend(_own(name, path, label, about) for name, label, about in own)
    return [(title, entries) for title, entries in found if entries]


def _entry(model, path, *, is_above=False):
    name, url = model["object_name"], model["admin_url"]
    within = "true" if is_above or path.startswith(url) else ""
    return Entry(
        label=_("Staff") if name == "User" else capfirst(model["name"]),
        url=url,
        icon=name.lower() if name.lower() in ICONS else "record",
        current="page" if path == url else within,
        about=_about(name),
    )


def _about(name):
    """What the Clinic page says about a list; of messages also that none leave."""
    if name == "MessageTemplate" and not settings.EMAIL_IS_ON:
        return _("No e-mails are sent or queued: EMAIL_URL is not set on the server.")
    return (RECORDS | SETUP).get(name, "")


def _own(name, path, label, about="", *, is_above=False):
    """A page of its own, without a model."""
    url = reverse(f"admin:consultations_{name}")
    within = "true" if is_above or path.startswith(url) else ""
    return Entry(label, url, name, "page" if path == url else within, about)


def _clinic_entry(clinic, path, *, is_elsewhere):
    url = reverse("admin:app_list", args=["consultations"])
    within = any(entry.current for _title, entries in clinic for entry in entries)
    current = "page" if path == url else "true" if within and not is_elsewhere else ""
    return Entry(_("Clinic"), url, "clinicsettings", current)
