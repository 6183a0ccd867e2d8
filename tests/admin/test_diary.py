"""The diary's pages: what is drawn where, in which words, for whom, at what cost."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.models import Appointment
from consultations.permissions import PRACTITIONER
from consultations.vocabulary import AppointmentKind, AppointmentStatus, Area
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    AssessmentFactory,
    ClinicSettingsFactory,
    ClosedDayFactory,
    ConsultationFactory,
    LaserFactory,
    OpeningHoursFactory,
    PatientFactory,
    PlanFactory,
    RoomFactory,
    UserFactory,
    appointment_for,
)
from tests.factories.appointment import at
from tests.factories.consent import TreatmentConsentFactory

from .browsing import Browser, change_url, page_url, words

pytestmark = pytest.mark.django_db
DAY = reverse("admin:consultations_diary")
WEEK = reverse("admin:consultations_diary_week")
MOVE = reverse("admin:consultations_diary_move")
TODAY = timezone.localdate
NEXT_MONDAY = date(2030, 7, 1)  # in summer time
MOST_QUERIES = 12
MOST_BYTES = 60 * 1024


@pytest.fixture
def ann():
    return UserFactory(username="ann", first_name="Ann", last_name="Ames", role=PRACTITIONER)


@pytest.fixture
def desk(reception):
    return Browser(reception)


def on(day, hour, minute=0):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def items(page):
    """Each appointment: the classes of its place, and its words."""
    return [(" ".join(one["class"]), words(one)) for one in page.select(".diary-grid li")]


def heads(page):
    return [words(one) for one in page.select(".head")]


# Drawing


def test_an_appointment_says_when_who_what_how_long_and_with_whom(desk, ann):
    plan = PlanFactory()
    patient = plan.patient
    neck = AssessmentFactory(consultation=plan.assessment.consultation, area=Area.NECK)
    made = AppointmentFactory(
        plans=[plan, PlanFactory(assessment=neck)],
        starts_at=on(NEXT_MONDAY, 10, 30),
        minutes=40,
        practitioner=ann,
        laser=LaserFactory(name="Erbium"),
    )
    page = desk.open(f"{DAY}?day=2030-07-01")
    assert items(page) == [
        (
            "c1 r19 n8 tre",
            f"10:30 {patient.full_name} Treatment: face, neck 40 min, Erbium Ann Ames",
        )
    ]
    url = reverse("admin:consultations_appointment_change", args=[made.pk])
    assert [link["href"] for link in page.select(".diary-grid li a")] == [url]


@pytest.mark.parametrize(
    ("kind", "look"),
    [*zip(AppointmentKind.values, ("con", "tre", "pat", "rev", "oth"), strict=True)],
)
def test_each_kind_has_its_look(desk, kind, look):
    AppointmentFactory(starts_at=at(10), kind=kind)
    assert [classes.split()[-1] for classes, _words in items(desk.open(DAY))] == [look]


def test_who_is_here_is_said_with_since_when(desk, ann):
    since = timezone.now() - timedelta(minutes=12)
    for status, arrived_at in (("arrived", since), ("in_room", since), ("done", None)):
        AppointmentFactory(
            starts_at=at(10),
            practitioner=ann,
            kind="review",
            overbooked=True,
            status=status,
            arrived_at=arrived_at,
            patient=PatientFactory(family_name=status, given_name=""),
        )
    page = desk.open(DAY)
    clock = f"{timezone.localtime(since):%H:%M}"
    waiting = ", waiting 12 min" if timezone.localdate(since) == TODAY() else ""
    assert [words(one) for one in page.select(".diary-grid em")] == [
        f"Arrived {clock}{waiting}, overbooked",
        "In the room, overbooked",
    ]
    assert "Done. Review" in page.text
    assert "3 appointments: 2 here, 1 done" in page.text


def refuse(plan, **said):
    return TreatmentConsentFactory(plan=plan, given_on=TODAY() - timedelta(days=20), **said)


def test_a_treatment_that_the_patient_said_no_to_says_so(
    desk, clinician, django_assert_max_num_queries
):
    yes, refused, withdrawn, given_anew, later = (
        PlanFactory(consented=False, started_on=TODAY() - timedelta(days=30)) for _one in range(5)
    )
    no = {"withdrawn_on": TODAY() - timedelta(days=10), "withdrawn_at": timezone.now()}
    refuse(yes)
    refuse(refused, refused=True)
    refuse(withdrawn, **no)
    refuse(given_anew, **no)
    TreatmentConsentFactory(plan=given_anew, given_on=TODAY())
    refuse(later, withdrawn_on=TODAY() + timedelta(days=3), withdrawn_at=timezone.now())
    told = [
        appointment_for(plan, starts_at=at(9 + number), kind=kind)
        for number, (plan, kind) in enumerate(
            [
                *((one, "treatment") for one in (yes, refused, withdrawn, given_anew, later)),
                (refused, "review"),
            ]
        )
    ][1:3]
    words_of = "consent refused or withdrawn"
    desk.open(DAY)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = desk.open(DAY)
    shown = [link["href"] for link in page.select(".diary-grid a") if words_of in link.text]
    assert shown == [change_url(one) for one in told]
    for user, state in ((desk.user, "refused or withdrawn"), (clinician, "withdrawn")):
        page = Browser(user).open(change_url(told[1]))
        [chip] = page.select(".plain-list .chip")
        assert chip.text == state
    assert page.links["Consent"] == page_url(withdrawn.patient, "consents")


def test_those_at_the_same_time_stand_side_by_side(desk, ann):
    for minute, length in ((0, 60), (0, 30), (30, 30)):
        start = at(10, minute)
        one = {"minutes": length, "practitioner": ann, "kind": "other", "overbooked": True}
        AppointmentFactory(starts_at=start, **one)
    AppointmentFactory(starts_at=at(11), practitioner=ann, kind="other")
    page = desk.open(DAY)
    assert [classes for classes, _words in items(page)] == [
        "c1 r13 n12 lane-1-2 oth",
        "c1 r13 n6 lane-2-2 oth",
        "c1 r19 n6 lane-2-2 oth",
        "c1 r25 n6 oth",
    ]
    assert page.text.count("overbooked") == 3


def test_what_nobody_is_assigned_to_overlaps_without_being_overbooked(desk):
    for _one in range(2):
        AppointmentFactory(starts_at=at(10))
    page = desk.open(DAY)
    assert heads(page) == ["To be assigned Book"]
    assert "overbooked" not in page.text


def test_missed_and_cancelled_ones_are_struck_and_shown_on_request(desk):
    AppointmentFactory(cancelled=True, starts_at=at(10))
    hidden = desk.open(DAY)
    assert (items(hidden), hidden.select("s")) == ([], [])
    shown = desk.open(f"{DAY}{hidden.links['Show 1 missed or cancelled']}")
    [(_classes, said)] = items(shown)
    assert "Cancelled" in said
    assert len(shown.select(".diary-grid li s")) == 1
    assert "Hide missed and cancelled" in shown.links


def test_short_ones_are_as_high_as_a_line_of_words(desk, ann):
    AppointmentFactory(starts_at=at(10), minutes=5, practitioner=ann)
    AppointmentFactory(starts_at=at(10, 5), minutes=5, practitioner=ann)
    page = desk.open(DAY)
    assert [classes for classes, _words in items(page)] == [
        "c1 r13 n3 lane-1-2 tre",
        "c1 r14 n3 lane-2-2 tre",
    ]
    assert "overbooked" not in page.text


def test_hours_closed_days_and_absences_are_shaded_and_said(desk, ann):
    OpeningHoursFactory(weekday=0, opens_at=time(9), closes_at=time(12))
    OpeningHoursFactory(weekday=0, opens_at=time(13), closes_at=time(17))
    AbsenceFactory(
        user=ann, starts_at=on(NEXT_MONDAY, 15), ends_at=on(NEXT_MONDAY, 23), why="Training"
    )
    page = desk.open(f"{DAY}?day=2030-07-01")
    assert [" ".join(one["class"]) for one in page.select(".ground, .shut, .away")] == [
        "ground c1 n96",
        "shut c1 r37 n12",
        "away c1 r73 n24",
    ]
    assert "Open 09:00–12:00, 13:00–17:00 · No appointments" in page.text
    assert heads(page) == ["Ann Ames Book Away 15:00 to 23:00: Training"]
    ClosedDayFactory(day=NEXT_MONDAY, why="Stocktaking")
    closed = desk.open(f"{DAY}?day=2030-07-01")
    assert "Closed: Stocktaking" in closed.text
    assert [" ".join(one["class"]) for one in closed.select(".shut")] == ["shut c1 r1 n96"]


def test_now_is_a_line_today_alone(desk, ann):
    AppointmentFactory(starts_at=at(0), practitioner=ann, minutes=60)
    AppointmentFactory(starts_at=at(23), practitioner=ann, minutes=60)
    now = timezone.localtime()
    row = (now.hour * 60 + now.minute) // 5 + 1
    assert [one["class"] for one in desk.open(DAY).select(".now")] == [["now", f"r{row}"]]
    assert desk.open(f"{DAY}?day=2030-07-01").select(".now") == []


# Clock changes and nights: what the clock on the wall shows


@pytest.mark.parametrize(
    ("start", "minutes", "place"),
    [
        # 31 March: 01:00 is 02:00. From half past midnight for an hour: until 02:30.
        (datetime(2030, 3, 31, 0, 30), 60, "r7 n24"),
        (datetime(2030, 3, 31, 10, 0), 30, "r121 n6"),
        # 27 October: 02:00 is 01:00. For two hours from half past midnight: until 01:30.
        (datetime(2030, 10, 27, 0, 30), 120, "r7 n12"),
        # The clock shows an earlier time at the end: as long as it takes.
        (datetime(2030, 10, 27, 1, 30), 30, "r19 n6"),
        (datetime(2030, 10, 27, 10, 0), 30, "r121 n6"),
    ],
)
def test_on_days_the_clock_changes_things_stand_by_the_clock(desk, ann, start, minutes, place):
    AppointmentFactory(starts_at=on(start.date(), 0), minutes=5, practitioner=ann, kind="other")
    AppointmentFactory(
        starts_at=timezone.make_aware(start).astimezone(UTC),
        minutes=minutes,
        practitioner=ann,
        kind="review",
    )
    page = desk.open(f"{DAY}?day={start:%Y-%m-%d}")
    [(classes, said)] = [one for one in items(page) if "rev" in one[0]]
    assert classes == f"c1 {place} rev"
    assert said.startswith(f"{start:%H:%M} ")
    assert f"{minutes} min" in said


def test_what_goes_past_midnight_is_cut_there_and_stands_on_the_next_day_too(desk, ann):
    AppointmentFactory(
        starts_at=on(NEXT_MONDAY, 23, 30), minutes=60, practitioner=ann, kind="review"
    )
    [(classes, said)] = items(desk.open(f"{DAY}?day=2030-07-01"))
    assert (classes, said[:5]) == ("c1 r175 n6 rev", "23:30")
    [(classes, said)] = items(desk.open(f"{DAY}?day=2030-07-02"))
    assert (classes, said[:9]) == ("c1 r1 n6 rev", "Mon 23:30")


def test_a_past_and_a_far_day_are_drawn(desk, ann):
    for day in ("1900-01-01", "2199-12-31"):
        assert desk.open(f"{DAY}?day={day}").status == 200


# What is asked for


def test_the_columns_that_were_chosen_are_kept_for_each_user(desk, ann, manager):
    RoomFactory(name="Blue")
    assert heads(desk.open(DAY)) == ["Ann Ames Book"]
    assert heads(desk.open(f"{DAY}?by=room")) == ["Blue Book"]
    assert heads(desk.open(DAY)) == ["Blue Book"]
    desk.client.force_login(manager)
    assert heads(desk.open(DAY)) == ["Ann Ames"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("day=abc", "Write a day like 7 Nov 2026 or 7/11/2026."),
        ("day=2026-02-30", "There is no such day."),
        ("day=9999-12-31", "This date is out of range."),
        ("day=0001-01-01", "This date is out of range."),
        ("by=xyz", "There are columns by practitioner, room and laser."),
    ],
)
def test_what_cannot_be_read_is_told_and_today_is_shown(desk, ann, query, told):
    page = desk.open(f"{DAY}?{query}")
    assert [words(one) for one in page.select("[role=alert]")] == [told]
    assert [one["data-day"] for one in page.select(".diary-grid")] == [TODAY().isoformat()]


def test_a_day_is_read_as_people_write_it(desk, ann):
    page = desk.open(f"{DAY}?day=Mon+1+Jul+2030")
    assert [one["data-day"] for one in page.select(".diary-grid")] == ["2030-07-01"]


@pytest.mark.parametrize(
    ("typed", "shown"), [("1 Jul 2030", "2030-07-01"), ("abc", None), ("", None)]
)
def test_a_day_that_was_chosen_has_its_own_address(desk, ann, typed, shown):
    page = desk.fill(WEEK, {"day": typed}, button="show")
    days = [one["data-day"] for one in page.select(".diary-grid")]
    assert days == [shown or TODAY().isoformat()]
    assert page.path.startswith(f"{WEEK}?day=")
    assert page.path.endswith(f"&practitioner={ann.pk}")


@pytest.mark.parametrize("key", ["999999", "abc", "9" * 40])
def test_nobody_of_that_number_is_told_in_the_week(desk, ann, key):
    page = desk.open(f"{WEEK}?practitioner={key}")
    assert [words(one) for one in page.select("[role=alert]")] == ["This person cannot be booked."]


def test_a_clinic_with_nobody_to_book_says_so(desk):
    assert "Nobody can be booked yet." in desk.open(WEEK).text
    assert "There are no columns of this kind yet." in desk.open(DAY).text


def test_who_can_be_booked_sees_their_own_week_and_others_the_first(desk, ann):
    ben = UserFactory(username="ben", first_name="Ben", last_name="Best", role=PRACTITIONER)
    AppointmentFactory(starts_at=on(NEXT_MONDAY, 10), practitioner=ben, kind="review")
    query = f"{WEEK}?day=2030-07-03"
    assert items(desk.open(query)) == []
    [(classes, said)] = items(Browser(ben).open(query))
    assert (classes, said[:5], said[-9:]) == ("c1 r13 n6 rev", "10:00", "Mon 1 Jul")
    assert heads(Browser(ben).open(query))[0] == "Mon 1 Jul Book Open 09:00–18:00"


def test_erased_and_merged_patients_leave_the_page_readable(desk, clinician):
    kept = PatientFactory()
    merged = PatientFactory(
        merged_into=kept,
        entered_in_error_at=timezone.now(),
        entered_in_error_by=clinician,
        entered_in_error_reason="Twice.",
    )
    erased = PatientFactory(family_name="", given_name="", erased_at=timezone.now())
    for patient in (merged, erased):
        AppointmentFactory(cancelled=True, patient=patient, starts_at=at(10))
    assert len(items(desk.open(f"{DAY}?all=1"))) == 2


# Who may


def test_a_column_has_one_link_to_book(desk, ann):
    url = reverse("admin:consultations_appointment_add")
    links = [link["href"] for link in desk.open(f"{DAY}?day=2030-07-01").select(".book")]
    assert links == [f"{url}?day=2030-07-01&practitioner={ann.pk}"]


def test_managers_read_and_do_not_book_or_move(manager, ann):
    page = Browser(manager).open(DAY)
    assert (page.status, page.select(".book"), page.select("[data-move]")) == (200, [], [])
    assert Browser(manager).post(MOVE, {}).status == 403


def test_reception_reads_nothing_clinical(desk, ann):
    laser = LaserFactory(name="Erbium")
    plan = PlanFactory()
    AppointmentFactory(plans=[plan], starts_at=at(10), practitioner=ann, laser=laser)
    text = desk.open(DAY).text
    assert "Erbium" in text
    assert plan.get_laser_type_display() not in text
    assert plan.assessment.get_severity_display() not in text


def test_who_has_no_role_is_refused(client_for):
    client = client_for(UserFactory())
    assert [client.get(url).status_code for url in (DAY, WEEK)] == [403, 403]


# Cost


@pytest.fixture
def full_day(reception):
    """Twelve practitioners, a room each, and two hundred who come, all done by the evening."""
    ClinicSettingsFactory(grid_minutes=5)
    colleagues = [
        UserFactory(
            username=f"d{n}", first_name="Beatrice", last_name=f"Adeyemi{n}", role=PRACTITIONER
        )
        for n in range(12)
    ]
    rooms = [RoomFactory(name=f"Room {n}", by=reception) for n in range(12)]
    lasers = [LaserFactory(name=f"Picosecond {n}", by=reception) for n in range(4)]
    patient = PatientFactory(family_name="Achterberg", given_name="Wanjiru")
    consultation = ConsultationFactory(patient=patient)
    areas = (Area.FACE, Area.NECK)
    made = [AssessmentFactory(consultation=consultation, area=area) for area in areas]
    plans = [PlanFactory(assessment=one) for one in made]
    for n in range(200):
        AppointmentFactory(
            by=reception,
            plans=plans,
            practitioner=colleagues[n % 12],
            room=rooms[n % 12],
            laser=lasers[n % 4],
            status=AppointmentStatus.DONE,
            starts_at=on(NEXT_MONDAY, 9) + timedelta(minutes=n // 12 * 30),
            minutes=30,
        )
    return f"{DAY}?day=2030-07-01"


@pytest.mark.parametrize("by", ["practitioner", "room", "laser"])
def test_two_hundred_appointments_cost_few_queries_and_bytes(
    desk, full_day, by, django_assert_max_num_queries
):
    desk.open(full_day)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = desk.open(f"{full_day}&by={by}")
    assert Appointment.objects.count() == len(items(page)) == 200
    assert len(page.response.content) <= MOST_BYTES
