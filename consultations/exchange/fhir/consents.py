"""Consent: to photographs, to their use in advertising, to treatment; also each no."""

import base64
import hashlib

from consultations.models import Consent
from consultations.vocabulary import ConsentKind

from .codes import PATIENT_CONSENT, concept, extension, of_hl7
from .elements import day, reference, resource, subject

SCOPE = {
    ConsentKind.PHOTO: of_hl7("consentscope", "patient-privacy", "Privacy Consent"),
    ConsentKind.PUBLICITY: of_hl7("consentscope", "patient-privacy", "Privacy Consent"),
    ConsentKind.TREATMENT: of_hl7("consentscope", "treatment", "Treatment"),
}


def consents(tree, around):
    for one in tree[Consent]:
        kind = ConsentKind(one.wording.kind)
        yield resource(
            "Consent",
            one,
            extension=[extension("reason-for-the-no", valueString=one.no_reason)],
            status=status_of(one),
            scope=SCOPE[kind],
            category=[{"coding": [PATIENT_CONSENT]}, concept(ConsentKind, kind)],
            patient=subject(one),
            dateTime=day(one.given_on),
            performer=[{"display": one.signed_name} if one.by_guardian else subject(one)],
            organization=[around.organization()],
            sourceAttachment=_words(one),
            policyRule={"text": str(one.wording)},
            provision=_provision(one, kind),
        )


def status_of(consent):
    if not consent.stands:
        return "entered-in-error"
    if consent.refused:
        return "rejected"
    return "inactive" if consent.withdrawn_on else "active"


def _words(consent):
    """The wording that was read, as it was then."""
    return {
        "contentType": "text/plain; charset=utf-8",
        "title": str(consent.wording),
        **attached(consent.wording.text.encode()),
    }


def _provision(consent, kind):
    """A yes for its time, or a no. FHIR has the type on nested provisions alone."""
    is_no = consent.refused or consent.withdrawn_on is not None
    return {
        "period": {"start": day(consent.given_on), "end": day(consent.withdrawn_on)},
        "provision": [
            {
                "type": "deny" if is_no else "permit",
                "code": [concept(ConsentKind, kind)],
                "data": _about(consent),
            }
        ],
    }


def _about(consent):
    if consent.plan_id is None:
        return []
    return [{"meaning": "instance", "reference": reference("CarePlan", consent.plan)}]


def attached(content):
    """The bytes of an attachment with their length and digest; FHIR's digest is SHA-1."""
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return {
        "data": base64.b64encode(content).decode(),
        "size": len(content),
        "hash": base64.b64encode(digest).decode(),
    }
