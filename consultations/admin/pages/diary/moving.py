"""Moving an appointment in the diary: to another time, practitioner, room or laser."""

from datetime import UTC, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from consultations.actions import appointments as actions
from consultations.admin.pages.quick_actions import at_version, way_back
from consultations.admin.parts.appointments import MAY_CHANGE
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.forms import is_key
from consultations.models import Appointment, StaleRecordError
from consultations.models.text import moment_in_words
from consultations.models.transactions import is_deadlock, is_taken
from consultations.summaries.bookable import RESOURCES
from consultations.summaries.early import early_in_words
from consultations.summaries.timeline import name_of

from .asked import YEARS

TO_BE_ASSIGNED = ""
WHEN = "%Y-%m-%dT%H:%M"


def move(site, request):
    """Move the appointment that was posted, and go back to the day; say from where to where, or
    why not."""
    if not request.user.has_perm(MAY_CHANGE):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    appointment = _appointment(request.POST.get("appointment", ""))
    back = way_back(request) or _diary_of(appointment)
    at_version(appointment, request.POST.get("version", ""))
    try_to_move(request, appointment, lambda: _target(request.POST))
    return HttpResponseRedirect(back)


def try_to_move(request, appointment, target):
    """Move an appointment to what `target()` finds, the time and whatever else changes; say from
    where to where, or why not."""
    before = _where(appointment)
    try:
        starts_at, to = target()
        actions.move(appointment=appointment, starts_at=starts_at, by=request.user, **to)
    except ValidationError as refusal:
        _refuse(request, appointment, _told(refusal))
    except StaleRecordError as refusal:
        _refuse(request, appointment, str(refusal))
    except (IntegrityError, OperationalError) as error:
        if not (is_taken(error) or is_deadlock(error)):
            raise
        _refuse(request, appointment, _("Somebody booked this time a moment ago."))
    else:
        said = {"who": appointment.patient.full_name, "from": before, "to": _where(appointment)}
        words = _("%(who)s: moved from %(from)s to %(to)s.") % said
        messages.success(request, words)
        for words in early_in_words(appointment, actions.plans_of(appointment)):
            messages.warning(request, words)


def _appointment(key):
    rows = Appointment.objects.select_related("patient", "practitioner", "room", "laser")
    found = rows.filter(pk=key).first() if is_key(key) else None
    if found is None:
        raise Http404
    return found


def _target(said):
    """Where an appointment was dropped: the time, and the practitioner, room or laser."""
    name, resource = _column(said.get("column", ""), said.get("key", ""))
    return _moment(said.get("starts", "")), {name: resource}


def _moment(text):
    """The moment at which the clinic's clock shows this; in UTC, where lengths can be added."""
    try:
        wall = datetime.strptime(text, WHEN)  # noqa: DTZ007
    except ValueError:
        raise ValidationError(_("This is not a time.")) from None
    if wall.year not in YEARS:
        raise ValidationError(_("This date is out of range."))
    moment = timezone.make_aware(wall).astimezone(UTC)
    if timezone.localtime(moment).replace(tzinfo=None) != wall:
        raise ValidationError(_("The clock skips this time that day."))
    return moment


def _column(name, key):
    """The field that a column is of, and who or what it is; None to be assigned."""
    if name not in RESOURCES:
        raise ValidationError(_("There are columns by practitioner, room and laser."))
    if key == TO_BE_ASSIGNED:
        return name, None
    found = RESOURCES[name]().filter(pk=key).first() if is_key(key) else None
    if found is None:
        raise ValidationError(_("This column can no longer be booked."))
    return name, found


def _where(appointment):
    """When and with whom, where, with what, in words."""
    names = [name_of(appointment.practitioner), appointment.room, appointment.laser]
    return ", ".join([moment_in_words(appointment.starts_at), *(str(one) for one in names if one)])


def _told(refusal):
    """What is in the way, without what only the form asks."""
    if not hasattr(refusal, "error_dict"):
        return " ".join(refusal.messages)
    told = refusal.message_dict
    told.pop("overbooked_reason", None)
    return " ".join(dict.fromkeys(words for found in told.values() for words in found))


def _refuse(request, appointment, words):
    url = admin_url("appointment", "change", appointment.pk)
    link = format_html('<a class="step" href="{}">{}</a>', url, _("Open the appointment"))
    not_moved = _("%(who)s: not moved.") % {"who": appointment.patient.full_name}
    messages.error(request, format_html("{} {} {}", not_moved, words, link))


def _diary_of(appointment):
    return f"{reverse('admin:consultations_diary')}?day={appointment.day.isoformat()}"
