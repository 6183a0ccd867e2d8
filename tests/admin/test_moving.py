"""The pages for the wrong patient: found by search, previewed, refused when stale, done once."""

import pytest

from consultations.models import Consultation, Patient
from tests.factories import (
    AssessmentFactory,
    ConsultationFactory,
    DraftFactory,
    PatientFactory,
    PlanFactory,
    SessionFactory,
)

from .browsing import Browser, add_url, change_url, list_url, page_url, words

pytestmark = pytest.mark.django_db

WHY = {"reason": "Typed into the wrong chart."}


@pytest.fixture
def browser(clinician):
    return Browser(clinician)


@pytest.fixture
def consultation(db):
    return AssessmentFactory().consultation


@pytest.fixture
def to(db):
    return PatientFactory(family_name="Okafor")


def move_url(consultation, to):
    return f"{page_url(consultation, 'move')}?to={to.pk}"


def merge_url(keep, other):
    return f"{page_url(keep, 'merge')}?with={other.pk}"


# What tells people apart is never chosen for anybody.
SAME = dict.fromkeys(("family_name", "given_name", "date_of_birth", "sex"), "keep")


def merge(browser, keep, other, **choices):
    """Choose, check the result, and merge."""
    url = merge_url(keep, other)
    checked = browser.fill(url, {"reason": "Same woman."} | SAME | choices, button="_check")
    return browser.post(url, checked.form | {"_merge": "1"})


# Moving


def test_move_is_offered_while_nothing_is_signed(browser, consultation):
    link = "Move to another patient"
    assert link in browser.open(change_url(consultation)).links
    browser.sign(change_url(consultation))
    assert link not in browser.open(change_url(consultation)).links


def test_the_other_patient_is_found_by_name(browser, consultation, to):
    page = browser.open(f"{page_url(consultation, 'move')}?q=okafor")
    [link] = page.select(".candidates a")
    assert link["href"] == f"?to={to.pk}"
    page = browser.open(f"{page_url(consultation, 'move')}?q=nobody")
    assert "Nobody found." in page.text


def test_move_is_previewed_then_done(browser, consultation, to, clinician):
    page = browser.open(move_url(consultation, to))
    for told in ("Also moved", "Face", "No verdicts change."):
        assert told in page.text
    assert page.select("input.default")[0]["value"] == f"Move to {to.record_number}"
    page = browser.fill(move_url(consultation, to), WHY)
    assert page.messages == [f"The consultation is in the record of {to}."]
    assert page.path == change_url(consultation)
    consultation.refresh_from_db()
    assert [consultation.patient, consultation.changed_by] == [to, clinician]


def test_move_without_a_reason_is_refused(browser, consultation, to):
    page = browser.fill(move_url(consultation, to))
    assert page.errors["reason"] == ["This field is required."]


def test_move_posted_twice_is_done_once(browser, consultation, to):
    data = browser.open(move_url(consultation, to)).form | WHY
    url = page_url(consultation, "move")
    pages = [browser.post(url, data) for _ in range(2)]
    assert {page.path for page in pages} == {change_url(consultation)}
    told = f"Consultation of 3 Mar 2025 moved here from {consultation.patient.record_number}: "
    assert to.history.filter(history_change_reason__startswith=told).count() == 1


def test_stale_preview_is_refused_and_shown_anew(browser, consultation, to):
    data = browser.open(move_url(consultation, to)).form | WHY
    PlanFactory(consented=False, assessment__consultation__patient=to, assessment__area="neck")
    page = browser.post(move_url(consultation, to), data)
    assert page.messages == [
        "Nothing was moved: something changed since you opened this page. Check it."
    ]
    assert page.form["reason"] == WHY["reason"]
    page = browser.post(move_url(consultation, to), page.form)
    assert page.path == change_url(consultation)


def test_what_stands_in_the_way_is_linked(browser, to):
    plan = PlanFactory(consented=False)
    there = PlanFactory(consented=False, assessment__consultation__patient=to)
    url = move_url(plan.assessment.consultation, to)
    page = browser.open(url)
    assert [link["href"] for link in page.select(".obstacles a")] == [
        change_url(plan),
        change_url(there),
    ]
    assert "reason" not in page.form
    page = browser.post(url, page.form | WHY)
    assert page.messages == ["Nothing was moved."]


def test_move_is_told_on_both_charts_and_histories(browser, consultation, to):
    source = consultation.patient
    browser.fill(move_url(consultation, to), WHY)
    left = f"Consultation of 3 Mar 2025 moved to {to.record_number}"
    came = f"Consultation of 3 Mar 2025 moved here from {source.record_number}"
    for patient, told in ((source, left), (to, came)):
        page = browser.open(page_url(patient, "chart"))
        assert words(page.select(".event-record")[0].select_one("p")) == told
        assert WHY["reason"] in page.text
        assert f"{told}: {WHY['reason']}" in browser.open(page_url(patient, "history")).text
    page = browser.open(page_url(consultation, "history"))
    assert f"Patient {source} {to}" in page.text


