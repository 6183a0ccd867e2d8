"""Consultations: what is asked, what is offered from before, what is refused, and signing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models import AreaAssessment, Consultation, Patient, SurgicalReferral
from consultations.vocabulary import Isotretinoin
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
)

from . import answers
from .browsing import Browser, add_row, add_url, change_url

pytestmark = pytest.mark.django_db

IN_CENTIMETRES = "Height is in centimetres: 69 inches are 175 cm."
IN_KILOGRAMS = "Weight is in kilograms: 11 stone are 70 kg."

KNOWN = "Recorded on the patient’s page; change it there."


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.fixture
def patient():
    return PatientFactory()


@pytest.fixture
def add(patient):
    return add_url("consultation", patient=patient.pk)


def test_form_starts_with_the_patient_the_day_and_oneself(browser, add, patient, clinician):
    form = browser.open(add).form
    names = ["patient", "clinician", "consulted_on"]
    today = DayInput().format_value(timezone.localdate())
    assert [form[name] for name in names] == [str(patient.pk), str(clinician.pk), today]


def test_consultation_without_an_area_is_kept(browser, add):
    page = browser.fill(add)
    assert page.errors == {}
    assert [Consultation.objects.count(), AreaAssessment.objects.count()] == [1, 0]


def test_empty_row_beside_a_filled_one_is_passed_over(browser, add):
    data = browser.open(add).form
    page = browser.post(add, add_row(data, "assessments", area="neck", severity="mild"))
    assert page.errors == {}
    assert AreaAssessment.objects.get().area == "neck"


def test_two_rows_added_on_a_new_consultation_are_both_kept(browser, add):
    data = browser.open(add).form | answers.areas(("face", "mild"))
    data = add_row(data, "assessments", area="neck", severity="mild")
    data = add_row(data, "assessments", area="arms", severity="mild")
    browser.post(add, data)
    kept = AreaAssessment.objects.order_by("pk").values_list("area", flat=True)
    assert list(kept) == ["face", "neck", "arms"]


@pytest.mark.parametrize(
    ("areas", "most"), [([("face", "mild")], 60), ([("face", "mild"), ("neck", "mild")], 75)]
)
def test_recording_costs_few_queries(browser, add, areas, most, django_assert_max_num_queries):
    data = browser.open(add).form
    for area, severity in areas:
        data = add_row(data, "assessments", area=area, severity=severity)
    with django_assert_max_num_queries(most):
        assert browser.client.post(add, data).status_code == 302


def test_two_rows_added_to_a_kept_consultation_are_both_kept(browser):
    url = change_url(ConsultationFactory())
    data = add_row(browser.open(url).form, "assessments", area="face", severity="mild")
    browser.post(url, add_row(data, "assessments", area="neck", severity="severe"))
    assert AreaAssessment.objects.count() == 2
    assert SurgicalReferral.objects.get().assessment.area == "neck"


def test_second_row_for_an_area_is_refused(browser, add):
    page = browser.fill(add, answers.areas(("face", "mild"), ("face", "severe")))
    told = ["This area is already assessed in this consultation."]
    assert page.errors == {"assessments-1-area": told}
    assert not Consultation.objects.exists()


def test_second_row_for_an_area_already_kept_is_refused(browser):
    url = change_url(AssessmentFactory().consultation)
    data = add_row(browser.open(url).form, "assessments", area="face", severity="mild")
    page = browser.post(url, data)
    assert page.errors["assessments-1-area"] == [
        "This area is already assessed in this consultation."
    ]
    assert AreaAssessment.objects.count() == 1


def test_area_changed_to_another_rows_area_is_refused(browser):
    face = AssessmentFactory()
    AssessmentFactory(consultation=face.consultation, area="neck")
    page = browser.fill(change_url(face.consultation), {"assessments-1-area": "face"})
    assert list(page.errors) == ["assessments-1-area"]


def test_two_areas_that_swap_places_give_no_crash(browser):
    face = AssessmentFactory()
    AssessmentFactory(consultation=face.consultation, area="neck")
    swapped = {"assessments-0-area": "neck", "assessments-1-area": "face"}
    page = browser.fill(change_url(face.consultation), swapped)
    assert page.status == 200


@pytest.mark.parametrize(
    ("severity", "grade"), [("mild", "3"), ("moderate", "1"), ("severe", "2.5"), ("mild", "2")]
)
def test_grade_that_disagrees_with_severity_is_refused(browser, add, severity, grade):
    changes = answers.areas(("face", severity)) | {"assessments-0-grade": grade}
    page = browser.fill(add, changes)
    assert page.errors == {
        "assessments-0-grade": [
            "The grade and the laxity disagree: up to 1.5 is mild, 2 and 2.5 moderate, "
            "3 and more severe."
        ]
    }
    assert page.form["assessments-0-grade"] == grade


@pytest.mark.parametrize("grade", ["1.2", "4.5", "-1"])
def test_grade_off_the_scale_is_refused(browser, add, grade):
    changes = answers.areas(("face", "mild")) | {"assessments-0-grade": grade}
    assert list(browser.fill(add, changes).errors) == ["assessments-0-grade"]


def test_area_without_severity_is_refused(browser, add):
    page = browser.fill(add, answers.areas(("face", "")))
    assert page.errors == {"assessments-0-severity": ["This field is required."]}


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (
            lambda: timezone.localdate() + timedelta(days=1),
            "The consultation date is in the future.",
        ),
        (lambda: "1979-05-17", "This is before the patient was born."),
    ],
)
def test_day_out_of_bounds_is_refused(browser, add, day, told):
    page = browser.fill(add, answers.areas(("face", "mild")) | {"consulted_on": day()})
    assert page.errors == {"consulted_on": [told]}


def test_day_after_a_session_is_refused(browser):
    session = SessionFactory(performed_on=date(2025, 4, 1))
    page = browser.fill(change_url(session.plan.assessment.consultation), _on("2025-04-02"))
    assert page.errors == {"consulted_on": ["A session was done before this day."]}


def _on(day):
    return {"consulted_on": day}


@pytest.mark.parametrize(
    ("years", "measured", "errors"),
    [
        (45, {"height_cm": "69"}, {"height_cm": [IN_CENTIMETRES]}),
        (12, {"height_cm": "99"}, {"height_cm": [IN_CENTIMETRES]}),
        (12, {"height_cm": "100", "weight_kg": "25"}, {}),
        (11, {"height_cm": "99", "weight_kg": "24.9"}, {}),
        (45, {"height_cm": "175", "weight_kg": "11"}, {"weight_kg": [IN_KILOGRAMS]}),
        (12, {"weight_kg": "24.9"}, {"weight_kg": [IN_KILOGRAMS]}),
        (45, {}, {}),
    ],
)
def test_measures_in_other_units_are_refused_beside_the_field(browser, years, measured, errors):
    born = timezone.localdate().replace(day=1, month=1)
    born = born.replace(year=born.year - years)
    add = add_url("consultation", patient=PatientFactory(date_of_birth=born).pk)
    page = browser.fill(add, measured)
    assert page.errors == errors
    assert {name: page.form[name] for name in errors} == {name: measured[name] for name in errors}


@pytest.mark.parametrize("name", ["tanned_on", "filler_on", "isotretinoin_last_dose_on"])
def test_health_date_before_birth_is_refused(browser, add, name):
    page = browser.fill(add, answers.areas(("face", "mild")) | {name: "1980-05-16"})
    assert page.errors == {name: ["This is before the patient was born."]}


def test_surgery_before_birth_is_refused(browser, add):
    operated = {"assessments-0-surgery_on": "1980-05-16"}
    page = browser.fill(add, answers.areas(("face", "mild")) | operated)
    assert page.errors == {"assessments-0-surgery_on": ["This is before the patient was born."]}


@pytest.mark.parametrize("name", ["tanned_on", "filler_on", "isotretinoin_last_dose_on"])
def test_date_after_the_visit_is_refused(browser, add, name):
    page = browser.fill(
        add, _on("2025-03-03") | answers.areas(("face", "mild")) | {name: "2025-03-04"}
    )
    assert page.errors == {name: ["This date is after the visit."]}


def test_never_beside_a_last_dose_is_refused(browser, add):
    changes = {"isotretinoin": "never", "isotretinoin_last_dose_on": "2025-01-01"}
    page = browser.fill(add, answers.areas(("face", "mild")) | changes)
    assert page.errors == {
        "isotretinoin_last_dose_on": ["A day is given, but the answer is “Never”."]
    }


def test_edit_of_an_unsigned_consultation_judges_anew(browser):
    face = AssessmentFactory()
    page = browser.fill(change_url(face.consultation), {"pregnant": "true"})
    face.refresh_from_db()
    assert [face.outcome, face.lasers] == ["hold", []]
    assert page.messages[0].startswith("Face: Wait, 33 not asked. ")
    assert face.history.count() == 2


def test_area_turned_severe_opens_its_referral(browser):
    face = AssessmentFactory()
    page = browser.fill(change_url(face.consultation), {"assessments-0-severity": "severe"})
    referral = SurgicalReferral.objects.get()
    assert [referral.assessment, referral.status] == [face, "to_send"]
    assert page.links["Send referral"] == add_url("referralsending", referral=referral.pk)


def test_area_no_longer_severe_withdraws_its_unsent_referral(browser):
    face = AssessmentFactory(severe=True)
    url = change_url(face.consultation)
    browser.fill(url, {"notes": "Looked again."})
    browser.fill(url, {"assessments-0-severity": "mild"})
    withdrawn = SurgicalReferral.objects.get()
    assert [withdrawn.status, withdrawn.closure] == ["closed", "withdrawn"]
    browser.fill(url, {"assessments-0-severity": "severe"})
    reopened = SurgicalReferral.objects.get()
    assert [reopened.status, reopened.closure, reopened.closed_on] == ["to_send", "", None]


# What is known for life


def test_lifetime_answers_are_kept_with_the_patient(browser, add, patient):
    changes = {"phototype": "III", "keloid_history": "false", "gold_therapy": "true"}
    browser.fill(add, answers.areas(("face", "mild")) | changes)
    patient.refresh_from_db()
    known = [getattr(patient, name) for name in Patient.LIFETIME_ANSWERS]
    assert known == ["III", False, None, True, None]
    assert AreaAssessment.objects.get().facts["gold_therapy"] is True


def test_lifetime_answers_known_are_shown_and_not_asked(browser):
    patient = PatientFactory(phototype="II", keloid_history=False)
    page = browser.open(add_url("consultation", patient=patient.pk))
    asked = page.names().intersection(Patient.LIFETIME_ANSWERS)
    assert asked == {"herpes_history", "gold_therapy", "connective_tissue_disease"}
    assert [page.help_of("phototype"), page.help_of("keloid_history")] == [KNOWN, KNOWN]
    assert page.select("#id_phototype option[selected]")[0]["value"] == "II"
    assert page.select("[name=keloid_history][checked]")[0]["value"] == "false"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"phototype": "VI"}, "II – burns easily, tans little"),
        ({"keloid_history": "true"}, "No"),
    ],
)
def test_lifetime_answer_contradicted_is_pointed_out(browser, changes, told):
    patient = PatientFactory(phototype="II", keloid_history=False)
    add = add_url("consultation", patient=patient.pk)
    page = browser.fill(add, answers.areas(("face", "mild")) | changes)
    assert page.errors == {
        next(iter(changes)): [f"Already known: {told}. Change it on the patient's page."]
    }
    patient.refresh_from_db()
    assert [patient.phototype, patient.keloid_history] == ["II", False]


def test_lifetime_answer_repeated_is_no_contradiction(browser):
    patient = PatientFactory(phototype="II")
    add = add_url("consultation", patient=patient.pk)
    assert browser.fill(add, answers.areas(("face", "mild")) | {"phototype": "II"}).errors == {}
    patient.refresh_from_db()
    assert patient.version == 1


def test_last_answers_are_offered_and_not_assumed(browser, patient, add):
    ConsultationFactory(
        patient=patient, anticoagulants=True, isotretinoin=Isotretinoin.PAST, smoker=False
    )
    page = browser.open(add)
    offered = [page.help_of(name) for name in ("anticoagulants", "isotretinoin", "smoker")]
    assert offered == [
        f"Last time (3 Mar 2025): {answer}" for answer in ("Yes", "In the past", "No")
    ]
    asked = [page.form[name] for name in ("anticoagulants", "isotretinoin", "smoker")]
    assert asked == ["unknown", "", "unknown"]


def test_last_answers_in_error_are_not_offered(browser, patient, add, clinician):
    ConsultationFactory(
        patient=patient,
        anticoagulants=True,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Wrong patient.",
    )
    assert browser.open(add).help_of("anticoagulants") == ""


# What lies on the way


@pytest.mark.parametrize("pk", ["999999", "abc", "-1", "9" * 40, "1e3", "١", "", "²"])
def test_unknown_patient_in_the_address_is_passed_over(browser, pk):
    page = browser.open(add_url("consultation", patient=pk, follows=pk))
    assert [page.status, page.form.get("patient")] == [200, None]


@pytest.mark.parametrize("pk", ["999999", "abc", "9" * 40, ""])
@pytest.mark.parametrize("name", ["patient", "clinician", "assessments-0-follows_referral"])
def test_foreign_key_to_nobody_is_refused(browser, add, name, pk):
    page = browser.fill(add, answers.areas(("face", "mild")) | {name: pk})
    assert page.status == 200
    if name == "assessments-0-follows_referral" and not pk:
        return
    assert page.errors
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    "count",
    [
        {"assessments-TOTAL_FORMS": "abc"},
        {"assessments-TOTAL_FORMS": "-1"},
        {"assessments-TOTAL_FORMS": None},
        {"assessments-INITIAL_FORMS": "abc"},
        {"assessments-INITIAL_FORMS": "3"},
        {"assessments-INITIAL_FORMS": None},
    ],
)
@pytest.mark.parametrize("kept", [False, True])
def test_tampered_count_of_rows_gives_no_crash(browser, add, count, kept):
    url = change_url(AssessmentFactory().consultation) if kept else add
    page = browser.fill(url, answers.areas(("face", "moderate")) | {"notes": "New."} | count)
    assert page.status == 200


def test_far_too_many_rows_are_refused_without_building_them(browser, add):
    changes = answers.areas(("face", "mild")) | {"assessments-TOTAL_FORMS": "5000"}
    page = browser.fill(add, changes)
    assert not Consultation.objects.exists()
    rows = [name for name in page.form if name.endswith("-severity")]
    assert len(rows) < 50


def test_row_of_another_consultation_is_refused(browser):
    mine, other = AssessmentFactory(), AssessmentFactory(area="neck")
    changes = {"assessments-0-id": other.pk, "assessments-0-severity": "moderate"}
    page = browser.fill(change_url(mine.consultation), changes)
    assert page.status == 200
    other.refresh_from_db()
    assert other.severity == "mild"


def test_deletion_of_a_row_is_not_heard(browser):
    face = AssessmentFactory()
    browser.fill(change_url(face.consultation), {"assessments-0-DELETE": "on", "notes": "x"})
    assert AreaAssessment.objects.get() == face


def test_plan_rests_while_answers_change(browser):
    plan = PlanFactory()
    consultation = plan.assessment.consultation
    page = browser.fill(change_url(consultation), {"tanned_on": "2025-03-01"})
    assert page.errors == {}
    plan.refresh_from_db()
    assert [plan.status, plan.assessment.outcome] == ["active", "hold"]


def test_patient_stays_fixed_when_the_form_comes_back(browser):
    patient = PatientFactory()
    url = add_url("consultation", patient=patient.pk)
    page = browser.fill(url, answers.areas(("face", "mild")) | {"assessments-0-grade": "7"})
    assert page.select("input[name=patient]")[0]["type"] == "hidden"
    assert page.select("select[name=patient]") == []


def test_height_and_weight_with_their_units_are_told_how(browser):
    page = browser.fill(
        add_url("consultation", patient=PatientFactory().pk),
        answers.areas(("face", "mild")) | {"height_cm": "175 cm", "weight_kg": "70 kg"},
    )
    assert page.errors == {
        "height_cm": ["Whole centimetres, as a number alone: 175."],
        "weight_kg": ["Kilograms, as a number alone: 70.5."],
    }
