"""Steps of a referral: a table that the form and the presses share; each says who and why."""

from contextlib import nullcontext
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.actions.referral_steps import (
    answer_referral,
    close_referral,
    refer_to_another,
    refuse_sending,
    refuse_step,
    send_referral,
)
from consultations.actions.signing import mark_in_error
from consultations.documents.batch import LETTER, waiting_for_letter
from consultations.documents.issuing import issue
from consultations.models import IssuedDocument, ReferralSending, SurgicalReferral
from consultations.models.referral import MAY_FOLLOW
from consultations.models.text import day_in_words
from consultations.vocabulary import PlanStatus, ReferralStatus
from tests.factories import (
    ConsentFactory,
    DocumentFactory,
    PlanFactory,
    ReferralFactory,
    SendingFactory,
    SurgeonFactory,
)

pytestmark = pytest.mark.django_db

DECLINED = {"status": "closed", "closure": "surgeon_declined", "closed_on": date(2025, 3, 9)}


def test_every_status_says_what_may_follow():
    assert set(MAY_FOLLOW) == set(ReferralStatus)
    assert {one for follow in MAY_FOLLOW.values() for one in follow} == set(ReferralStatus)


@pytest.mark.parametrize("former", ReferralStatus)
@pytest.mark.parametrize("status", ReferralStatus)
def test_only_what_the_table_names_follows(former, status):
    referral, may = SurgicalReferral(status=status), status in (former, *MAY_FOLLOW[former])
    if status == "sent" != former:
        may = False  # that is a sending
    told = r"instead|cannot follow|Nobody was sent this"
    with nullcontext() if may else pytest.raises(ValidationError, match=told):
        refuse_step(referral, former)


@pytest.mark.parametrize("former", ["accepted", "closed"])
def test_what_went_to_a_surgeon_goes_back_to_sent(former):
    referral = ReferralFactory(status="sent", sent_on=date(2025, 3, 4))
    refuse_step(referral, former)


def sending_of(referral, **more):
    sent = {"sent_on": date(2025, 3, 4), "words": "Own letter."} | more
    sent["surgeon"] = more.get("surgeon") or SurgeonFactory(name="A. Rao", practice="Rooms")
    return ReferralSending(referral=referral, **sent)


def test_sending_is_kept_with_who_and_to_whom(clinician):
    referral = ReferralFactory()
    send_referral(sending=sending_of(referral), by=clinician)
    latest = referral.history.first()
    assert [latest.status, latest.history_user, latest.history_change_reason] == [
        "sent",
        clinician,
        "Sent to A. Rao, Rooms, post.",
    ]


def test_sending_that_is_refused_changes_nothing(clinician):
    referral = ReferralFactory(**DECLINED)
    with pytest.raises(ValidationError):
        send_referral(sending=sending_of(referral), by=clinician)
    assert ReferralSending.objects.count() == 0
    assert SurgicalReferral.objects.get().status == "closed"


def refused(sending):
    with pytest.raises(ValidationError) as told:
        refuse_sending(sending)
    return told.value.message_dict


def declined(surgeon, clinician, **sent):
    """A referral that went to a surgeon, who declined: to be sent to another one."""
    referral = ReferralFactory(by=clinician, surgeon=surgeon.name)
    if sent.pop("with_letter", False):
        sent["document"] = issue(LETTER, referral, clinician)
        sent["sent_on"] = timezone.localdate()
        referral.refresh_from_db()
    send_referral(sending=sending_of(referral, surgeon=surgeon, **sent), by=clinician)
    answer_referral(referral=fresh(referral), answer="declined", by=clinician)
    return refer_to_another(referral=fresh(referral), by=clinician)


