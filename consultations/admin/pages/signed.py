"""What was signed, as it was signed, and what was added to it since."""

from dataclasses import dataclass

from consultations.summaries.signed_copy import digest_of, rendition_of


@dataclass(frozen=True)
class Section:
    """One card of the page. `assessment` is the area it is about as it stands today, `steps` what
    is next for it."""

    kept: dict
    assessment: object = None
    steps: tuple = ()


@dataclass(frozen=True)
class Signed:
    """`is_kept` is False for what was signed before pages were kept: it stands in today's words.
    `digest` is that of a kept page; none of another, and none of one that was erased."""

    title: str
    sections: tuple
    is_kept: bool
    digest: str


def as_signed(record, *, areas=()):
    """The context of a page that shows a signed record. `areas` are its assessed areas as they
    stand, each with its next steps."""
    rendition = record.signed_as or rendition_of(record)
    addenda = addenda_of(record)
    own = {assessment.pk: (assessment, tuple(steps)) for assessment, steps in areas}
    return {
        "signed": Signed(
            title=rendition["title"],
            sections=tuple(_section(one, own) for one in rendition["sections"]),
            is_kept=record.signed_as is not None,
            digest=digest_of(rendition) if _is_as_signed(record) else "",
        ),
        "addenda": addenda,
        "standing_addenda": sum(not one.in_error for one in addenda),
    }


def _is_as_signed(record):
    return record.signed_as is not None and not record.patient.erased_at


def addenda_of(record):
    """In the order in which they were written."""
    return list(record.addenda.select_related("created_by", "entered_in_error_by").order_by("pk"))


def _section(kept, areas):
    assessment, steps = areas.get(kept.get("area"), (None, ()))
    # An area has two cards; what is next stands on its verdict.
    return Section(kept, assessment, steps if "outcome" in kept else ())
