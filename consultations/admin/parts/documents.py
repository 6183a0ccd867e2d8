"""The way to a document from where the need for it arises: one press to the page before it."""

from consultations.documents.kinds import may_issue

from .displays import Step, admin_url


def preview_url(kind, about, page="document"):
    """The page on which a document about a record is looked at before it is issued."""
    return admin_url("patient", page, about.patient.pk, kind=kind.value, about=about.pk)


def document_steps(about, user, *kinds):
    """The documents about a record that this person may issue, a quiet button each."""
    return [
        Step(kind.label, preview_url(kind, about), False) for kind in kinds if may_issue(user, kind)
    ]