def test_moved_meanwhile_is_not_saved_without_a_word(browser, consultation, to):
    data = browser.open(change_url(consultation)).form | {"assessments-0-severity": "moderate"}
    browser.fill(move_url(consultation, to), WHY)
    page = browser.post(change_url(consultation), data | {"_save": "1"})
    assert f"This consultation was moved to {to} meanwhile." in page.text
    area = consultation.assessments.get()
    assert area.severity == "mild"
    browser.post(change_url(consultation), page.form | {"_save": "1"})
    area.refresh_from_db()
    assert area.severity == "moderate"


@pytest.mark.parametrize("role", ["reception", "practitioner", "manager"])
def test_others_neither_move_nor_merge(role, request, consultation, to):
    browser = Browser(request.getfixturevalue(role))
    for url in (move_url(consultation, to), merge_url(to, consultation.patient)):
        assert [browser.open(url).status, browser.post(url, WHY).status] == [403, 403]


@pytest.mark.parametrize("key", ["999999", "abc", "9" * 40, "-1", ""])
def test_unknown_other_is_asked_for_again(browser, consultation, to, key):
    for url in (
        f"{page_url(consultation, 'move')}?to={key}",
        f"{page_url(to, 'merge')}?with={key}",
    ):
        page = browser.open(url)
        assert [page.status, len(page.select("#choose"))] == [200, 1]


# Merging


def test_merge_is_offered_on_chart_and_form(browser, to):
    for page in ("chart", "change"):
        assert "Merge with another record" in browser.open(page_url(to, page)).links


def test_namesakes_are_pointed_out_with_a_way_to_merge(browser, reception):
    first = PatientFactory(family_name="Okafor", given_name="")
    names = {"family_name": "Okafor", "given_name": "", "date_of_birth": "1980-05-17"}
    page = browser.fill(add_url("patient"), names)
    page = browser.post(page.path, page.form | {"_save": "1"})
    second = Patient.objects.latest("pk")
    link = page.select(".messagelist .warning a.step")[-1]
    assert [words(link), link["href"]] == ["Compare and merge", merge_url(first, second)]
    page = Browser(reception).fill(add_url("patient"), names)
    assert "Compare and merge" not in page.text


def test_namesakes_are_proposed_first(browser):
    first, second = PatientFactory.create_batch(2, family_name="Okafor")
    page = browser.open(page_url(first, "merge"))
    assert [link["href"] for link in page.select(".candidates a")] == [f"?with={second.pk}"]


def test_merge_proposes_identity_and_asks_about_health(browser):
    keep = PatientFactory(phone="1001", allergies="Latex", keloid_history=False)
    other = PatientFactory(phone="1002", allergies="Nickel", keloid_history=True, email="e@x.org")
    page = browser.open(merge_url(keep, other))
    chosen = {name: page.form.get(name) for name in ("phone", "allergies", "keloid_history")}
    assert chosen == {"phone": "keep", "allergies": None, "keloid_history": None}
    assert "e@x.org" in page.text
    page = browser.fill(merge_url(keep, other), {"reason": "Same woman."}, button="_check")
    told = [words(one) for one in page.select(".sides .errorlist")]
    assert told == ["Choose one."] * 3
    choices = {"allergies": "both", "keloid_history": "other", "phone": "other"}
    page = merge(browser, keep, other, **choices)
    assert page.messages == [f"{other.record_number} was merged into this record."]
    keep.refresh_from_db()
    kept = [keep.phone, keep.allergies, keep.keloid_history, keep.email]
    assert kept == ["1002", "Latex\nNickel", True, "e@x.org"]


def test_merge_goes_back_with_what_was_chosen(browser, to):
    other = PatientFactory(phone="2")
    url = merge_url(to, other)
    checked = browser.fill(url, {"reason": "Same.", "family_name": "other"}, button="_check")
    page = browser.post(url, checked.form | {"_back": "1"})
    assert [page.form["reason"], page.form["family_name"]] == ["Same.", "other"]
    assert not Patient.objects.filter(merged_into__isnull=False).exists()


def test_merge_posted_twice_is_done_once(browser, to):
    other = PatientFactory()
    checked = browser.fill(merge_url(to, other), {"reason": "Same."} | SAME, button="_check")
    pages = [browser.post(merge_url(to, other), checked.form | {"_merge": "1"}) for _ in range(2)]
    assert {page.path for page in pages} == {page_url(to, "chart")}
    told = [f"{other.record_number} was merged into this record."]
    assert [page.messages for page in pages] == [told, told]
    assert other.history.count() == 2


