"""Old addresses of a merged record: they lead to the record that went on, with a word about it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _

from consultations.admin.parts.displays import admin_url
from consultations.models.text import day_in_words
from consultations.summaries.timeline import name_of


def led_on(model_admin, request, patient, page):
    """The way to the same page of the record that a merged one went on in.

    What is posted goes along: the visit of somebody who was merged meanwhile is not lost.
    """
    words = _("%(number)s was merged into this record on %(day)s by %(name)s.") % {
        "number": patient.record_number,
        "day": day_in_words(patient.entered_in_error_at),
        "name": name_of(patient.entered_in_error_by),
    }
    link = format_html(
        '{} <a class="step" href="{}">{}</a>',
        words,
        admin_url("patient", "history", patient.pk),
        _("Its history"),
    )
    model_admin.message_user(request, link, messages.INFO)
    url = admin_url("patient", page, patient.kept_record.pk)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{url}?{query}" if query else url, preserve_request=True)
