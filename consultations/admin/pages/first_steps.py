"""What Today shows of a new clinic: what is to be set up first, and where."""

from dataclasses import dataclass, replace

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import ConsentKind

BY_MANAGER = _("A manager does this.")
BY_WHO_REGISTERS = _("Reception, a practitioner or a clinician does this.")


@dataclass(frozen=True)
class FirstStep:
    """`url` leads to where it is done, `act` says what that is; `note` why there is no `url`."""

    name: str
    title: str
    about: str
    act: str
    is_done: bool
    url: str = ""
    note: str = ""
    is_next: bool = False


def _add(model, **query):
    return reverse_lazy(f"admin:{model}_add", query=query or None)


# name: title, what it is, the words of its button, where it is done, the permission, who has it
STEPS = {
    "settings": (
        _("Clinic settings"),
        _("The clinic’s name, and for how long records are kept."),
        _("Fill in"),
        _add("consultations_clinicsettings"),
        "consultations.add_clinicsettings",
        BY_MANAGER,
    ),
    "staff": (
        _("Staff"),
        _("An account with a role for everybody who works here, one clinician at least."),
        _("Add an account"),
        _add("auth_user"),
        "auth.add_user",
        BY_MANAGER,
    ),
    "lasers": (
        _("Lasers"),
        _("The devices that are in service."),
        _("Add a laser"),
        _add("consultations_laser"),
        "consultations.add_laser",
        BY_MANAGER,
    ),
    "modes": (
        _("Laser modes"),
        _("What each laser does to skin, and the range of its settings."),
        _("Add a mode"),
        _add("consultations_lasermode"),
        "consultations.add_lasermode",
        BY_MANAGER,
    ),
    "wordings": (
        _("Consent wordings"),
        _("The text that patients agree to before photos are taken."),
        _("Write the text"),
        _add("consultations_consentwording", kind=ConsentKind.PHOTO.value),
        "consultations.add_consentwording",
        BY_MANAGER,
    ),
    "patient": (
        _("The first patient"),
        _("Name, date of birth and how to reach them."),
        _("New patient"),
        _add("consultations_patient"),
        "consultations.add_patient",
        BY_WHO_REGISTERS,
    ),
}


def first_steps_of(user, done):
    """The steps as this person sees them; none once all are `done`."""
    if all(done.values()):
        return []
    steps = [_step(name, done, user) for name in STEPS]
    first = next((number for number, step in enumerate(steps) if step.url), None)
    return [replace(step, is_next=number == first) for number, step in enumerate(steps)]


def _step(name, done, user):
    title, about, act, url, permission, who = STEPS[name]
    step = FirstStep(name, title, about, act, is_done=done[name])
    if step.is_done:
        return step
    if not user.has_perm(permission):
        return replace(step, note=who)
    if name == "modes" and not done["lasers"]:
        return replace(step, note=_("Add the laser first."))
    return replace(step, url=str(url))