def to_another(referral, day):
    return sending_of(referral, surgeon=SurgeonFactory(name="B. Sato"), sent_on=day)


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def test_letter_that_went_to_one_surgeon_is_not_sent_to_another(clinician):
    first = SurgeonFactory(name="A. Rao", practice="")
    referral = declined(first, clinician, with_letter=True)
    letter, today = IssuedDocument.objects.get(), timezone.localdate()
    again = sending_of(referral, document=letter, surgeon=SurgeonFactory(), sent_on=today)
    assert refused(again) == {"document": ["This letter went to A. Rao. Issue another one."]}
    refuse_sending(sending_of(referral, document=letter, surgeon=first, sent_on=today))


def test_letter_that_was_sent_is_not_withdrawn(clinician):
    declined(SurgeonFactory(name="A. Rao", practice=""), clinician, with_letter=True)
    [sending], letter = ReferralSending.objects.all(), IssuedDocument.objects.get()
    with pytest.raises(ValidationError) as told:
        mark_in_error(record=letter, by=clinician, reason="A slip.")
    day = day_in_words(timezone.localdate())
    assert told.value.messages == [
        f"Sent to A. Rao on {day} (post) with this letter. Mark that as entered in error first."
    ]
    mark_in_error(record=sending, by=clinician, reason="A slip.")
    mark_in_error(record=letter, by=clinician, reason="A slip.")


def test_what_is_no_letter_about_the_referral_is_not_sent(clinician):
    referral, other = ReferralFactory(), ReferralFactory()
    withdrawn = {
        "referral": referral,
        "entered_in_error_at": timezone.now(),
        "entered_in_error_by": clinician,
        "entered_in_error_reason": "Slip.",
    }
    told = "Choose a letter that was issued about this referral and not in error."
    surgeon = SurgeonFactory()
    for document in (
        DocumentFactory(),
        DocumentFactory(kind=LETTER, referral=other),
        DocumentFactory(kind=LETTER, **withdrawn),
    ):
        sending = sending_of(referral, document=document, surgeon=surgeon)
        assert refused(sending) == {"document": [told]}


def test_photos_do_not_go_along_without_consent():
    sending = sending_of(ReferralFactory(), photographs=True)
    told = "The patient does not agree to photos: none can go along."
    assert refused(sending) == {"photographs": [told]}
    ConsentFactory(patient=sending.referral.patient)
    refuse_sending(sending)


def test_referral_that_went_back_to_sent_is_sent_again(clinician):
    first = SendingFactory(referral__accepted_on=date(2025, 3, 9))
    again = sending_of(first.referral, sent_on=date(2025, 3, 12))
    send_referral(sending=again, by=clinician)
    kept = fresh(first.referral)
    assert [kept.status, kept.sent_on, kept.accepted_on] == ["sent", date(2025, 3, 12), None]


def test_sending_after_the_operation_is_refused():
    referral = ReferralFactory(
        status="sent", sent_on=date(2025, 3, 4), operated_on=date(2025, 3, 9)
    )
    told = "The referral says that the area was operated by 9 Mar 2025."
    assert refused(sending_of(referral, sent_on=date(2025, 3, 12))) == {"sent_on": [told]}


def take_back(referral, clinician):
    latest = ReferralSending.objects.latest("pk")
    mark_in_error(record=latest, by=clinician, reason="A slip.")
    kept = fresh(referral)
    return [kept.status, kept.surgeon, kept.addressed_to, kept.sent_on]


def answers():
    sendings = ReferralSending.objects.standing().order_by("pk")
    return list(sendings.values_list("surgeon__name", "answer", "answered_on"))


def test_taking_back_what_went_to_another_surgeon_keeps_what_the_first_one_answered(clinician):
    referral = declined(SurgeonFactory(name="A. Rao"), clinician)
    before = answers()
    send_referral(sending=to_another(referral, date(2025, 3, 12)), by=clinician)
    assert take_back(referral, clinician) == ["to_send", "", None, None]
    assert answers() == before == [("A. Rao", "declined", timezone.localdate())]


