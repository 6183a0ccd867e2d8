"""The chart: who, what to mind, each area's course and next step, and everything in one line."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.models import TreatmentSession
from consultations.vocabulary import Isotretinoin, PlanStatus
from tests.factories import (
    AssessmentFactory,
    ConsentFactory,
    ConsultationFactory,
    EventFactory,
    FollowUpFactory,
    LaserModeFactory,
    PatientFactory,
    PhotoFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
)

from . import answers
from .browsing import Browser, add_url, change_url, form_data, page_url, words

pytestmark = pytest.mark.django_db

# Session, user, two for permissions, the patient, four for the chart and one for the photos.
MOST_QUERIES = 18  # the last keeps that the chart was opened

IN_ERROR_OF_SESSION = {
    "session__entered_in_error_reason": "Wrong patient.",
    "session__entered_in_error_at": timezone.now(),
}
ERROR = {"entered_in_error_reason": "Wrong patient.", "entered_in_error_at": timezone.now()}


def chart(user, patient):
    return Browser(user).open(page_url(patient, "chart"))


def test_chart_says_who_it_is(clinician):
    patient = PatientFactory(
        family_name="Núñez", given_name="Eva", phone="020 7946", phototype="III", sex="female"
    )
    banner = words(chart(clinician, patient).soup.select_one(".banner"))
    for part in ("Núñez, Eva", "17 May 1980", patient.record_number, "Female", "020 7946", "III"):
        assert part in banner


def test_chart_of_somebody_new_says_so(clinician):
    text = chart(clinician, PatientFactory()).text
    for part in ("Allergies not asked", "No areas assessed yet.", "Nothing recorded yet."):
        assert part in text


def test_chart_warns(clinician):
    patient = PatientFactory(allergies="Latex", keloid_history=True, gold_therapy=True)
    ConsultationFactory(patient=patient, anticoagulants=True, isotretinoin=Isotretinoin.TAKING)
    alerts = [words(item) for item in chart(clinician, patient).select(".alerts li")]
    assert alerts == [
        "Allergies: Latex",
        "Keloid or hypertrophic scars",
        "Gold therapy: no Q-switched or picosecond laser",
        "Blood thinner or bleeding disorder 3 Mar 2025",
        "Takes isotretinoin 3 Mar 2025",
    ]


def test_chart_does_not_warn_of_what_was_an_error(clinician):
    patient = PatientFactory()
    ConsultationFactory(
        patient=patient, anticoagulants=True, entered_in_error_by=clinician, **ERROR
    )
    assert "Blood thinner" not in chart(clinician, patient).text


def test_chart_counts_a_course_in_words(clinician):
    plan = PlanFactory()
    SessionFactory.create_batch(3, plan=plan)
    page = chart(clinician, plan.patient)
    [course] = page.select("article .course")
    assert words(course.select_one(".nowrap")) == "3 of 5"
    assert [dot["aria-label"] for dot in course.select("ol a")] == [
        "Session 1, 31 Mar 2025",
        "Session 2, 28 Apr 2025",
        "Session 3, 26 May 2025",
    ]
    assert len(course.select("li[aria-hidden=true]")) == 2
    card = words(page.soup.select_one("article"))
    assert "Next due 23 Jun 2025 overdue" in card
    assert "earliest safe 9 Jun 2025" in card


STEPS = ["Record session", "Book", "Open plan", "Book follow-up", "Test patch"]


@pytest.mark.parametrize(
    ("role", "steps"),
    [("clinician", STEPS), ("practitioner", STEPS), ("manager", ["Open plan"])],
)
def test_chart_offers_each_role_its_next_steps(role, steps, request):
    page = chart(request.getfixturevalue(role), PlanFactory().patient)
    assert [words(link) for link in page.select("article .steps a")] == steps


@pytest.mark.parametrize(("role", "offered"), [("clinician", True), ("practitioner", False)])
def test_chart_offers_a_plan_to_those_who_may_start_one(role, offered, request):
    face = AssessmentFactory()
    page = chart(request.getfixturevalue(role), face.patient)
    start = page.links.get("Start plan")
    assert start == (add_url("treatmentplan", assessment=face.pk) if offered else None)
    assert ("New consultation" in page.links) is offered


def test_dots_lead_to_their_sessions_and_say_their_grade(clinician):
    session = SessionFactory(grade="1.5", operator=clinician)
    [dot] = chart(clinician, session.patient).select("article ol a")
    assert dot["href"] == change_url(session)
    assert dot["aria-label"] == "Session 1, 31 Mar 2025, grade 1.5"


def test_chart_offers_an_adverse_event_after_the_last_session(clinician):
    session = SessionFactory()
    last = SessionFactory(plan=session.plan)
    links = chart(clinician, session.patient).links
    assert links["Adverse event"] == add_url("adverseevent", session=last.pk)
    assert links["Book follow-up"] == add_url("followup", plan=session.plan.pk)


def test_open_event_is_an_alert_and_stands_on_its_area(clinician):
    event = EventFactory(moderate=True)
    page = chart(clinician, event.patient)
    first = words(page.soup.select_one(".alerts li"))
    assert first == "Burn or blister, face: not cleared 31 Mar 2025"
    assert "Burn or blister" in words(page.soup.select_one("article .open-event"))
    assert page.select(".event-adverse_event")


def test_event_that_is_over_is_told_and_no_alert(clinician):
    event = EventFactory(resolved_on=date(2025, 4, 7), action_taken="Cold compress.")
    page = chart(clinician, event.patient)
    assert [words(one) for one in page.select(".alerts li, .open-event")] == ["Allergies not asked"]
    told = words(page.soup.select_one(".event-adverse_event"))
    assert "Cold compress. Resolved on 7 Apr 2025." in told


def test_event_that_was_reported_says_where(clinician):
    event = EventFactory(reported_to="medwatch", reported_on=date(2025, 4, 7))
    told = words(chart(clinician, event.patient).soup.select_one(".event-adverse_event"))
    assert "Reported on 7 Apr 2025: MedWatch (FDA)." in told


def test_event_of_a_session_in_error_is_no_alert(clinician):
    event = EventFactory(session__entered_in_error_by=clinician, **IN_ERROR_OF_SESSION)
    alerts = chart(clinician, event.patient).select(".alerts li")
    assert [words(one) for one in alerts] == ["Allergies not asked"]


def test_booking_is_called_off_from_the_chart(practitioner):
    session = appointment_for(starts_at=timezone.now())
    browser, url = Browser(practitioner), page_url(session.patient, "chart")
    acts = browser.open(url).select("article .act")
    assert [words(act.summary) for act in acts] == ["Missed Face", "Cancelled Face"]
    back = browser.post(
        acts[0].form["action"], form_data(acts[0].form) | {"words": "Patient unwell"}
    )
    assert back.path == url
    assert "Patient unwell" in words(back.soup.select_one(".event-appointment"))
    [again] = back.select("article .due-acts a")
    assert words(again) == "Book again"


def test_past_booking_is_asked_for(clinician):
    past = appointment_for(starts_at=timezone.now() - timedelta(days=3))
    card = chart(clinician, past.patient).soup.select_one("article")
    assert "not recorded" in words(card)


def test_follow_up_is_done_from_the_chart(practitioner):
    plan = PlanFactory()
    FollowUpFactory(plan=plan, patient=plan.patient)
    browser, url = Browser(practitioner), page_url(plan.patient, "chart")
    form = browser.open(url).soup.select_one("article .due-list form")
    back = browser.post(form["action"], form_data(form) | {"words": "Booked"})
    assert back.select("article .due-list") == []
    assert "Face, follow-up: recall Booked" in words(back.soup.select_one(".event-follow_up"))


def test_follow_up_of_no_area_has_its_own_place(clinician):
    follow_up = FollowUpFactory(due_on=timezone.localdate() + timedelta(days=5))
    page = chart(clinician, follow_up.patient)
    assert "Other follow-ups" in page.text
    assert page.select(".due-list .act") == []


def test_plot_needs_two_points(clinician):
    plan = PlanFactory(assessment__grade="1.5")
    assert chart(clinician, plan.patient).select("svg[role=img]") == []
    SessionFactory(plan=plan, grade="1", satisfaction=7)
    page = chart(clinician, plan.patient)
    [drawing] = page.select("svg[role=img]")
    assert words(drawing.desc) == "Laxity grade, 0–4: 1.5, 1."
    assert [words(row) for row in page.select(".plot-numbers tbody tr")] == [
        "0 3 Mar 2025 1.5",
        "1 31 Mar 2025 1",
    ]


def shown(page):
    return [words(event.a) for event in page.select(".event:not([hidden])")]


def test_timeline_is_narrowed_by_area_and_by_kind(clinician):
    plan = PlanFactory()
    SessionFactory(plan=plan)
    ReferralFactory(assessment__consultation=plan.assessment.consultation, assessment__area="neck")
    browser, url = Browser(clinician), page_url(plan.patient, "chart")
    whole = browser.open(url)
    assert len(shown(whole)) == len(whole.select(".event")) == 5
    assert shown(browser.open(f"{url}?kind=session")) == ["Face, session 1 of 5"]
    neck = browser.open(f"{url}?area=neck")
    assert shown(neck) == ["Referral to surgery, neck: to send", "Consultation"]
    assert neck.links["Sessions"] == "?area=neck&kind=session#timeline"
    assert "Nothing matches these filters." in browser.open(f"{url}?area=neck&kind=session").text
    assert shown(browser.open(f"{url}?area=moon&kind=x")) == shown(whole)


def test_laser_is_named_as_it_was_on_the_day_of_an_unsigned_session(clinician):
    mode, plan = LaserModeFactory(laser__name="Old laser"), PlanFactory()
    url = add_url("treatmentsession", plan=plan.pk)
    # Not signed: the button is pressed once, and some questions were not asked.
    Browser(clinician).fill(url, answers.session(mode, "2025-04-01"), button="_sign")
    mode.laser.name = "New laser"
    mode.laser.save(by=UserFactory())
    session = TreatmentSession.objects.get()
    assert "On that day it was called Old laser: Long pulse." in words(
        Browser(clinician).open(change_url(session)).select(".field-laser_mode")[0]
    )
    told = [words(one) for one in chart(clinician, plan.patient).select(".timeline li")]
    assert [name for one in told for name in ("Old laser", "New laser") if name in one] == [
        "Old laser"
    ]


def test_chart_names_the_laser_of_a_signed_session_as_it_was_signed(clinician):
    mode, plan = LaserModeFactory(laser__name="Old laser"), PlanFactory()
    url = add_url("treatmentsession", plan=plan.pk)
    Browser(clinician).sign(url, answers.session(mode, "2025-04-01"))
    plan.refresh_from_db()
    SessionFactory(plan=plan, laser_mode=mode, performed_on=timezone.localdate())
    mode.laser.name = "New laser"
    mode.laser.save(by=UserFactory())
    told = [words(one) for one in chart(clinician, plan.patient).select(".timeline li")]
    lasers = [name for one in told for name in ("Old laser", "New laser") if name in one]
    assert lasers == ["New laser", "Old laser"]


def test_photos_of_a_day_are_one_line(clinician):
    patient = ConsentFactory().patient
    for view in ("front", "left_side"):
        PhotoFactory(patient=patient, view=view, taken_by=clinician)
    lines = [words(one) for one in chart(clinician, patient).select(".event-photo")]
    assert lines == ["3 Mar 2025 Face, 2 photos Front, Left side clinician"]


def test_chart_offers_an_unsent_referral(clinician):
    referral = ReferralFactory()
    page = chart(clinician, referral.patient)
    assert page.links["Send referral"] == add_url("referralsending", referral=referral.pk)


def test_chart_runs_from_latest_to_first(clinician):
    plan = PlanFactory()
    SessionFactory.create_batch(2, plan=plan)
    AssessmentFactory(
        consultation__patient=plan.patient,
        consultation__consulted_on=date(2025, 4, 10),
        area="neck",
    )
    events = chart(clinician, plan.patient).select(".event")
    told = [(event.time["datetime"], words(event.select_one("p a"))) for event in events]
    assert told == [
        ("2025-04-28", "Face, session 2 of 5"),
        ("2025-04-10", "Consultation"),
        ("2025-03-31", "Face, session 1 of 5"),
        ("2025-03-03", "Plan for face: 5 sessions, non-ablative"),
        ("2025-03-03", "Consultation"),
        ("2025-02-17", "Consent: face, non-ablative laser, 60 sessions"),
    ]


def test_chart_strikes_what_was_entered_in_error(clinician):
    plan = PlanFactory()
    SessionFactory(plan=plan, entered_in_error_by=clinician, **ERROR)
    page = chart(clinician, plan.patient)
    [struck] = page.select(".event.is-in-error")
    assert "entered in error" in words(struck)
    assert "0 of 5" in page.text


def test_chart_of_a_plan_in_error_starts_anew(clinician):
    plan = PlanFactory(entered_in_error_by=clinician, **ERROR)
    assert "Start plan" in chart(clinician, plan.patient).links


def test_chart_shows_markup_as_text(clinician):
    patient = PatientFactory(family_name="<script>alert(1)</script>", allergies="<b>x</b>")
    ConsultationFactory(patient=patient, concern="<i>y</i>")
    content = chart(clinician, patient).response.content.decode()
    for markup in ("<script>alert", "<b>x", "<i>y"):
        assert markup not in content


def queries(browser, patient):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.open(page_url(patient, "chart")).status == 200
    return len(captured)


def test_chart_asks_as_much_for_forty_sessions_as_for_one(clinician):
    browser, plan = Browser(clinician), PlanFactory(planned_sessions=60)
    session = SessionFactory(plan=plan)
    queries(browser, plan.patient)
    once = queries(browser, plan.patient)
    SessionFactory.create_batch(39, plan=plan, laser_mode=session.laser_mode)
    for area in ("neck", "arms", "legs"):
        ReferralFactory(assessment__consultation__patient=plan.patient, assessment__area=area)
        PlanFactory(
            assessment__consultation__patient=plan.patient,
            assessment__area=area,
            status=PlanStatus.STOPPED,
            status_reason="Moved.",
        )
    for number in range(10):
        ConsultationFactory(patient=plan.patient, consulted_on=date(2025, 5, 1 + number))
    EventFactory(session=session)
    FollowUpFactory(plan=plan, patient=plan.patient)
    assert queries(browser, plan.patient) == once <= MOST_QUERIES


@pytest.mark.parametrize("pk", ["999999", "abc", "9" * 40, "-1", "1e3", "²", "_00", "%27", "1;2"])
def test_chart_of_nobody_is_not_found(clinician, pk):
    assert Browser(clinician).open(f"/admin/consultations/patient/{pk}/chart/").status == 404


def test_chart_is_closed_to_reception(reception):
    assert chart(reception, PatientFactory()).status == 403


def test_chart_is_closed_to_strangers(client):
    response = client.get(page_url(PatientFactory(), "chart"))
    assert [response.status_code, response.url.split("?")[0]] == [302, "/admin/login/"]
