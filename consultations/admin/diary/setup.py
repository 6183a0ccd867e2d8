"""What these lists share."""

from django.contrib import messages
from django.utils.html import format_html
from django.utils.translation import gettext as _

from consultations.admin.base import RecordAdmin
from consultations.admin.parts.appointments import MAY_CHANGE
from consultations.admin.parts.displays import admin_url, chip, struck
from consultations.models.text import moment_in_words

MOST_TOLD = 20  # appointments in one message


class SetupAdmin(RecordAdmin):
    """Whoever may change it may also mark it as entered in error: nothing clinical rests on it."""

    @property
    def marks_in_error(self):
        return f"consultations.change_{self.opts.model_name}"

    def linked(self, record, words):
        return struck(record, format_html('<a href="{}">{}</a>', self.url_of(record), words))

    def tell_booked(self, request, appointments):
        """Name what is booked in a time that is no longer free, and the way to other times."""
        if not (words := words_booked(appointments)):
            return
        if request.user.has_perm(MAY_CHANGE):
            url = admin_url("appointment", "to_move")
            words = format_html('{} <a class="step" href="{}">{}</a>', words, url, _("Other times"))
        self.message_user(request, words, messages.WARNING)


def use_chip(record):
    """Whether it is offered to choose from."""
    return chip("", _("in use"), "good") if record.in_use else chip("", _("not in use"), "quiet")


def words_booked(appointments):
    """Name the appointments that stand in a time which is no longer free; "" for none."""
    found = list(appointments.select_related("patient").order_by("starts_at", "pk"))
    if not found:
        return ""
    named = [f"{one.patient.full_name} ({moment_in_words(one.starts_at)})" for one in found]
    words = _("Still booked in this time, nothing was moved: %(booked)s.") % {
        "booked": "; ".join(named[:MOST_TOLD])
    }
    if len(found) <= MOST_TOLD:
        return words
    return f"{words} {_('And %(more)s more.') % {'more': len(found) - MOST_TOLD}}"
