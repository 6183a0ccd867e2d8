"""The whole chart for the patient: what happened in short, then every consultation and session."""

from django.utils.translation import gettext as _

from consultations.models import Consultation, TreatmentSession
from consultations.models.text import day_in_words
from consultations.summaries.chart import chart_of
from consultations.summaries.signed_copy import rendition_of

from .about_patient import contact_rows, history_rows, said_of
from .session_record import addenda_of, sections_of
from .sheet import Section, row


def gather(patient, by):
    chart = chart_of(patient)
    events = [one for one in chart.events if not one.in_error]
    pages = [page for record in _visits(events) for page in _page(record)]
    return {
        "title": _("Record of %(name)s") % {"name": patient.full_name},
        "patient": [],  # the title and the first section say it
        "sections": [
            Section(_("Patient"), rows=contact_rows(patient)),
            Section(_("History"), rows=history_rows(patient, said_of(patient))),
            Section(_("Course"), rows=_timeline(events)),
            *pages,
        ],
    }


def _timeline(events):
    return [
        row(
            f"{day_in_words(one.day)}, {one.title}",
            "\n".join(filter(None, [*one.details, one.who])),
        )
        for one in events
    ]


def _visits(events):
    """Return the consultations and sessions among the events, oldest first."""
    kinds = (Consultation, TreatmentSession)
    return [one.record for one in reversed(events) if isinstance(one.record, kinds)]


def _page(record):
    page = record.signed_as or rendition_of(record)
    yield {"title": page["title"], "level": 2}
    yield from sections_of(page, level=3)
    yield from addenda_of(record, level=3)