def test_sending_that_was_accepted_is_not_taken_back(clinician):
    referral = declined(SurgeonFactory(name="A. Rao"), clinician)
    send_referral(sending=to_another(referral, date(2025, 3, 12)), by=clinician)
    answer_referral(referral=fresh(referral), answer="accepted", by=clinician)
    before = answers()
    with pytest.raises(ValidationError, match="moved on since: accepted"):
        take_back(referral, clinician)
    assert answers() == before


def test_taking_back_the_only_sending_restores_what_was_typed_before(clinician):
    """Referrals were sent before sendings were kept, to a surgeon whose name was typed."""
    sent = {"status": "sent", "sent_on": date(2025, 3, 9), "surgeon": "Dr Old, Rooms"}
    referral, rao = ReferralFactory(**sent), SurgeonFactory(name="A. Rao")
    for day in (date(2025, 3, 12), date(2025, 4, 9)):
        send_referral(sending=sending_of(fresh(referral), sent_on=day, surgeon=rao), by=clinician)
    assert take_back(referral, clinician)[:2] == ["sent", "A. Rao"]
    earlier = ReferralSending.objects.earliest("pk")
    mark_in_error(record=earlier, by=clinician, reason="A slip.")
    kept = fresh(referral)
    assert {name: getattr(kept, name) for name in sent} == sent
    assert kept.addressed_to is None


def test_taking_back_an_earlier_sending_changes_nothing_of_the_referral(clinician):
    referral, rao = ReferralFactory(), SurgeonFactory(name="A. Rao")
    for day in (date(2025, 3, 4), date(2025, 4, 4)):
        send_referral(sending=sending_of(fresh(referral), sent_on=day, surgeon=rao), by=clinician)
    version = fresh(referral).version
    mark_in_error(record=ReferralSending.objects.earliest("pk"), by=clinician, reason="A slip.")
    assert fresh(referral).version == version


def test_referral_to_another_surgeon_waits_for_a_letter_again(clinician):
    """Also where the letter to the first one was issued, and something else was sent."""
    referral = declined(SurgeonFactory(name="A. Rao"), clinician, with_letter=True)
    other = ReferralFactory(by=clinician, surgeon="B. Rao")
    issue(LETTER, other, clinician)
    send_referral(sending=to_another(fresh(other), timezone.localdate()), by=clinician)
    answer_referral(referral=fresh(other), answer="declined", by=clinician)
    refer_to_another(referral=fresh(other), by=clinician)
    assert list(waiting_for_letter()) == [referral, other]
    named = fresh(other)
    named.surgeon = "C. Rao"
    named.save(by=clinician)
    issue(LETTER, named, clinician)
    assert list(waiting_for_letter()) == [referral]


def test_another_surgeon_beside_an_active_plan_is_refused(clinician):
    referral = ReferralFactory(**DECLINED)
    PlanFactory(assessment__consultation__patient=referral.patient, status=PlanStatus.ACTIVE)
    with pytest.raises(ValidationError, match="This area has an open plan"):
        refer_to_another(referral=referral, by=clinician)
    assert SurgicalReferral.objects.get().status == "closed"


def test_history_tells_who_declined(clinician):
    referral = ReferralFactory(surgeon="Dr Old", sent_on=date(2025, 3, 4), **DECLINED)
    refer_to_another(referral=referral, by=clinician)
    told = "To another surgeon. Before: Dr Old, Surgeon declined."
    assert referral.history.first().history_change_reason == told


def test_closed_referral_is_not_closed_again(clinician):
    with pytest.raises(ValidationError, match="This referral is closed already"):
        close_referral(referral=ReferralFactory(**DECLINED), words="No reply", by=clinician)


def test_withdrawn_after_one_declined_keeps_that_answer(clinician):
    answered = {"answer": "declined", "answered_on": date(2025, 3, 9)}
    sending = SendingFactory(referral=ReferralFactory(), **answered)
    close_referral(referral=sending.referral, words="Withdrawn", by=clinician)
    sending.refresh_from_db()
    assert [sending.answer, sending.answered_on] == ["declined", date(2025, 3, 9)]
