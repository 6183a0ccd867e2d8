"""ServiceRequest: a severe area on its way to a surgeon."""

from consultations.models import SurgicalReferral
from consultations.vocabulary import Area, Closure, ReferralStatus, Urgency

from .codes import Item, concept, extension, item
from .elements import day, moment, notes, reference, resource, subject

STATUS = {
    ReferralStatus.TO_SEND: "draft",
    ReferralStatus.SENT: "active",
    ReferralStatus.ACCEPTED: "active",
    ReferralStatus.OPERATED: "completed",
    ReferralStatus.RECOVERED: "completed",
}
# Closed: only one way of it is what was asked for, and what "otherwise" was nobody coded.
CLOSED = {
    Closure.RETURNED_FOR_TOUCH_UP: "completed",
    Closure.PATIENT_DECLINED: "revoked",
    Closure.SURGEON_DECLINED: "revoked",
    Closure.NO_REPLY: "revoked",
    Closure.WITHDRAWN: "revoked",
    Closure.OTHER: "unknown",
}
# FHIR's order is routine, urgent, asap, stat; ours routine, soon, urgent.
PRIORITY = {Urgency.ROUTINE: "routine", Urgency.SOON: "urgent", Urgency.URGENT: "asap"}
STEPS = ("sent_on", "accepted_on", "operated_on", "recovered_on", "closed_on")


def referrals(tree, around):
    for one in tree[SurgicalReferral]:
        sent = one.latest_sending()
        surgeon = around(sent.surgeon if sent else one.addressed_to)
        letters = [each.document for each in one.sendings.all() if each.document_id and each.stands]
        yield resource(
            "ServiceRequest",
            one,
            extension=[
                _own("referral-status", concept(ReferralStatus, one.status)),
                _own("referral-urgency", concept(Urgency, one.urgency)),
                _own("referral-closure", concept(Closure, one.closure, one.closure_words)),
                *(
                    extension(name.replace("_", "-"), valueDate=day(getattr(one, name)))
                    for name in STEPS
                ),
            ],
            status=_status(one),
            intent="order",
            priority=PRIORITY[Urgency(one.urgency)],
            code=item(Item.REFERRAL),
            subject=subject(one),
            encounter=reference("Encounter", one.assessment.consultation),
            authoredOn=moment(one.created_at),
            requester=around(one.assessment.consultation.clinician),
            performer=[surgeon or {"display": one.surgeon}],
            reasonReference=[reference("Observation", one.assessment)],
            supportingInfo=[reference("DocumentReference", letter) for letter in letters],
            bodySite=[concept(Area, one.assessment.area)],
            note=notes(one.notes),
        )


def _status(referral):
    if not referral.stands:
        return "entered-in-error"
    if referral.closure:
        return CLOSED[Closure(referral.closure)]
    return STATUS[ReferralStatus(referral.status)]


def _own(name, value):
    return extension(name, valueCodeableConcept=value)
