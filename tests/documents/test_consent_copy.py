"""The copy of a consent says what was read, what was answered, and shows the signature."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.utils import timezone

from consultations.actions.consents import answer_treatment, withdraw
from consultations.documents import consent_copy
from consultations.documents.issuing import draft_of, issue
from consultations.models import TreatmentPlan
from consultations.summaries.consent_reading import reading_of
from consultations.vocabulary import DocumentKind
from tests.factories import ConsentFactory, PlanFactory

from .reading import by_poppler, words

pytestmark = pytest.mark.django_db
COPY = DocumentKind.CONSENT_COPY
LINE = [[[10 * n, 100, 20 * n] for n in range(20)]]


@pytest.fixture
def plan(clinic, clinician):
    started = timezone.localdate() - timedelta(days=30)
    made = PlanFactory(by=clinician, consented=False, started_on=started)
    return TreatmentPlan.objects.with_patient().get(pk=made.pk)


def answer(plan, by, **signed):
    signed = {"signed_name": "Given Family", "given_on": timezone.localdate()} | signed
    return answer_treatment(plan=plan, stamp=reading_of(plan).stamp, by=by, **signed)


def test_copy_says_all_that_was_read_and_who_signed(plan, clinician):
    consent = answer(plan, clinician, points=LINE)
    text = words(by_poppler(draft_of(COPY, consent, clinician).pdf()))
    for part in ("Consent to treatment: face", "What else could be done", "I agree to this"):
        assert part in text
    assert "Signed by: Given Family" in text
    assert consent.digest[:16] in text.replace(" ", "")


def test_answer_stands_on_one_sheet_from_its_heading_to_the_signature(clinic, clinician):
    told = [f"{word}:" for word in ("Day", "Signed by", "Wording", "Digest")]
    for lines in range(24, 46, 3):
        wording = {"wording__text": "I agree.\n" * lines, "points": LINE}
        content = draft_of(COPY, ConsentFactory(**wording), clinician).pdf()
        *_before, last = pypdf.PdfReader(io.BytesIO(content)).pages
        text = last.extract_text()
        assert [word for word in told if word not in text] == []
        assert "Agreed" in text


def test_withdrawn_consent_says_so_on_its_copy(plan, clinician):
    consent = answer(plan, clinician)
    withdraw(consent=consent, on=timezone.localdate(), reason="Afraid.", by=clinician)
    consent.refresh_from_db()
    text = words(by_poppler(draft_of(COPY, consent, clinician).pdf()))
    assert "Withdrawn on" in text
    assert "Reason: Afraid." in text


def test_copy_is_of_the_patient_of_the_plan(plan, clinician):
    made = issue(COPY, answer(plan, clinician, refused=True), clinician)
    assert made.patient == plan.patient


def test_consent_from_before_there_was_more_to_read(clinic, clinician):
    text = words(by_poppler(draft_of(COPY, ConsentFactory(), clinician).pdf()))
    assert "I agree." in text


def test_no_copy_of_what_is_on_paper(clinic, clinician):
    consent = ConsentFactory.build(kept_at="Archive")
    assert consent_copy.refusal(consent) == (
        "This consent was signed on paper, kept at Archive: copy that."
    )
