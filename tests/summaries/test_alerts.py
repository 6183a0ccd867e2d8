"""Alerts: for life, and the latest answer to each question."""

from datetime import date

import pytest
from django.utils import timezone

from consultations.summaries.alerts import Alert
from consultations.summaries.chart import chart_of
from consultations.vocabulary import Isotretinoin, Photosensitiser
from tests.factories import ConsultationFactory, PatientFactory, PlanFactory, SessionFactory

pytestmark = pytest.mark.django_db

JANUARY, MARCH, JUNE = date(2025, 1, 6), date(2025, 3, 3), date(2025, 6, 2)


NOT_ASKED = Alert("Allergies not asked", "wait")


def alerts(patient):
    """All but that nobody asked about allergies."""
    return [alert for alert in chart_of(patient).alerts if alert != NOT_ASKED]


def visits(*answers):
    """A patient who answered so in January, in March and in June."""
    patient = PatientFactory()
    for day, given in zip((JANUARY, MARCH, JUNE), answers, strict=False):
        ConsultationFactory(patient=patient, consulted_on=day, **given)
    return patient


def test_nothing_to_know_of_somebody_new():
    assert alerts(PatientFactory()) == []


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, NOT_ASKED),
        ({"any_allergies": False}, Alert("No known allergies", "quiet")),
        ({"any_allergies": True}, Alert("Allergies: not said which")),
        ({"any_allergies": True, "allergies": "Latex"}, Alert("Allergies: Latex")),
        ({"allergies": "Latex"}, Alert("Allergies: Latex")),
    ],
)
def test_allergies_are_told_whether_asked_or_not(answers, told):
    assert list(chart_of(PatientFactory(**answers)).alerts) == [told]


def test_alerts_for_life_have_no_day():
    patient = PatientFactory(
        allergies="Latex", keloid_history=True, herpes_history=False, interpreter_needed=True
    )
    assert alerts(patient) == [
        Alert("Allergies: Latex"),
        Alert("Keloid or hypertrophic scars"),
        Alert("Interpreter needed", "info"),
    ]


@pytest.mark.parametrize(
    ("answers", "since"),
    [
        ([True], JANUARY),
        ([True, None], JANUARY),
        ([True, None, True], JUNE),
        ([False, True], MARCH),
        ([True, False], None),
        ([True, False, None], None),
        ([None, False], None),
        ([None], None),
    ],
)
def test_latest_answer_counts_and_a_blank_leaves_the_one_before(answers, since):
    patient = visits(*[{"anticoagulants": answer} for answer in answers])
    told = [Alert("Blood thinner or bleeding disorder", "wait", since)] if since else []
    assert alerts(patient) == told


def test_each_question_has_a_latest_answer_of_its_own():
    patient = visits(
        {"anticoagulants": True, "immunosuppressed": True},
        {"immunosuppressed": False, "uncontrolled_diabetes": True},
    )
    assert alerts(patient) == [
        Alert("Uncontrolled diabetes", "wait", MARCH),
        Alert("Blood thinner or bleeding disorder", "wait", JANUARY),
    ]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            [{"isotretinoin": Isotretinoin.TAKING}, {}],
            [Alert("Takes isotretinoin", "wait", JANUARY)],
        ),
        (
            [
                {"isotretinoin": Isotretinoin.TAKING},
                {
                    "isotretinoin": Isotretinoin.PAST,
                    "isotretinoin_last_dose_on": date(2025, 2, 1),
                },
                {},
            ],
            [Alert("Isotretinoin until 1 Feb 2025", "wait", MARCH)],
        ),
        ([{"isotretinoin": Isotretinoin.TAKING}, {"isotretinoin": Isotretinoin.NEVER}], []),
    ],
)
def test_isotretinoin_is_told_as_it_was_last_answered(answers, told):
    assert alerts(visits(*answers)) == told


def test_session_answers_too():
    patient = visits({"pregnant": True, "anticoagulants": True})
    plan = PlanFactory(assessment__consultation__patient=patient)
    SessionFactory(plan=plan, performed_on=date(2025, 4, 1), immunosuppressed=True)
    assert alerts(patient) == [
        Alert("Immunosuppressed", "wait", date(2025, 4, 1)),
        Alert("Blood thinner or bleeding disorder", "wait", JANUARY),
    ]


@pytest.mark.parametrize("kind", ["elsewhere", "booked"])
def test_session_that_was_not_done_here_answers_nothing(kind):
    plan = PlanFactory()
    SessionFactory(plan=plan, anticoagulants=True, **{kind: True})
    assert alerts(plan.patient) == []


def test_visit_in_error_answers_nothing(clinician):
    patient = visits({"anticoagulants": False})
    ConsultationFactory(
        patient=patient,
        consulted_on=JUNE,
        anticoagulants=True,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong patient.",
    )
    assert alerts(patient) == []


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"pregnant": True}, "Pregnant"),
        ({"breastfeeding": True}, "Breastfeeding"),
        ({"koebner_disease": True}, "Psoriasis, vitiligo or lichen planus"),
        ({"photosensitiser": "pdt_drug"}, "Sensitive to light: {drug}"),
        ({"photosensitiser": "amiodarone_minocycline_st_johns_wort"}, "Sensitive to light: {drug}"),
        ({"photosensitiser": "other"}, None),
        ({"photosensitiser": "none"}, None),
        ({"pregnant_or_breastfeeding": True}, "Pregnant or breastfeeding"),
        ({"photosensitising_drug": True}, "Photosensitising drug"),
    ],
)
def test_answers_of_the_day_are_told_with_it(answers, told):
    drug = dict(Photosensitiser.choices).get(answers.get("photosensitiser"))
    words = [Alert(told.format(drug=drug), "wait", JANUARY)] if told else []
    assert alerts(visits(answers)) == words


@pytest.mark.parametrize(
    ("earlier", "since"),
    [
        ("pregnant_or_breastfeeding", {"pregnant": False}),
        ("photosensitising_drug", {"photosensitiser": "none"}),
    ],
)
def test_earlier_answer_is_gone_once_the_new_question_was_answered(earlier, since):
    assert [one.since for one in alerts(visits({earlier: True}, {}))] == [JANUARY]
    assert alerts(visits({earlier: True}, since)) == []


def test_disease_of_connective_tissue_is_told_for_life():
    patient = PatientFactory(connective_tissue_disease=True)
    assert alerts(patient) == [Alert("Connective tissue disease")]
