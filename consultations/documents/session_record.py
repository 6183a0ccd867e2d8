"""The record of one session: as it was signed, or as it stands where it is not signed yet."""

from django.utils.translation import gettext as _

from consultations.models.spine import STANDING
from consultations.models.text import moment_in_words
from consultations.summaries.signed_copy import rendition_of
from consultations.summaries.signed_copy.findings import finding_in_words
from consultations.summaries.timeline import name_of


def gather(session, by):
    page = session.signed_as or rendition_of(session)
    unsigned = "" if session.is_signed else _("Not signed yet.")
    sections = [*sections_of(page), *addenda_of(session)]
    return {"title": page["title"], "opening": unsigned, "sections": sections}


def refusal(session):
    if not session.stands:
        return _("This session was entered in error.")
    return _("This session was not done.") if session.is_former else ""


def addenda_of(record, level=2):
    """Yield what was added to a signed record since, a section each."""
    for one in record.addenda.filter(STANDING).select_related("created_by").order_by("pk"):
        when = {"when": moment_in_words(one.created_at), "who": name_of(one.created_by)}
        title = _("Added on %(when)s by %(who)s") % when
        yield {"title": title, "level": level, "text": one.text}


def sections_of(page, level=2):
    """Return the sections of a signed page as those of a document."""
    return [
        {
            "title": one["title"],
            "level": level,
            "state": one.get("state", ""),
            "text": one.get("text", ""),
            "points": [finding_in_words(finding) for finding in one.get("findings", ())],
            "rows": one["rows"],
        }
        for one in page["sections"]
    ]
