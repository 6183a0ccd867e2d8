"""What stands around a person's records: the clinic, its staff, surgeons, rooms and lasers."""

from django.contrib.auth import get_user_model

from consultations.models import Laser, Room, Surgeon
from consultations.summaries.timeline import name_of

from .codes import Item, item
from .elements import id_of, reference, without_blanks


class Around:
    """References to what stands around, and the resources for all that was referred to."""

    def __init__(self, clinic):
        self.clinic = clinic if clinic.name else None
        self._named = {}

    def __call__(self, record):
        """A reference to a colleague, a surgeon, a room or a laser; None for none."""
        if record is None:
            return None
        kind, shown = KINDS[type(record)], _name_of(record)
        self._named[kind, record.pk, type(record)] = record
        return {**reference(kind, record), "display": shown}

    def organization(self):
        if self.clinic is None:
            return None
        return {**reference("Organization", self.clinic), "display": self.clinic.name}

    def number(self, value):
        """A number that this clinic gave out, as an Identifier: numbers of clinics are alike, so
        it says whose it is."""
        owner = f"urn:uuid:{id_of(self.clinic)}" if self.clinic else None
        return {"system": owner, "value": value, "assigner": self.organization()}

    def resources(self):
        """Yield the clinic, and what was referred to since the last time."""
        if self.clinic:
            yield organization(self.clinic)
        named, self._named = self._named, {}
        for record in named.values():
            yield WRITTEN[type(record)](record, self)


def _name_of(record):
    return name_of(record) if isinstance(record, get_user_model()) else record.name


def telecom(phone, email):
    return [
        {"system": system, "value": value}
        for system, value in (("phone", phone), ("email", email))
        if value
    ]


def organization(clinic):
    return without_blanks(
        {
            "resourceType": "Organization",
            "id": id_of(clinic),
            "active": True,
            "name": clinic.name,
            "telecom": telecom(clinic.phone, ""),
            "address": [{"text": clinic.address}] if clinic.address else [],
        }
    )


def colleague(user, around):
    name = {"text": name_of(user), "family": user.last_name, "given": [user.first_name]}
    return without_blanks(
        {
            "resourceType": "Practitioner",
            "id": id_of(user),
            "active": user.is_active,
            "name": [name],
        }
    )


def surgeon(record, around):
    practice = [{"text": one} for one in (record.speciality, record.practice) if one]
    return without_blanks(
        {
            "resourceType": "Practitioner",
            "id": id_of(record),
            "active": record.is_active and not record.in_error,
            "name": [{"text": record.name}],
            "telecom": telecom(record.phone, record.email),
            "address": [{"text": record.address}] if record.address else [],
            "qualification": [{"code": one} for one in practice],
        }
    )


def room(record, around):
    return without_blanks(
        {
            "resourceType": "Location",
            "id": id_of(record),
            "status": "active" if record.in_use and not record.in_error else "inactive",
            "name": record.name,
            "managingOrganization": around.organization(),
        }
    )


def device(laser, around):
    """A laser. What each mode of it is stands with the settings of the sessions."""
    status = "active" if laser.in_service else "inactive"
    return without_blanks(
        {
            "resourceType": "Device",
            "id": id_of(laser),
            "status": "entered-in-error" if laser.in_error else status,
            "manufacturer": laser.manufacturer,
            "serialNumber": laser.serial_number,
            "deviceName": [{"name": laser.name, "type": "user-friendly-name"}],
            "type": item(Item.LASER),
            "owner": around.organization(),
        }
    )


User = get_user_model()
KINDS = {User: "Practitioner", Surgeon: "Practitioner", Room: "Location", Laser: "Device"}
WRITTEN = {User: colleague, Surgeon: surgeon, Room: room, Laser: device}
