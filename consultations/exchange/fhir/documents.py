"""DocumentReference: documents as issued, and photographs where the patient agreed to them."""

from consultations.models import IssuedDocument
from consultations.models.document import ABOUT
from consultations.vocabulary import Area, DocumentKind, PhotoView

from .codes import Item, concept, item
from .consents import attached
from .elements import day, moment, reference, resource, subject

RELATED = {
    "plan": "CarePlan",
    "referral": "ServiceRequest",
    "session": "Procedure",
    "consent": "Consent",
}


def documents(tree, photos, around):
    """Yield one after the other, so that one file at a time is in memory."""
    yield from (issued(one, around) for one in tree[IssuedDocument])
    yield from (photo(one, around) for one in photos)


def issued(document, around):
    about = ABOUT.get(DocumentKind(document.kind))
    title = f"{document.get_kind_display()} {document.number}"
    return resource(
        "DocumentReference",
        document,
        masterIdentifier=around.number(document.number),
        status="current" if document.stands else "entered-in-error",
        docStatus="final" if document.stands else "entered-in-error",
        type=concept(DocumentKind, document.kind),
        subject=subject(document),
        date=moment(document.created_at),
        author=[around(document.created_by)],
        custodian=around.organization(),
        content=[
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "title": title,
                    "creation": day(document.issued_on),
                    **_file(document.file),
                }
            }
        ],
        context={
            "related": [reference(RELATED[about], getattr(document, about))]
            if about in RELATED
            else []
        },
    )


def photo(record, around):
    return resource(
        "DocumentReference",
        record,
        status="current",
        type=item(Item.PHOTO),
        category=[concept(Area, record.area), concept(PhotoView, record.view)],
        subject=subject(record),
        date=moment(record.created_at),
        author=[around(record.taken_by)],
        custodian=around.organization(),
        description=str(record),
        content=[
            {
                "attachment": {
                    "contentType": "image/jpeg",
                    "title": str(record),
                    "creation": day(record.taken_on),
                    **_file(record.image),
                }
            }
        ],
    )


def _file(stored):
    """The file as an attachment has it; where it is missing, a document without its content."""
    try:
        with stored.open("rb") as file:
            return attached(file.read())
    except (OSError, ValueError):
        return {}
