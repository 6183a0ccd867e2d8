"""Test patches in the admin: recorded from an area, read later, cleared by a clinician."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.actions.signing import sign
from consultations.models import ConsentWording, TestPatch
from consultations.models.first_wordings import first_wording
from consultations.summaries.chart import chart_of
from tests.factories import (
    AssessmentFactory,
    ConsentWordingFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    TestPatchFactory,
)

from .browsing import Browser, add_url, change_url, list_url, page_url, words

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def patient():
    return PatientFactory()


def enter(browser, patient, **answers):
    return browser.fill(add_url("testpatch", patient=patient.pk, area="neck"), answers)


def test_recorded_from_an_area_the_link_says_whose_and_where(practitioner, patient):
    mode = LaserModeFactory()
    page = enter(Browser(practitioner), patient, laser_mode=mode.pk, note="Left side.")
    patch = TestPatch.objects.get()
    assert page.path == page_url(patient, "chart")
    assert [patch.patient, patch.area, patch.done_on, patch.laser_mode] == [
        patient,
        "neck",
        TODAY,
        mode,
    ]
    assert [patch.result, patch.read_on, patch.note] == ["awaited", None, "Left side."]


def test_read_later_on_its_own_page(practitioner):
    patch = TestPatchFactory(awaited=True)
    Browser(practitioner).fill(change_url(patch), {"result": "reaction", "read_on": TODAY})
    patch.refresh_from_db()
    assert [patch.result, patch.read_on] == ["reaction", TODAY]


def links_of(page):
    return [one["href"] for one in page.select("a[href*='/testpatch/add/']")]


def test_way_to_one_more_stays_after_signing(practitioner, clinician):
    face = AssessmentFactory()
    sign(record=face.consultation, by=clinician)
    plan = PlanFactory(assessment=face)
    add = add_url("testpatch", patient=face.patient.pk, area="face")
    for url in (
        change_url(face.consultation),
        page_url(face.patient, "chart"),
        f"{page_url(face.patient, 'visit')}?plan={plan.pk}",
    ):
        assert links_of(Browser(practitioner).open(url)) == [add]


def test_way_to_one_more_is_for_those_who_may(manager):
    face = AssessmentFactory()
    for url in (change_url(face.consultation), page_url(face.patient, "chart")):
        assert links_of(Browser(manager).open(url)) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"done_on": TOMORROW}, {"done_on": ["This date is in the future."]}),
        (
            {"read_on": TOMORROW, "result": "clear"},
            {"read_on": ["This date is in the future."]},
        ),
        (
            {"read_on": TODAY - timedelta(days=1), "result": "clear"},
            {"read_on": ["It cannot be read before it was done."]},
        ),
        ({"read_on": TODAY}, {"result": ["Say what it showed on the day it was read."]}),
    ],
)
def test_day_that_cannot_be_is_told_beside_it(practitioner, patient, typed, told):
    page = enter(Browser(practitioner), patient, note="Left side.", **typed)
    assert page.errors == told
    assert page.form["note"] == "Left side."
    assert TestPatch.objects.count() == 0


def test_clinician_clears_a_reaction_with_a_reason(clinician):
    patch = TestPatchFactory(reaction=True)
    before = timezone.now()
    Browser(clinician).fill(change_url(patch), {"clearance": "Faded in a day."})
    patch.refresh_from_db()
    assert [patch.clearance, patch.cleared_by] == ["Faded in a day.", clinician]
    assert before <= patch.cleared_at <= timezone.now()


def test_clearance_taken_back_takes_name_and_time_along(clinician):
    cleared = {"clearance": "Faded.", "cleared_by": clinician, "cleared_at": timezone.now()}
    patch = TestPatchFactory(reaction=True, **cleared)
    Browser(clinician).fill(change_url(patch), {"clearance": ""})
    patch.refresh_from_db()
    assert [patch.clearance, patch.cleared_by, patch.cleared_at] == ["", None, None]


def test_what_is_no_reaction_is_not_cleared(clinician):
    patch = TestPatchFactory(reaction=True)
    page = Browser(clinician).fill(
        change_url(patch), {"clearance": "It was clear.", "result": "clear"}
    )
    assert page.errors == {"clearance": ["Only a reaction is cleared."]}
    assert page.form["clearance"] == "It was clear."


def test_practitioner_may_not_clear(practitioner):
    patch = TestPatchFactory(reaction=True)
    browser = Browser(practitioner)
    assert "clearance" not in browser.open(change_url(patch)).names()
    browser.fill(change_url(patch), {"clearance": "Fine.", "note": "Red."})
    patch.refresh_from_db()
    assert [patch.clearance, patch.cleared_by, patch.note] == ["", None, "Red."]


def test_cleared_reaction_is_not_read_anew_by_a_practitioner(practitioner, clinician):
    cleared = {"clearance": "Faded.", "cleared_by": clinician, "cleared_at": timezone.now()}
    patch = TestPatchFactory(reaction=True, **cleared)
    page = Browser(practitioner).fill(change_url(patch), {"result": "clear"})
    patch.refresh_from_db()
    assert [patch.result, patch.clearance] == ["reaction", "Faded."]
    assert ["Only a reaction is cleared."] in page.errors.values()


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ({}, "Clear"),
        ({"awaited": True}, "Awaited"),
        ({"reaction": True}, "Reaction"),
        ({"reaction": True, "clearance": "Faded."}, "Reaction, cleared"),
    ],
)
def test_list_and_chart_say_what_it_showed(clinician, options, state):
    if "clearance" in options:
        options = options | {"cleared_by": clinician, "cleared_at": timezone.now()}
    face = AssessmentFactory()
    TestPatchFactory(patient=face.patient, **options)
    [row] = Browser(clinician).open(list_url("testpatch")).rows
    assert row[-1] == state
    card = words(Browser(clinician).open(page_url(face.patient, "chart")).select("article")[0])
    assert state in card


def test_timeline_tells_it_with_its_clearance(clinician):
    cleared = {"clearance": "Faded.", "cleared_by": clinician, "cleared_at": timezone.now()}
    patch = TestPatchFactory(by=clinician, reaction=True, note="Red for a day.", **cleared)
    [line] = chart_of(patch.patient).events
    assert [line.day, line.kind, line.areas, line.title, line.details, line.who] == [
        patch.done_on,
        "test_patch",
        ("face",),
        "Face, test patch: reaction",
        ("Red for a day.", "Cleared by clinician: Faded."),
        "clinician",
    ]


LIFTED = [
    ({"result": "clear"}, "result"),
    ({"result": "awaited", "read_on": ""}, "result"),
    ({"area": "legs"}, "area"),
    ({"done_on": TODAY - timedelta(days=3)}, "done_on"),
]


@pytest.mark.parametrize(("changes", "field"), LIFTED)
def test_reaction_is_not_called_otherwise_by_a_practitioner(practitioner, changes, field):
    patch = TestPatchFactory(reaction=True)
    page = Browser(practitioner).fill(change_url(patch), changes)
    assert page.errors == {field: ["A clinician clears the reaction first, with a reason."]}


def test_note_of_a_reaction_may_be_corrected_by_a_practitioner(practitioner):
    patch = TestPatchFactory(reaction=True)
    Browser(practitioner).fill(change_url(patch), {"note": "Two blisters."})
    patch.refresh_from_db()
    assert (patch.note, patch.result) == ("Two blisters.", "reaction")


def test_clinician_may_correct_a_result(clinician):
    patch = TestPatchFactory(reaction=True)
    Browser(clinician).fill(change_url(patch), {"result": "clear"})
    patch.refresh_from_db()
    assert patch.result == "clear"


def test_result_without_its_day_was_read_today(practitioner, patient):
    enter(Browser(practitioner), patient, result="clear", done_on=TODAY - timedelta(days=5))
    assert TestPatch.objects.get().read_on == TODAY


def test_correcting_the_words_of_a_clearance_keeps_its_time(clinician):
    cleared_at = timezone.now() - timedelta(days=10)
    patch = TestPatchFactory(
        reaction=True, clearance="Fadd.", cleared_by=clinician, cleared_at=cleared_at
    )
    Browser(clinician).fill(change_url(patch), {"clearance": "Faded."})
    patch.refresh_from_db()
    assert (patch.clearance, patch.cleared_at) == ("Faded.", cleared_at)


def test_patch_that_an_assessment_was_told_of_leads_to_a_record_of_it(practitioner, patient):
    AssessmentFactory(
        consultation__patient=patient, test_patch_on=date(2025, 3, 1), test_patch_result="reaction"
    )
    page = Browser(practitioner).open(page_url(patient, "chart"))
    [link] = [one for one in links_of(page) if "result=reaction" in one]
    form = Browser(practitioner).open(link).form
    assert [form[name] for name in ("area", "result", "done_on")] == [
        "face",
        "reaction",
        "Sat 1 Mar 2025",
    ]


# What the patient read and agreed to


@pytest.fixture
def mode():
    return LaserModeFactory()


def wording_for(mode, **others):
    return ConsentWordingFactory(kind="treatment", laser_type=mode.laser_type, **others)


def read(page):
    """What can be read before a test patch: the text under each heading."""
    found = page.select("#testpatch_form details:has(.wording)")
    return {words(one.find("summary")): words(one.select(".wording")[0]) for one in found}


def test_wording_of_each_laser_type_in_service_can_be_read(practitioner, patient, mode):
    wording_for(mode, text="Words of before.")
    wording_for(mode, text="Words of today.")
    other = LaserModeFactory(laser_type="ablative_full")
    assert read(Browser(practitioner).open(add_url("testpatch", patient=patient.pk))) == {
        f"What is read before {mode.get_laser_type_display().lower()} laser": "Words of today.",
        "What is read before fully ablative laser": " ".join(
            first_wording("treatment", other.laser_type).split()
        ),
    }


@pytest.mark.parametrize("agreed", [True, False])
def test_answer_is_kept_with_what_was_read(practitioner, patient, mode, agreed):
    wording = wording_for(mode)
    browser = Browser(practitioner)
    enter(browser, patient, laser_mode=mode.pk, agreed=str(agreed).lower())
    patch = TestPatch.objects.get()
    assert [patch.agreed, patch.wording] == [agreed, wording]
    assert f"Read and answered: {wording}" in browser.open(change_url(patch)).text


def test_not_asked_is_no_answer(practitioner, patient, mode):
    wording_for(mode)
    enter(Browser(practitioner), patient, laser_mode=mode.pk)
    patch = TestPatch.objects.get()
    assert [patch.agreed, patch.wording] == [None, None]


def test_first_wording_is_stored_with_the_first_answer(practitioner, patient, mode):
    enter(Browser(practitioner), patient, laser_mode=mode.pk, agreed="true")
    wording = ConsentWording.objects.get()
    assert [TestPatch.objects.get().wording, wording.edition] == [wording, 1]
    assert wording.text == first_wording("treatment", mode.laser_type)


def test_answer_without_a_laser_is_told_beside_it(practitioner, patient):
    page = enter(Browser(practitioner), patient, agreed="true", note="Left side.")
    assert page.errors == {"agreed": ["Choose the laser: its wording is what is read."]}
    assert [page.form["agreed"], page.form["note"]] == ["true", "Left side."]
    assert TestPatch.objects.count() == 0


def test_wording_changed_between_reading_and_saving_is_read_again(practitioner, patient, mode):
    wording_for(mode)
    browser = Browser(practitioner)
    page = browser.open(add_url("testpatch", patient=patient.pk, area="neck"))
    form = page.form | {"laser_mode": mode.pk, "agreed": "true", "_save": "1"}
    latest = wording_for(mode, text="Other words.")
    page = browser.post(page.path, form)
    told = "The wording was changed a moment ago. Read it again, then sign."
    assert page.errors == {"agreed": [told]}
    assert TestPatch.objects.count() == 0
    browser.post(page.path, page.form | {"_save": "1"})
    assert TestPatch.objects.get().wording == latest


def test_later_edition_leaves_what_was_answered(practitioner, patient, mode):
    wording = wording_for(mode)
    browser = Browser(practitioner)
    enter(browser, patient, laser_mode=mode.pk, agreed="true")
    wording_for(mode, text="Other words.")
    patch = TestPatch.objects.get()
    browser.fill(change_url(patch), {"result": "clear"})
    patch.refresh_from_db()
    assert [patch.result, patch.agreed, patch.wording] == ["clear", True, wording]


def test_another_laser_type_takes_its_own_wording(practitioner, patient, mode):
    wording_for(mode)
    browser = Browser(practitioner)
    enter(browser, patient, laser_mode=mode.pk, agreed="true")
    other = LaserModeFactory(laser_type="ablative_full")
    wording = wording_for(other)
    patch = TestPatch.objects.get()
    browser.fill(change_url(patch), {"laser_mode": other.pk})
    patch.refresh_from_db()
    assert [patch.agreed, patch.wording] == [True, wording]
    browser.fill(change_url(patch), {"agreed": "unknown"})
    patch.refresh_from_db()
    assert [patch.agreed, patch.wording] == [None, None]


@pytest.mark.parametrize(("agreed", "told"), [(True, "Agreed"), (False, "Did not agree")])
def test_timeline_tells_what_was_answered(mode, agreed, told):
    wording = wording_for(mode)
    patch = TestPatchFactory(agreed=agreed, wording=wording, laser_mode=mode)
    [line] = chart_of(patch.patient).events
    assert line.details == (f"{told}: {wording}.",)


def test_answered_wording_is_never_changed(manager, mode):
    wording = TestPatchFactory(agreed=True, wording=wording_for(mode)).wording
    page = Browser(manager).fill(change_url(wording), {"text": "Other words."})
    [told] = page.errors["text"]
    assert told.startswith("Consents were given in these words")


def test_manager_reads_what_was_answered(manager, mode):
    wording = wording_for(mode)
    patch = TestPatchFactory(agreed=True, wording=wording, laser_mode=mode)
    page = Browser(manager).open(change_url(patch))
    assert read(page) == {}
    assert f"Read and answered: {wording}" in page.text