@pytest.mark.parametrize("button", ["_check", "_merge"])
def test_stale_merge_is_refused_and_shown_anew(browser, to, button):
    other = PatientFactory()
    checked = browser.fill(merge_url(to, other), {"reason": "Same."}, button="_check")
    ConsultationFactory(patient=other)
    page = browser.post(merge_url(to, other), checked.form | {button: "1"})
    assert page.messages == [
        "Nothing was merged: something changed since you opened this page. Check it."
    ]
    assert "1 consultation" in page.text
    other.refresh_from_db()
    assert not other.in_error


def test_merge_can_be_turned_round(browser, to):
    other = PatientFactory()
    page = browser.open(merge_url(to, other))
    assert page.links[f"Keep {other.record_number} instead"] == merge_url(other, to)


def test_merge_with_itself_is_refused(browser, to):
    page = browser.open(merge_url(to, to))
    assert "Choose two different records." in page.text


# Afterwards


@pytest.fixture
def merged(browser, to):
    other = SessionFactory().plan.patient
    merge(browser, to, other)
    other.refresh_from_db()
    return other


@pytest.mark.parametrize("page", ["chart", "change", "visit", "photos", "merge"])
def test_old_links_lead_to_the_record_that_goes_on(browser, merged, to, page):
    opened = browser.open(page_url(merged, page))
    assert [opened.status, opened.path] == [200, page_url(to, page)]
    [told] = opened.messages
    assert told.startswith(f"{merged.record_number} was merged into this record on ")
    assert told.endswith("by clinician. Its history")


def test_old_link_leads_reception_on_too(merged, to, reception):
    opened = Browser(reception).open(change_url(merged))
    assert opened.path == change_url(to)
    assert "Same woman." not in opened.text
    assert Browser(reception).open(page_url(merged, "chart")).status == 403


def test_merged_is_in_no_list_and_no_search(browser, merged, to):
    page = browser.open(list_url("patient"))
    assert [row[1] for row in page.rows] == [to.record_number]
    for text in (merged.record_number, merged.family_name):
        page = browser.open(list_url("patient", q=text))
        assert [row[1] for row in page.rows] == [to.record_number]
        found = browser.open(f"/admin/consultations/patient/find/?q={text}")
        assert [words(one) for one in found.select("a bdi")] == [to.full_name]
    asked = "app_label=consultations&model_name=consultation&field_name=patient"
    answer = browser.client.get(f"/admin/autocomplete/?{asked}&term={merged.family_name}")
    assert [one["id"] for one in answer.json()["results"]] == [str(to.pk)]
    assert merged.record_number not in browser.open("/admin/").text


def test_both_histories_stay_readable(browser, merged, to):
    told = f"{merged.record_number} was merged into {to.record_number}: Same woman."
    page = browser.open(page_url(merged, "history"))
    assert told in page.text
    assert page.links[str(to)] == change_url(to)
    page = browser.open(page_url(to, "history"))
    assert told in page.text
    assert f"{merged.record_number} was merged into this record: Same woman." in page.text
    page = browser.open(page_url(to, "chart"))
    [event] = page.select(".event-record")
    assert event.select_one("a")["href"] == page_url(merged, "history")


def test_consultation_on_a_merged_record_is_refused_then_kept_where_it_belongs(browser, to):
    other = PatientFactory()
    url = add_url("consultation", patient=other.pk)
    data = browser.open(url).form | {"concern": "Loose skin.", "_save": "1"}
    merge(browser, to, other)
    page = browser.post(url, data)
    told = f"{other.record_number} was merged into {to.record_number}. Save again to record this"
    assert told in page.text
    assert page.form["concern"] == "Loose skin."
    assert not Consultation.objects.exists()
    page = browser.post(url, page.form | {"_save": "1"})
    assert Consultation.objects.get().patient == to


def test_new_records_asked_for_a_merged_one_begin_with_the_one_that_goes_on(browser, merged, to):
    for model in ("consultation", "followup"):
        page = browser.open(add_url(model, patient=merged.pk))
        assert [page.form["patient"], to.record_number in page.text] == [str(to.pk), True]


def test_visit_of_somebody_merged_meanwhile_is_kept(browser, to):
    plan = PlanFactory(consented=False)
    other = plan.patient
    url = page_url(other, "visit")
    data = browser.open(f"{url}?plan={plan.pk}").form
    merge(browser, to, other)
    page = browser.post(url, data | {"_save": "1"})
    assert page.path.startswith(page_url(to, "visit"))


def test_a_draft_left_on_a_merged_record_is_still_shown(browser, merged, clinician):
    DraftFactory(user=clinician, form=change_url(merged), values={"phone": "1003"})
    page = browser.open(change_url(merged))
    assert page.path == change_url(merged)
    assert "1003" in page.text
