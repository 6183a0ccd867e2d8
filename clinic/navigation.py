"""The way through the admin: what stands in the sidebar, in the order in which staff work."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

CARE = (
    "Patient",
    "Consultation",
    "AreaAssessment",
    "SurgicalReferral",
    "TreatmentPlan",
    "TreatmentSession",
    "FollowUp",
    "AdverseEvent",
    "Photo",
    "Consent",
    "Addendum",
)
CLINIC = ("Laser", "LaserMode", "ConsentWording", "User", "ClinicSettings")
ICONS = {name.lower() for name in (*CARE, *CLINIC)}


@dataclass(frozen=True)
class Entry:
    """`current` is what aria-current says: this page, or a page that belongs to it."""

    label: str
    url: str
    icon: str
    current: str


def place(name):
    """Where a model stands: those nobody has placed come between care and the clinic."""
    if name in CARE:
        return CARE.index(name)
    return len(CARE) + (1 + CLINIC.index(name) if name in CLINIC else 0)


def groups(apps, path):
    """The sidebar's two groups of entries: care, then what the clinic is set up with."""
    models = [model for app in apps for model in app["models"] if model["admin_url"]]
    models.sort(key=lambda model: place(model["object_name"]))
    today = reverse("admin:index")
    care = [Entry(_("Today"), today, "today", "page" if path == today else "")]
    care += [_entry(one, path) for one in models if one["object_name"] not in CLINIC]
    return care, [_entry(one, path) for one in models if one["object_name"] in CLINIC]


def audit(path):
    """Who did what, and who looked: a page of its own, with no record behind it."""
    url = reverse("admin:consultations_audit")
    return Entry(_("Audit"), url, "audit", "page" if path == url else "")


def _entry(model, path):
    name, url = model["object_name"].lower(), model["admin_url"]
    within = "true" if path.startswith(url) else ""
    return Entry(
        label=_("Staff") if name == "user" else capfirst(model["name"]),
        url=url,
        icon=name if name in ICONS else "record",
        current="page" if path == url else within,
    )
