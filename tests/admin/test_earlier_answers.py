"""Questions that are not asked any more: shown where they were answered, never posted."""

from datetime import date

import pytest

from tests.factories import ConsultationFactory, PlanFactory, SessionFactory

from .browsing import Browser, add_url, change_url, page_url, words

pytestmark = pytest.mark.django_db
FACTORIES = [ConsultationFactory, SessionFactory]


@pytest.mark.parametrize("factory", FACTORIES)
def test_earlier_answer_is_shown_and_not_asked(clinician, factory):
    record = factory(pregnant_or_breastfeeding=False, photosensitising_drug=True)
    page = Browser(clinician).open(change_url(record))
    shown = [words(page.select(f".field-{name}")[0]) for name in record.EARLIER_FIELDS]
    assert shown == ["Pregnant or breastfeeding No", "Photosensitising drug Yes"]
    assert page.names() & {*record.EARLIER_FIELDS} == set()


@pytest.mark.parametrize("factory", FACTORIES)
def test_question_nobody_answered_is_not_shown(clinician, factory):
    page = Browser(clinician).open(change_url(factory()))
    assert page.select(".field-pregnant_or_breastfeeding") == []


@pytest.mark.parametrize("factory", FACTORIES)
def test_earlier_answer_stays_when_the_form_is_saved(clinician, factory):
    record = factory(pregnant_or_breastfeeding=True, pregnant=False)
    Browser(clinician).fill(change_url(record), {"notes": "Seen."})
    record.refresh_from_db()
    assert (record.notes, record.pregnant_or_breastfeeding) == ("Seen.", True)


OFFERED = {
    "pregnant": "Last time (3 Mar 2025): pregnant or breastfeeding: Yes",
    "breastfeeding": "Last time (3 Mar 2025): pregnant or breastfeeding: Yes",
    "photosensitiser": "Last time (3 Mar 2025): photosensitising drug: No",
}


def test_earlier_answer_is_offered_beside_what_is_asked_in_its_place(clinician):
    consultation = ConsultationFactory(
        consulted_on=date(2025, 3, 3),
        pregnant_or_breastfeeding=True,
        photosensitising_drug=False,
    )
    plan = PlanFactory(assessment__consultation=consultation)
    pages = [
        add_url("consultation", patient=consultation.patient.pk),
        add_url("treatmentsession", plan=plan.pk),
        page_url(consultation.patient, "visit"),
    ]
    for url in pages:
        page = Browser(clinician).open(url)
        assert {name: page.help_of(name) for name in OFFERED} == OFFERED, url
